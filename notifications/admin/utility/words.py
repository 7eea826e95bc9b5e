"""What the screens of utility templates say: a status and what follows from it, a rejection, a refused call."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from notifications.admin import badges
from notifications.models import LookTrouble, TemplateLook, TemplateStatus, UtilityTemplate
from notifications.services.utility import trouble_of
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import Link
from pages.states import GatewayKind

S = TemplateStatus
# Of pages whose templates could not be listed; what stops ten stops all of them.
MOST_TROUBLES = 10
TONES: Mapping[str, str] = {
    S.PENDING: "info",
    S.APPROVED: "good",
    S.REJECTED: "bad",
    S.PAUSED: "doubt",
    S.DISABLED: "bad",
    S.GONE: "quiet",
}
MEANINGS: Mapping[str, StrPromise] = {
    S.PENDING: gettext_lazy(
        "Facebook is looking at it; that usually takes seconds. It can be sent once it is approved."
    ),
    S.APPROVED: gettext_lazy("It can go out in place of a message when the 24-hour window is closed."),
    S.REJECTED: gettext_lazy("Facebook does not let it be sent. Delete it, and write a new one that keeps the rules."),
    S.PAUSED: gettext_lazy("Facebook paused it, mostly because people blocked it. It can't be sent until that ends."),
    S.DISABLED: gettext_lazy("Facebook does not let it be sent any more. Write a new one under another name."),
    S.GONE: gettext_lazy(
        "It is no longer on Facebook and can't be sent. It stays here for the messages that it was sent in."
    ),
}
# Messenger Platform, "Common template rejection reasons" (March 2026), and what integrators have met.
REASONS: Mapping[str, StrPromise] = {
    "INCORRECT_PARAMS": gettext_lazy(
        "Its parameters are not written as Facebook wants them: two braces, numbers in order or names, never both, and "
        "words before the first and after the last."
    ),
    "PARAMS_TO_WORD_RATIO_EXCEED_LIMIT": gettext_lazy(
        "It has too many parameters for its length. Write more words around them, or take some out."
    ),
    "TAG_SHOULD_BE_MARKETING": gettext_lazy(
        "Facebook takes it for advertising. Say only what concerns an order, an account or an appointment: no offer, "
        "no discount, no invitation to buy."
    ),
    "TEMPLATE_VARIABLES_MISSING_SAMPLE_VALUES": gettext_lazy("A parameter had no sample."),
    "SENSITIVE_IDENTIFIERS": gettext_lazy(
        "It asks for something that identifies a person, such as a card number or a password. Ask for nothing of the "
        "kind."
    ),
    "ABUSIVE_CONTENT": gettext_lazy("Facebook finds it threatening or abusive."),
    "INVALID_FORMAT": gettext_lazy("Facebook could not read its form."),
}


def badge(template: UtilityTemplate) -> SafeString:
    return badges.badge(template.get_status_display(), TONES[template.status])


def meaning(template: UtilityTemplate) -> str:
    return str(MEANINGS[template.status])


def reason(template: UtilityTemplate) -> str:
    """Why, in words; Facebook's own where it says something that nobody knew of."""
    return str(REASONS.get(template.reason, template.reason))


TROUBLES: Mapping[str, StrPromise] = {
    LookTrouble.UNREACHABLE: gettext_lazy(
        "Facebook gave no answer that can be read. Perhaps it did it all the same: synchronise, then look."
    ),
    LookTrouble.TOKEN: gettext_lazy(
        "Facebook refused the page's token. An administrator connects the page again; then try once more."
    ),
    LookTrouble.PERMISSION: gettext_lazy(
        "The permission for utility messages is missing on Facebook. An administrator connects the page again and "
        "grants it; then try once more."
    ),
    LookTrouble.BUSY: gettext_lazy("Facebook is busy. Try again in a few minutes."),
}


def trouble(error: GraphError | GraphUnreachable) -> str:
    """Why Facebook did not do what it was asked, and what to do."""
    code = error.code if isinstance(error, GraphError) else ""
    return _trouble(trouble_of(error), str(error) or str(code))


def troubles() -> list[tuple[str, str]]:
    """Pages whose templates could not be listed by the last look, by name, and why."""
    linked = Link.objects.open().filter(page=OuterRef("page"))
    looks = TemplateLook.objects.filter(Exists(linked), page__gateway=GatewayKind.META).exclude(trouble="")
    found = looks.select_related("page").defer("page__token").order_by("page__name")
    return [(look.page.name, trouble_of_look(look)) for look in found[:MOST_TROUBLES]]


def trouble_of_look(look: TemplateLook) -> str:
    """Why the daily look could not list a page's templates."""
    if look.trouble == LookTrouble.UNREACHABLE:
        return _("Facebook gave no answer. Synchronise to ask again now.")
    return _trouble(look.trouble, look.detail)


def _trouble(kind: str, detail: str) -> str:
    if kind in TROUBLES:
        return str(TROUBLES[kind])
    return _("Facebook refused it: %(words)s") % {"words": detail}
