"""The export is asked for, keeps what the list was narrowed to, and leaves as a stream."""

import csv
import io
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from messenger_admin.roles import MARKETING, SUPPORT
from optins.services import exporting
from optins.states import OptInState
from optins.transfer.header import MARK
from pages.models import AuditEntry, Page
from tests.factories import LinkedPageFactory, OptInFactory, PageFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db

LIST = reverse("admin:optins_optin_changelist")
EXPORT = reverse("admin:optins_optin_export")


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


@pytest.fixture
def page() -> Page:
    found: Page = LinkedPageFactory()
    return found


def file(client: Client, page: Page, query: str = "") -> list[str]:
    """The customer_ids in the file."""
    answer: Any = client.post(f"{EXPORT}{query}", {"page": page.pk, "delimiter": ","})
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith(MARK)
    return [row["customer_id"] for row in csv.DictReader(io.StringIO(text[1:], newline=""))]


def test_the_file_has_the_opt_ins_of_the_page(support: Client, page: Page) -> None:
    OptInFactory(page=page, customer_id="FR-1")
    OptInFactory(customer_id="FR-2")
    assert file(support, page) == ["FR-1"]


def test_it_is_a_download_with_a_name(support: Client, page: Page) -> None:
    answer = support.post(EXPORT, {"page": page.pk, "delimiter": ","})
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="optins-{page.page_id}-20')
    assert disposition.endswith('.csv"')
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_it_leaves_piece_by_piece(support: Client, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    for _ in range(5):
        OptInFactory(page=page)
    answer = support.post(EXPORT, {"page": page.pk, "delimiter": ","})
    assert isinstance(answer, StreamingHttpResponse)
    assert len(list(answer)) == 4


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("?state__exact=revoked", ["order-2"]),
        ("?q=order-", ["order-1", "order-2"]),
        ("?q=order-&state__exact=active", ["order-1"]),
        ("?conflict=yes", []),
        ("", ["order-1", "order-2", "FR-1"]),
    ],
)
def test_it_keeps_what_the_list_was_narrowed_to(support: Client, page: Page, query: str, ids: list[str]) -> None:
    OptInFactory(page=page, customer_id="order-1")
    OptInFactory(page=page, customer_id="order-2", state=OptInState.REVOKED)
    OptInFactory(page=page, customer_id="FR-1")
    assert file(support, page, query) == ids


def test_another_page_than_the_lists_may_be_chosen(support: Client, page: Page) -> None:
    OptInFactory(page=page, customer_id="FR-1")
    assert file(support, page, f"?page__id__exact={PageFactory().pk}") == ["FR-1"]


def test_the_question_says_how_the_list_was_narrowed(support: Client) -> None:
    html = support.get(EXPORT, {"state__exact": "revoked", "q": "order-"}).text
    assert "<dt>State</dt> <dd>Revoked</dd>" in html
    assert "<dt>Customer_id begins with</dt> <dd>order-</dd>" in html
    assert "All of them" in support.get(EXPORT).text


def test_the_page_of_the_list_is_chosen_already(support: Client, page: Page) -> None:
    PageFactory()
    form = support.get(EXPORT, {"page__id__exact": page.pk}).context["form"]
    assert str(form["page"].value()) == str(page.pk)
    assert support.get(EXPORT).context["form"]["page"].value() is None


def test_the_only_page_is_chosen_already(support: Client, page: Page) -> None:
    assert support.get(EXPORT).context["form"]["page"].value() == page.pk


def test_without_a_page_nothing_leaves(support: Client, page: Page) -> None:
    answer = support.post(EXPORT, {"page": "", "delimiter": ","})
    assert answer.status_code == 200
    assert "Choose the page." in answer.text
    assert not AuditEntry.objects.exists()


def test_a_filter_that_can_not_be_leads_back_to_the_list(support: Client) -> None:
    answer = support.get(EXPORT, {"page__id__exact": "1", "nonsense": "a"}, follow=True)
    assert answer.redirect_chain[-1][0] == LIST
    assert "Choose its filters anew" in answer.text


@pytest.mark.parametrize(("language", "delimiter"), [("en", ","), ("fr", ";")])
def test_what_the_readers_excel_splits_is_offered_first(language: str, delimiter: str) -> None:
    client = client_as(SUPPORT)
    client.cookies["django_language"] = language
    assert client.get(EXPORT).context["form"]["delimiter"].value() == delimiter


def test_who_exported_is_kept_but_not_which_customer_was_looked_for(support: Client, page: Page) -> None:
    file(support, page, "?q=order-&state__exact=active")
    began, ended = AuditEntry.objects.order_by("pk")
    assert began.actor == ended.actor
    assert began.actor is not None
    assert began.detail == {"state__exact": "active", "searched": True}
    assert ended.detail == {"rows": 0, "whole": True}


def test_the_list_leads_to_it_with_its_filters(support: Client) -> None:
    assert f'href="{EXPORT}?state__exact=revoked&amp;q=FR-"' in support.get(f"{LIST}?state__exact=revoked&q=FR-").text
    assert f'href="{EXPORT}"' in support.get(LIST).text


def test_who_may_not_is_not_shown_the_way(page: Page) -> None:
    marketing = client_as(MARKETING)
    assert EXPORT not in marketing.get(LIST).text
    assert marketing.post(EXPORT, {"page": page.pk, "delimiter": ","}).status_code == 403
