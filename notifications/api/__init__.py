"""The inbound HTTP API: the guide's own call, and what such an API should have beside it."""
