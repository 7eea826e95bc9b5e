"""Facebook's Graph API, the control plane: logins, page tokens, subscriptions, profiles, templates."""
