"""*Add pages* as an administrator walks it, through the sandbox's dialog and its Graph API over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.messages import get_messages
from django.test import Client, override_settings
from django.urls import reverse

from messenger_admin.roles import ADMINISTRATORS
from messenger_admin.sandbox.facebook import grants, subscriptions
from messenger_admin.sandbox.facebook.cast import ATELIER, BOULANGERIE, CLAIRE, HUGO, INES, LIBRAIRIE
from messenger_admin.sandbox.facebook.people import Person
from messenger_admin.sandbox.store import connect
from pages.models import Connection, FacebookLogin, Incident, Page
from pages.models.incident import IncidentKind
from pages.states import GatewayKind, PageState
from tests.factories import ConnectedPageFactory, SiteFactory
from tests.people import client_as
from tests.support.sandbox import FarEnd, far_end

pytestmark = pytest.mark.django_db

BEGIN = reverse("admin:pages_page_facebook")
CHOOSE = reverse("admin:pages_page_facebook_choose")
PAGES = reverse("admin:pages_page_changelist")


@pytest.fixture
def facebook(tmp_path: Path) -> Iterator[FarEnd]:
    with far_end(tmp_path / "sandbox.sqlite3") as running:
        places = {"GRAPH_URL": running.url, "SANDBOX_STORE": running.store, "PUBLIC_URL": "http://testserver"}
        with override_settings(**places, FACEBOOK_URL="http://testserver/sandbox/facebook"):
            yield running


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


def dialog(client: Client, *, begin: str = BEGIN, **posted: str) -> str:
    """The address of Facebook's dialog."""
    response = client.post(begin, posted)
    assert response.status_code == 302
    return str(response["Location"])


def consent(client: Client, address: str, who: Person, **changes: Any) -> str:
    """What the person ticks in the dialog; the address that Facebook sends the browser back to."""
    shown = client.get(f"{address}&as={who.user_id}")
    scopes = [scope["name"] for scope in shown.context["scopes"]]
    pages = [role.page.page_id for role in shown.context["roles"]]
    answer = {"answer": "continue", "page": pages, "scope": scopes, **changes}
    return str(client.post(f"{address}&as={who.user_id}", answer)["Location"])


def back(client: Client, address: str) -> Any:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", follow=True)


def offered(client: Client, who: Person = CLAIRE, **changes: Any) -> Any:
    """The list of the person's pages, as it is shown after the dialog."""
    response = back(client, consent(client, dialog(client), who, **changes))
    assert response.status_code == 200
    return response


def rows(response: Any) -> dict[str, Any]:
    return {row.choice.page.name: row for row in response.context["rows"]}


def text(response: Any) -> str:
    return str(response.content.decode())


