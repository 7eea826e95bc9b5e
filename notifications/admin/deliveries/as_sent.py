"""The message of a delivery as its page shows it: the words that went out, or are to go out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from notifications.bubble import of_template
from notifications.models import Content, Delivery, UtilityTemplate
from notifications.payloads import PayloadError
from notifications.payloads.utility import Choice, parse_choice_json
from notifications.services import personalising
from notifications.states import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class AsSent:
    """`sent` is JSON text, or None while it is not filled; `body` is the frozen text.

    `shown` is for the bubble where a utility template went out instead, whose name is `instead`.
    """

    body: str
    sent: str | None
    put_in: list[tuple[str, str, bool]] = field(default_factory=list)
    shown: Mapping[str, Any] | None = None
    instead: str = ""


def as_sent(delivery: Delivery) -> AsSent:
    if delivery.route == Route.UTILITY and delivery.content.utility:
        return _template_instead(delivery)
    return _of(delivery.content, delivery.personal)


def _of(content: Content, personal: Mapping[str, Any] | None) -> AsSent:
    return AsSent(
        body=content.body,
        sent=personalising.words_sent(content, personal),
        put_in=list(personalising.put_in_words(content, personal)),
    )


def _template_instead(delivery: Delivery) -> AsSent:
    """As the template reads today: Facebook lets nobody change one, but the same name may have been used again."""
    found = _of(Content(body=delivery.content.utility), delivery.personal)
    choice = _choice(found.sent or found.body)
    if choice is None:
        return found
    template = UtilityTemplate.objects.filter(page=delivery.page_id, name=choice.name, language=choice.language).first()
    return AsSent(
        body=found.body,
        sent=found.sent,
        put_in=found.put_in,
        shown=of_template(template.components, choice.parameters) if template else None,
        instead=f"{choice.name} ({choice.language})",
    )


def _choice(text: str) -> Choice | None:
    try:
        return parse_choice_json(text, filled=True)
    except PayloadError:
        return None
