"""The screens of messages, campaigns and the ledger. Importing a module here registers it."""

from notifications.admin import (
    callback,
    callback_call,
    campaign,
    conversation,
    delivery,
    notification,
    utility_template,
)

__all__ = ["callback", "callback_call", "campaign", "conversation", "delivery", "notification", "utility_template"]
