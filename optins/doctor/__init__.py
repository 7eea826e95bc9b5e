"""The snippet doctor: looks at a shop's page and says what is wrong with the tag there, and the mend. Pure."""
