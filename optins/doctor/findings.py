"""What the doctor can find: how bad it is, what it means, and the mend. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators."""
    return message


class Level(StrEnum):
    WRONG = "wrong"  # no button appears, or nobody can opt in
    DOUBTFUL = "doubtful"  # it may work, and may not
    GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`code` is a key of WORDS; fill its sentences with `params`."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        return WORDS[self.code][0]

    @property
    def says(self) -> str:
        return WORDS[self.code][1]

    @property
    def mend(self) -> str:
        return WORDS[self.code][2]


_PASTE = gettext_noop("Paste the tag from the snippet page into the page, before </body>.")
_ONCE = gettext_noop("Remove all but one.")
_NONE = ""

# Code: level, what was found, the mend.
WORDS: Mapping[str, tuple[Level, str, str]] = {
    # The page
    "no_html": (
        Level.WRONG,
        gettext_noop("This is no HTML page."),
        gettext_noop("Give the source of a page of the shop, as the browser receives it."),
    ),
    # The tag
    "tag_there": (Level.GOOD, gettext_noop("The tag is there, once."), _NONE),
    "tag_missing": (Level.WRONG, gettext_noop("The tag is not on this page."), _PASTE),
    "tag_twice": (
        Level.DOUBTFUL,
        gettext_noop("The tag is on this page %(count)s times. The second does nothing, and costs the visitor time."),
        _ONCE,
    ),
    "tag_of_another": (
        Level.WRONG,
        gettext_noop("The tag of another site is on this page: SID %(sid)s."),
        gettext_noop("Replace it by this site's, or look at the other site's buttons."),
    ),
    "tag_elsewhere": (
        Level.WRONG,
        gettext_noop("The tag is loaded from %(host)s, which is not this installation."),
        gettext_noop("Load it from %(expected)s."),
    ),
    "tag_insecure": (
        Level.WRONG,
        gettext_noop("The tag is loaded over http: on an https page the browser blocks it."),
        gettext_noop("Write https:// in its address."),
    ),
    "tag_commented": (
        Level.WRONG,
        gettext_noop("The tag stands in a comment, where no browser runs it."),
        gettext_noop("Take the comment's marks away."),
    ),
    "tag_dead": (
        Level.WRONG,
        gettext_noop("The tag stands inside <%(element)s>, where no browser runs it."),
        gettext_noop("Move it out of there."),
    ),
    "tag_asleep": (
        Level.DOUBTFUL,
        gettext_noop("The tag is no script until something wakes it: a consent manager, most likely."),
        gettext_noop("The tag sets no cookie and loads nothing of Facebook's; it may run before the consent."),
    ),
    "tag_waits": (
        Level.DOUBTFUL,
        gettext_noop("The page waits for the tag before it goes on."),
        gettext_noop("Write async into the script element."),
    ),
    # Custom data and ids
    "data_there": (Level.GOOD, gettext_noop("The custom data stand before the tag."), _NONE),
    "data_after": (
        Level.DOUBTFUL,
        gettext_noop("The custom data are declared after the tag, which may have looked by then."),
        gettext_noop("Move them before the tag, or call messengerAdmin.refresh() after them."),
    ),
    "data_unread": (
        Level.DOUBTFUL,
        gettext_noop("Something in the custom data is worked out in the browser, and can't be read here: %(names)s."),
        gettext_noop("Open the page in a browser and look at window.idzCustomData in its console."),
    ),
    "data_missing": (
        Level.DOUBTFUL,
        gettext_noop("No custom data are declared in the page's own scripts. Without an id no opt-in button appears."),
        gettext_noop("Declare window.idzCustomData before the tag, if a script that is loaded does not do so already."),
    ),
    "id_there": (Level.GOOD, gettext_noop("The customer_id is %(id)s, from %(name)s."), _NONE),
    "id_missing": (
        Level.WRONG,
        gettext_noop("The custom data hold no customer_id: no opt-in button appears."),
        gettext_noop("Add social_notification_customer_id, or extId for a customer who is logged in."),
    ),
    "id_empty": (
        Level.DOUBTFUL,
        gettext_noop("%(name)s is empty. That is right for a visitor whom the shop does not know."),
        gettext_noop("For an order or a stock alert use an id of its own: the snippet page shows how."),
    ),
    "id_placeholder": (
        Level.WRONG,
        gettext_noop("A placeholder was left in the customer_id: %(id)s."),
        gettext_noop("Have the shop's template put the customer's own id there."),
    ),
    "id_nothing": (
        Level.WRONG,
        gettext_noop("The customer_id says nothing: %(id)s. Everybody would share it."),
        gettext_noop("Leave it out where the shop has no id."),
    ),
    "id_e_mail": (
        Level.WRONG,
        gettext_noop("The customer_id is an e-mail address, for every script on the page to read."),
        gettext_noop("Use the customer's number instead."),
    ),
    "id_too_long": (
        Level.WRONG,
        gettext_noop("The customer_id is longer than 255 characters."),
        gettext_noop("Use the customer's number, or a shorter name for the request."),
    ),
    "id_unprintable": (
        Level.WRONG,
        gettext_noop("The customer_id holds control or invisible characters."),
        gettext_noop("Have the shop clean the id before it is written into the page."),
    ),
    # Facebook's own SDK
    "sdk_there": (
        Level.DOUBTFUL,
        gettext_noop("Facebook's own SDK is on the page, in the language %(locale)s. Buttons by its plugin follow it."),
        gettext_noop("If that is the wrong language, change it where the shop loads Facebook's SDK."),
    ),
    "sdk_twice": (
        Level.DOUBTFUL,
        gettext_noop("Facebook's SDK is loaded %(count)s times. The first one rules, the others are ignored."),
        _ONCE,
    ),
    "sdk_init": (
        Level.DOUBTFUL,
        gettext_noop("The page sets fbAsyncInit itself. The tag calls it before its own, and never replaces it."),
        _NONE,
    ),
    # What the shop's policy lets through
    "csp_script": (
        Level.WRONG,
        gettext_noop("The page's Content-Security-Policy blocks the tag."),
        gettext_noop("Add %(host)s to script-src."),
    ),
    "csp_connect": (
        Level.WRONG,
        gettext_noop("The page's Content-Security-Policy lets the tag load, and not ask for a link to Messenger."),
        gettext_noop("Add %(host)s to connect-src."),
    ),
    "csp_good": (Level.GOOD, gettext_noop("The page's Content-Security-Policy lets the tag work."), _NONE),
    "origin_unknown": (
        Level.WRONG,
        gettext_noop("%(origin)s is not among the site's addresses: a click there is refused."),
        gettext_noop("Add it to the site's addresses of the shop."),
    ),
}
