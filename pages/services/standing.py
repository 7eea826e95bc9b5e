"""How a page stands on Facebook, as one state with one way out. Asks nobody: what is written down is enough."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.graph import debug
from pages.models import Connection, Incident, Page
from pages.models.incident import IncidentKind
from pages.states import PageState

# Somebody has to log in again before the day; Facebook gives no reminder.
SOON = timedelta(days=14)
# The daily look was missed more than once.
LONG_AGO = timedelta(days=3)


class StandingState(models.TextChoices):
    """The first that holds, from the worst on."""

    UNLINKED = "unlinked", _("Belongs to no site")
    DISCONNECTED = "disconnected", _("Not connected to Facebook any more")
    TOKEN_INVALID = "token_invalid", _("Facebook no longer accepts the page's token")
    MISSING_PERMISSION = "missing_permission", _("A permission is missing")
    RESTRICTED = "restricted", _("Restricted by Facebook")
    NOT_SUBSCRIBED = "not_subscribed", _("Its events do not reach us")
    ON_HOLD = "on_hold", _("On hold")
    ENDS_SOON = "ends_soon", _("Has to be connected again soon")
    INCOMPLETE = "incomplete", _("Connected, with less than was asked for")
    UNCHECKED = "unchecked", _("Could not be checked lately")
    LINKED = "linked", _("Connected")


class WayOut(models.TextChoices):
    """What a person does about it."""

    NOTHING = "nothing", ""
    LINK = "link", _("Add it again from Facebook")
    RECONNECT = "reconnect", _("Reconnect")
    CHECK = "check", _("Check now")
    RESUME = "resume", _("Let it send again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`lacking` has Facebook's own names of what is missing; `until` is when the access ends, if that is known."""

    state: StandingState
    way: WayOut
    lacking: tuple[str, ...] = ()
    until: datetime | None = None

    @property
    def stops(self) -> bool:
        """Nothing leaves from the page."""
        return self.state in _STOPS


_STOPS = frozenset(
    {
        StandingState.UNLINKED,
        StandingState.DISCONNECTED,
        StandingState.TOKEN_INVALID,
        StandingState.MISSING_PERMISSION,
        StandingState.RESTRICTED,
        StandingState.NOT_SUBSCRIBED,
        StandingState.ON_HOLD,
    }
)
S, W = StandingState, WayOut
_HELD: dict[str, tuple[StandingState, WayOut]] = {
    IncidentKind.DISCONNECTED: (S.DISCONNECTED, W.RECONNECT),
    IncidentKind.NO_TOKEN: (S.DISCONNECTED, W.RECONNECT),
    IncidentKind.UNREADABLE_TOKEN: (S.DISCONNECTED, W.RECONNECT),
    IncidentKind.TOKEN_REFUSED: (S.TOKEN_INVALID, W.RECONNECT),
    IncidentKind.MISSING_PERMISSION: (S.MISSING_PERMISSION, W.RECONNECT),
    IncidentKind.FORBIDDEN: (S.MISSING_PERMISSION, W.RECONNECT),
    IncidentKind.RESTRICTED: (S.RESTRICTED, W.RESUME),
    IncidentKind.NOT_SUBSCRIBED: (S.NOT_SUBSCRIBED, W.CHECK),
    IncidentKind.MOVED: (S.ON_HOLD, W.RESUME),
}


def standing(page: Page, now: datetime) -> Standing:
    """Of a page that was linked through Facebook."""
    connection = Connection.objects.filter(page=page, leaving_since=None).first()
    if connection is None or page.open_link is None:
        return Standing(state=S.UNLINKED, way=W.LINK)
    incident = Incident.objects.filter(page=page, closed_at=None).first()
    if page.state == PageState.ON_HOLD:
        return _held(connection, incident)
    return _sending(connection, now)


def _held(connection: Connection, incident: Incident | None) -> Standing:
    state, way = _HELD.get(incident.kind, (S.ON_HOLD, W.RESUME)) if incident else (S.ON_HOLD, W.RESUME)
    lacking = {S.MISSING_PERMISSION: connection.missing_permissions, S.NOT_SUBSCRIBED: connection.missing_fields}
    return Standing(state=state, way=way, lacking=tuple(lacking.get(state, ())))


def _sending(connection: Connection, now: datetime) -> Standing:
    ends = [at for at in (connection.token_expires_at, connection.data_access_expires_at) if at]
    if connection.token_is_valid is False:
        return Standing(state=S.TOKEN_INVALID, way=W.RECONNECT)
    if ends and min(ends) <= now + SOON:
        return Standing(state=S.ENDS_SOON, way=W.RECONNECT, until=min(ends))
    if lacking := _lacking(connection):
        way = W.CHECK if connection.missing_fields or connection.has_get_started is False else W.RECONNECT
        return Standing(state=S.INCOMPLETE, way=way, lacking=lacking)
    if connection.check_error or now - (connection.checked_at or connection.connected_at) > LONG_AGO:
        return Standing(state=S.UNCHECKED, way=W.CHECK)
    return Standing(state=S.LINKED, way=W.NOTHING)


def _lacking(connection: Connection) -> tuple[str, ...]:
    """`missing_permissions` that are needed hold a page; these are the others, and what an answer left out."""
    optional = [scope for scope in connection.missing_permissions if scope not in debug.VITAL]
    greeting = ["get_started"] if connection.has_get_started is False else []
    return (*optional, *connection.missing_fields, *greeting)
