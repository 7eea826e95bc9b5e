"""Utility templates on screen: writing one, looking at one, and keeping up with Facebook."""
