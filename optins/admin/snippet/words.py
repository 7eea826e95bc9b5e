"""What the tag noticed, and the mend of each."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from optins.models.finding import FindingCode

_OWN_ID = _("Have the shop's template put the customer's own id there, or leave the id out where there is none.")

MENDS: Mapping[str, StrPromise] = {
    FindingCode.PLACEHOLDER: _OWN_ID,
    FindingCode.NOTHING: _OWN_ID,
    FindingCode.NUMBER: _("Write the id in quotes: JavaScript rounds numbers of more than 15 digits."),
    FindingCode.TOO_LONG: _("Use the customer's number, or a shorter name for the request."),
    FindingCode.UNPRINTABLE: _("Have the shop clean the id before it is written into the page."),
    FindingCode.E_MAIL: _("Use the customer's number instead. Until then no opt-in button appears for these visitors."),
    FindingCode.SAME_ID: _(
        "Give each visitor an id of their own at once: messages for one would reach another. "
        "A page that a cache keeps for everybody is the usual reason."
    ),
    FindingCode.TAG_TWICE: _("Remove all but one: often one is in the template and one in a tag manager."),
    FindingCode.FACEBOOK_SDK: _("Change the language where the shop loads Facebook's SDK, if it is the wrong one."),
    FindingCode.SDK_ABSENT: _(
        "Let the shop's policy and consent manager load connect.facebook.net, or use our buttons."
    ),
    FindingCode.PLUGIN_ABSENT: _(
        "Facebook may have withdrawn the plugin for this page. Our own buttons don't need it."
    ),
}
