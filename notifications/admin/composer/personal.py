"""What a composer knows of customers: the names of their attributes, and how one of them would see the message."""

from typing import Any

from django.http import HttpRequest

from notifications.admin.composer.base import Composer
from notifications.services.personalising import template_of
from optins.models import OptIn
from optins.querysets import known_names
from pages.models import Page

MAY_SEE = "optins.view_optin"


def attribute_names() -> list[str]:
    """Those that customers of pages that can send are known by."""
    return known_names(OptIn.objects.filter(page__in=Page.objects.linked()))


def seen_by_customer(request: HttpRequest, composer: Composer) -> dict[str, Any]:
    """The preview's context for the customer_id that was asked for, if the person may look at customers.

    Of several pages' customers of that id it is the one who agreed last.
    """
    asked = request.POST.get("as-customer", "").strip()
    if not asked or not request.user.has_perm(MAY_SEE):
        return {}
    optin = OptIn.objects.filter(customer_id=asked).order_by("-pk").first()
    if optin is None:
        return {"as_customer": asked}
    missing = template_of(composer.body()).missing(optin.attributes)
    return {"as_customer": asked, "seen_as": optin, "values": optin.attributes, "missing": missing}
