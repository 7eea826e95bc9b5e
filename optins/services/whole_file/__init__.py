"""A person's whole file: all that is known of somebody on a page, for whoever asks (GDPR, articles 15 and 20)."""
