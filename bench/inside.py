"""Calls the product's own services inside an installation: reads `[act, values]` as JSON lines, answers each."""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "messenger_admin.settings")
django.setup()

from django.conf import settings  # noqa: E402  (the settings come first)
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.conversing import conversations  # noqa: E402
from bench.importing import agree_one_by_one, copy_plainly, import_file  # noqa: E402
from bench.plain import PLAIN  # noqa: E402
from messenger_admin.celery import app  # noqa: E402  (hints go to the broker of this installation)
from notifications.models import Campaign, Delivery, Heartbeat, Notification, Tally  # noqa: E402
from notifications.payloads import parse  # noqa: E402
from notifications.services import campaigns, expansion  # noqa: E402
from notifications.services.contents import freeze  # noqa: E402
from optins.states import Lifetime, OptInState, Source  # noqa: E402
from pages.models import Link, Page, Site  # noqa: E402
from pages.models.api_token import MAX_REQUESTS_PER_SECOND  # noqa: E402
from pages.scopes import Scope  # noqa: E402
from pages.services.issuing import Terms, issue  # noqa: E402
from pages.states import GatewayKind  # noqa: E402

BODY = {"text": "Your order has been placed. You will receive your receipt here as soon as it has been shipped."}
FIRST_PAGE_ID = 322837607840000

_OPTINS = """
INSERT INTO optins_optin (page_id, customer_id, lifetime, state, source, agreed_at, attributes)
{numbers}
SELECT %s, 'customer-' || n, %s, %s, %s, %s, '{{}}' FROM numbers
"""
_NUMBERS = {
    "postgresql": "WITH numbers AS (SELECT generate_series(1, %s) AS n)",
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)",
}


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def administrator(password: str) -> None:
    get_user_model().objects.create_superuser(username="admin", email="", password=password)


def page(optins: int) -> dict[str, Any]:
    """A linked page with so many opt-ins, whose customer_ids are `customer-1`, `customer-2`, ..."""
    number = Page.objects.count() + 1
    site = Site.objects.create(sid=str(1000 + number), name=f"Shop {number}")
    made = Page.objects.create(
        page_id=str(FIRST_PAGE_ID + number), name=f"Page {number}", gateway=GatewayKind.SANDBOX, token="page-token"
    )
    Link.objects.create(page=made, site=site, opened_at=timezone.now())
    values: list[Any] = [
        optins,
        made.pk,
        Lifetime.DURABLE.value,
        OptInState.ACTIVE.value,
        Source.IMPORT.value,
        timezone.now(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_OPTINS.format(numbers=_NUMBERS[connection.vendor]), values)
    vacuum()
    return {"pk": made.pk, "page_id": made.page_id, "token": made.token, "body": json.dumps(BODY)}


def api_tokens(page: int, count: int) -> list[str]:
    """The secrets of so many tokens that may send to the page as often as a token can."""
    terms = Terms(
        name="Order system",
        scopes=[Scope.MESSAGES_SEND.value],
        pages=[Page.objects.get(pk=page)],
        requests_per_second=MAX_REQUESTS_PER_SECOND,
    )
    return [issue(terms=terms, actor=None, now=timezone.now())[1] for _ in range(count)]


def app_secret() -> str:
    return settings.FACEBOOK_APP_SECRET


def deliveries() -> int:
    return Delivery.objects.count()


def vacuum() -> None:
    """What autovacuum would have done by the time that somebody launches."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def draft(page: int) -> int:
    notification = Notification.objects.first() or Notification.objects.create(name="Order", kind="text", body=BODY)
    number = Campaign.objects.count() + 1
    return Campaign.objects.create(name=f"Campaign {number}", notification=notification, page_id=page).pk


def launch(campaign: int) -> bool:
    return campaigns.launch(campaign=Campaign.objects.get(pk=campaign), actor=None, now=timezone.now())


def pause(campaign: int) -> bool:
    return campaigns.pause(campaign=Campaign.objects.get(pk=campaign), actor=None, now=timezone.now())


def resume(campaign: int) -> bool:
    return campaigns.resume(campaign=Campaign.objects.get(pk=campaign), actor=None, now=timezone.now())


def expand(campaign: int) -> dict[str, float]:
    """Makes all rows of a launched campaign; how many, and in how many seconds."""
    began = time.perf_counter()
    made = 0
    while (found := Campaign.objects.get(pk=campaign)).expanded_at is None:
        made += expansion.expand_chunk(campaign=found, now=timezone.now())
    return {"made": made, "seconds": time.perf_counter() - began}


def expand_plainly(page: int) -> dict[str, float]:
    """The same rows in the same table by one statement."""
    campaign = Campaign.objects.get(pk=draft(page))
    content = freeze(parse(campaign.notification.body))
    now = timezone.now()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"content": content.pk, "campaign": campaign.pk, "page": page, "now": now})
        return {"made": cursor.rowcount, "seconds": time.perf_counter() - began}


def tally(campaign: int) -> dict[str, int]:
    found = Tally.objects.get(pk=campaign)
    return {"done": found.done, "sent": found.sent, "queued": found.queued, "dispatching": found.dispatching}


def tally_seconds(campaign: int, times: int) -> list[float]:
    """How long it takes to read, each time."""

    def once() -> float:
        began = time.perf_counter()
        tally(campaign)
        return time.perf_counter() - began

    return [once() for _ in range(times)]


def expanded(campaign: int) -> bool:
    return Campaign.objects.filter(pk=campaign, expanded_at__isnull=False).exists()


def works() -> bool:
    """Whether a worker has swept."""
    return Heartbeat.objects.exists()


def wait_for_workers(count: int) -> None:
    """Until so many listen to this installation's queue."""
    until = time.monotonic() + 60
    while len(app.control.ping(timeout=0.5) or []) < count and time.monotonic() < until:
        pass


ACTS: Mapping[str, Callable[..., Any]] = {
    act.__name__: act
    for act in (
        migrate,
        administrator,
        page,
        api_tokens,
        conversations,
        app_secret,
        deliveries,
        vacuum,
        draft,
        launch,
        pause,
        resume,
        expand,
        expand_plainly,
        import_file,
        agree_one_by_one,
        copy_plainly,
        tally,
        tally_seconds,
        expanded,
        wait_for_workers,
        works,
    )
}


def main() -> None:
    for line in sys.stdin:
        name, values = json.loads(line)
        print(json.dumps(ACTS[name](**values)), flush=True)


if __name__ == "__main__":
    main()
