"""What a person does about an incident."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pages.models.incident import IncidentKind

WAY_OUT: Mapping[str, str | Promise] = {
    IncidentKind.TOKEN_REFUSED: _("Get a fresh token and enter it here: what waits then goes on by itself."),
    IncidentKind.FORBIDDEN: _("Have the right to send given back to the token's owner, then enter the token again."),
    IncidentKind.MOVED: _("Check the gateway's address with its provider, then enter the token again."),
    IncidentKind.UNREADABLE_TOKEN: _(
        "The key that encrypted it is missing. Add it to TOKEN_KEYS again and the page goes on by itself, or enter the "
        "token anew."
    ),
    IncidentKind.NO_TOKEN: _("Enter the page's token: what waits then goes on by itself."),
}
