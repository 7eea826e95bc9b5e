"""Linking a page in its form: one page, one site, and a refusal that names who holds the other end."""

from collections.abc import Mapping
from unittest.mock import patch

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS
from pages.admin import forms
from pages.models import AuditEntry, Link, Page
from pages.services.links import PageHeld
from tests.factories import LinkedPageFactory, LinkFactory, PageFactory, SiteFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

ADD = reverse("admin:pages_page_add")


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def entry(**changes: object) -> Mapping[str, object]:
    return {
        "page_id": "322837607840703",
        "name": "Peter's Apparel",
        "gateway": "sandbox",
        "messages_per_second": 40,
        "site": "",
        "new_token": "",
        **changes,
    }


def change(page: Page) -> str:
    return reverse("admin:pages_page_change", args=[page.pk])


def errors(response: object) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)  # type: ignore[attr-defined]  # a rendered admin form


def test_a_new_page_is_linked_to_the_site_that_was_chosen(administrator: Client) -> None:
    site = SiteFactory()
    administrator.post(ADD, entry(site=site.pk))
    assert Page.objects.get(page_id="322837607840703").site == site


def test_the_link_says_who_made_it(administrator: Client) -> None:
    administrator.post(ADD, entry(site=SiteFactory().pk))
    assert Link.objects.get().opened_by_id == int(administrator.session["_auth_user_id"])


def test_a_page_may_wait_for_its_site(administrator: Client) -> None:
    administrator.post(ADD, entry())
    assert Page.objects.get().site is None


def test_the_whole_link_may_be_pasted(administrator: Client) -> None:
    administrator.post(ADD, entry(page_id="https://m.me/322837607840703?ref=shop"))
    assert Page.objects.get().page_id == "322837607840703"


def test_an_id_that_is_no_number_is_refused_in_words(administrator: Client) -> None:
    response = administrator.post(ADD, entry(page_id="m.me/petersapparel"))
    assert "series of digits" in errors(response)["page_id"][0]


def test_a_page_that_another_site_holds_is_refused_with_that_sites_name(administrator: Client) -> None:
    held = LinkFactory(
        site=SiteFactory(name="Boutique Exemple", sid="502"), page=PageFactory(page_id="322837607840703")
    )
    response = administrator.post(ADD, entry(site=SiteFactory().pk))
    assert errors(response)["page_id"] == [
        "This page already belongs to Boutique Exemple (502). Unlink it there first."
    ]
    assert Link.objects.get() == held


def test_a_page_that_is_here_but_free_is_pointed_at(administrator: Client) -> None:
    PageFactory(page_id="322837607840703", name="Peter's old page")
    response = administrator.post(ADD, entry())
    assert "Peter's old page" in errors(response)["page_id"][0]


def test_moving_a_linked_page_is_refused_at_the_site_with_the_holders_name(administrator: Client) -> None:
    page = LinkFactory(site=SiteFactory(name="Boutique Exemple", sid="502")).page
    response = administrator.post(change(page), entry(site=SiteFactory().pk))
    assert errors(response)["site"] == ["This page already belongs to Boutique Exemple (502). Unlink it there first."]


def test_a_site_that_has_a_page_is_refused_with_that_pages_name(administrator: Client) -> None:
    held = LinkFactory(
        page=PageFactory(name="Peter's Apparel", page_id="55555"), site=SiteFactory(name="Shop", sid="7")
    )
    response = administrator.post(change(PageFactory()), entry(site=held.site.pk))
    assert errors(response)["site"] == [
        "Shop (7) already has the page Peter's Apparel (55555). Unlink that page first."
    ]


def test_emptying_the_site_does_not_unlink(administrator: Client) -> None:
    page = LinkedPageFactory()
    response = administrator.post(change(page), entry(site=""))
    assert "Unlink" in errors(response)["site"][0]
    assert page.site is not None


def test_saving_a_linked_page_with_its_own_site_changes_nothing_about_the_link(administrator: Client) -> None:
    page = LinkedPageFactory()
    administrator.post(change(page), entry(site=page.site.pk, name="Renamed"))
    page.refresh_from_db()
    assert (page.name, page.links.count()) == ("Renamed", 1)


def test_a_link_that_somebody_else_made_meanwhile_is_refused_at_the_field(administrator: Client) -> None:
    page, mine, theirs = PageFactory(), SiteFactory(), SiteFactory(name="Boutique Exemple", sid="502")
    readings: list[forms.PageForm] = []
    clean_site = forms.PageForm.clean_site

    def meanwhile(form: forms.PageForm) -> object:
        """At the first reading all is well; at the second, the other person's link is there."""
        readings.append(form)
        if len(readings) > 1:
            LinkFactory(page=page, site=theirs)
            form.current_site = theirs
        return clean_site(form)

    with (
        patch.object(forms.PageForm, "clean_site", meanwhile),
        patch("pages.admin.page.link_page", side_effect=PageHeld(page, theirs)),
    ):
        response = administrator.post(change(page), entry(site=mine.pk, name="Never stored"))
    assert errors(response)["site"] == ["This page already belongs to Boutique Exemple (502). Unlink it there first."]
    page.refresh_from_db()
    assert page.name != "Never stored"


def test_the_choice_names_the_page_that_a_site_holds(administrator: Client) -> None:
    LinkFactory(page=PageFactory(name="Peter's Apparel", page_id="55555"), site=SiteFactory(name="Shop", sid="7"))
    form = administrator.get(ADD).context["adminform"].form
    assert "Shop (7) – Peter's Apparel" in [label for _value, label in form.fields["site"].choices]


def test_unlinking_asks_first(administrator: Client) -> None:
    page = LinkedPageFactory()
    response = administrator.get(reverse("admin:pages_page_unlink", args=[page.pk]))
    assert f"from {page.site}?" in response.content.decode()
    assert page.site is not None


def test_unlinking_closes_the_link_and_keeps_it(administrator: Client) -> None:
    page = LinkedPageFactory()
    administrator.post(reverse("admin:pages_page_unlink", args=[page.pk]))
    assert page.site is None
    assert page.links.get().closed_by_id == int(administrator.session["_auth_user_id"])
    assert AuditEntry.objects.filter(action="page.unlinked").exists()


def test_unlinking_a_page_that_is_free_already_says_so(administrator: Client) -> None:
    response = administrator.post(reverse("admin:pages_page_unlink", args=[PageFactory().pk]))
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["This page belongs to no site."]


def test_unlink_is_offered_for_linked_pages_only(administrator: Client) -> None:
    linked, free = LinkedPageFactory(), PageFactory()
    assert "Unlink from its site" in administrator.get(change(linked)).content.decode()
    assert "Unlink from its site" not in administrator.get(change(free)).content.decode()


def test_the_history_of_links_stays_on_the_page(administrator: Client) -> None:
    page = LinkFactory(site=SiteFactory(name="First shop")).page
    administrator.post(reverse("admin:pages_page_unlink", args=[page.pk]))
    LinkFactory(page=page, site=SiteFactory(name="Second shop"))
    text = administrator.get(change(page)).content.decode()
    assert "First shop" in text
    assert "Second shop" in text
