"""How fast it is, measured against what a user would pick instead: `python -m bench`, or `make bench`."""
