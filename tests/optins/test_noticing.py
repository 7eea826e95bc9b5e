"""What the server notices by itself when somebody clicks: that the tag runs, and mistakes in the ids."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from optins.models import TagFinding
from optins.models.finding import FindingCode
from optins.services import findings
from pages.models import Site
from tests.factories import SiteFactory
from tests.optins.visitors import SHOP, shop_page

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def asked(client: str, customer_id: str) -> int:
    site = Site.objects.get()
    body = {
        "customer_id": customer_id,
        "button": site.buttons.get().pk,
        "address": f"{SHOP}/p?mail=jo@example.com",
        "language": "en",
    }
    headers = {"Origin": SHOP}
    raw, address = json.dumps(body).encode(), f"/tag/{site.sid}/optin"
    answer = Client().generic("POST", address, raw, "application/json", headers=headers, REMOTE_ADDR=client)
    return answer.status_code


def test_clicks_of_many_under_one_id_are_noticed_and_go_on() -> None:
    shop_page()

    answers = {asked(f"203.0.113.{number}", "c-1") for number in range(findings.CLIENTS)}

    assert answers == {200}
    assert TagFinding.objects.get().code == FindingCode.SAME_ID


@pytest.mark.parametrize(
    ("customer_id", "code"),
    [
        ("{{ customer.id }}", "placeholder"),
        ("undefined", "nothing"),
        ("jo@example.com", "e_mail"),
        ("x" * 256, "too_long"),
    ],
)
def test_a_refused_id_is_noted_without_itself(customer_id: str, code: str) -> None:
    shop_page()

    assert asked("203.0.113.1", customer_id) == 422
    noted = TagFinding.objects.get()
    assert (noted.code, noted.detail, noted.address) == (code, "", f"{SHOP}/p")


def test_no_id_at_all_is_nobodys_mistake() -> None:
    shop_page()

    assert asked("203.0.113.1", " ") == 422
    assert not TagFinding.objects.exists()


def test_the_tag_is_seen_once_a_minute() -> None:
    site = SiteFactory()
    for seconds, seen in ((0, 0), (59, 0), (61, 61)):
        site.refresh_from_db()
        findings.tag_seen(site=site, now=NOW + timedelta(seconds=seconds))
        assert Site.objects.get().tag_seen_at == NOW + timedelta(seconds=seen)


def test_a_click_is_a_sign_of_life_of_the_tag() -> None:
    shop_page()

    asked("203.0.113.1", "c-1")

    assert Site.objects.get().tag_seen_at
