"""Messages, campaigns, the ledger of deliveries, and the way out. May import optins and pages."""
