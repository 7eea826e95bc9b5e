"""Sites and their Facebook pages. Imports no other app."""
