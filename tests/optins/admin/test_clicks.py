"""The opt-in's page tells how it came about: every click with this id, the proof in words, and who was refused."""

import pytest
from django.urls import reverse

from messenger_admin.roles import SUPPORT
from tests.optins.visitors import SHOP, Visitor, agreed, click, shop_page, token_of
from tests.people import client_as

pytestmark = pytest.mark.django_db


def test_it_shows_the_click_the_question_and_the_answer() -> None:
    page = shop_page()
    optin = agreed(page).optin()
    token = token_of(click(page))
    agreed_again = Visitor(page=page, psid="7099")
    agreed_again.comes(token, new=False)
    Visitor(page=page, psid="8000").comes(token)
    shown = client_as(SUPPORT).get(reverse("admin:optins_optin_change", args=[optin.pk])).text

    assert "How it came about" in shown
    assert f"{SHOP}/p/1" in shown
    assert "1 other person came with the same link and was refused." in shown
    assert "answer, words" in shown
    assert "look, colour" in shown
    assert "Blue on white" in shown
    assert "send_to_messenger" not in shown
    assert "Shall Boutique write to you here" in shown


def test_one_without_a_click_shows_none() -> None:
    page = shop_page()
    optin = agreed(page).optin()
    optin.customer_id = "another"
    optin.save()
    shown = client_as(SUPPORT).get(reverse("admin:optins_optin_change", args=[optin.pk])).text

    assert "How it came about" not in shown
