"""Keeping data of people no longer than the settings say: each kind of it, and the daily work."""
