"""Buttons of a message: on a phone those that answer the page can be tapped, elsewhere they only show."""

from typing import Any

from notifications.templatetags.messenger import bubble

QUESTION = {
    "attachment": {
        "type": "template",
        "payload": {
            "template_type": "button",
            "text": "Suivre la commande ?",
            "buttons": [
                {"type": "web_url", "title": "Suivre", "url": "https://shop.example/suivi"},
                {"type": "postback", "title": "Un agent", "payload": 'A"GENT'},
                {"type": "phone_number", "title": "Appeler", "payload": "+33612345678"},
            ],
        },
    }
}
CHOICE: dict[str, Any] = {
    "text": "Des alertes ?",
    "quick_replies": [
        {"content_type": "text", "title": "Oui", "payload": "YES"},
        {"content_type": "user_email"},
        {"content_type": "text", "title": "Non", "payload": "NO"},
    ],
}


def test_a_postback_can_be_tapped_on_a_phone() -> None:
    html = bubble(QUESTION, tappable=True)

    assert "Suivre la commande ?" in html
    assert '<button type="button" class="msgr-button" data-payload="A&quot;GENT">Un agent</button>' in html
    assert html.count("<button") == 1
    assert 'href="https://shop.example/suivi"' in html


def test_elsewhere_it_only_shows() -> None:
    html = bubble(QUESTION)

    assert "<button" not in html
    assert '<span class="msgr-button">Un agent</span>' in html


def test_quick_replies_stand_below_the_text() -> None:
    assert '<button type="button" class="msgr-reply" data-quick-reply="YES" dir="auto">Oui</button>' in bubble(
        CHOICE, tappable=True
    )
    assert bubble(CHOICE).count('<span class="msgr-reply"') == 2


def test_several_pictures_are_shown_in_their_order() -> None:
    pictures = [{"type": "image", "payload": {"url": f"https://cdn.example/{n}.jpg"}} for n in (1, 2)]

    html = bubble({"attachments": pictures})

    assert html.index("cdn.example/1.jpg") < html.index("cdn.example/2.jpg")


def test_buttons_of_any_kind_make_nothing_fail() -> None:
    for odd in ({"quick_replies": 7, "text": "x"}, {"quick_replies": [7, {}], "text": "x"}, {"attachments": "x"}):
        assert bubble(odd, tappable=True)