def link(client: Client, **sites: Any) -> Any:
    """`sites`: the site for each page, by the page's id after `p`."""
    posted: dict[str, str] = {}
    for name, site in sites.items():
        posted |= {f"page-{name[1:]}": "yes", f"site-{name[1:]}": str(site)}
    return client.post(CHOOSE, posted, follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- the way that goes well ---------------------------------------------------------------------------------


def test_two_of_three_pages_are_linked_subscribed_and_may_send(administrator: Client, facebook: FarEnd) -> None:
    first, second = SiteFactory.create_batch(2)
    offered(administrator)
    response = link(administrator, **{f"p{ATELIER.page_id}": first, f"p{LIBRAIRIE.page_id}": second})
    assert response.redirect_chain == [(PAGES, 302)]
    found = {page.name: page for page in Page.objects.all()}
    assert {name: page.site for name, page in found.items()} == {"Atelier Martin": first, "Librairie des Quais": second}
    assert {page.state for page in found.values()} == {PageState.ACTIVE}
    assert {page.gateway for page in found.values()} == {GatewayKind.META}
    assert all(page.token and page.picture_url for page in found.values())
    connection = Connection.objects.get(page=found["Atelier Martin"])
    assert (connection.facebook_user_name, connection.missing_fields, connection.has_get_started) == (
        "Claire Martin",
        [],
        True,
    )
    with closing(connect(facebook.store)) as store:
        assert "messages" in subscriptions.fields_of(store, ATELIER.page_id)
        assert subscriptions.fields_of(store, BOULANGERIE.page_id) == []


def test_the_tokens_are_on_no_page_and_the_login_is_wiped(administrator: Client, facebook: FarEnd) -> None:
    response = offered(administrator)
    tokens = [page["token"] for page in json.loads(FacebookLogin.objects.get().offered)]
    assert not any(token in text(response) for token in tokens if token)
    link(administrator, **{f"p{ATELIER.page_id}": SiteFactory()})
    assert FacebookLogin.objects.get().offered == ""


def test_a_hundred_and_more_pages_come_across_result_pages(administrator: Client, facebook: FarEnd) -> None:
    response = offered(administrator, HUGO)
    assert len(response.context["rows"]) == 121
    assert 'id="filter"' in text(response)


def test_everything_is_granted_for_the_scopes_that_were_asked(administrator: Client, facebook: FarEnd) -> None:
    assert "pages_messaging" in text(administrator.get(BEGIN))
    offered(administrator)
    with closing(connect(facebook.store)) as store:
        grant = grants.of(store, CLAIRE.user_id)
    assert grant
    assert "pages_manage_metadata" in grant.scopes


# --- what can't be had --------------------------------------------------------------------------------------


def test_a_page_without_the_tasks_is_greyed_and_says_which(administrator: Client, facebook: FarEnd) -> None:
    response = offered(administrator)
    row = rows(response)[BOULANGERIE.name]
    assert [name for name, _words in row.missing_tasks] == ["MESSAGING", "MODERATE"]
    assert "Your role on this page lacks:" in text(response)


def test_a_page_of_another_site_is_greyed_with_that_sites_name(administrator: Client, facebook: FarEnd) -> None:
    ConnectedPageFactory(page_id=ATELIER.page_id, link__site__name="Boutique", link__site__sid="502")
    response = offered(administrator)
    assert str(rows(response)[ATELIER.name].choice.held_by) == "Boutique (502)"
    assert "Belongs to Boutique (502)." in text(response)


def test_what_is_greyed_can_not_be_linked_by_hand_either(administrator: Client, facebook: FarEnd) -> None:
    offered(administrator)
    response = link(administrator, **{f"p{BOULANGERIE.page_id}": SiteFactory()})
    assert "can&#x27;t be linked any more" in text(response)
    assert not Page.objects.exists()


def test_a_permission_that_was_unticked_is_named_and_can_be_asked_for_again(
    administrator: Client, facebook: FarEnd
) -> None:
    response = offered(administrator, scope=["pages_show_list", "pages_messaging"])
    row = rows(response)[ATELIER.name]
    assert [name for name, _words in row.missing_permissions] == ["pages_manage_metadata"]
    assert "auth_type=rerequest" in dialog(administrator, again="yes")


def test_a_page_that_was_unticked_in_the_dialog_is_not_there(administrator: Client, facebook: FarEnd) -> None:
    assert set(rows(offered(administrator, page=[LIBRAIRIE.page_id]))) == {"Librairie des Quais"}


def test_somebody_without_any_page_is_told_why_and_what_to_do(administrator: Client, facebook: FarEnd) -> None:
    response = offered(administrator, INES)
    assert "Facebook showed us no page." in text(response)
    assert "Choose pages on Facebook again" in text(response)


# --- what is chosen wrongly ---------------------------------------------------------------------------------


def test_nothing_ticked_is_said(administrator: Client, facebook: FarEnd) -> None:
    offered(administrator)
    assert "Tick at least one page." in text(administrator.post(CHOOSE, {}))


def test_each_wrong_site_is_said_at_its_page_and_what_was_typed_stays(administrator: Client, facebook: FarEnd) -> None:
    offered(administrator)
    response = link(administrator, **{f"p{ATELIER.page_id}": "Nowhere", f"p{LIBRAIRIE.page_id}": ""})
    found = rows(response)
    assert found[ATELIER.name].error == "No site has the SID or the name “Nowhere”. Create it first."
    assert found[LIBRAIRIE.name].error == "Choose the site that this page shall belong to."
    assert (found[ATELIER.name].site, found[ATELIER.name].ticked) == ("Nowhere", True)
    assert not Page.objects.exists()


def test_one_site_for_two_pages_is_refused_at_both(administrator: Client, facebook: FarEnd) -> None:
    site = SiteFactory(name="Shop", sid="7")
    offered(administrator)
    response = link(administrator, **{f"p{ATELIER.page_id}": site, f"p{LIBRAIRIE.page_id}": "7"})
    errors = {row.error for row in response.context["rows"] if row.ticked}
    assert errors == {"A site has one page: give Shop (7) to one of them only."}


def test_somebody_who_was_faster_is_named_and_nothing_is_half_done(administrator: Client, facebook: FarEnd) -> None:
    response = offered(administrator)
    assert rows(response)[ATELIER.name].choice.is_free
    ConnectedPageFactory(page_id=ATELIER.page_id, link__site__name="Boutique", link__site__sid="502")
    response = link(administrator, **{f"p{ATELIER.page_id}": SiteFactory(), f"p{LIBRAIRIE.page_id}": SiteFactory()})
    assert "Belongs to Boutique (502)." in text(response)
    assert Page.objects.count() == 1
    assert rows(response)[LIBRAIRIE.name].ticked, "what was chosen beside it is still there"


# --- the way that goes wrong --------------------------------------------------------------------------------


def test_whoever_cancels_is_told_that_nothing_happened(administrator: Client, facebook: FarEnd) -> None:
    address = dialog(administrator)
    response = back(administrator, str(administrator.post(address, {"answer": "cancel"})["Location"]))
    assert "You cancelled in Facebook" in text(response)
    assert FacebookLogin.objects.get().ended_at is not None


def test_a_refusal_is_shown_in_facebooks_words_and_escaped(administrator: Client, facebook: FarEnd) -> None:
    state = dict(pair.split("=") for pair in urlsplit(dialog(administrator)).query.split("&"))["state"]
    query = f"error=access_denied&error_description=App%20%3Cb%3Enot%20live%3C%2Fb%3E&state={state}"
    response = administrator.get(f"{reverse('facebook_return')}?{query}")
    assert "App &lt;b&gt;not live&lt;/b&gt;" in text(response)


def test_words_that_come_without_a_state_of_ours_are_not_repeated(administrator: Client, facebook: FarEnd) -> None:
    response = administrator.get(f"{reverse('facebook_return')}?error=x&error_description=Call+0800&state=invented")
    assert (response.status_code, "Call 0800" in text(response)) == (400, False)


def test_the_same_way_back_twice_is_refused_and_what_was_begun_goes_on(administrator: Client, facebook: FarEnd) -> None:
    address = consent(administrator, dialog(administrator), CLAIRE)
    back(administrator, address)
    again = back(administrator, address)
    assert (again.status_code, "used already" in text(again), CHOOSE in text(again)) == (400, True, True)
    assert len(administrator.get(CHOOSE).context["rows"]) == 3


def test_a_code_that_was_used_already_is_facebooks_refusal(administrator: Client, facebook: FarEnd) -> None:
    first = consent(administrator, dialog(administrator), CLAIRE)
    back(administrator, first)
    code = urlsplit(first).query.partition("code=")[2].partition("&")[0]
    state = urlsplit(dialog(administrator)).query.partition("state=")[2].partition("&")[0]
    response = administrator.get(f"{reverse('facebook_return')}?code={code}&state={state}")
    assert "Facebook refused the login" in text(response)
    assert "Facebook said:" in text(response)


def test_somebody_elses_way_back_links_nothing(administrator: Client, facebook: FarEnd) -> None:
    address = consent(administrator, dialog(administrator), CLAIRE)
    response = back(client_as(ADMINISTRATORS), address)
    assert (response.status_code, "began in another session" in text(response)) == (400, True)


def test_whoever_was_logged_out_meanwhile_logs_in_and_begins_again(administrator: Client, facebook: FarEnd) -> None:
    address = consent(administrator, dialog(administrator), CLAIRE)
    response = back(Client(), address)
    assert response.redirect_chain == [(f"{reverse('admin:login')}?next={BEGIN}", 302)]


def test_whoever_revokes_everything_before_coming_back_is_told(administrator: Client, facebook: FarEnd) -> None:
    address = consent(administrator, dialog(administrator), CLAIRE)
    with closing(connect(facebook.store)) as store:
        grants.revoke(store, CLAIRE.user_id)
    response = back(administrator, address)
    assert response.status_code in (200, 400)
    assert "Begin again" in text(response)
    assert not Page.objects.exists()


def test_whoever_revokes_everything_while_choosing_has_a_page_that_waits_and_says_why(
    administrator: Client, facebook: FarEnd
) -> None:
    offered(administrator)
    with closing(connect(facebook.store)) as store:
        grants.revoke(store, CLAIRE.user_id)
    response = link(administrator, **{f"p{ATELIER.page_id}": SiteFactory()})
    page = Page.objects.get()
    assert (page.state, Incident.objects.get().kind) == (PageState.ON_HOLD, IncidentKind.TOKEN_REFUSED)
    assert "Atelier Martin is linked, but Facebook does not send us its events" in said(response)[0]


def test_while_facebook_is_away_one_is_told_to_wait(administrator: Client, facebook: FarEnd) -> None:
    address = consent(administrator, dialog(administrator), CLAIRE)
    with override_settings(GRAPH_URL="http://127.0.0.1:9"):
        response = back(administrator, address)
    assert (response.status_code, "be reached" in text(response)) == (503, True)


def test_nothing_to_choose_from_is_said(administrator: Client, facebook: FarEnd) -> None:
    assert "There is nothing to choose from any more" in text(administrator.get(CHOOSE))


@override_settings(FACEBOOK_APP_ID="", FACEBOOK_APP_SECRET="")
def test_without_an_app_it_is_said_what_to_set(administrator: Client) -> None:
    assert "FACEBOOK_APP_ID" in text(administrator.get(BEGIN))
    assert "FACEBOOK_APP_ID" in text(administrator.post(BEGIN))


# --- afterwards ---------------------------------------------------------------------------------------------


def test_a_page_whose_token_died_is_found_reconnected_and_goes_on(administrator: Client, facebook: FarEnd) -> None:
    offered(administrator)
    link(administrator, **{f"p{ATELIER.page_id}": SiteFactory()})
    page = Page.objects.get()
    with closing(connect(facebook.store)) as store:
        grants.revoke(store, CLAIRE.user_id)
    administrator.post(reverse("admin:pages_page_check", args=[page.pk]))
    page.refresh_from_db()
    assert page.state == PageState.ON_HOLD
    shown = text(administrator.get(reverse("admin:pages_page_change", args=[page.pk])))
    assert "Facebook no longer accepts the page&#x27;s token" in shown
    dead, begin = page.token, reverse("admin:pages_page_reconnect", args=[page.pk])
    response = back(administrator, consent(administrator, dialog(administrator, begin=begin), CLAIRE))
    page.refresh_from_db()
    assert (page.state, page.token == dead) == (PageState.ACTIVE, False)
    assert said(response) == ["Atelier Martin is connected again. What waited goes on."]


def test_reconnecting_as_somebody_without_the_page_changes_nothing(administrator: Client, facebook: FarEnd) -> None:
    page = ConnectedPageFactory(page_id=ATELIER.page_id, token="as it was")
    begin = reverse("admin:pages_page_reconnect", args=[page.pk])
    response = back(administrator, consent(administrator, dialog(administrator, begin=begin), INES))
    page.refresh_from_db()
    assert page.token == "as it was"
    assert "does not give access to the page" in text(response)
    assert begin in text(response)


def test_unlinking_ends_the_subscription_and_wipes_the_token(administrator: Client, facebook: FarEnd) -> None:
    offered(administrator)
    link(administrator, **{f"p{ATELIER.page_id}": SiteFactory()})
    page = Page.objects.get()
    administrator.post(reverse("admin:pages_page_unlink", args=[page.pk]))
    page.refresh_from_db()
    assert (page.token, page.site, Connection.objects.exists()) == ("", None, False)
    with closing(connect(facebook.store)) as store:
        assert subscriptions.fields_of(store, ATELIER.page_id) == []


def test_an_unlinked_page_is_linked_again_and_its_last_site_is_proposed(
    administrator: Client, facebook: FarEnd
) -> None:
    site = SiteFactory()
    offered(administrator)
    link(administrator, **{f"p{ATELIER.page_id}": site})
    administrator.post(reverse("admin:pages_page_unlink", args=[Page.objects.get().pk]))
    response = offered(administrator)
    assert rows(response)[ATELIER.name].site == str(site)
    link(administrator, **{f"p{ATELIER.page_id}": site})
    assert (Page.objects.get().site, Page.objects.get().state) == (site, PageState.ACTIVE)
