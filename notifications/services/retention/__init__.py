"""How long what was sent is kept, and the daily work on every kind of data of the product."""
