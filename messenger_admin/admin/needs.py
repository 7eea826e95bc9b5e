"""What needs a person now: each with what it means, and the way out for whoever may take it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrPromise

from messenger_admin.admin import waiting
from messenger_admin.admin.arming import ARM
from messenger_admin.admin.navigation import DELIVERIES, IN_DOUBT
from notifications.admin import halts, times
from notifications.admin.callbacks.words import STOPS
from notifications.models import Callback, Campaign, Heartbeat
from notifications.models.callback import CallbackState
from notifications.services import arming
from notifications.states import Halt
from optins.services import findings
from pages.admin.webhook_event import REPLAY
from pages.events import PolicyEnforced
from pages.models import Incident, Link, Page, Site, WebhookEvent
from pages.models.webhook import EventState
from pages.states import GatewayKind
from pages.way_out import way_out
from pages.webhooks.parsing import KINDS

# The sweep gives a sign of life every few seconds.
SILENCE = timedelta(seconds=30)
SHOWN = 5
# So long a warning of Facebook is recalled.
WARNED = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`level` is `danger` when something stands still, `warning` when it waits. `url` may be empty."""

    level: str
    icon: str
    title: str
    text: str | Promise
    url: str = ""
    action: str | Promise = ""


def needs(request: HttpRequest, *, now: datetime) -> list[Need]:
    found: list[Need] = [*restored_copy(request)]
    if request.user.has_perm("notifications.view_campaign"):
        found += silence(now)
    if request.user.has_perm("pages.view_incident"):
        found += incidents(request)
        found += warned_pages(now)
    if request.user.has_perm("notifications.view_delivery"):
        found += doubts(request)
    if request.user.has_perm("notifications.view_campaign"):
        found += stopped_campaigns(request)
    if request.user.has_perm("notifications.view_callback"):
        found += stopped_callbacks()
    if request.user.has_perm("pages.view_webhookevent"):
        found += unprocessed_events(request)
    if request.user.has_perm("pages.change_page"):
        found += unready_pages()
    if request.user.has_perm("optins.change_tagfinding"):
        found += troubled_tags()
    return found


def restored_copy(request: HttpRequest) -> Iterator[Need]:
    """First of all: while this stands, nothing else matters."""
    copy = arming.disarmed()
    if copy is None or not request.user.has_perm("notifications.view_campaign"):
        return
    may_arm = request.user.has_perm(ARM)
    away = _("It does not know what its original sent, so nothing leaves until an administrator lets it.")
    yield Need(
        level="danger",
        icon="content_copy",
        title=_("This database is a restored copy: nothing is sent"),
        text=_("What was waiting in it is being held back.") if copy.arming else away,
        url=reverse("admin:arm") if may_arm else "",
        action=_("Look and decide") if may_arm else "",
    )


def silence(now: datetime) -> Iterator[Need]:
    seen = Heartbeat.objects.filter(name="worker").values_list("seen_at", flat=True).first()
    if seen and now - seen < SILENCE:
        return
    when = date_format(localtime(seen), "DATETIME_FORMAT") if seen else ""
    yield Need(
        level="danger",
        icon="cloud_off",
        title=_("Nothing is being sent"),
        text=(
            _("No worker has been seen since %(when)s. What waits is kept and leaves as soon as one runs.")
            % {"when": when}
            if seen
            else _("No worker has been seen yet. What waits is kept and leaves as soon as one runs.")
        ),
    )


def incidents(request: HttpRequest) -> Iterator[Need]:
    may_mend = request.user.has_perm("pages.set_token")
    rows = Incident.objects.filter(closed_at=None).select_related("page").defer("page__token").order_by("-id")
    for incident in rows[:SHOWN]:
        way = way_out(incident.kind, gateway=incident.page.gateway)
        what = way if may_mend else _("An administrator has to mend this.")
        yield Need(
            level="danger",
            icon="front_hand",
            title=_("%(page)s is on hold") % {"page": incident.page.name},
            text=f"{incident.get_kind_display()}. {what}",
            url=reverse("admin:pages_page_change", args=[incident.page_id]),
            action=_mending(incident.page) if may_mend else _("See the page"),
        )


def _mending(page: Page) -> str:
    return _("Look and mend") if page.gateway == GatewayKind.META else _("Enter a token")


def doubts(request: HttpRequest) -> Iterator[Need]:
    count = waiting.in_doubt()
    if not count:
        return
    title = _("1 delivery is in doubt") if count == "1" else _("%(count)s deliveries are in doubt") % {"count": count}
    yield Need(
        level="warning",
        icon="help",
        title=title,
        text=_("They may have gone out, so nothing sends them again by itself. A person decides."),
        url=f"{reverse(DELIVERIES)}?{IN_DOUBT}",
        action=_("Decide") if request.user.has_perm("notifications.resolve_delivery") else _("See them"),
    )


