"""Screens for linking pages through Facebook, and for how each stands there."""
