"""What a site's tag is told: its page, its buttons, who sees them. JSON, in a stable order."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from pages.buttons import looks
from pages.models import Button, ButtonRule, Link, Page, Site, Wording
from pages.models.button import ButtonKind
from pages.states import GatewayKind

VERSION = 1


def config(site: Site) -> dict[str, Any]:
    """Nobody can be reached without a page: then there are no buttons."""
    page = page_of(site)
    return {
        "v": VERSION,
        "sid": site.sid,
        "page": page.page_id if page else "",
        "link": f"{settings.M_ME_URL}/{page.page_id}" if page else "",
        "ask": f"{settings.PUBLIC_URL}/tag/{site.sid}/optin",
        "report": f"{settings.PUBLIC_URL}/tag/{site.sid}/report",
        "zone": site.timezone,
        "privacy": site.privacy_url,
        "data": [{"name": datum["name"], "type": datum["type"]} for datum in site.custom_data],
        "buttons": [
            _told(button) for button in with_rules(site.buttons.filter(enabled=True)) if may_show(button, page)
        ],
    }


def page_of(site: Site) -> Page | None:
    link = Link.objects.open().filter(site=site).select_related("page").defer("page__token").first()
    return link.page if link else None


def may_show(button: Button, page: Page | None) -> bool:
    """iAdvize owns the dialogue of the pages that go through it: a button can't ask for consent there."""
    return page is not None and (button.kind == ButtonKind.MESSAGE_US or page.gateway == GatewayKind.META)


def with_rules(buttons: QuerySet[Button]) -> QuerySet[Button]:
    """With what the functions here read, whatever the number of buttons."""
    return buttons.order_by("position", "id").prefetch_related(
        Prefetch("rules", ButtonRule.objects.order_by("position", "id")),
        Prefetch("texts", Wording.objects.order_by("version")),
    )


def rules_of(button: Button) -> list[list[dict[str, Any]]] | None:
    """The conditions of each rule that is switched on; None where the button has no rule at all."""
    rules = list(button.rules.all())
    return [rule.conditions for rule in rules if rule.enabled] if rules else None


def _told(button: Button) -> dict[str, Any]:
    return {
        "id": button.pk,
        "kind": button.kind,
        "size": button.size,
        "colour": button.colour,
        "placement": button.placement,
        "selector": button.selector,
        "corner": button.corner,
        "x": button.offset_x,
        "y": button.offset_y,
        "labels": looks.labels(button.kind, button.labels),
        "wordings": _wordings(button),
        "legacy": button.legacy,
        "rules": rules_of(button),
    }


def _wordings(button: Button) -> dict[str, dict[str, Any]]:
    """The newest of each language; one that was taken away since is not shown."""
    newest = {wording.language: wording for wording in button.texts.all()}
    return {
        language: {"id": newest[language].pk, "text": newest[language].text}
        for language in sorted(newest)
        if button.wordings.get(language)
    }
