"""Files of opt-ins in the admin: bringing one in, watching it, and taking one out."""
