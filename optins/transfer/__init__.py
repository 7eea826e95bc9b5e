"""Files of opt-ins, in and out: their columns, how they are read, and why a row is refused. Pure."""
