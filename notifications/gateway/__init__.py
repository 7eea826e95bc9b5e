"""Ways out: each gateway builds requests and interprets answers, both pure; the wire alone does the I/O."""
