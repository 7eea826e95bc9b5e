"""Facebook's control plane on this machine: people and their pages, the login dialog, tokens and the Graph API."""
