"""For how many customers a campaign's message can't be filled: said before it is launched."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.admin.numbers import grouped
from notifications.models import Campaign
from notifications.services import personalising
from notifications.services.fillability import Shortage, shortage
from notifications.services.launchability import audience, body_of


def shortage_words(campaign: Campaign, *, now: datetime) -> list[str]:
    """A sentence, or none where everybody can be filled, no notification is chosen, or the audience is frozen."""
    if campaign.launched_at or not (campaign.notification_id and campaign.page_id):
        return []
    found = shortage(personalising.template_of(body_of(campaign)), audience(campaign, now=now))
    return [_words(found)] if found else []


def _words(found: Shortage) -> str:
    count = grouped(found.count)
    if found.at_least:
        count = _("At least %(count)s") % {"count": count}
    words = ngettext(
        "%(count)s customer has no value for %(names)s: the message fails for this customer alone. A default in the "
        "notification would spare it.",
        "%(count)s customers have no value for %(names)s: the message fails for them alone. A default in the "
        "notification would spare it.",
        found.count,
    )
    return words % {"count": count, "names": ", ".join(f"{{{{ {name} }}}}" for name in found.names)}
