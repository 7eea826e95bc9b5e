"""The door: decoded JSON or JSON text in, a message out, or a PayloadError that tells everything that is wrong."""

from itertools import islice
from typing import Final

from pydantic import ValidationError

from notifications.payloads.explaining import explain
from notifications.payloads.json_text import decode
from notifications.payloads.json_values import look
from notifications.payloads.message import Message
from notifications.payloads.parts import FILLED
from notifications.payloads.problems import PayloadError

# More than anybody reads at once; a hostile message can't make a huge answer.
MOST_PROBLEMS: Final = 50


def parse(raw: object, *, filled: bool = False) -> Message:
    """`raw` is decoded JSON. `filled`: its placeholders were filled, so braces are text.

    Raises PayloadError and nothing else.
    """
    if problems := list(islice(look(raw), MOST_PROBLEMS)):
        raise PayloadError(problems)
    return judge(raw, filled=filled)


def judge(raw: object, *, filled: bool = False) -> Message:
    """The same for decoded JSON that `look` found nothing wrong with. Raises PayloadError and nothing else."""
    try:
        return Message.model_validate(raw, context=FILLED if filled else None)
    except ValidationError as error:
        found = error.errors(include_url=False)
    raise PayloadError(islice(explain(found), MOST_PROBLEMS))


def parse_json(raw: str | bytes, *, filled: bool = False) -> Message:
    """`raw` is JSON text, UTF-8 if it is bytes. Raises PayloadError and nothing else."""
    return parse(decode(raw), filled=filled)
