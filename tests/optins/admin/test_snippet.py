"""The tag's screens: what to paste, how it stands, what was noticed and is seen to, and what the doctor says."""

import hashlib
import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from messenger_admin.roles import ADMINISTRATORS, MARKETING
from optins.admin.snippet import blocks
from optins.admin.snippet.words import MENDS
from optins.doctor.examining import Case, examine
from optins.doctor.findings import Level
from optins.models import IdPattern, TagFinding
from optins.models.finding import FindingCode
from optins.services import fetching, findings
from optins.states import Purpose
from pages.models import Site
from tests.factories import ButtonFactory, SiteFactory
from tests.optins.visitors import SHOP, shop_page
from tests.people import client_as

pytestmark = pytest.mark.django_db

LIST = reverse("admin:optins_tagfinding_changelist")


@pytest.fixture
def site() -> Site:
    made = shop_page().site
    assert made
    return made


def address(site: Site) -> str:
    return reverse("admin:optins_tagfinding_site", args=[site.sid])


def shown(site: Site) -> str:
    return html.unescape(client_as(ADMINISTRATORS).get(address(site)).text)


def noticed(site: Site, code: str = FindingCode.SAME_ID) -> TagFinding:
    findings.note(site=site, code=code, address=f"{SHOP}/p", now=timezone.now() - timedelta(hours=2))
    return TagFinding.objects.get(code=code)


def examined(site: Site, **told: str) -> str:
    return html.unescape(client_as(ADMINISTRATORS).post(address(site), told).text)


# --- What to paste ----------------------------------------------------------------------------------------------


def test_what_is_pasted_satisfies_the_doctor(site: Site) -> None:
    """Each sort of custom data before the tag, under the policy as it is given."""
    for data in blocks.custom_data(site):
        page = f"<html><body>{data.code}{blocks.tag(site).code}</body></html>"
        headers = {"content-security-policy": blocks.policy().code}
        case = Case(html=page, tag_url=blocks.tag_url(site), sid=site.sid, headers=headers)
        assert {each.level for each in examine(case)} == {Level.GOOD}, data.name


def test_the_page_shows_what_to_paste(site: Site, settings: Settings) -> None:
    text = shown(site)

    assert f'<script async src="{settings.PUBLIC_URL}/tag/{site.sid}.js"></script>' in text
    for example in ('"extId": "FR-012345"', '"order-4711"', '"instock-AB123-k45332j9i54"'):
        assert example in text
    assert f"connect-src {settings.PUBLIC_URL}" in text


def test_an_example_is_as_the_sites_own_pattern_has_it(site: Site) -> None:
    IdPattern.objects.filter(site=site).delete()
    IdPattern.objects.create(site=site, name="b", pattern="B</script -<number>", purpose=Purpose.TRANSACTIONAL)

    code = blocks.custom_data(site)[1].code

    assert "-4711" in code
    assert code.count("</script") == 1


# --- How it stands ----------------------------------------------------------------------------------------------


def test_what_is_missing_is_said_with_the_way_out() -> None:
    text = shown(SiteFactory(origins=[]))

    for words in ("was never seen", "No address of the shop", "has no Facebook page", "No button is switched on"):
        assert words in text


def test_what_stands_is_said_too(site: Site) -> None:
    site.privacy_url = f"{SHOP}/privacy"
    site.tag_seen_at = timezone.now()
    site.save()

    text = shown(site)

    for words in ("The tag was last seen on", SHOP, "Buttons lead to the page Boutique", "switched on"):
        assert words in text
    assert "No privacy notice" not in text


def test_a_missing_privacy_notice_is_said(site: Site) -> None:
    assert "No privacy notice" in shown(site)


def test_what_visitors_fetch_is_said_and_too_much_of_it_is_a_doubt(site: Site) -> None:
    assert "is meant to need" not in shown(site)
    assert re.search(r"Visitors fetch \d\.\d KB", shown(site))

    for number in range(25):
        # Words that don't pack.
        words = hashlib.sha512(b"%d" % number).hexdigest()
        ButtonFactory(site=site, labels={"en": words[:40], "fr": words[40:80]})

    assert re.search(r"Visitors fetch 1\d\.\d KB, and 10 is what the tag is meant to need", shown(site))


def test_times_are_on_the_sites_clock(site: Site) -> None:
    site.timezone = "Asia/Tokyo"
    site.tag_seen_at = timezone.now().replace(month=3, day=9, hour=20, minute=7)
    site.save()

    assert "last seen on 10 Mar" in shown(site)


# --- What the tag noticed ---------------------------------------------------------------------------------------


def test_each_thing_that_can_be_noticed_has_its_mend(site: Site) -> None:
    for code in FindingCode.values:
        noticed(site, code)

    text = shown(site)

    for code, mend in MENDS.items():
        assert str(mend) in text, code
    assert set(MENDS) == set(FindingCode.values)


def test_what_is_seen_to_goes_and_is_kept_below(site: Site) -> None:
    client, finding = client_as(ADMINISTRATORS), noticed(site)
    assert finding.get_code_display() in client.get(address(site)).text

    response = client.post(reverse("admin:optins_tagfinding_dismiss", args=[finding.pk]), follow=True)

    assert response.redirect_chain[0][0] == address(site)
    assert [row[0] for row in response.context["open_findings"]] == []
    assert [row[0] for row in response.context["seen_to"]] == [finding]


