"""The parts of the campaign admin: its form, its acts, its progress and its words."""
