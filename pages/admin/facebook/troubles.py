"""What is said when somebody comes back from Facebook without pages, and what to do then."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pages.services.logins import Trouble

Words = str | Promise
BEGIN_AGAIN = _("Begin again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`again` is what the button that begins anew says; empty where that would change nothing."""

    title: Words
    text: Words
    again: Words = BEGIN_AGAIN
    icon: str = "link_off"
    status: int = 200


TOLD: Mapping[Trouble, Told] = {
    Trouble.NOT_SET_UP: Told(
        title=_("This installation has no app on Facebook"),
        text=_("Set FACEBOOK_APP_ID and FACEBOOK_APP_SECRET first; docs/facebook.md says how, step by step."),
        again="",
        icon="build",
    ),
    Trouble.UNKNOWN: Told(
        title=_("This is not the way back from a login that began here"),
        text=_("Nothing was changed. Begin from the list of pages, and follow Facebook's dialog to its end."),
        status=400,
    ),
    Trouble.EXPIRED: Told(
        title=_("The login took too long"),
        text=_("From the first click to the way back there are ten minutes. Nothing was changed."),
        icon="timer_off",
        status=400,
    ),
    Trouble.USED: Told(
        title=_("This login was used already"),
        text=_("The way back from Facebook can be gone once. If you reloaded the page, what you began goes on below."),
        again=_("Go on with what was begun"),
        icon="replay",
        status=400,
    ),
    Trouble.NOT_YOURS: Told(
        title=_("This login began in another session"),
        text=_(
            "Whoever begins has to come back in the same browser, logged in to the same account, at the same address "
            "(localhost and 127.0.0.1 are two). Nothing was changed."
        ),
        icon="no_accounts",
        status=400,
    ),
    Trouble.CANCELLED: Told(
        title=_("You cancelled in Facebook's dialog"),
        text=_("Nothing was linked, and Facebook gave us nothing. You can begin again at any time."),
        again=_("Try again"),
        icon="cancel",
    ),
    Trouble.REFUSED: Told(
        title=_("Facebook refused the login"),
        text=_("Nothing was changed. What Facebook said stands below."),
        icon="block",
    ),
    Trouble.REVOKED: Told(
        title=_("The access was taken away again"),
        text=_(
            "Facebook no longer accepts the login that was given a moment ago: somebody removed the app, changed the "
            "password, or was logged out by Facebook. Nothing was linked."
        ),
    ),
    Trouble.UNREACHABLE: Told(
        title=_("Facebook can't be reached"),
        text=_("It gave no usable answer. Nothing was changed; wait a little and begin again."),
        icon="cloud_off",
        status=503,
    ),
    Trouble.OVER: Told(
        title=_("There is nothing to choose from any more"),
        text=_("A choice was made already, or it took longer than half an hour: then the tokens are wiped."),
        icon="timer_off",
    ),
    Trouble.NOT_OFFERED: Told(
        title=_("This login does not give access to the page"),
        text=_(
            "Log in as somebody who administers the page on Facebook, and leave the page and every permission ticked "
            "in the dialog. The page stays as it was."
        ),
        again=_("Choose again on Facebook"),
        icon="person_off",
    ),
}
