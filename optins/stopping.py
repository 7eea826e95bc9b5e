"""STOP and its kin, as people write them. Pure.

A word counts when it is the whole message; accents, case, punctuation and blanks make no difference. "Don't stop" is no
STOP, nor is "cancel", which is said of orders. Both languages have them: stopping has to be as easy as agreeing was.
"""

import unicodedata
from enum import StrEnum


class Wish(StrEnum):
    STOP = "stop"  # nothing more, at once
    START = "start"  # to be asked again; never gives an agreement back by itself


def _words(listed: str) -> frozenset[str]:
    return frozenset(word.strip() for word in listed.replace("\n", "|").split("|")) - {""}


# Without accents, in lower case, one blank between words.
_STOPS = _words(
    """
    stop|stopp|stopper|stop all|stop tout|stop it|please stop|stop please|stop svp|stop messages|stop les messages
    arret|arrete|arretes|arretez|arreter|arret svp|arretez svp|tout arreter|arreter tout|arretez tout|arrete tout
    desabonner|desabonnement|me desabonner|desabonne moi|desabonnez moi|se desabonner|je me desabonne
    desinscrire|desinscription|me desinscrire|desinscris moi|desinscrivez moi|se desinscrire
    unsubscribe|unsubscribe me|unsubscribe all|opt out|optout
    ne plus recevoir|ne plus rien recevoir|plus de messages|plus de message
    no more messages|no more|remove me|leave me alone|laissez moi tranquille|baja
    """
)
_STARTS = _words(
    """
    start|unstop|subscribe|resubscribe|opt in|optin|reprendre|reprise|recommencer|reabonner|me reabonner
    reabonnez moi|abonner|m abonner|s abonner
    """
)

# Payloads of our own buttons.
OPT_OUT = "OPT_OUT"
OPT_IN_AGAIN = "OPT_IN_AGAIN"

# Nobody says STOP in more.
LONGEST = 60


def wish(text: str) -> Wish | None:
    """What the whole message asks for; None where it asks for something else."""
    words = plain(text) if len(text) <= LONGEST else ""
    if words in _STOPS:
        return Wish.STOP
    return Wish.START if words in _STARTS else None


def wish_of_payload(payload: str) -> Wish | None:
    return {OPT_OUT: Wish.STOP, OPT_IN_AGAIN: Wish.START}.get(payload)


def plain(text: str) -> str:
    """Letters and digits alone, without accents, in lower case; whatever stands between them is one blank."""
    apart = unicodedata.normalize("NFKD", text)
    # A folded letter may come apart and a part may fold: Unicode's compatibility caseless match.
    for _again in range(2):
        apart = unicodedata.normalize("NFKD", apart.casefold())
    kept = (letter if letter.isalnum() else " " for letter in apart if not unicodedata.combining(letter))
    return " ".join("".join(kept).split())
