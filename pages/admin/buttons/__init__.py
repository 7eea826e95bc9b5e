"""The editor of a site's buttons, and their dry run."""
