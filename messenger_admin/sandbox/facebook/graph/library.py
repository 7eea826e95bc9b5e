"""Facebook's own library of utility templates, from which a page may copy. Pure."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str
    language: str
    topic: str
    usecase: str
    header: str
    body: str
    samples: tuple[str, ...]
    button: str = ""

    def as_json(self, number: int) -> dict[str, Any]:
        return {
            "id": str(7_000_000_000_000_000 + number),
            "name": self.name,
            "language": self.language,
            "category": "UTILITY",
            "topic": self.topic,
            "usecase": self.usecase,
            "header": self.header,
            "body": self.body,
            "body_params": list(self.samples),
            "body_param_types": ["TEXT"] * len(self.samples),
            **(
                {"buttons": [{"type": "URL", "text": self.button, "url": "https://www.example.com"}]}
                if self.button
                else {}
            ),
        }

    def components(self, url: str = "") -> list[dict[str, Any]]:
        """As a template of a page, with the library's own sample values."""
        return [
            {"type": "HEADER", "format": "TEXT", "text": self.header},
            {"type": "BODY", "text": self.body, "example": {"body_text": [list(self.samples)]}},
            *([{"type": "BUTTONS", "buttons": [{"type": "URL", "text": self.button, "url": url}]}] if url else []),
        ]


ENTRIES = (
    Entry(
        name="order_confirmed",
        language="en",
        topic="ORDER_MANAGEMENT",
        usecase="ORDER_CONFIRMATION",
        header="Your order is confirmed",
        body="Hello {{1}}, thank you for your order. Your order {{2}} is confirmed and we are getting it ready now.",
        samples=("Claire", "871"),
        button="View the order",
    ),
    Entry(
        name="order_confirmed",
        language="fr",
        topic="ORDER_MANAGEMENT",
        usecase="ORDER_CONFIRMATION",
        header="Votre commande est confirmée",
        body="Bonjour {{1}}, merci de votre achat. Votre commande {{2}} est confirmée et nous la préparons.",
        samples=("Claire", "871"),
        button="Voir la commande",
    ),
    Entry(
        name="order_shipped",
        language="en",
        topic="ORDER_MANAGEMENT",
        usecase="SHIPMENT_CONFIRMATION",
        header="Your order is on its way",
        body="Hello {{1}}, some news of your order. Your parcel {{2}} has left our warehouse and is on its way.",
        samples=("Claire", "871"),
        button="Track the parcel",
    ),
    Entry(
        name="order_shipped",
        language="fr",
        topic="ORDER_MANAGEMENT",
        usecase="SHIPMENT_CONFIRMATION",
        header="Votre commande est en route",
        body="Bonjour {{1}}, des nouvelles de votre commande. Votre colis {{2}} vient de quitter notre entrepôt.",
        samples=("Claire", "871"),
        button="Suivre le colis",
    ),
    Entry(
        name="appointment_reminder",
        language="en",
        topic="EVENT_REMINDER",
        usecase="APPOINTMENT_REMINDER",
        header="Your appointment",
        body="Hello {{1}}, this is a reminder of your appointment on {{2}} with us. Answer this message to change it.",
        samples=("Claire", "12 October"),
    ),
    Entry(
        name="appointment_reminder",
        language="fr",
        topic="EVENT_REMINDER",
        usecase="APPOINTMENT_REMINDER",
        header="Votre rendez-vous",
        body="Bonjour {{1}}, votre rendez-vous du {{2}} approche. Répondez à ce message pour le déplacer.",
        samples=("Claire", "12 octobre"),
    ),
)


def search(words: str, language: str) -> list[dict[str, Any]]:
    """Entries whose name or text has the words, in the language; an empty value is any."""
    return [
        entry.as_json(number)
        for number, entry in enumerate(ENTRIES, 1)
        if words.lower() in f"{entry.name} {entry.body}".lower() and language in {"", entry.language}
    ]


def find(name: str, language: str) -> Entry | None:
    return next((entry for entry in ENTRIES if (entry.name, entry.language) == (name, language)), None)
