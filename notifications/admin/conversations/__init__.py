"""The inbox: conversations on the left, one of them in the middle, what is known of the person on the right."""
