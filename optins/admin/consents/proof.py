"""All the proof of one event, in words: where, when, which look, which wording, which event at Facebook, and who."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_stubs_ext import StrPromise

from optins.admin.story import NAMES, in_words, moment
from optins.models import ConsentEvent, Import
from optins.states import Source
from pages.models import Button, Wording
from pages.models.button import ButtonColour, ButtonKind, ButtonSize
from pages.models.webhook import WebhookEvent

# The person's newest events among which the one is looked for that is named.
LOOKED_THROUGH = 500
# What has a place of its own below; whatever else the evidence holds is told under its own name.
TOLD = frozenset(
    {
        *("source", "address", "url", "button", "invitation", "clicked_at", "arrival", "answer", "look", "wording"),
        *("question", "event", "at", "words", "language", "again", "api_token", "import", "file", "sha256", "line"),
        *("agreed_at", "proof", "note"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """As pages/static/pages/button.css draws it."""

    size: str
    colour: str
    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`facts` are headings with what stands under them: names and values."""

    facts: list[tuple[str, list[tuple[str, object]]]]
    look: Look | None
    wording: Wording | None
    question: str
    answer: str
    event: str
    raw: int | None


def proof_of(event: ConsentEvent) -> Proof:
    told = event.evidence
    arrival, answer = (_dict(told.get(name)) for name in ("arrival", "answer"))
    named = str(answer.get("event") or told.get("event") or arrival.get("event") or "")
    question = told.get("question")
    return Proof(
        facts=[(title, rows) for title, rows in _facts(event, told, arrival, answer) if rows],
        look=_look(told.get("look")),
        wording=_wording(told.get("wording")),
        # `again` is the question that a START brings back: its words are the product's own.
        question=question if isinstance(question, str) and question != "again" else "",
        answer=str(answer.get("words") or told.get("words") or ""),
        event=named,
        raw=_raw(event, named),
    )


def _facts(
    event: ConsentEvent, told: Mapping[str, Any], arrival: Mapping[str, Any], answer: Mapping[str, Any]
) -> Iterator[tuple[str, list[tuple[str, object]]]]:
    yield (
        pgettext("proof", "When"),
        _given(
            (_("clicked on the button"), moment(told.get("clicked_at"))),
            (_("came to Messenger and was asked"), moment(arrival.get("at"))),
            (_("answered"), moment(answer.get("at"))),
            (_("happened"), moment(told.get("at"))),
            (_("agreed, as the file says"), moment(told.get("agreed_at"))),
            (_("written down"), event.at),
        ),
    )
    yield (
        pgettext("proof", "Where"),
        _given(
            (_("address of the page"), told.get("address") or told.get("url")),
            (_("page on Facebook"), str(event.optin.page)),
            (_("button"), _button(told.get("button"))),
            (_("click"), _numbered(told.get("invitation"))),
            (_("language of the visitor"), told.get("language")),
            (_("asked again after START"), _("yes") if told.get("again") is True else None),
        ),
    )
    yield _("How it reached us"), _given(*_source(told))
    yield _("Further proof"), list(_rest(told, arrival, answer))


def _source(told: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    source = told.get("source")
    yield _("way"), Source(source).label if source in Source.values else source
    yield _("came to Messenger by"), _came_by(_dict(told.get("arrival")))
    yield _("API token"), told.get("api_token")
    if source == Source.IMPORT:
        of = Import.objects.filter(pk=told["import"]).first() if isinstance(told.get("import"), int) else None
        yield _("file"), told.get("file")
        yield _("line"), told.get("line")
        yield _("SHA-256 of the file"), told.get("sha256")
        yield _("uploaded"), of.created_at if of else None
    yield _("proof"), told.get("proof")
    yield _("note"), told.get("note")


def _rest(
    told: Mapping[str, Any], arrival: Mapping[str, Any], answer: Mapping[str, Any]
) -> Iterator[tuple[str, object]]:
    for name, value in told.items():
        if name not in TOLD:
            yield from in_words(str(NAMES.get(name, name)), value)
    for known, mapping in ((_("arrival"), arrival), (_("answer"), answer)):
        for name, value in mapping.items():
            if name not in ("at", "event", "words", "referral", "code"):
                yield from in_words(f"{known}, {NAMES.get(name, name)}", value)


def _came_by(arrival: Mapping[str, Any]) -> str:
    """In our words, with Facebook's own behind."""
    if arrival.get("code") is True:
        return _("the code of the click, which the person typed")
    referral = _dict(arrival.get("referral"))
    named = ", ".join(str(value) for value in referral.values() if value)
    return _("the link of the click (%(named)s)") % {"named": named} if named else ""


def _given(*rows: tuple[str | StrPromise, object]) -> list[tuple[str, object]]:
    return [(str(name), value) for name, value in rows if value not in (None, "")]


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _numbered(value: object) -> str:
    return f"#{value}" if isinstance(value, int) else ""


def _button(value: object) -> str:
    """By its name today, where it is still there."""
    if not isinstance(value, int):
        return ""
    found = Button.objects.filter(pk=value).first()
    return f"{found.name} (#{value})" if found else f"#{value}"


def _look(value: object) -> Look | None:
    told = _dict(value)
    size, colour, kind = (told.get(name) for name in ("size", "colour", "kind"))
    if size not in ButtonSize.values or colour not in ButtonColour.values or kind not in ButtonKind.values:
        return None
    words = f"{ButtonKind(kind).label}, {ButtonSize(size).label}, {ButtonColour(colour).label}"
    return Look(size=str(size), colour=str(colour), label=str(told.get("label") or ButtonKind(kind).label), words=words)


def _wording(value: object) -> Wording | None:
    key = _dict(value).get("id")
    return Wording.objects.filter(pk=key).first() if isinstance(key, int) else None


def _raw(event: ConsentEvent, named: str) -> int | None:
    """The event as Facebook told it, as long as that is kept."""
    if not named or event.recipient is None:
        return None
    of_person = WebhookEvent.objects.filter(psid=event.recipient.psid, page_id=event.optin.page.page_id)
    newest = of_person.order_by("-pk").values_list("pk", "body")[:LOOKED_THROUGH]
    return next((pk for pk, body in newest if _holds(body, named)), None)


def _holds(value: object, word: str) -> bool:
    if isinstance(value, dict):
        return any(_holds(each, word) for each in value.values())
    return value == word
