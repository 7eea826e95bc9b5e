"""What happens here when something happens in the apps below."""

from datetime import datetime
from typing import Any

from celery.signals import worker_shutting_down

from notifications import hints
from notifications.models import Delivery
from notifications.reasons import Reason
from notifications.services import ledger
from notifications.shutdown import stopping
from notifications.states import DeliveryState
from optins.models import OptIn
from optins.signals import optin_ended
from optins.states import OptInState
from pages.models import Page
from pages.signals import page_resumed


def skip_what_is_queued(optin: OptIn, now: datetime, **_kwargs: Any) -> None:
    """Whoever takes an agreement back gets nothing more of what was waiting."""
    optin.refresh_from_db(fields=["state"])
    reason = Reason.OPTED_OUT if optin.state == OptInState.REVOKED else Reason.OPT_IN_EXPIRED
    queued = Delivery.objects.filter(optin=optin, state=DeliveryState.QUEUED).values_list("pk", flat=True)
    ledger.move_ids(queued, DeliveryState.SKIPPED, frm=DeliveryState.QUEUED, reason=reason, ended_at=now)


def go_on(page: Page, **_kwargs: Any) -> None:
    hints.kick_page(page.pk)


def stop(**_kwargs: Any) -> None:
    stopping.set()


def connect() -> None:
    """Connects the receivers; called once, when the app is ready."""
    optin_ended.connect(skip_what_is_queued, dispatch_uid="skip what is queued")
    page_resumed.connect(go_on, dispatch_uid="go on")
    worker_shutting_down.connect(stop, dispatch_uid="stop")
