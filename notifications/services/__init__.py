"""The only writers of campaigns and of the ledger."""
