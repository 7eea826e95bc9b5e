"""The website's buttons: who sees them, how they look, and what the tag is told."""
