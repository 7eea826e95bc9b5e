"""API tokens in the admin: the secret is seen once, by one person, and left nowhere."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS
from pages import api_secrets
from pages.admin.api_token_forms import ApiTokenForm
from pages.models import ApiToken, AuditEntry, Page
from pages.services import api_tokens, issuing
from pages.services.issuing import CannotIssue
from pages.services.links import unlink_page
from tests.factories import LinkedPageFactory, PageFactory
from tests.people import client_as
from tests.support.tokens import issued

pytestmark = pytest.mark.django_db

LIST = reverse("admin:pages_apitoken_changelist")
ADD = reverse("admin:pages_apitoken_add")
SECRET = re.compile(r"ma_[0-9A-Za-z]{36}")


@pytest.fixture
def administrator() -> Client:
    return client_as(ADMINISTRATORS)


@pytest.fixture
def page() -> Page:
    linked: Page = LinkedPageFactory()
    return linked


def entry(**changes: object) -> dict[str, object]:
    usual = {"name": "Orders", "site": "", "pages": [], "scopes": ["messages:send"], "lifetime": "365"}
    return usual | {"requests_per_second": 50, **changes}


def at(act: str, token: ApiToken) -> str:
    return reverse(f"admin:pages_apitoken_{act}", args=[token.pk])


def errors(response: object) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)  # type: ignore[attr-defined]  # a rendered admin form


def secret_in(response: Any) -> str:
    (secret,) = set(SECRET.findall(response.content.decode()))
    assert api_secrets.is_well_formed(secret)
    return str(secret)


def test_the_secret_is_shown_with_the_answer_and_works(administrator: Client, page: Page) -> None:
    assert page.site
    response = administrator.post(ADD, entry(site=page.site.pk))
    assert response.status_code == 200
    assert "This is the only time it is shown." in response.content.decode()
    access = api_tokens.find(secret_in(response), now=timezone.now())
    assert access
    assert access.pages == {page.pk}


def test_the_answer_is_kept_by_no_cache(administrator: Client, page: Page) -> None:
    response = administrator.post(ADD, entry(pages=[page.pk]))
    assert {"no-store", "private"} <= set(response.headers["Cache-Control"].split(", "))


def test_it_is_never_shown_again_and_stored_nowhere(administrator: Client, page: Page) -> None:
    secret = secret_in(administrator.post(ADD, entry(pages=[page.pk])))
    token = ApiToken.objects.get()
    for url in (LIST, ADD, at("change", token), at("history", token), reverse("admin:pages_auditentry_changelist")):
        assert secret not in administrator.get(url).content.decode()
    kept: list[Any] = [session.get_decoded() for session in Session.objects.all()]
    kept += [list(model._default_manager.values()) for model in (AuditEntry, LogEntry, ApiToken)]
    assert secret not in repr(kept)


def test_it_is_issued_as_it_was_asked_for(administrator: Client, page: Page) -> None:
    administrator.post(ADD, entry(pages=[page.pk], scopes=["optins:read"], lifetime="30", requests_per_second=3))
    token = ApiToken.objects.get()
    assert (token.name, token.scopes, token.requests_per_second) == ("Orders", ["optins:read"], 3)
    assert token.expires_at == token.created_at + timedelta(days=30)
    assert token.created_by_id == int(administrator.session["_auth_user_id"])
    assert AuditEntry.objects.get(action="token.issued").actor_id == token.created_by_id


def test_it_may_be_for_ever(administrator: Client, page: Page) -> None:
    administrator.post(ADD, entry(pages=[page.pk], lifetime=""))
    assert ApiToken.objects.get().expires_at is None


def test_one_has_to_choose_a_site_or_pages(administrator: Client, page: Page) -> None:
    assert page.site
    for bound in ({}, {"site": page.site.pk, "pages": [page.pk]}):
        response = administrator.post(ADD, entry(**bound))
        assert "choose one of the two" in errors(response)["site"][0]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["world:rule"]}, "scopes"),
        ({"lifetime": "7"}, "lifetime"),
        ({"requests_per_second": 0}, "requests_per_second"),
        ({"requests_per_second": 1001}, "requests_per_second"),
    ],
)
def test_bad_values_are_said_at_their_fields(
    administrator: Client, page: Page, bad: dict[str, object], field: str
) -> None:
    assert set(errors(administrator.post(ADD, entry(pages=[page.pk], **bad)))) == {field}


def test_linked_pages_alone_are_offered_each_with_its_site(administrator: Client, page: Page) -> None:
    PageFactory(name="Nobody's page")
    gone = LinkedPageFactory()
    unlink_page(page=gone, actor=None, now=timezone.now())
    assert page.site
    offered = administrator.get(ADD).context["adminform"].form.fields["pages"].choices
    assert [label for _value, label in offered] == [f"{page} – {page.site.name}"]


def test_a_page_that_was_unlinked_meanwhile_is_refused_at_the_field(
    administrator: Client, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first reading all is well; at the second, which follows the refusal, the page is free."""
    readings: list[object] = []
    reading = ApiTokenForm.__init__

    def meanwhile(form: ApiTokenForm, *args: object, **kwargs: object) -> None:
        if readings:
            unlink_page(page=page, actor=None, now=timezone.now())
        readings.append(form)
        reading(form, *args, **kwargs)

    def too_late(**_terms: object) -> None:
        raise CannotIssue

    monkeypatch.setattr(ApiTokenForm, "__init__", meanwhile)
    monkeypatch.setattr(issuing, "issue", too_late)
    response = administrator.post(ADD, entry(pages=[page.pk]))
    assert "not one of the available choices" in errors(response)["pages"][0]


