"""The screens of messages, campaigns and the ledger. Importing a module here registers it."""

from notifications.admin import campaign, delivery, notification

__all__ = ["campaign", "delivery", "notification"]
