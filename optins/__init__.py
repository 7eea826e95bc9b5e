"""Who agreed to be written to, under which customer_id. May import pages."""
