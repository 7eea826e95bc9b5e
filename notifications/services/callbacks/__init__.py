"""Telling a site's server what happened: writing the events down with the rows that move, and sending them after."""
