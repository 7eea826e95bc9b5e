"""Utility templates, pure: what Facebook approved for the time after the window, and how one is filled and sent.

A template is a list of Facebook's components. Its parameters go by keys: the name or number that the placeholder
of body or header has (`prenom`, `1`; a number in the header is `header_1`), and `button_2` for what the second
button's address or payload ends with.
"""

from notifications.payloads.utility.choice import Choice, misfits, parse_choice, parse_choice_json
from notifications.payloads.utility.drafts import ButtonKind, Draft, DraftButton, creation, problems_of
from notifications.payloads.utility.sending import Incomplete, components, message
from notifications.payloads.utility.showing import Shown, shown
from notifications.payloads.utility.slots import Slot, keys, slots

__all__ = [
    "ButtonKind",
    "Choice",
    "Draft",
    "DraftButton",
    "Incomplete",
    "Shown",
    "Slot",
    "components",
    "creation",
    "keys",
    "message",
    "misfits",
    "parse_choice",
    "parse_choice_json",
    "problems_of",
    "shown",
    "slots",
]
