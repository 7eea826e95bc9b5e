"""The command that issues a token, as a person or a script runs it."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pages import api_secrets
from pages.models import ApiToken, AuditEntry, Page
from pages.scopes import Scope
from pages.services import api_tokens
from tests.factories import LinkedPageFactory, PageFactory
from tests.support.processes import environment, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Page:
    linked: Page = LinkedPageFactory()
    return linked


def run(*arguments: str) -> list[str]:
    said = io.StringIO()
    call_command("create_api_token", "Orders", *arguments, stdout=said)
    return said.getvalue().splitlines()


def refusal(*arguments: str) -> CommandError:
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert not ApiToken.objects.exists()
    return refused.value


def test_the_secret_stands_alone_on_the_last_line_and_works(page: Page) -> None:
    lines = run("--page", page.page_id)
    assert api_secrets.is_well_formed(lines[-1])
    access = api_tokens.find(lines[-1], now=timezone.now())
    assert access
    assert access.pages == {page.pk}
    assert lines[-1] not in "".join(lines[:-1])


def test_for_a_site_it_opens_the_sites_page(page: Page) -> None:
    assert page.site
    access = api_tokens.find(run("--site", page.site.sid)[-1], now=timezone.now())
    assert access
    assert access.pages == {page.pk}


def test_several_pages_and_one_of_them_twice(page: Page) -> None:
    other = LinkedPageFactory()
    run("--page", page.page_id, "--page", other.page_id, "--page", page.page_id)
    assert ApiToken.objects.get().bindings.count() == 2


def test_without_more_it_may_do_everything_for_ever(page: Page) -> None:
    run("--page", page.page_id)
    token = ApiToken.objects.get()
    assert (set(token.scopes), token.expires_at, token.requests_per_second) == (set(Scope.values), None, 50)


def test_it_is_narrowed_as_was_said(page: Page) -> None:
    narrowed = ("--scope", "messages:send", "--scope", "messages:read", "--expires-in-days", "90", "--rate", "7")
    run("--page", page.page_id, *narrowed)
    token = ApiToken.objects.get()
    assert (token.scopes, token.requests_per_second) == (["messages:read", "messages:send"], 7)
    assert token.expires_at == token.created_at + timedelta(days=90)


def test_it_is_in_the_audit_log(page: Page) -> None:
    run("--page", page.page_id)
    assert AuditEntry.objects.get(action="token.issued").detail["name"] == "Orders"


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("--page", "99999"), "There is no page with the id 99999.", 1),
        (("--site", "nowhere"), "There is no site with the SID nowhere.", 1),
        (("--page", "12345678"), "Free (12345678) belongs to no site.", 1),
        (("--site", "501", "--rate", "0"), "requests_per_second: Ensure this value is greater", 2),
        (("--site", "501", "--rate", "1001"), "requests_per_second: Ensure this value is less", 2),
        (("--site", "501", "--expires-in-days", "0"), "--expires-in-days is from 1 to 36500.", 2),
        (("--site", "501", "--expires-in-days", "99999"), "--expires-in-days is from 1 to 36500.", 2),
    ],
)
def test_what_cant_be_is_said_and_nothing_is_made(arguments: tuple[str, ...], words: str, code: int) -> None:
    PageFactory(page_id="12345678", name="Free")
    LinkedPageFactory(link__site__sid="501")
    refused = refusal(*arguments)
    assert words in str(refused)
    assert refused.returncode == code


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--site", "501", "--scope", "world:rule"), "argument --scope: invalid choice: 'world:rule'"),
        (("--site", "501", "--page", "12345678"), "not allowed with argument"),
        ((), "one of the arguments --page --site is required"),
    ],
)
def test_what_was_mistyped_ends_with_two(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    with running("manage.py", "create_api_token", "Orders", *arguments, env=environment(DATA_DIR=str(tmp_path))) as it:
        assert it.wait(60) == 2
    assert words in it.said
