"""The admin's look. The settings read it, so it names callables by path and imports no app."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Messenger's blue, calmed, and a grey that leans towards it. Lightness falls evenly, so contrast holds in both modes.
PRIMARY = {
    "50": "oklch(97.2% .013 255)",
    "100": "oklch(94% .029 255)",
    "200": "oklch(89% .055 255)",
    "300": "oklch(81.5% .095 255)",
    "400": "oklch(71.5% .14 256)",
    "500": "oklch(63% .175 257)",
    "600": "oklch(54.5% .185 258)",
    "700": "oklch(47.5% .165 259)",
    "800": "oklch(40.5% .135 260)",
    "900": "oklch(35% .105 261)",
    "950": "oklch(26% .08 262)",
}
BASE = {
    "50": "oklch(98.4% .003 250)",
    "100": "oklch(96.4% .005 250)",
    "200": "oklch(92.4% .008 252)",
    "300": "oklch(86.5% .013 254)",
    "400": "oklch(70.5% .022 256)",
    "500": "oklch(55% .026 257)",
    "600": "oklch(44.5% .027 257)",
    "700": "oklch(37% .027 258)",
    "800": "oklch(28% .024 259)",
    "900": "oklch(21.5% .021 260)",
    "950": "oklch(15% .018 261)",
}


def environment(_request: HttpRequest) -> list[str]:
    """The label in the header: nobody should mistake one installation for the other."""
    return [_("Production"), "danger"] if settings.PRODUCTION else [_("Local"), "info"]


def environment_title_prefix(_request: HttpRequest) -> str:
    return "" if settings.PRODUCTION else f"[{_('Local')}]"


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Messenger Admin",
    "SITE_HEADER": "Messenger Admin",
    "SITE_SUBHEADER": gettext_lazy("Notifications in Messenger"),
    "SITE_URL": None,  # there is no site beside the admin
    "SITE_ICON": lambda _request: static("messenger_admin/logo.svg"),
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("messenger_admin/logo.svg"),
        }
    ],
    "SHOW_LANGUAGES": True,
    "ENVIRONMENT": "messenger_admin.admin.theme.environment",
    "ENVIRONMENT_TITLE_PREFIX": "messenger_admin.admin.theme.environment_title_prefix",
    "DASHBOARD_CALLBACK": "messenger_admin.admin.dashboard.dashboard",
    "BORDER_RADIUS": "8px",
    "COLORS": {"base": BASE, "primary": PRIMARY},
    "STYLES": [lambda _request: static("messenger_admin/admin.css")],
    "SCRIPTS": [lambda _request: static("messenger_admin/icons.js")],
    "LOGIN": {"image": lambda _request: static("messenger_admin/login.svg")},
    "SIDEBAR": {"navigation": "messenger_admin.admin.navigation.navigation"},
}
