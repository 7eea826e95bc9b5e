"""The processes that are measured: installations of the product, and the far end."""
