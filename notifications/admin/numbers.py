"""Numbers and durations, as the admin of every app writes them."""

from pages.admin.numbers import duration, grouped

__all__ = ["duration", "grouped"]
