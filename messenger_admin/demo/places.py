"""The demo's people, sites and pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser, Group, User

from messenger_admin.roles import MARKETING, SUPPORT
from notifications.models import Lease
from pages.models import Incident, Link, Page, Site
from pages.models.incident import IncidentKind
from pages.states import GatewayKind, PageState

# The guide's own.
PETERS_PAGE = "322837607840703"
LILAS_PAGE = "184503276914255"
OUTLET_PAGE = "271900413358620"
PAGE_IDS = (PETERS_PAGE, LILAS_PAGE, OUTLET_PAGE)
# The fence of the pump that sent what the demo's history holds.
FENCE = 3
# The sandbox takes any; this one is worth nothing anywhere else.
TOKEN = "demo-token"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    marie: AbstractBaseUser  # marketing
    sam: AbstractBaseUser  # support
    peters: Page
    lilas: Page
    outlet: Page  # on hold: its token was refused


def open_places(now: datetime) -> Places:
    marie = _person("marie", "Marie", "Dubois", MARKETING)
    sam = _person("sam", "Sam", "Lefèvre", SUPPORT)
    places = Places(
        marie=marie,
        sam=sam,
        peters=_page(PETERS_PAGE, "Peter's Apparel"),
        lilas=_page(LILAS_PAGE, "Maison Lilas"),
        outlet=_page(OUTLET_PAGE, "Lilas Outlet", state=PageState.ON_HOLD),
    )
    _link(places, now)
    _incidents(places, now)
    Lease.objects.bulk_create(
        Lease(page=page, fence=FENCE, expires_at=now) for page in (places.peters, places.lilas, places.outlet)
    )
    return places


def _person(username: str, first: str, last: str, role: str) -> AbstractBaseUser:
    """Nobody can log in as a demo person until an administrator gives them a password."""
    person, created = User.objects.get_or_create(
        username=username, defaults={"first_name": first, "last_name": last, "is_staff": True}
    )
    if created:
        person.set_unusable_password()
        person.save(update_fields=["password"])
        person.groups.add(Group.objects.get_or_create(name=role)[0])
    return person


def _page(page_id: str, name: str, state: str = PageState.ACTIVE) -> Page:
    return Page.objects.create(page_id=page_id, name=name, gateway=GatewayKind.SANDBOX, token=TOKEN, state=state)


def _link(places: Places, now: datetime) -> None:
    """Three sites with a page each; one page came from another site, which is left without."""
    peters = Site.objects.create(sid="501", name="Peter's Apparel")
    lilas = Site.objects.create(sid="502", name="Maison Lilas")
    outlet = Site.objects.create(sid="503", name="Lilas Outlet")
    corner = Site.objects.create(sid="504", name="Lilas Corner Montréal", timezone="America/Toronto")
    year, month = now - timedelta(days=365), now - timedelta(days=140)
    Link.objects.bulk_create(
        [
            Link(page=places.peters, site=peters, opened_at=year),
            Link(page=places.lilas, site=corner, opened_at=year, closed_at=month),
            Link(page=places.lilas, site=lilas, opened_at=month),
            Link(page=places.outlet, site=outlet, opened_at=month),
        ]
    )


def _incidents(places: Places, now: datetime) -> None:
    """One that was mended, and one that waits for a new token."""
    refused = {"kind": IncidentKind.TOKEN_REFUSED, "detail": "The access token has expired."}
    mended = now - timedelta(days=20)
    Incident.objects.bulk_create(
        [
            Incident(page=places.lilas, opened_at=mended, closed_at=mended + timedelta(minutes=42), **refused),
            Incident(page=places.outlet, opened_at=now - timedelta(hours=2), **refused),
        ]
    )
