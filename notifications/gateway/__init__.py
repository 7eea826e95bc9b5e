"""Ways out: each gateway builds requests and interprets answers, both pure; wire.py alone does the I/O."""
