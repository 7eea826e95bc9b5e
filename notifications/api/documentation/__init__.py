"""The API described for those who call it: OpenAPI 3.1, made of what judges calls, and a page to read and try it."""
