"""Templates as Facebook gives them."""

from typing import Any

NAMED: list[dict[str, Any]] = [
    {
        "type": "BODY",
        "text": "Bonjour {{prenom}}, la commande {{numero}} vient de partir.",
        "example": {
            "body_text_named_params": [
                {"param_name": "prenom", "example": "Claire"},
                {"param_name": "numero", "example": "871"},
            ]
        },
    },
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "PHONE_NUMBER", "text": "Nous appeler", "phone_number": "+33240000000"},
            {"type": "URL", "text": "Suivre mon colis", "url": "https://shop.example/suivi/{{1}}"},
            {"type": "POSTBACK", "text": "Parler à un agent", "payload": "order_{{1}}"},
        ],
    },
]
NUMBERED: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "{{1}} Update", "example": {"header_text": ["Order"]}},
    {
        "type": "BODY",
        "text": "Your order #{{1}} of {{2}} is on its way. Keep #{{1}} in mind.",
        "example": {"body_text": [["566701", "May"]]},
    },
]
PLAIN: list[dict[str, Any]] = [{"type": "BODY", "text": "Your order is on its way."}]
