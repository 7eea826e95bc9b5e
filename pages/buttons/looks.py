"""The looks of a button, and the words that it has until somebody writes others. Pure.

Three sizes by two colours make six looks; pages/static/pages/button.css draws each.
"""

from collections.abc import Mapping
from types import MappingProxyType

MAX_LABEL = 40
MAX_WORDING = 600

# Visitors read these, in the language of the shop's page; the screens of the product have a catalogue of their own.
LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "message_us": {"en": "Message us", "fr": "Écrivez-nous"},
        "send_to_messenger": {"en": "Send to Messenger", "fr": "Envoyer sur Messenger"},
    }
)
WORDINGS: Mapping[str, str] = MappingProxyType(
    {
        "en": "{site} will write to you in Messenger about what you ask for here, and about nothing else. "
        "To stop it, write STOP there at any time.",
        "fr": "{site} vous écrira dans Messenger au sujet de ce que vous demandez ici, et de rien d’autre. "
        "Pour arrêter, répondez-y STOP à tout moment.",
    }
)


def labels(kind: str, own: Mapping[str, str]) -> dict[str, str]:
    """In every language: the button's own label, else the kind's."""
    return {language: own.get(language, "").strip() or default for language, default in LABELS[kind].items()}


def proposed_wordings(site: str) -> dict[str, str]:
    """To begin with, for the shop of that name: who writes, why, and how to stop it."""
    return {language: text.format(site=site) for language, text in WORDINGS.items()}
