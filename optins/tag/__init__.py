"""The tag: one script for each site, which shows the buttons on the shop's pages."""
