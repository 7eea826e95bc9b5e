"""The demo's opt-ins: durable ones, orders and stock alerts, as the guide tells them apart."""

import random
import string
from collections.abc import Iterator
from datetime import datetime, timedelta

from messenger_admin.demo.places import Places
from optins.customer_ids import stock_alert
from optins.models import ConsentEvent, ConsentKind, OptIn, Recipient
from optins.states import Lifetime, OptInState, Purpose, Source
from pages.models import Page

# The guide's example, and the same person's account and order.
GUIDE_ALERT = stock_alert(product="AB123", session="k45332j9i54")
GUIDE_ORDER = "12345678902"
ACCOUNT = "FR-012345"
# One customer of the French shop.
CLAIRE = "ML-00042"

# What the French shop knows of two customers in three.
FIRST_NAMES = ("Camille", "Léa", "Hugo", "Inès", "Jean-Luc", "Zoé", "Anaïs", "Noé", "D’Arcy", "Françoise")

TEMPORARY = timedelta(days=30)
# As a new site's pattern of alerts says: it ends by being sent, hardly ever by its time.
ALERT = timedelta(days=180)
BATCH = 500


def agree(places: Places, rng: random.Random, now: datetime) -> None:
    """Writes every opt-in of the demo, with the consent log that proves it."""
    john = Recipient.objects.create(page=places.peters, psid="7012345678901234")
    optins = [
        *_known(places, john, now),
        *_peters(places.peters, rng, now),
        *_lilas(places.lilas, rng, now),
        *(_durable(places.outlet, f"LO-{n:04}", rng, now) for n in range(1, 41)),
    ]
    OptIn.objects.bulk_create(optins, batch_size=BATCH)
    ConsentEvent.objects.bulk_create((event for optin in optins for event in _events(optin)), batch_size=BATCH)
    _conflict(places, now)


def _known(places: Places, john: Recipient, now: datetime) -> Iterator[OptIn]:
    """The ones that the demo's stories are about: active, today and for a while."""
    day = now - timedelta(days=3)
    common = {"source": Source.BUTTON, "agreed_at": day}
    yield OptIn(page=places.peters, customer_id=ACCOUNT, recipient=john, lifetime=Lifetime.DURABLE, **common)
    temporary = {"page": places.peters, "recipient": john, "lifetime": Lifetime.TEMPORARY, **common}
    yield OptIn(customer_id=GUIDE_ORDER, purpose=Purpose.TRANSACTIONAL, **temporary)
    # Not used up by being sent: the guide's own example stays there to be tried.
    yield OptIn(customer_id=GUIDE_ALERT, purpose=Purpose.ALERT, expires_at=day + ALERT, **temporary)
    claire = {"first_name": "Claire", "city": "Nantes"}
    yield OptIn(page=places.lilas, customer_id=CLAIRE, lifetime=Lifetime.DURABLE, attributes=claire, **common)


def _peters(page: Page, rng: random.Random, now: datetime) -> Iterator[OptIn]:
    """With the three known ones, three thousand."""
    accounts = rng.sample([n for n in range(10_000, 60_000) if n != 12_345], 1_999)
    yield from (_durable(page, f"FR-{n:06}", rng, now) for n in sorted(accounts))
    orders = rng.sample(range(12_345_679_000, 12_345_999_999), 599)
    yield from (_temporary(page, str(n), rng, now, purpose=Purpose.TRANSACTIONAL) for n in sorted(orders))
    for product, alerts in (("AB123", 179), ("CD456", 120), ("EF789", 100)):
        yield from (_alert(page, product, rng, now) for _ in range(alerts))


def _lilas(page: Page, rng: random.Random, now: datetime) -> Iterator[OptIn]:
    """With the known one, eight hundred."""
    for number in range(100, 739):
        customer = _durable(page, f"ML-{number:05}", rng, now)
        if number % 3:
            customer.attributes = {"first_name": FIRST_NAMES[number % len(FIRST_NAMES)]}
        yield customer
    yield from (_alert(page, "SAC07", rng, now) for _ in range(160))


def _durable(page: Page, customer_id: str, rng: random.Random, now: datetime) -> OptIn:
    agreed_at = now - timedelta(minutes=rng.randrange(35 * 1440, 120 * 1440))
    optin = OptIn(
        page=page,
        customer_id=customer_id,
        lifetime=Lifetime.DURABLE,
        source=rng.choices(list(Source), weights=[70, 20, 9, 1])[0],
        agreed_at=agreed_at,
    )
    if rng.random() < 0.03:
        optin.state = OptInState.REVOKED
        optin.ended_at = agreed_at + (now - agreed_at) * rng.random()
    return optin


def _temporary(page: Page, customer_id: str, rng: random.Random, now: datetime, *, purpose: Purpose) -> OptIn:
    agreed_at = now - timedelta(minutes=rng.randrange(60, 45 * 1440))
    ends = agreed_at + (ALERT if purpose == Purpose.ALERT else TEMPORARY)
    optin = OptIn(
        page=page,
        customer_id=customer_id,
        lifetime=Lifetime.TEMPORARY,
        source=Source.BUTTON,
        agreed_at=agreed_at,
        expires_at=ends,
        purpose=purpose,
        used_up=purpose == Purpose.ALERT,
    )
    if ends <= now:
        optin.state, optin.ended_at = OptInState.EXPIRED, optin.expires_at
    return optin


def _alert(page: Page, product: str, rng: random.Random, now: datetime) -> OptIn:
    session = "".join(rng.choices(string.ascii_lowercase + string.digits, k=11))
    return _temporary(page, stock_alert(product=product, session=session), rng, now, purpose=Purpose.ALERT)


def _events(optin: OptIn) -> Iterator[ConsentEvent]:
    evidence = {"source": optin.source, "wording": "Send me the news about this in Messenger"}
    if optin.source == Source.BUTTON:
        evidence |= {"button": "large, white on blue", "url": "https://petersapparel.com/view_item?item_id=100"}
    yield ConsentEvent(
        optin=optin, kind=ConsentKind.GRANTED, at=optin.agreed_at, recipient=optin.recipient, evidence=evidence
    )
    if optin.ended_at:
        revoked = optin.state == OptInState.REVOKED
        kind = ConsentKind.REVOKED if revoked else ConsentKind.EXPIRED
        yield ConsentEvent(optin=optin, kind=kind, at=optin.ended_at, evidence={"keyword": "STOP"} if revoked else {})


def _conflict(places: Places, now: datetime) -> None:
    """Somebody else presented an id that is taken, and was refused."""
    ConsentEvent.objects.create(
        optin=OptIn.objects.get(page=places.peters, customer_id=GUIDE_ORDER),
        kind=ConsentKind.CONFLICT,
        at=now - timedelta(hours=20),
        recipient=Recipient.objects.create(page=places.peters, psid="7098765432109876"),
        evidence={"source": Source.BUTTON, "url": "https://petersapparel.com/order?order_id=123456"},
    )
