"""How long data around agreements is kept: clicks, agreements that ended, claims, and what imports refused."""
