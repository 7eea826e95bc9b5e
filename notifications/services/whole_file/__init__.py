"""What the ledger, the API and the callbacks know of a person, for that person's whole file."""
