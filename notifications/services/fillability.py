"""For whom of an audience a message can be filled: asked before a launch, and in sets."""

from collections.abc import Iterator
from dataclasses import dataclass

from notifications.payloads import Template
from optins.querysets import OptInQuerySet

# Opt-ins that a forecast looks at: reading the attributes of more takes longer than a person waits for a number.
LOOKED_AT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """How many of the audience lack one of `names`; `at_least` when only a part of the audience was looked at."""

    count: int
    names: tuple[str, ...]
    at_least: bool


def unfillable(template: Template, audience: OptInQuerySet) -> Iterator[str]:
    """The names without a default that nobody has words for; all of them, if nobody has all of them together."""
    if not template.required or audience.with_words(template.required).exists():
        return
    alone = [name for name in template.required if not audience.with_words([name]).exists()]
    yield from alone or template.required


def shortage(template: Template, audience: OptInQuerySet) -> Shortage | None:
    """Who would fail for want of a value; None when nobody would."""
    if not template.required:
        return None
    # One more tells whether these are all.
    seen = list(audience.order_by("pk").values_list("pk", flat=True)[LOOKED_AT : LOOKED_AT + 1])
    looked_at = audience.filter(pk__lt=seen[0]) if seen else audience
    count = looked_at.count() - looked_at.with_words(template.required).count()
    return Shortage(count=count, names=template.required, at_least=bool(seen)) if count else None
