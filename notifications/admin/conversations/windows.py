"""Whether a person may be answered now, until when, and what is possible otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.admin import times
from notifications.gateway.meta import rules
from notifications.gateway.meta.rules import Situation, Way
from notifications.models import Notification
from notifications.reasons import Reason
from notifications.services.deliveries import page_problem
from pages.models import Page, Thread
from pages.states import GatewayKind

# When the end of a window comes near enough to hurry.
SOON_SECONDS = 2 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`state` is open, agent (typed answers only), closed, blocked or unlinked. `until` is where it ends by itself."""

    state: str
    until: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the composer says above its field. `possible` are sentences: what can be done where it is closed."""

    window: Window
    title: str
    possible: tuple[str, ...] = ()


def is_linked(page: Page) -> bool:
    return page.gateway == GatewayKind.META and times.link_of(page) is not None


def window(thread: Thread, now: datetime) -> Window:
    """By what is on the thread and its page; asks the database nothing where the page's links are at hand."""
    if not is_linked(thread.page):
        return Window(state="unlinked")
    if thread.blocked_at:
        return Window(state="blocked")
    situation = Situation(acted_at=thread.acted_at, answers=True, typed=True, human_agent=thread.page.human_agent)
    chosen = rules.choose(situation, now=now, region=settings.FACEBOOK_REGION)
    if isinstance(chosen, Reason):
        return Window(state="closed")
    until = rules.ends_at(situation, now=now, region=settings.FACEBOOK_REGION)
    return Window(state="agent" if chosen.way is Way.HUMAN_AGENT else "open", until=until)


def standing(thread: Thread, now: datetime) -> Standing:
    """`window` in words, with what keeps the page from sending."""
    found, zone = window(thread, now), times.zone_of(thread.page)
    until = times.said_to_the_minute(found.until, zone) if found.until else ""
    match found.state:
        case "unlinked":
            title = _("This page is not linked to Facebook any more: its conversations can be read, and not answered.")
            return Standing(window=found, title=title)
        case "blocked":
            title = _("Facebook says that this person takes no messages from the page.")
            return Standing(window=found, title=title, possible=(_("It opens again once the person writes."),))
        case "closed":
            return Standing(window=found, title=_closed(thread), possible=tuple(_possible(thread, now)))
        case "agent":
            title = _("Only what an agent types is taken now, until %(when)s.") % {"when": until}
        case _:
            title = _("Answers are taken until %(when)s.") % {"when": until}
    problem = page_problem(thread.page)
    return Standing(window=found, title=title, possible=(str(problem),) if problem else ())


def _closed(thread: Thread) -> str:
    if thread.acted_at is None:
        return _("This person never wrote to the page: Facebook takes no message before that.")
    return _(
        "Facebook's window is closed: the person's last act was on %(when)s, and answers are taken for 24 hours."
    ) % {"when": times.said_to_the_minute(thread.acted_at, times.zone_of(thread.page))}


def _possible(thread: Thread, now: datetime) -> Iterator[str]:
    yield _("It opens again once the person writes, taps a button or comes by a link.")
    if Notification.objects.filter(utility__isnull=False).exists():
        yield _(
            "A notification with a utility template that Facebook approved can be sent at any time; choose it below."
        )
    else:
        yield _(
            "A notification with a utility template that Facebook approved could be sent at any time; there is none."
        )
    if not thread.page.human_agent and thread.acted_at and now - thread.acted_at <= rules.WEEK:
        yield _("With Facebook's “Human Agent” feature agents may answer for seven days; an administrator sets it.")
