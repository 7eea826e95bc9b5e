"""What the tag on the shop's pages asks the server for."""
