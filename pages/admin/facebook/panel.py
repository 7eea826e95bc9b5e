"""How a page stands on Facebook, in the words and links of its own screen."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from pages.admin.facebook import way
from pages.admin.facebook.permissions import Words, words_of
from pages.models import Connection, Page
from pages.services.standing import Standing, StandingState, WayOut, standing
from pages.states import GatewayKind

# The badge's colour, as admin.css has it.
TONES = {
    StandingState.LINKED: "active",
    StandingState.ENDS_SOON: "paused",
    StandingState.INCOMPLETE: "paused",
    StandingState.UNCHECKED: "paused",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """`url` is where the way out begins, but for a look: that is posted."""

    standing: Standing
    tone: str
    lacking: list[tuple[str, Words]]
    connection: Connection | None
    may_act: bool
    url: str


def panel(request: HttpRequest, page: Page, now: datetime) -> Panel | None:
    """None for a page that Facebook knows nothing of."""
    if page.gateway != GatewayKind.META:
        return None
    found = standing(page, now)
    return Panel(
        standing=found,
        tone=TONES.get(found.state, "on_hold"),
        lacking=words_of(found.lacking),
        connection=Connection.objects.filter(page=page, leaving_since=None).first(),
        may_act=way.may_connect(request),
        url=_url(found.way, page),
    )


def said(found: Standing) -> str:
    """In one line, for a message."""
    lacking = ", ".join(found.lacking)
    return f"{found.state.label} ({lacking})" if lacking else str(found.state.label)


def _url(out: WayOut, page: Page) -> str:
    doors = {WayOut.RECONNECT: "reconnect", WayOut.RESUME: "resume"}
    if out is WayOut.LINK:
        return reverse("admin:pages_page_facebook")
    return reverse(f"admin:pages_page_{doors[out]}", args=[page.pk]) if out in doors else ""
