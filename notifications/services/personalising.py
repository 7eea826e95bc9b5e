"""Fills a message for its customer, from the opt-in's attributes as they are when its turn comes.

What was put in is kept with the delivery and goes before the attributes the next time: a second try, and a message
that a person sends again, say the same words, whatever became of the attributes meanwhile.
"""

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import JSONField, TextField

from notifications import payloads
from notifications.models import Content, Delivery
from notifications.payloads import Template, Unfilled, compiled, utility
from notifications.reasons import UNFILLED, Reason
from notifications.services import bulk
from notifications.states import DeliveryState
from optins import attributes

# Limits that a filled body breaks and that are written down: the first tells enough.
MOST_PROBLEMS = 3


class Judge(Protocol):
    """Raises PayloadError for a text that breaks a limit."""

    def __call__(self, raw: str, *, filled: bool) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What one customer gets, and what was put in; or, with a `reason`, why this customer can't get it.

    `detail` is data for notifications/words.py, which says it in the reader's language.
    """

    body: str = ""
    personal: dict[str, str | None] | None = None
    is_new: bool = True
    reason: Reason | None = None
    detail: str = ""


def template_of(body: Mapping[str, Any]) -> Template:
    """The template of a message that is not frozen yet."""
    return compiled(json.dumps(body, ensure_ascii=False))


def word(bodies: Mapping[int, str], *, choices: Container[int] = ()) -> dict[int, Wording]:
    """The wording of each delivery (id to frozen body) whose content has placeholders; the others cost no query.

    Of those in `choices` it is no body, but the choice of a utility template.
    """
    templates = {pk: template for pk, body in bodies.items() if (template := compiled(body)).names}
    if not templates:
        return {}
    rows = Delivery.objects.filter(pk__in=list(templates)).values_list("pk", "personal", "optin__attributes")
    judges: dict[bool, Judge] = {False: payloads.parse_json, True: utility.parse_choice_json}
    return {pk: _worded(templates[pk], kept, known or {}, judges[pk in choices]) for pk, kept, known in rows}


def _worded(template: Template, kept: dict[str, Any] | None, known: Mapping[str, object], judge: Judge) -> Wording:
    """`kept` was put in before, or came with the message: None in it stands for the default."""
    try:
        filled = template.fill({**known, **(kept or {})})
        judge(filled.body, filled=True)
    except Unfilled as error:
        return Wording(reason=Reason.NO_VALUE, detail=json.dumps(error.names))
    except payloads.PayloadError as error:
        names = [name for name, value in filled.personal.items() if value is not None]
        return Wording(reason=Reason.UNFIT_VALUE, detail=_detail(names, error.problems))
    return Wording(body=filled.body, personal=filled.personal, is_new=filled.personal != kept)


def _detail(names: Iterable[str], problems: tuple[payloads.Problem, ...]) -> str:
    told = [{"path": each.path, "code": each.code, "params": each.params} for each in problems[:MOST_PROBLEMS]]
    return json.dumps({"names": list(names), "problems": told}, default=str)


def fail(wordings: Mapping[int, Wording], now: datetime) -> None:
    """Those that can't be filled fail, each alone and before any socket: that is no try."""
    for reason in UNFILLED:
        details = {pk: wording.detail for pk, wording in wordings.items() if wording.reason is reason}
        if details:
            Delivery.objects.filter(pk__in=list(details)).move(
                DeliveryState.FAILED,
                frm=DeliveryState.QUEUED,
                reason=reason,
                detail=bulk.Picked(details, output_field=TextField()),
                ended_at=now,
            )


def put_in(wordings: Mapping[int, Wording]) -> bulk.Picked:
    """What was put in, for an update of these rows."""
    return bulk.Picked({pk: wording.personal for pk, wording in wordings.items()}, output_field=JSONField())


def given(values: Mapping[str, object] | None) -> dict[str, str] | None:
    """Explicit values as a new delivery keeps them; those without words are left to the attributes."""
    words = {name: attributes.words_of(value) for name, value in (values or {}).items()}
    return {name: said for name, said in words.items() if said is not None} or None


def words_sent(content: Content, personal: Mapping[str, Any] | None) -> str | None:
    """The body as it went out, or None for a message that has not been filled."""
    return text_sent(content.body, personal)


def text_sent(text: str, personal: Mapping[str, Any] | None) -> str | None:
    """The same for any frozen text with placeholders: a body, or the choice of a utility template."""
    template = compiled(text)
    if not template.names:
        return text
    if personal is None or any(name not in personal for name in template.names):
        return None
    return template.fill(personal).body


def put_in_words(content: Content, personal: Mapping[str, Any] | None) -> Iterator[tuple[str, str, bool]]:
    """Each placeholder of a message that was filled: its name, what stands there, and whether that is a default."""
    known = personal or {}
    for placeholder in compiled(content.body).placeholders:
        if placeholder.name in known:
            words = known[placeholder.name]
            yield placeholder.name, placeholder.default or "" if words is None else words, words is None
