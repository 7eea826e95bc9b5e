from notifications.models.api import KeptAnswer
from notifications.models.callback import Callback, CallbackCall, CallbackEvent, CallbackReplay
from notifications.models.campaign import Campaign, Tally
from notifications.models.delivery import Attempt, Delivery
from notifications.models.message import Content, Notification
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
    "Tally",
]
