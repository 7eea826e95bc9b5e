from notifications.models.api import KeptAnswer
from notifications.models.callback import Callback, CallbackCall, CallbackEvent, CallbackReplay
from notifications.models.campaign import Campaign, Tally
from notifications.models.delivery import Attempt, Delivery
from notifications.models.message import Content, Notification, TemplateStatus, UtilityTemplate
from notifications.models.receipt import Receipt
from notifications.models.runtime import Heartbeat, Installation, Lease

__all__ = [
    "Attempt",
    "Callback",
    "CallbackCall",
    "CallbackEvent",
    "CallbackReplay",
    "Campaign",
    "Content",
    "Delivery",
    "Heartbeat",
    "Installation",
    "KeptAnswer",
    "Lease",
    "Notification",
    "Receipt",
    "Tally",
    "TemplateStatus",
    "UtilityTemplate",
]