def test_a_token_is_read_and_never_edited(administrator: Client, page: Page) -> None:
    token, _secret = issued(page)
    text = administrator.get(at("change", token)).content.decode()
    assert token.prefix in text
    assert 'name="_save"' not in text
    assert administrator.post(at("change", token), entry(name="Another")).status_code == 403


def test_revoking_asks_first_and_ends_it_at_once(administrator: Client, page: Page) -> None:
    token, secret = issued(page)
    assert "It was never used." in administrator.get(at("revoke", token)).content.decode()
    assert api_tokens.find(secret, now=timezone.now())
    response = administrator.post(at("revoke", token), follow=True)
    assert "The token is revoked." in response.content.decode()
    assert api_tokens.find(secret, now=timezone.now()) is None


def test_the_question_says_when_it_was_last_used(administrator: Client, page: Page) -> None:
    token, secret = issued(page)
    api_tokens.find(secret, now=timezone.now() - timedelta(hours=2))
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now() - timedelta(hours=2))
    assert "It was last used 2\xa0hours ago." in administrator.get(at("revoke", token)).content.decode()


def test_replacing_shows_a_new_secret_and_ends_the_old_one(administrator: Client, page: Page) -> None:
    token, old = issued(page)
    secret = secret_in(administrator.post(at("replace", token), {"overlap": "0"}))
    assert api_tokens.find(old, now=timezone.now()) is None
    assert api_tokens.find(secret, now=timezone.now())


def test_replacing_in_a_day_keeps_both_so_long(administrator: Client, page: Page) -> None:
    token, old = issued(page)
    administrator.post(at("replace", token), {"overlap": "1440"})
    now = timezone.now()
    assert api_tokens.find(old, now=now + timedelta(hours=23))
    assert api_tokens.find(old, now=now + timedelta(hours=25)) is None


@pytest.mark.parametrize("sent", [{}, {"overlap": "7"}])
def test_replacing_without_a_time_asks_again(administrator: Client, page: Page, sent: dict[str, str]) -> None:
    token, _secret = issued(page)
    assert "When does the old one end?" in administrator.post(at("replace", token), sent).content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("act", ["replace", "revoke"])
def test_what_is_over_stays_over(administrator: Client, page: Page, act: str) -> None:
    token, _secret = issued(page)
    administrator.post(at("revoke", token))
    response = administrator.post(at(act, token), {"overlap": "0"}, follow=True)
    assert "This token does not hold any more." in response.content.decode()
    assert ApiToken.objects.count() == 1


def test_what_is_over_offers_nothing_to_do(administrator: Client, page: Page) -> None:
    token, _secret = issued(page)
    assert at("revoke", token) in administrator.get(at("change", token)).content.decode()
    administrator.post(at("revoke", token))
    assert at("revoke", token) not in administrator.get(at("change", token)).content.decode()


def test_the_list_says_what_each_is(administrator: Client, page: Page) -> None:
    issued(page, name="Everything")
    issued(page, name="A little", pages=[page], scopes=["messages:read"])
    text = administrator.get(LIST).content.decode()
    for words in ("Everything", "A little", "everything", "messages:read", str(page), str(page.site), "never", "Valid"):
        assert words in text


@pytest.mark.parametrize(("state", "names"), [("valid", ["a"]), ("expired", ["b"]), ("revoked", ["c"])])
def test_the_list_is_narrowed_by_state(administrator: Client, page: Page, state: str, names: list[str]) -> None:
    tokens = {name: issued(page, name=name)[0] for name in "abc"}
    past = timezone.now() + timedelta(microseconds=1)
    ApiToken.objects.filter(pk=tokens["b"].pk).update(expires_at=past)
    ApiToken.objects.filter(pk=tokens["c"].pk).update(revoked_at=past)
    rows = administrator.get(LIST, {"is": state}).context["cl"].result_list
    assert [token.name for token in rows] == names


def test_the_list_is_searched_by_name_and_by_beginning(administrator: Client, page: Page) -> None:
    wanted, _secret = issued(page, name="Loyalty")
    issued(page, name="Orders")
    for words in ("loyal", wanted.prefix):
        assert list(administrator.get(LIST, {"q": words}).context["cl"].result_list) == [wanted]


def test_the_first_step_is_said_where_there_is_none(administrator: Client) -> None:
    text = administrator.get(LIST).content.decode()
    assert "No token yet." in text
    assert "Issue an API token" in text


def test_a_list_of_thirty_costs_as_many_queries_as_one_of_three(administrator: Client, page: Page) -> None:
    for _ in range(3):
        issued(page, pages=[page])
    administrator.get(LIST)
    with CaptureQueriesContext(connection) as few:
        administrator.get(LIST)
    for _ in range(27):
        issued(page, pages=[page])
    with CaptureQueriesContext(connection) as many:
        administrator.get(LIST)
    assert len(many) == len(few)
