"""What a token opens, and what it costs to ask."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages import api_secrets
from pages.models import ApiToken, AuditEntry, Page
from pages.scopes import Scope
from pages.services import api_tokens
from pages.services.api_tokens import CACHED_FOR, Access
from pages.services.issuing import revoke
from pages.services.links import link_page, unlink_page
from tests.factories import LinkedPageFactory, LinkFactory, SiteFactory
from tests.support.tokens import issued

pytestmark = pytest.mark.django_db

LATER = timedelta(seconds=1)


@pytest.fixture
def page() -> Page:
    linked: Page = LinkedPageFactory()
    return linked


@pytest.fixture
def now() -> datetime:
    return timezone.now() + LATER


def found(secret: str, now: datetime) -> Access:
    access = api_tokens.find(secret, now=now)
    assert access
    return access


def opens(token: ApiToken, page: Page, now: datetime) -> bool:
    """What a statement finds that asks for itself."""
    return ApiToken.objects.valid(now).opening(page).filter(pk=token.pk).exists()


def test_a_secret_opens_the_sites_page(page: Page, now: datetime) -> None:
    token, secret = issued(page, scopes=["messages:send"], requests_per_second=7)
    access = found(secret, now)
    assert (access.token_pk, access.name, access.requests_per_second) == (token.pk, "Shop system", 7)
    assert access.scopes == {Scope.MESSAGES_SEND}
    assert api_tokens.may_use(access, page)
    assert opens(token, page, now)


def test_it_does_not_open_the_page_of_another_site(page: Page, now: datetime) -> None:
    token, secret = issued(page)
    other = LinkedPageFactory()
    assert not api_tokens.may_use(found(secret, now), other)
    assert not opens(token, other, now)


def test_a_token_for_pages_opens_each_of_them_and_no_other(page: Page, now: datetime) -> None:
    second, third = LinkedPageFactory(), LinkedPageFactory()
    token, secret = issued(page, pages=[page, second])
    access = found(secret, now)
    assert [api_tokens.may_use(access, each) for each in (page, second, third)] == [True, True, False]
    assert [opens(token, each, now) for each in (page, second, third)] == [True, True, False]


@pytest.mark.parametrize("by", ["site", "pages"])
def test_a_page_that_was_unlinked_is_closed(page: Page, now: datetime, by: str) -> None:
    token, secret = issued(page, **({"site": page.site} if by == "site" else {"pages": [page]}))
    unlink_page(page=page, actor=None, now=now)
    assert found(secret, now).pages == frozenset()
    assert not opens(token, page, now)


@pytest.mark.parametrize("by", ["site", "pages"])
def test_a_page_that_moved_to_another_shop_is_closed_to_the_first(page: Page, now: datetime, by: str) -> None:
    token, secret = issued(page, **({"site": page.site} if by == "site" else {"pages": [page]}))
    unlink_page(page=page, actor=None, now=now)
    link_page(page=page, site=SiteFactory(), actor=None, now=now)
    assert found(secret, now).pages == frozenset()
    assert not opens(token, page, now)


@pytest.mark.parametrize(("by", "opened"), [("site", True), ("pages", False)])
def test_the_sites_next_page_is_open_to_the_sites_token_alone(page: Page, now: datetime, by: str, opened: bool) -> None:
    site = page.site
    token, secret = issued(page, **({"site": site} if by == "site" else {"pages": [page]}))
    unlink_page(page=page, actor=None, now=now)
    following = LinkFactory(site=site).page
    assert (found(secret, now).pages == {following.pk}) is opened
    assert opens(token, following, now) is opened


def test_a_page_that_came_back_is_open_again(page: Page, now: datetime) -> None:
    _token, secret = issued(page, pages=[page])
    site = page.site
    assert site
    unlink_page(page=page, actor=None, now=now)
    link_page(page=page, site=site, actor=None, now=now)
    assert found(secret, now).pages == {page.pk}


def test_a_revoked_token_is_none(page: Page, now: datetime) -> None:
    token, secret = issued(page)
    revoke(token=token, actor=None, now=now)
    assert api_tokens.find(secret, now=now) is None
    assert not opens(token, page, now)


@pytest.mark.parametrize(("offset", "holds"), [(-1, True), (0, False), (1, False)])
def test_a_token_holds_until_the_moment_it_expires(page: Page, now: datetime, offset: int, holds: bool) -> None:
    end = now + timedelta(days=1)
    token, secret = issued(page, expires_at=end)
    moment = end + timedelta(microseconds=offset)
    assert bool(api_tokens.find(secret, now=moment)) is holds
    assert opens(token, page, moment) is holds
    assert token.holds(moment) is holds


def test_a_scope_that_nobody_knows_allows_nothing(page: Page, now: datetime) -> None:
    token, secret = issued(page)
    ApiToken.objects.filter(pk=token.pk).update(scopes=["messages:read", "world:rule"])
    assert found(secret, now).scopes == {Scope.MESSAGES_READ}


def test_asking_costs_one_query_whatever_the_token_opens(page: Page, now: datetime) -> None:
    _token, secret = issued(page, pages=[page, LinkedPageFactory(), LinkedPageFactory()])
    found(secret, now)  # writes down the use
    with CaptureQueriesContext(connection) as queries:
        assert len(found(secret, now).pages) == 3
    assert len(queries) == 1


@pytest.mark.parametrize("text", ["", "nonsense", "ma_" + "0" * 36, "ma_" + "0" * 36 + "\0"])
def test_what_cant_be_a_token_costs_none(text: str, now: datetime) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert api_tokens.find(text, now=now) is None
        assert api_tokens.find_cached(text, now=now) is None
    assert len(queries) == 0


def test_a_secret_that_was_never_issued_is_none(now: datetime) -> None:
    assert api_tokens.find(api_secrets.make(bytes(22)), now=now) is None
    assert api_tokens.find_cached(api_secrets.make(bytes(22)), now=now) is None


def test_the_cache_spares_the_query_for_some_seconds(page: Page, now: datetime) -> None:
    _token, secret = issued(page)
    access = api_tokens.find_cached(secret, now=now)
    with CaptureQueriesContext(connection) as queries:
        assert api_tokens.find_cached(secret, now=now + CACHED_FOR - timedelta(microseconds=1)) is access
    assert len(queries) == 0
    fresh = api_tokens.find_cached(secret, now=now + CACHED_FOR)
    assert fresh
    assert fresh.found_at == now + CACHED_FOR


def test_the_cache_knows_when_a_token_expires(page: Page, now: datetime) -> None:
    _token, secret = issued(page, expires_at=now + timedelta(seconds=2))
    assert api_tokens.find_cached(secret, now=now)
    assert api_tokens.find_cached(secret, now=now + timedelta(seconds=2)) is None


def test_another_process_revokes_and_the_statement_that_asks_for_itself_sees_it_at_once(
    page: Page, now: datetime
) -> None:
    token, secret = issued(page)
    api_tokens.find_cached(secret, now=now)
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=now)
    assert api_tokens.find_cached(secret, now=now)
    assert not opens(token, page, now)
    assert api_tokens.find(secret, now=now) is None
    assert api_tokens.find_cached(secret, now=now) is None


@pytest.mark.django_db(transaction=True)
def test_the_process_that_revokes_forgets_at_once(page: Page, now: datetime) -> None:
    token, secret = issued(page)
    assert api_tokens.find_cached(secret, now=now)
    revoke(token=token, actor=None, now=now)
    assert api_tokens.find_cached(secret, now=now) is None


def test_the_cache_has_a_bottom(page: Page, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_tokens, "CACHED_AT_MOST", 2)
    for _ in range(5):
        api_tokens.find(issued(page)[1], now=now)
    assert len(api_tokens._found) <= 2


def test_the_last_use_is_written_once_a_minute(page: Page, now: datetime) -> None:
    token, secret = issued(page)
    written = []
    for seconds in (0, 1, 59, 60, 61, 119, 120):
        found(secret, now + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at
        written.append((token.last_used_at - now).total_seconds())
    assert written == [0, 0, 0, 60, 60, 60, 120]


def flags(token: ApiToken) -> int:
    return AuditEntry.objects.filter(
        action="token.used_in_query_string", subject=f"pages.apitoken:{token.pk}", actor=None
    ).count()


def test_the_query_string_form_is_flagged_once_a_day_and_token(page: Page) -> None:
    (first, secret), (second, other) = issued(page), issued(page)
    noon = timezone.now().replace(hour=12)
    for text, when in [(secret, 0), (secret, 1), (secret, 23), (secret, 47), (other, 1)]:
        moment = noon + timedelta(hours=when)
        api_tokens.note_query_string(found(text, moment), now=moment)
    assert (flags(first), flags(second)) == (3, 1)


def test_two_processes_that_flag_together_write_one_line(page: Page, now: datetime) -> None:
    token, secret = issued(page)
    stale = found(secret, now)
    for _ in range(2):
        api_tokens.note_query_string(stale, now=now)
    assert flags(token) == 1


def test_the_digest_is_not_in_what_is_printed(page: Page, now: datetime) -> None:
    token, secret = issued(page)
    assert token.sha256 not in repr(found(secret, now))
