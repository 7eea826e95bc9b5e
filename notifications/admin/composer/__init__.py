"""Composing a message: a form per kind that shows a body, builds it again, and says what is wrong at its field."""
