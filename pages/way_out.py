"""What a person does about an incident."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pages.models.incident import IncidentKind
from pages.states import GatewayKind

# The permission of those who can mend a page; they are written to when it stops.
MAY_MEND = "pages.set_token"

WAY_OUT: Mapping[str, str | Promise] = {
    IncidentKind.TOKEN_REFUSED: _("Get a fresh token and enter it here: what waits then goes on by itself."),
    IncidentKind.FORBIDDEN: _("Have the right to send given back to the token's owner, then enter the token again."),
    IncidentKind.MOVED: _("Check the gateway's address with its provider, then enter the token again."),
    IncidentKind.UNREADABLE_TOKEN: _(
        "The key that encrypted it is missing. Add it to TOKEN_KEYS again and the page goes on by itself, or enter the "
        "token anew."
    ),
    IncidentKind.RESTRICTED: _(
        "Read in the page's Support Inbox on Facebook what it objects to. Once Facebook lifts it, the page goes on."
    ),
    IncidentKind.DISCONNECTED: _("Connect the page again: somebody who administers it on Facebook logs in once."),
    IncidentKind.MISSING_PERMISSION: _(
        "Connect the page again, and leave every permission ticked in Facebook's dialog."
    ),
    IncidentKind.NOT_SUBSCRIBED: _(
        "Have it checked: that subscribes it again. Until then nobody's STOP would reach us, so nothing leaves."
    ),
    IncidentKind.NO_TOKEN: _("Enter the page's token: what waits then goes on by itself."),
}
# Where the page was linked through Facebook, its token comes from there.
_CONNECT_AGAIN = _("Connect the page again: what waits then goes on by itself.")
_ON_FACEBOOK: Mapping[str, str | Promise] = {
    IncidentKind.TOKEN_REFUSED: _CONNECT_AGAIN,
    IncidentKind.NO_TOKEN: _CONNECT_AGAIN,
    IncidentKind.UNREADABLE_TOKEN: _(
        "The key that encrypted it is missing. Add it to TOKEN_KEYS again and the page goes on by itself, or connect "
        "the page again."
    ),
    IncidentKind.FORBIDDEN: _(
        "Have the person who connected the page given the right to send back, then connect it again."
    ),
}


def way_out(kind: str, *, gateway: str) -> str | Promise:
    return (_ON_FACEBOOK.get(kind) if gateway == GatewayKind.META else None) or WAY_OUT[kind]
