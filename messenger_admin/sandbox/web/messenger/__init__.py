"""Messenger in the browser and for scripts: people and their phones, m.me links, webhooks."""
