"""The only writers of sites' and pages' state."""
