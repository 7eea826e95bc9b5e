"""What a user would pick instead, written as well as anyone would; each runs in a process of its own."""
