"""What a page's Messenger profile may hold (Messenger Profile API, June 2026). Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from messenger_admin.sandbox.facebook.graph import errors

PAYLOAD, GREETING, ICE_BREAKERS, MENU_ITEMS, MENU_TITLE, DOMAINS = 1_000, 160, 4, 20, 30, 50
_DOMAIN = re.compile(r"https://[^/?#\s]+/?\Z")
# Asked, never set: whether the page's data fall under the rules for Europe.
EUROPE = "subject_to_new_eu_privacy_rules"


def check(values: Mapping[str, Any]) -> None:
    """Raises Refusal for the first thing that Facebook would refuse."""
    if not values:
        raise errors.parameter("Requires one of the params: " + ", ".join(CHECKS))
    for name, value in values.items():
        CHECKS[name](value)


def _get_started(value: Any) -> None:
    payload = value.get("payload") if isinstance(value, Mapping) else None
    if not isinstance(payload, str) or not payload:
        raise errors.parameter("Param get_started[payload] must be a non-empty UTF-8 encoded string")
    if len(payload) > PAYLOAD:
        raise errors.parameter(f"Param get_started[payload] must be at most {PAYLOAD} characters")


def _greeting(value: Any) -> None:
    greetings = _each(value, "greeting")
    if not any(one.get("locale") == "default" for one in greetings):
        raise errors.parameter("The greeting for the default locale is missing")
    for one in greetings:
        if not 0 < len(str(one.get("text") or "")) <= GREETING:
            raise errors.parameter(f"Param greeting[text] must have between 1 and {GREETING} characters")


def _domains(value: Any) -> None:
    if not isinstance(value, list) or len(value) > DOMAINS:
        raise errors.parameter(f"Param whitelisted_domains must be an array of at most {DOMAINS}")
    for domain in value:
        if not isinstance(domain, str) or not _DOMAIN.match(domain):
            raise errors.parameter("whitelisted_domains must be https", subcode=2018062)


def _ice_breakers(value: Any) -> None:
    if len(_each(value, "ice_breakers")) > ICE_BREAKERS:
        raise errors.parameter(f"Param ice_breakers may have {ICE_BREAKERS} elements")


def _menu(value: Any) -> None:
    items = [item for one in _each(value, "persistent_menu") for item in one.get("call_to_actions") or ()]
    if len(items) > MENU_ITEMS:
        raise errors.parameter(f"Param persistent_menu may have {MENU_ITEMS} items")
    if any(len(str(item.get("title") or "")) > MENU_TITLE for item in items):
        raise errors.parameter(f"Param title of a menu's item may have {MENU_TITLE} characters")


def _each(value: Any, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
        raise errors.parameter(f"Param {name} must be an array")
    return value


CHECKS: dict[str, Callable[[Any], None]] = {
    "get_started": _get_started,
    "greeting": _greeting,
    "whitelisted_domains": _domains,
    "ice_breakers": _ice_breakers,
    "persistent_menu": _menu,
}
