"""A database backend of Django's: base.py is what Django looks for."""
