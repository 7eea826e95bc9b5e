"""The screens of a site's callback and of the log of its calls."""
