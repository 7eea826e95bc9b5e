"""The Graph API as the sandbox answers it, one module for each edge."""
