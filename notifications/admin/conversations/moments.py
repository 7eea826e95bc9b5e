"""Times as a conversation shows them: short where they are many."""

from datetime import datetime, timedelta, tzinfo

from babel import Locale
from babel.dates import format_date, format_datetime
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from notifications.admin import times


def short(at: datetime, zone: tzinfo, now: datetime) -> str:
    """14:03 for today, Mon for this week, 22 Nov, 22 Nov 2025."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return times.clock(at, zone)
    if today - timedelta(days=6) <= local.date() < today:
        pattern = "EEE"
    else:
        pattern = "d MMM" if local.year == today.year else "d MMM y"
    return str(format_datetime(local, pattern, locale=_locale()))


def day(at: datetime, zone: tzinfo, now: datetime) -> str:
    """What stands between the messages of two days."""
    local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return _("Today")
    if local == today - timedelta(days=1):
        return _("Yesterday")
    return str(format_date(local, "EEEE d MMMM" if local.year == today.year else "EEEE d MMMM y", locale=_locale()))


def _locale() -> Locale:
    return Locale.parse(to_locale(get_language() or "en"))
