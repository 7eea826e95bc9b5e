"""What a merchant's server is told: the events, their signature, when a call is repeated, where it may go. Pure."""
