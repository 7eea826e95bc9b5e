from pages.models.api_token import ApiToken, Binding
from pages.models.audit import AuditEntry
from pages.models.button import Button, ButtonRule, Wording
from pages.models.erased import Erased
from pages.models.facebook import Connection, FacebookLogin, FacebookRequest
from pages.models.incident import Incident
from pages.models.page import Link, Page
from pages.models.retention import RetentionRun
from pages.models.site import Site
from pages.models.thread import Thread, ThreadMessage
from pages.models.webhook import WebhookEvent, WebhookPost

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Binding",
    "Button",
    "ButtonRule",
    "Connection",
    "Erased",
    "FacebookLogin",
    "FacebookRequest",
    "Incident",
    "Link",
    "Page",
    "RetentionRun",
    "Site",
    "Thread",
    "ThreadMessage",
    "WebhookEvent",
    "WebhookPost",
    "Wording",
]
