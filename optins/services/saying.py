"""What a person is told in Messenger, in the language in which they came. Nothing here tells who holds which id."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from optins import choices
from optins.choices import Tap
from optins.models import Invitation
from optins.states import Purpose
from pages.models import Page

# A text of the Send API.
MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text, and what can be tapped beneath it: title and payload."""

    text: str
    taps: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> Mapping[str, Any]:
        replies = [{"title": title, "payload": payload} for title, payload in self.taps]
        return {"text": self.text} | ({"quick_replies": replies} if replies else {})


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """The visitor's, where we speak it."""
    try:
        spoken = translation.get_supported_language_variant(code)
    except LookupError:
        spoken = settings.LANGUAGE_CODE
    with translation.override(spoken):
        yield


def question(page: Page, invitation: Invitation, purpose: Purpose) -> Said:
    """The words that stood beside the button, and whether the person agrees to them."""
    with in_language(invitation.language):
        asked = f"{_what_for(purpose) % {'page': page.name}} {_how_to_end()}"
        wording = invitation.wording.text.strip() if invitation.wording else ""
        whole = f"{wording}\n\n{asked}" if wording else asked
        return Said(text=whole if len(whole) <= MAX_TEXT else asked, taps=_yes_no([invitation]))


def question_again(page: Page, invitations: list[Invitation], *, others: bool) -> Said:
    """Of agreements that a STOP ended. `others`: all but one, which stays stopped."""
    count = len(invitations)
    with in_language(invitations[0].language):
        if others:
            words = ngettext(
                "That one stays stopped. Shall %(page)s go on with the other one that you had agreed to?",
                "That one stays stopped. Shall %(page)s go on with the %(count)d others that you had agreed to?",
                count,
            )
        else:
            words = ngettext(
                "Shall %(page)s write to you here again, as you had agreed before?",
                "Shall %(page)s write to you here again, for all %(count)d things that you had agreed to before?",
                count,
            )
        text = f"{words % {'page': page.name, 'count': count}} {_how_to_end()}"
        return Said(text=text, taps=_yes_no(invitations))


def _what_for(purpose: Purpose) -> str:
    match purpose:
        case Purpose.ALERT:
            return _("Shall %(page)s write to you here once, with the alert that you asked for?")
        case Purpose.TRANSACTIONAL:
            return _("Shall %(page)s write to you here about your order or request?")
    return _("Shall %(page)s write to you here, also with news and offers?")


def _how_to_end() -> str:
    return _("You can end it at any time: write STOP.")


def _yes_no(invitations: list[Invitation]) -> tuple[tuple[str, str], ...]:
    ids = [each.pk for each in invitations]
    yes, no = pgettext("consent", "Yes"), pgettext("consent", "No")
    return (yes, choices.payload(Tap.YES, ids)), (no, choices.payload(Tap.NO, ids))


def thanks(page: Page, language: str) -> Said:
    with in_language(language):
        words = _("Thank you. %(page)s will write to you here.") % {"page": page.name}
        return Said(text=f"{words} {_how_to_end()}")


def all_is_set(page: Page, language: str) -> Said:
    with in_language(language):
        words = _("All is set: you had agreed already that %(page)s writes to you here.") % {"page": page.name}
        return Said(text=f"{words} {_how_to_end()}")


def respected(page: Page, language: str) -> Said:
    with in_language(language):
        return Said(text=_("All right: %(page)s will not write to you about it.") % {"page": page.name})


def no_longer_good(language: str) -> Said:
    with in_language(language):
        return Said(text=_("This link or code is no longer good. Please tap the button on the site again."))


def refused(language: str) -> Said:
    """To whoever came second, whatever to."""
    with in_language(language):
        return Said(text=_("This can't be set up from here. Please ask the shop's customer service."))


def too_many_codes(language: str) -> Said:
    with in_language(language):
        return Said(text=_("These were too many codes. Please tap the button on the site again, in an hour."))


def nothing_more(page: Page, language: str) -> Said:
    """To a STOP when all had run out or was used up: there is nothing that START could ask for again."""
    with in_language(language):
        return Said(text=_("It is done: %(page)s sends you nothing more.") % {"page": page.name})


def stopped(page: Page, language: str, *, only: int | None) -> Said:
    """`only` is the opt-in that may have been meant alone, where there were others."""
    with in_language(language):
        words = _("It is done: %(page)s sends you nothing more. Write START if you change your mind.")
        taps = ((pgettext("stop", "This alert only"), choices.payload(Tap.ONLY_THIS, [only])),) if only else ()
        return Said(text=words % {"page": page.name}, taps=taps)
