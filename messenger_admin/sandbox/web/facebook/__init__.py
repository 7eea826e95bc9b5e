"""Facebook in the browser: its login dialog, and the sandbox's own screens about it."""
