"""Doors that Facebook and its people come through; the admin has its own."""