def test_marketing_can_neither_look_nor_dismiss(site: Site) -> None:
    client, finding = client_as(MARKETING), noticed(site)

    assert client.get(address(site)).status_code == 403
    assert client.post(reverse("admin:optins_tagfinding_dismiss", args=[finding.pk])).status_code == 403
    assert TagFinding.objects.get().dismissed_at is None


def test_a_finding_that_is_gone(site: Site) -> None:
    response = client_as(ADMINISTRATORS).post(reverse("admin:optins_tagfinding_dismiss", args=[999]), follow=True)
    assert "Perhaps it was deleted" in response.text


def test_today_names_the_site_until_it_is_seen_to(site: Site) -> None:
    index, title = reverse("admin:index"), f"mistake on the pages of {site.name}"
    noticed(site, FindingCode.TAG_TWICE)
    assert title not in client_as(ADMINISTRATORS).get(index).text

    finding = noticed(site)
    assert title in html.unescape(client_as(ADMINISTRATORS).get(index).text)
    assert title not in html.unescape(client_as(MARKETING).get(index).text)

    findings.dismiss(finding=finding, now=timezone.now())
    assert title not in html.unescape(client_as(ADMINISTRATORS).get(index).text)


# --- The list of sites ------------------------------------------------------------------------------------------


def test_sites_in_trouble_stand_first(site: Site) -> None:
    calm = SiteFactory(name="Aaa")
    noticed(site)
    noticed(site, FindingCode.TAG_TWICE)

    listed = client_as(ADMINISTRATORS).get(LIST).context["found"].object_list

    assert [(each, each.wrong, each.doubtful) for each in listed] == [(site, 1, 1), (calm, 0, 0)]


def test_a_list_that_found_nothing_keeps_what_was_searched(site: Site) -> None:
    text = html.unescape(client_as(ADMINISTRATORS).get(LIST, {"q": "<nowhere>"}).text)
    assert "No site has “<nowhere>”" in text


def test_without_a_site_the_list_says_so() -> None:
    assert "No site yet" in client_as(ADMINISTRATORS).get(LIST).text


def test_an_unknown_site_leads_back_to_the_list() -> None:
    response = client_as(ADMINISTRATORS).get(reverse("admin:optins_tagfinding_site", args=["nope"]), follow=True)
    assert "There is no site with the SID “nope”" in response.text


def test_the_address_of_a_finding_is_that_of_its_site(site: Site) -> None:
    response = client_as(ADMINISTRATORS).get(reverse("admin:optins_tagfinding_change", args=[noticed(site).pk]))
    assert response["Location"] == address(site)


# --- The doctor -------------------------------------------------------------------------------------------------


def test_a_pasted_page_is_examined_and_stays_typed(site: Site) -> None:
    page = "<html><script>idzCustomData = {extId: '{{ id }}'}</script></html>"

    text = examined(site, html=page, address="https://elsewhere.example/p")

    assert "Nobody can opt in on this page yet" in text
    assert "The tag is not on this page." in text
    assert "A placeholder was left in the customer_id: {{ id }}." in text
    assert "https://elsewhere.example is not among the site's addresses" in text
    assert page in text
    assert 'value="https://elsewhere.example/p"' in text


def test_what_a_page_says_is_shown_and_not_run(site: Site) -> None:
    page = "<html><script>idzCustomData = {extId: '{{<img src=x>}}'}</script></html>"
    response = client_as(ADMINISTRATORS).post(address(site), {"html": page})
    assert "<img src=x>" not in response.text


def test_a_sound_page_is_called_sound(site: Site) -> None:
    page = f"<html>{blocks.custom_data(site)[0].code}{blocks.tag(site).code}</html>"
    assert "All is well on this page" in examined(site, html=page)


def test_an_address_is_fetched_with_its_headers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"content-security-policy": "script-src 'self'"}
    page = fetching.Fetched(address=f"{SHOP}/p", headers=headers, html=f"<html>{blocks.tag(site).code}</html>")
    monkeypatch.setattr(fetching, "fetch", lambda _address: page)

    text = examined(site, address=f"{SHOP}/")

    assert "blocks the tag" in text
    assert f"{SHOP}/p" in text


@pytest.mark.parametrize("told", ["http://10.0.0.1/", "http://[::1]/"])
def test_a_private_address_is_refused_at_its_field(site: Site, settings: Settings, told: str) -> None:
    settings.SANDBOX = False
    text = examined(site, address=told)

    assert "not on the public internet" in text
    assert f'value="{told}"' in text


@pytest.mark.parametrize("told", ["shop", "ftp://shop.example/", "javascript:alert(1)", "http://[", "https://"])
def test_what_is_no_address_is_refused_at_its_field(site: Site, told: str) -> None:
    assert "Give the address of a page, such as" in examined(site, address=told, html="<html></html>")


def test_nothing_given_is_said(site: Site) -> None:
    assert "Give the address of a page, or paste its source." in examined(site, address=" ", html="\n")
