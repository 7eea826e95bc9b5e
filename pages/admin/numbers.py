"""Numbers and durations as people read them."""

from django.utils.formats import number_format
from django.utils.translation import ngettext


def grouped(number: float, decimals: int = 0) -> str:
    """2941 is 2,941 in English."""
    return str(number_format(number, decimal_pos=decimals, force_grouping=True))


def duration(seconds: float) -> str:
    """How long, to the precision that people plan with."""
    if seconds < 90:
        count = max(1, round(seconds))
        return ngettext("%(count)d second", "%(count)d seconds", count) % {"count": count}
    if seconds < 5400:
        count = round(seconds / 60)
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    count = round(seconds / 3600)
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
