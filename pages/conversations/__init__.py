"""A page's private messages, mirrored: from the events of Facebook to lists that people read."""
