"""Who may bring opt-ins in, and take them out: one right for both."""

MAY = "optins.add_import"
