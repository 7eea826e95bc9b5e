"""How somebody agreed, or took it back, as the merchant's system tells it: the proof that is kept."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from notifications.api.asking import fault

# Characters of one text.
LONGEST = 2_000
MOST_NAMES = 20
_LONGEST_NAME = 40
# Who told it, and how it came, is for us to say.
_OURS = frozenset({"source", "api_token"})


def proof_of(told: Any, *, token_name: str) -> dict[str, object]:
    """A text as a note, an object as it is, and the token that brought it. Raises ApiError 422."""
    given = told if isinstance(told, dict) else {"note": told}
    if not isinstance(told, str | dict):
        raise _refused("evidence", "bad_evidence")
    if not 0 < len(given) <= MOST_NAMES or any(len(name) > _LONGEST_NAME or name in _OURS for name in given):
        raise _refused("evidence", "bad_evidence")
    for name, value in given.items():
        if not _is_evidence(value):
            raise _refused(f"evidence.{name}" if given is told else "evidence", "bad_evidence")
    return {**{name: plain(value) for name, value in given.items()}, "api_token": token_name}


def plain(value: Any) -> Any:
    """JSON's numbers come as decimals, which JSON fields don't take."""
    return float(value) if isinstance(value, Decimal) else value


def _is_evidence(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip()) and len(value) <= LONGEST
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _refused(field: str, code: str) -> Exception:
    words = _(
        "Say how the person agreed: a text of at most %(longest)s characters, or up to %(most)s names with texts or "
        "numbers. The names source and api_token are ours."
    )
    return fault(422, field, code, words % {"longest": LONGEST, "most": MOST_NAMES})
