"""The demo's buttons on the French shop: one for everybody, one by rules, and one that is not shown yet."""

from datetime import datetime
from typing import Any

from messenger_admin.demo.places import LILAS_PAGE
from pages.buttons import looks
from pages.models import Button, Site
from pages.models.button import ButtonColour, ButtonKind, ButtonSize, Placement
from pages.services import buttons
from pages.services.buttons import RuleWish

SHOP = "https://www.maisonlilas.example"
DATA = [{"name": "page_type", "type": "text"}, {"name": "cart_amount", "type": "number"}]
Conditions = list[dict[str, object]]

PRODUCTS: Conditions = [
    {"what": "address", "operator": "contains", "value": "/sacs/"},
    {"what": "data:page_type", "operator": "is", "value": "product"},
]
BIG_CARTS: Conditions = [
    {"what": "data:cart_amount", "operator": "at_least", "value": 80},
    {"what": "time", "operator": "within", "value": {"days": [1, 2, 3, 4, 5], "from": "08:00", "until": "19:30"}},
    {"what": "device", "operator": "one_of", "value": ["tablet", "mobile"]},
]


def set_up(now: datetime) -> None:
    site = Site.objects.get(links__page__page_id=LILAS_PAGE, links__closed_at=None)
    site.origins, site.privacy_url, site.custom_data = [SHOP], f"{SHOP}/confidentialite", DATA
    site.save(update_fields=["origins", "privacy_url", "custom_data"])
    asks: dict[str, Any] = {"kind": ButtonKind.SEND_TO_MESSENGER, "wordings": looks.proposed_wordings(site.name)}
    alert = Button(
        site=site,
        name="Alerte de retour en stock",
        size=ButtonSize.XLARGE,
        colour=ButtonColour.WHITE,
        placement=Placement.FIXED,
        selector=".product .buy-box",
        labels={"fr": "Prévenez-moi du retour", "en": "Tell me when it is back"},
        **asks,
    )
    rules = [
        RuleWish(name="Pages de sacs", enabled=True, conditions=PRODUCTS),
        RuleWish(name="Gros paniers, en semaine", enabled=True, conditions=BIG_CARTS),
    ]
    buttons.save(button=alert, rules=rules, actor=None, now=now)
    question = Button(site=site, name="Une question ?", kind=ButtonKind.MESSAGE_US)
    buttons.save(button=question, rules=[], actor=None, now=now)
    order = Button(site=site, name="Suivi de commande", size=ButtonSize.STANDARD, enabled=False, **asks)
    buttons.save(button=order, rules=[], actor=None, now=now)
