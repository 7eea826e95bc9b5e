"""Who acted in an event of an agreement."""

from django.utils.translation import gettext as _

from optins.models import ConsentEvent


def who(event: ConsentEvent) -> str:
    """One of the staff, the person on the page, a system by its token, or nobody that is known."""
    if event.actor:
        return event.actor.get_username()
    if event.recipient:
        return f"PSID {event.recipient.psid}"
    token = event.evidence.get("api_token")
    return _("API token “%(name)s”") % {"name": token} if token else "–"
