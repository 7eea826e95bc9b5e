"""The script as shops load it: whole, small, cached, and harmless where there is nothing."""

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from optins.tag import building, view
from pages.models import Wording
from pages.models.button import ButtonKind
from pages.states import GatewayKind
from tests.factories import ButtonFactory, LinkedPageFactory, SiteFactory

pytestmark = pytest.mark.django_db
LIMIT = 10_240


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    view._kept.clear()


def test_it_is_a_script_for_other_sites_without_cookies(client: Client) -> None:
    site = SiteFactory(sid="501")

    answer = client.get(f"/tag/{site.sid}.js")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Vary"] == "Accept-Encoding"
    assert not answer.cookies


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    SiteFactory(sid="501")
    first = client.get("/tag/501.js")

    again = client.get("/tag/501.js", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_it_is_packed_for_those_who_can_unpack(client: Client) -> None:
    SiteFactory(sid="501")

    packed = client.get("/tag/501.js", headers={"Accept-Encoding": "gzip, br"})

    assert gzip.decompress(packed.content) == client.get("/tag/501.js").content


def test_an_unknown_site_is_an_empty_script(client: Client) -> None:
    answer = client.get("/tag/nobody.js")

    assert (answer.status_code, answer.content) == (404, b"")
    assert answer["Content-Type"].startswith("application/javascript")


def test_without_the_database_the_last_good_one_is_served(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    SiteFactory(sid="501")
    good = client.get("/tag/501.js").content

    def away(_sid: str) -> None:
        raise OperationalError

    monkeypatch.setattr(view, "_current", away)

    assert client.get("/tag/501.js").content == good
    assert (client.get("/tag/502.js").status_code, client.get("/tag/502.js").content) == (503, b"")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node; continuous integration installs it")
def test_what_is_built_is_javascript_and_the_same_every_time(tmp_path: Path) -> None:
    config = {"buttons": [], "privacy": "</script><!--\u2028", "__proto__": 1}
    text = building.script(config, "")
    (tmp_path / "tag.js").write_text(text)

    done = subprocess.run(["node", "--check", tmp_path / "tag.js"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    building.modules.cache_clear()
    assert building.script(config, "") == text
    assert "</script" not in text
    assert "\u2028" not in text


TEXTS = [
    (
        "Tell me when it is back",
        "Prévenez-moi de son retour",
        "{site} will tell you when this product is back in stock.",
    ),
    ("Follow my order", "Suivre ma commande", "{site} will tell you when your order leaves and when it arrives."),
    ("Keep my basket for me", "Gardez mon panier", "{site} will remind you once of what you left in your basket."),
]


def test_it_is_small_with_all_that_a_shop_may_want(client: Client, settings: Settings) -> None:
    """Buttons of its own words for each occasion, Facebook's plugin, rules, a privacy notice."""
    settings.FACEBOOK_APP_ID = "1234567890123456"
    site = SiteFactory(sid="501", privacy_url="https://www.atelier-nord.example/fr/vie-privee")
    LinkedPageFactory(link__site=site, gateway=GatewayKind.META)
    for row, (english, french, wording) in enumerate(TEXTS):
        facts = {"placement": "fixed", "selector": f"#product-{row} .actions", "size": "xlarge", "legacy": True}
        texts = {"en": wording, "fr": f"Par ce bouton, vous acceptez que {{site}} vous écrive : {french.lower()}."}
        button = ButtonFactory(site=site, labels={"en": english, "fr": french}, wordings=texts, **facts)
        for language, text in texts.items():
            Wording.objects.create(button=button, language=language, version=1, text=text, created_at=timezone.now())
        address = {"what": "address", "operator": "contains", "value": ("/products/", "/orders/", "/basket")[row]}
        data = {"what": "data:cart_amount", "operator": "at_least", "value": 20 + row}
        hours = {
            "what": "time",
            "operator": "within",
            "value": {"days": [1, 2, 3, 4, 5], "from": "08:00", "until": "19:30"},
        }
        button.rules.create(name="Here", conditions=[address, data])
        button.rules.create(name="Now", conditions=[address, hours])
    ButtonFactory(site=site, kind=ButtonKind.MESSAGE_US, legacy=True, colour="white")

    answer = client.get("/tag/501.js", headers={"Accept-Encoding": "gzip"})

    assert b"fb-send-to-messenger" in gzip.decompress(answer.content)
    assert gzip.decompress(answer.content).count(b'"legacy":true') == 4
    assert len(answer.content) <= LIMIT
