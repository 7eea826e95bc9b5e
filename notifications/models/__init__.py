from notifications.models.api import KeptAnswer
from notifications.models.callback import Callback, CallbackCall, CallbackEvent, CallbackReplay
from notifications.models.campaign import Campaign, Tally
from notifications.models.delivery import Attempt, Delivery
from notifications.models.message import Content, Notification, TemplateStatus, UtilityTemplate
from notifications.models.receipt import Receipt
from notifications.models.runtime import Heartbeat, Installation, Lease
from notifications.models.template_look import LookTrouble, TemplateLook

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
    "LookTrouble",
    "Notification",
    "Receipt",
    "Tally",
    "TemplateLook",
    "TemplateStatus",
    "UtilityTemplate",
]
