"""Facebook's permissions, tasks and fields in words that say what each is for."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

PERMISSIONS: Mapping[str, Words] = {
    "pages_show_list": _("see which pages you administer"),
    "pages_manage_metadata": _("be told what happens on a page"),
    "pages_messaging": _("write to people, and read what they write"),
    "pages_read_engagement": _("see a page's name and picture"),
    "business_management": _("see pages that belong to a business"),
    "pages_utility_messaging": _("send approved messages about orders and appointments"),
    "page_utility_messaging": _("send approved messages about orders and appointments"),
}
TASKS: Mapping[str, Words] = {
    "MESSAGING": _("answering messages"),
    "MODERATE": _("moderating, which is needed to be told of events"),
}
GET_STARTED = _("the Get Started button, without which newcomers' clicks bring no opt-in")


def words_of(names: Iterable[str]) -> list[tuple[str, Words]]:
    """Each of Facebook's own names with its words; a name without any stands alone."""
    return [(name, _words(name)) for name in names]


def _words(name: str) -> Words:
    return PERMISSIONS.get(name) or TASKS.get(name) or (GET_STARTED if name == "get_started" else "")