def stopped_campaigns(request: HttpRequest) -> Iterator[Need]:
    """Campaigns that the engine stopped: it says why; a person's own pause gives no reason and needs nobody."""
    stopped = Campaign.objects.filter(state__in=halts.WAITING).exclude(halt="").order_by("-id")
    may_decide = request.user.has_perm("notifications.launch_campaign")
    for campaign in times.with_zones(stopped.select_related("page", "tally").defer("page__token"))[:SHOWN]:
        title, action = _HALTED[Halt(campaign.halt)]
        yield Need(
            # The first slice stopped it as somebody wished; the rest was to go out and doesn't.
            level="warning" if campaign.halt == Halt.CANARY else "danger",
            icon="pause_circle",
            title=title % {"name": campaign.name},
            text=halts.words(campaign),
            url=reverse("admin:notifications_campaign_change", args=[campaign.pk]),
            action=action if may_decide else _("See it"),
        )


# What is said of a campaign that stands still, and the way out.
_HALTED: Mapping[str, tuple[StrPromise, StrPromise]] = {
    Halt.REFUSED: (gettext_lazy("The campaign “%(name)s” was not launched"), gettext_lazy("Mend and launch")),
    Halt.LATE: (gettext_lazy("The campaign “%(name)s” missed its time"), gettext_lazy("Decide")),
    Halt.FAILURES: (gettext_lazy("The campaign “%(name)s” is paused: too many fail"), gettext_lazy("Look and resume")),
    Halt.CANARY: (gettext_lazy("The campaign “%(name)s” sent its first slice"), gettext_lazy("Look and resume")),
}


def stopped_callbacks() -> Iterator[Need]:
    stopped = Callback.objects.filter(state=CallbackState.STOPPED).select_related("site")
    for callback in stopped.defer("secret", "previous_secret").order_by("-failing_since", "-pk")[:SHOWN]:
        yield Need(
            level="danger",
            icon="webhook",
            title=_("%(site)s is no longer told what happens") % {"site": callback.site.name},
            text=STOPS[callback.stop],
            url=reverse("admin:notifications_callback_change", args=[callback.pk]),
            action=_("Look and start again"),
        )


def unprocessed_events(request: HttpRequest) -> Iterator[Need]:
    """What Facebook told and the program could not follow."""
    may_replay = request.user.has_perm(REPLAY)
    if count := waiting.failed_events():
        one, many = _("1 event of Facebook could not be processed"), _("%(count)s events of Facebook failed")
        yield Need(
            level="warning",
            icon="move_to_inbox",
            title=one if count == "1" else many % {"count": count},
            text=_("Kept with its error. What Facebook told, a message or a receipt, is missing until then."),
            url=f"{reverse('admin:pages_webhookevent_changelist')}?state={EventState.FAILED}",
            action=_("Look and process again") if may_replay else _("See them"),
        )
    if count := waiting.unreadable_calls():
        one, many = _("1 call of Facebook could not be read"), _("%(count)s calls of Facebook could not be read")
        yield Need(
            level="warning",
            icon="move_to_inbox",
            title=one if count == "1" else many % {"count": count},
            text=_("Facebook signed it, and it is not what Facebook describes. It is kept whole."),
            url=reverse("admin:pages_webhookpost_changelist"),
            action=_("See them"),
        )


def warned_pages(now: datetime) -> Iterator[Need]:
    """Pages that Facebook warned of late; what it blocks has an incident."""
    warned = WebhookEvent.objects.filter(kind=KINDS[PolicyEnforced], state=EventState.DONE, page_id=OuterRef("page_id"))
    of_late = warned.filter(happened_at__gt=now - WARNED, body__policy_enforcement__action="warning")
    for page in _unblocked_pages().filter(Exists(of_late))[:SHOWN]:
        yield Need(
            level="warning",
            icon="policy",
            title=_("Facebook warns %(page)s") % {"page": page.name},
            text=page.connection.restriction or _("It gave no reason. The page’s Support Inbox on Facebook says more."),
            url=reverse("admin:pages_page_change", args=[page.pk]),
            action=_("See the page"),
        )


def _unblocked_pages() -> QuerySet[Page]:
    connected = Page.objects.filter(connection__isnull=False, connection__restricted_at=None)
    return connected.select_related("connection").defer("token").order_by("name")


def unready_pages() -> Iterator[Need]:
    """Pages that were added and forgotten half-way."""
    linked = Link.objects.open().filter(page=OuterRef("pk"))
    count = Page.objects.filter(Q(token="") | ~Exists(linked)).count()
    if count:
        yield Need(
            level="warning",
            icon="flag",
            title=ngettext("%(count)s page can't send yet", "%(count)s pages can't send yet", count) % {"count": count},
            text=_("A page sends once it has a token and belongs to a site."),
            url=reverse("admin:pages_page_changelist"),
            action=_("Finish the set-up"),
        )


def troubled_tags() -> Iterator[Need]:
    """Sites on whose pages nobody can opt in, or the wrong people would."""
    for site, noticed in _noticed().items():
        yield Need(
            level="danger",
            icon="code",
            title=_("The tag noticed a mistake on the pages of %(site)s") % {"site": site.name},
            text=noticed,
            url=reverse("admin:optins_tagfinding_site", args=[site.sid]),
            action=_("Look and mend"),
        )


def _noticed() -> dict[Site, str]:
    """The latest mistake of each site, of the sites that made the latest."""
    found: dict[Site, str] = {}
    for finding in findings.wrong().select_related("site")[: SHOWN * len(findings.WRONG)]:
        if len(found) < SHOWN:
            found.setdefault(finding.site, f"{finding.get_code_display()}.")
    return found
