"""Issuing, replacing and revoking API tokens, and what the database holds to."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from pages import api_secrets
from pages.models import ApiToken, AuditEntry, Binding, Page
from pages.scopes import Scope
from pages.services import api_tokens
from pages.services.issuing import CannotIssue, Terms, issue, replace, revoke
from tests.factories import LinkedPageFactory, PageFactory, UserFactory
from tests.support.tokens import issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    linked: Page = LinkedPageFactory()
    return linked


@pytest.fixture
def now() -> datetime:
    return timezone.now() + timedelta(seconds=1)


def terms(page: Page, **changes: Any) -> Terms:
    usual: dict[str, Any] = {"name": "Shop system", "scopes": ["messages:send"], "site": page.site}
    return Terms(**usual | changes)


def entry(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


def test_the_secret_is_well_formed_and_stored_nowhere(page: Page, now: datetime) -> None:
    token, secret = issue(terms=terms(page), actor=None, now=now)
    assert api_secrets.is_well_formed(secret)
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert row["sha256"] == api_secrets.digest(secret)
    assert secret.startswith(row["prefix"])
    assert len(row["prefix"]) == 9


def test_no_two_are_alike(page: Page) -> None:
    assert issued(page)[1] != issued(page)[1]


def test_who_issued_it_is_written_down_without_the_secret(page: Page, now: datetime) -> None:
    person = UserFactory()
    token, secret = issue(terms=terms(page), actor=person, now=now)
    line = entry("token.issued")
    assert (line.actor, line.subject) == (person, f"pages.apitoken:{token.pk}")
    assert line.detail == {"name": "Shop system", "scopes": ["messages:send"]}
    assert token.created_by == person
    assert secret not in str(line.detail)


def test_it_needs_a_site_or_pages(page: Page, now: datetime) -> None:
    for bound in ({"site": None}, {"pages": [page]}):
        with pytest.raises(CannotIssue, match="choose one of the two"):
            issue(terms=terms(page, **bound), actor=None, now=now)


def test_an_unlinked_page_is_refused_by_name_and_nothing_is_made(page: Page, now: datetime) -> None:
    free = PageFactory(name="Nobody's page")
    with pytest.raises(CannotIssue, match=r"Nobody's page .* belongs to no site"):
        issue(terms=terms(page, site=None, pages=[page, free]), actor=None, now=now)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["messages:send", "world:rule"]}, "scopes"),
        ({"scopes": ["messages:send", "messages:send"]}, "scopes"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"requests_per_second": 0}, "requests_per_second"),
        ({"requests_per_second": 1001}, "requests_per_second"),
    ],
)
def test_bad_values_are_named(page: Page, now: datetime, bad: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        issue(terms=terms(page, **bad), actor=None, now=now)
    assert set(refused.value.message_dict) == {field}


def test_an_end_that_is_past_is_refused(page: Page, now: datetime) -> None:
    with pytest.raises(ValidationError):
        issue(terms=terms(page, expires_at=now), actor=None, now=now)


def test_revoking_happens_once_and_is_written_down(page: Page, now: datetime) -> None:
    token, _secret = issued(page)
    person = UserFactory()
    assert [revoke(token=token, actor=person, now=now) for _ in range(2)] == [True, False]
    token.refresh_from_db()
    assert token.revoked_at == now
    assert entry("token.revoked").actor == person


def test_replacing_at_once_ends_the_old_one_and_opens_the_same(page: Page, now: datetime) -> None:
    second = LinkedPageFactory()
    old, old_secret = issued(page, pages=[page, second], scopes=["optins:read"], requests_per_second=9)
    made = replace(token=old, old_until=now, actor=None, now=now)
    assert made
    new, secret = made
    assert api_tokens.find(old_secret, now=now) is None
    access = api_tokens.find(secret, now=now)
    assert access
    assert access.pages == {page.pk, second.pk}
    assert access.scopes == {Scope.OPTINS_READ}
    assert (new.name, access.requests_per_second) == (old.name, 9)
    assert entry("token.revoked").detail["replaced_by"] == new.pk


def test_replacing_later_leaves_both_for_so_long(page: Page, now: datetime) -> None:
    old, old_secret = issued(page)
    until = now + timedelta(days=1)
    made = replace(token=old, old_until=until, actor=None, now=now)
    assert made
    assert api_tokens.find(old_secret, now=until - timedelta(seconds=1))
    assert api_tokens.find(old_secret, now=until) is None
    assert api_tokens.find(made[1], now=until)
    assert entry("token.replaced").detail == {"until": until.isoformat(), "replaced_by": made[0].pk}


def test_a_token_that_ends_sooner_keeps_its_own_end(page: Page, now: datetime) -> None:
    soon = now + timedelta(hours=1)
    old, _secret = issued(page, expires_at=soon)
    replace(token=old, old_until=now + timedelta(days=7), actor=None, now=now)
    old.refresh_from_db()
    assert old.expires_at == soon


def test_the_new_one_lives_as_long_as_the_old_one_was_made_for(page: Page, now: datetime) -> None:
    old, _secret = issue(terms=terms(page, expires_at=now + timedelta(days=90)), actor=None, now=now)
    later = now + timedelta(days=80)
    made = replace(token=old, old_until=later, actor=None, now=later)
    assert made
    assert made[0].expires_at == later + timedelta(days=90)


def test_what_holds_no_more_is_not_replaced(page: Page, now: datetime) -> None:
    token, _secret = issued(page)
    revoke(token=token, actor=None, now=now)
    assert replace(token=token, old_until=now, actor=None, now=now) is None
    assert ApiToken.objects.count() == 1


def test_a_token_has_one_site_and_each_page_once(page: Page) -> None:
    token, _secret = issued(page)
    for again in ({"page": None}, {"page": page}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Binding.objects.bulk_create([Binding(token=token, site=page.site, **again) for _ in range(2)])


@pytest.mark.parametrize("wrong", [{"requests_per_second": 0}, {"requests_per_second": 1001}])
def test_the_database_keeps_the_rate_in_bounds(page: Page, wrong: dict[str, int]) -> None:
    token, _secret = issued(page)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(**wrong)


@pytest.mark.parametrize("field", ["expires_at", "revoked_at"])
def test_the_database_lets_no_token_end_before_it_begins(page: Page, field: str) -> None:
    token, _secret = issued(page)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(**{field: token.created_at - timedelta(seconds=1)})


def test_a_site_whose_tokens_there_are_stays(page: Page) -> None:
    token, _secret = issued(page)
    page.links.all().delete()
    with pytest.raises(ProtectedError):
        token.bindings.get().site.delete()
