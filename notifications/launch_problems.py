"""What stands in the way of a launch: coded, so that whoever reads it later reads it in a language of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from notifications.payloads import Problem


@dataclass(frozen=True, slots=True)
class LaunchProblem:
    """`str()` is its sentence in the active language, with the way out. `params` is JSON, and fills the sentence."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return str(_WORDS[self.code]) % {name: _said(value) for name, value in self.params.items()}

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}


def problem(code: str, **params: object) -> LaunchProblem:
    return LaunchProblem(code, params)


def of_content(name: str, found: Problem) -> LaunchProblem:
    """A limit that the notification called `name` breaks."""
    inner = {"message": found.message, "params": {key: _plain(value) for key, value in found.params.items()}}
    return LaunchProblem("content", {"name": name, "problem": inner})


def read(stored: object) -> str:
    """The sentence of what `as_json` gave. What another version wrote stands for itself."""
    if isinstance(stored, dict) and stored.get("code") in _WORDS:
        return str(LaunchProblem(stored["code"], stored.get("params", {})))
    return str(stored.get("code", "")) if isinstance(stored, dict) else str(stored)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | str) else str(value)


def _said(value: object) -> object:
    """A problem inside a problem is translated as well."""
    return gettext(value["message"]) % value["params"] if isinstance(value, dict) else value


_WORDS: Final[dict[str, StrPromise]] = {
    "restored_copy": _(
        "This database was restored from a copy, so nothing is sent. An administrator has to let it send again first."
    ),
    "page_unlinked": _("The page %(page)s is not linked to a site. Link it first."),
    "page_on_hold": _("The page %(page)s is on hold. Enter a new token on the page to go on."),
    "page_without_token": _("The page %(page)s has no token. Enter one on the page."),
    "content": _("The notification “%(name)s” can't be sent: %(problem)s"),
    "prefix_missing": _("Say with what the customer_ids begin, or choose everyone."),
    "audience_empty": _("Nobody in this audience has an active opt-in. Choose another audience or page."),
    "placeholder_unfillable": _(
        "Nobody in this audience can get it, for want of: %(names)s. Give the placeholder a default, as in "
        "{{ %(first)s|… }}, or enter the values on the opt-ins."
    ),
    "no_longer_useful": _("The time until which the message is useful has passed. Change it or leave it empty."),
    "time_passed": _("The time to launch at has passed. Choose a later one, or launch now."),
    "useless_at_launch": _("The message would not be useful any more when it is launched. Change one of the times."),
    "always_quiet": _(
        "The quiet hours last until the message is no longer useful: nothing would leave. Change one of the times."
    ),
    "faster_than_page": _(
        "Its own pace, %(pace)s a second, is above the page's, %(most)s a second. Lower it or leave it empty."
    ),
}
