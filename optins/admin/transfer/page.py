"""What the page of one import shows, in each of its states."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from optins.admin.transfer import progress
from optins.admin.transfer.acts import ACTS
from optins.admin.transfer.report import reasons_of, words_of
from optins.models import Import
from optins.states import ImportState, Source
from optins.transfer.words import FILES
from pages.admin.base import badge
from pages.admin.numbers import grouped

S = ImportState
LABELS = {
    "fresh": pgettext_lazy("opt-ins", "New"),
    "renewed": pgettext_lazy("opt-ins", "Renewed"),
    "known": pgettext_lazy("opt-ins", "Known already"),
    "refused": pgettext_lazy("opt-ins", "Refused"),
}


def context(of: Import, *, now: datetime, may: bool) -> dict[str, Any]:
    moving = of.state in progress.MOVING
    return {
        "of": of,
        "badge": badge(of.state, of.get_state_display()),
        "standing": standing(of),
        "progress": progress.as_json(of, now=now, sample=None),
        "moving": moving,
        "shows_bar": moving or of.state == S.STOPPED,
        "numbers": numbers(of),
        "shows_numbers": of.state not in (S.UNREADABLE, S.DROPPED),
        "taken": taken(of),
        "question": question(of),
        "reasons": [] if of.state == S.CHECKING else list(reasons(of)),
        "acts": [act for act in ACTS.values() if may and of.state in act.states],
        "facts": list(facts(of)),
        "optins_url": _optins_url(of),
    }


def standing(of: Import) -> str:
    """The sentence beside the state."""
    match of.state:
        case S.CHECKING:
            return _("Every row is read and judged. Nothing is written yet.")
        case S.CHECKED:
            return _("This is what would happen. Nothing is written yet.")
        case S.RUNNING:
            return _("The opt-ins come in. You may leave this page: it goes on by itself.")
        case S.STOPPED:
            return _("It stands where it was stopped. What came in until then stays.")
        case S.DROPPED:
            return _("Nothing more of it comes in; what had come in before stays. Its file is deleted.")
        case S.UNREADABLE:
            return file_words(of)
    count = taken(of)
    words = ngettext("%(count)s opt-in came in.", "%(count)s opt-ins came in.", count)
    return words % {"count": grouped(count)}


def file_words(of: Import) -> str:
    """Why the whole file is not taken; a code that this version does not know is shown as it is."""
    sentence = FILES.get(of.error)
    return _(sentence) % of.error_params if sentence else of.error


def numbers(of: Import) -> list[tuple[str, str, str]]:
    """A name, a word and a count for each of the four; a dry run's stand until the run has its own."""
    return [(name, str(words), grouped(getattr(of, name))) for name, words in LABELS.items()]


def taken(of: Import) -> int:
    """Rows that become agreements, or are by now."""
    return of.fresh + of.renewed


def question(of: Import) -> str:
    """What is asked after the dry run; empty where there is nothing to bring in."""
    if of.state != S.CHECKED or not taken(of):
        return ""
    words = ngettext(
        "Import %(count)s opt-in into the page “%(page)s”?",
        "Import %(count)s opt-ins into the page “%(page)s”?",
        taken(of),
    )
    return words % {"count": grouped(taken(of)), "page": of.page}


def reasons(of: Import) -> Iterator[dict[str, Any]]:
    """Each reason with how many rows it refused, and the first of them: what is said alike is said once."""
    for reason in reasons_of(of):
        examples: dict[str, list[tuple[str, str]]] = {}
        for each in reason.examples:
            examples.setdefault(words_of(each), []).append((grouped(each.line), each.customer_id))
        yield {"count": grouped(reason.count), "examples": list(examples.items())}


def facts(of: Import) -> Iterator[tuple[str, object]]:
    yield _("Page"), str(of.page)
    yield _("File"), of.name
    yield _("Size"), size_words(of.size)
    yield _("Uploaded"), of.created_at
    yield _("By"), of.created_by.get_username() if of.created_by else _("the command line")
    if of.ended_at:
        yield pgettext("import", "Ended"), of.ended_at
    if proof := of.options.get("proof"):
        yield _("Proof of rows without one"), proof
    if encoding := of.options.get("encoding"):
        yield _("Read as"), encoding
    if ignored := of.options.get("ignored"):
        yield _("Columns that say nothing to us"), ", ".join(ignored)
    yield _("Fingerprint (SHA-256)"), of.sha256


def size_words(size: int) -> str:
    """To a precision that tells two files apart."""
    if size < 1_000_000:
        return _("%(size)s KB") % {"size": grouped(max(1, round(size / 1_000)))}
    return _("%(size)s MB") % {"size": grouped(size / 1_000_000, decimals=1)}


def _optins_url(of: Import) -> str:
    narrowed = f"page__id__exact={of.page_id}&source__exact={Source.IMPORT}"
    return f"{reverse('admin:optins_optin_changelist')}?{narrowed}"
