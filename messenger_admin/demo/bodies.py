"""The demo's messages: the guide's own four, word for word, and those of two shops."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from notifications.models import Content, Notification
from notifications.payloads import Message, parse_json
from notifications.services.contents import freeze

FOLDER = Path(__file__).parent
# The shop's images come from this installation, so that they show on a machine without a network.
PICTURES = "https://images.maison-lilas.example/"

# File to the name under which marketing finds it.
NAMES = {
    "guide/text": "Order placed",
    "guide/image": "Oculus picture",
    "guide/carousel": "T-shirts are back",
    "guide/receipt": "Order confirmation",
    "peters_apparel/stock": "Back in stock: AB123",
    "maison_lilas/carousel": "Collection d’hiver",
    "maison_lilas/image": "Offre premiers flocons",
    "maison_lilas/receipt": "Commande confirmée",
    "maison_lilas/stock": "Retour en stock : sac cabas",
    "maison_lilas/vente_privee": "Vente privée, par prénom",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A message as it is kept to be used again, and as it is frozen once it is sent."""

    notification: Notification
    content: Content


def message(name: str) -> Message:
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    local = f"http://127.0.0.1:{settings.PORT}/{settings.STATIC_URL.strip('/')}/messenger_admin/demo/"
    return parse_json(text.replace(PICTURES, local))


def compose(author_id: int) -> dict[str, Composed]:
    """All of them, by the name of their file."""
    return {file: _composed(file, name, author_id) for file, name in NAMES.items()}


def _composed(file: str, name: str, author_id: int) -> Composed:
    body = message(file)
    notification = Notification.objects.create(name=name, kind=body.kind, body=body.as_dict(), created_by_id=author_id)
    return Composed(notification=notification, content=freeze(body))
