"""What is wrong on a shop's pages reaches administrators: counted, bounded, and never by name."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from optins.models import IdUse, TagFinding
from optins.models.finding import FindingCode
from optins.services import findings
from pages.models import Site
from tests.factories import SiteFactory

pytestmark = pytest.mark.django_db

SHOP = "https://shop.example"
NOW = timezone.now()


@pytest.fixture
def site() -> Site:
    return SiteFactory(origins=[SHOP])


def tell(site: Site, body: object, *, origin: str = SHOP) -> Any:
    """As sendBeacon posts it: text, whatever it holds."""
    raw = json.dumps(body).encode()
    return Client().generic("POST", f"/tag/{site.sid}/report", raw, "text/plain", headers={"Origin": origin})


def codes() -> list[tuple[str, int]]:
    return list(TagFinding.objects.order_by("code").values_list("code", "count"))


def test_what_the_tag_tells_is_written_down(site: Site) -> None:
    assert tell(site, {"what": "facebook_sdk", "detail": "script fr_FR\x00"}).status_code == 200
    found = TagFinding.objects.get()
    assert (found.site, found.code, found.detail) == (site, "facebook_sdk", "script fr_FR")


@pytest.mark.parametrize(
    "body", [{}, {"what": "x"}, {"what": "same_id"}, {"what": "e_mail", "detail": 1}, {"what": []}]
)
def test_what_the_tag_can_not_tell(site: Site, body: dict[str, object]) -> None:
    assert tell(site, body).status_code == 422
    assert codes() == []


def test_only_the_shop_can_tell(site: Site) -> None:
    assert tell(site, {"what": "e_mail"}, origin="https://elsewhere.example").status_code == 403
    assert codes() == []


def test_the_same_again_is_counted_and_not_too_often(site: Site) -> None:
    for seconds in (0, 1, 11, 12, 30):
        findings.note(site=site, code="e_mail", now=NOW + timedelta(seconds=seconds))
    assert codes() == [("e_mail", 3)]


def test_what_was_seen_to_comes_back_when_it_is_seen_again_later(site: Site) -> None:
    findings.note(site=site, code="e_mail", now=NOW)
    findings.dismiss(finding=TagFinding.objects.get(), now=NOW)
    findings.note(site=site, code="e_mail", now=NOW + timedelta(minutes=30))
    assert TagFinding.objects.get().dismissed_at
    findings.note(site=site, code="e_mail", now=NOW + timedelta(minutes=90))
    assert TagFinding.objects.get().dismissed_at is None


def click(site: Site, client: str, *, customer_id: str = "guest", minutes: int = 0) -> None:
    now = NOW + timedelta(minutes=minutes)
    findings.note_id(site=site, customer_id=customer_id, client=client, address=f"{SHOP}/p", now=now)


def test_an_id_that_everybody_has_is_noticed(site: Site) -> None:
    for number in range(findings.CLIENTS - 1):
        click(site, f"192.0.2.{number}")
        click(site, "192.0.2.0")
    assert codes() == []
    click(site, "192.0.2.99")
    assert codes() == [(FindingCode.SAME_ID, 1)]


def test_many_ids_and_many_visitors_are_what_a_shop_has(site: Site) -> None:
    for number in range(findings.CLIENTS * 2):
        click(site, f"192.0.2.{number}", customer_id=f"order-{number}")
    assert codes() == []


def test_neither_the_id_nor_whence_it_came_is_kept(site: Site) -> None:
    click(site, "192.0.2.1", customer_id="FR-012345")
    kept = str(list(IdUse.objects.values()))
    assert "FR-012345" not in kept
    assert "192.0.2.1" not in kept
    assert findings.forget(now=NOW + timedelta(days=2)) == 1
    assert not IdUse.objects.exists()
