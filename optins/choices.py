"""What a person can tap beneath our questions, and type instead. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from optins.stopping import plain


class Tap(StrEnum):
    YES = "OPTIN_YES"
    NO = "OPTIN_NO"
    ONLY_THIS = "STOP_ONLY"  # not all was to be stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """`ids` are of invitations; of the opt-in that stays stopped for ONLY_THIS."""

    tap: Tap
    ids: tuple[int, ...]


# A payload holds 1,000 characters (Messenger Platform, "Quick replies").
MOST_IDS = 50
_PAYLOAD = re.compile(r"(OPTIN_YES|OPTIN_NO|STOP_ONLY):([1-9][0-9]{0,17}(?:,[1-9][0-9]{0,17}){0,49})", re.ASCII)

_YES = frozenset(
    {"yes", "yes please", "y", "ok", "okay", "yeah", "yep", "sure", "i agree"}
    | {"oui", "ouais", "oui merci", "d accord", "volontiers", "j accepte"}
)
_NO = frozenset({"no", "no thanks", "no thank you", "n", "nope"} | {"non", "non merci", "pas maintenant", "je refuse"})


def payload(tap: Tap, ids: Collection[int]) -> str:
    return f"{tap.value}:{','.join(str(each) for each in sorted(ids)[:MOST_IDS])}"


def read(told: str) -> Tapped | None:
    found = _PAYLOAD.fullmatch(told)
    return Tapped(tap=Tap(found[1]), ids=tuple(int(each) for each in found[2].split(","))) if found else None


def typed(text: str) -> Tap | None:
    """The answer that is the whole message; None where it is something else."""
    words = plain(text) if len(text) <= 40 else ""
    if words in _YES:
        return Tap.YES
    return Tap.NO if words in _NO else None
