"""The utility template that a call gives beside its message, for the time after Facebook's window."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from notifications.api import bodies
from notifications.api.asking import fault
from notifications.models import TemplateStatus, UtilityTemplate
from notifications.payloads import PayloadError
from notifications.payloads.utility import Choice, misfits, parse_choice
from notifications.payloads.utility.slots import Component
from pages.models import Page
from pages.states import GatewayKind

KEY = "utility"
# The components of a page's template; None where the page needs none, or nobody knows the page.
Known = Callable[[str, str, str], Sequence[Component] | None]


def taken_apart(decoded: Any) -> tuple[Any, Choice | None]:
    """The message, and what is to go out instead of it. Raises ApiError 422."""
    if not isinstance(decoded, Mapping) or KEY not in decoded:
        return decoded, None
    try:
        choice = parse_choice(decoded[KEY], path=KEY)
    except PayloadError as error:
        raise bodies.refused(error) from None
    return {key: value for key, value in decoded.items() if key != KEY}, choice


def known(page_id: str, name: str, language: str) -> Sequence[Component] | None:
    """Raises ApiError 422 where the page is linked through Facebook and has no such template, in whatever status."""
    rows = UtilityTemplate.objects.filter(page__page_id=page_id, name=name, language=language)
    found = rows.exclude(status=TemplateStatus.GONE).values_list("components", flat=True).first()
    if found is None and Page.objects.filter(page_id=page_id, gateway=GatewayKind.META).exists():
        words = _("The page has no utility template named “%(name)s” in the language “%(language)s”.")
        raise fault(422, f"{KEY}.name", "unknown_template", words % {"name": name, "language": language})
    return found


def check(choice: Choice, *, page_id: str, known: Known = known) -> None:
    """Whether the choice fills the page's template. Raises ApiError 422."""
    components = known(page_id, choice.name, choice.language)
    if components is not None and (problems := misfits(choice, components, path=KEY)):
        raise bodies.refused(PayloadError(problems))
