"""Recounting everything that the ledger says of itself from its rows, read-only, to find what disagrees."""
