"""Utility templates keep up with Facebook's own copy, whatever is told when."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import TemplateLook, TemplateStatus, UtilityTemplate
from notifications.payloads.utility import Draft
from notifications.services import utility
from pages.events import TemplateStatusChanged
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import AuditEntry, Page
from pages.services import looking
from pages.signals import facebook_event
from pages.states import GatewayKind
from tests.factories import ConnectedPageFactory, LinkedPageFactory, UserFactory
from tests.pages.services.test_health import FIELDS, HEALTHY
from tests.support.graph_api import graph, refuses, routed, says

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
S = TemplateStatus
WORDS = "Hello {{1}}, your order has left."
BODY = {"type": "BODY", "text": WORDS, "example": {"body_text": [["Claire"]]}}
DRAFT = Draft(name="order_left", language="en", body=WORDS, samples={"1": "Claire"})


@pytest.fixture
def page() -> Page:
    made: Page = LinkedPageFactory(gateway=GatewayKind.META)
    return made


def listed(**changes: Any) -> dict[str, Any]:
    known = {"id": "1045", "name": "order_left", "language": "en", "status": "APPROVED", "category": "UTILITY"}
    return {**known, "components": [BODY], "parameter_format": "POSITIONAL", **changes}


def kept(page: Page, **values: Any) -> UtilityTemplate:
    known = {"name": "order_left", "language": "en", "facebook_id": "1045", "status": S.PENDING, "components": [BODY]}
    times = {"created_at": NOW - timedelta(hours=1), "synced_at": NOW - timedelta(hours=1)}
    return UtilityTemplate.objects.create(page=page, **{**known, **times, **values})


def statuses(page: Page) -> dict[str, str]:
    return {str(row): row.status for row in UtilityTemplate.objects.filter(page=page)}


def test_what_facebook_has_is_here_and_what_left_is_gone(page: Page) -> None:
    kept(page)
    kept(page, language="fr", facebook_id="1046", status=S.APPROVED)
    other = kept(LinkedPageFactory(gateway=GatewayKind.META))
    new = listed(id="1047", name="refunded", status="REJECTED", rejected_reason="TAG_SHOULD_BE_MARKETING")
    with graph(says({"data": [listed(), new]})):
        found = utility.sync(page=page, now=NOW)
    assert (found.found, found.gone) == (2, 1)
    assert statuses(page) == {"order_left (en)": "APPROVED", "order_left (fr)": "GONE", "refunded (en)": "REJECTED"}
    assert UtilityTemplate.objects.get(name="refunded").reason == "TAG_SHOULD_BE_MARKETING"
    other.refresh_from_db()
    assert other.status == S.PENDING


def test_looking_twice_finds_the_same(page: Page) -> None:
    for _ in range(2):
        with graph(says({"data": [listed()]})):
            assert utility.sync(page=page, now=NOW).gone == 0
    assert UtilityTemplate.objects.count() == 1


def test_what_was_gone_comes_back(page: Page) -> None:
    kept(page, status=S.GONE, facebook_id="1")
    with graph(says({"data": [listed(id="2")]})):
        utility.sync(page=page, now=NOW)
    assert UtilityTemplate.objects.get().facebook_id == "2"
    assert statuses(page) == {"order_left (en)": "APPROVED"}


def test_a_person_who_synchronises_is_written_down(page: Page) -> None:
    with graph(says({"data": []})):
        utility.sync(page=page, now=NOW, actor=UserFactory())
    assert AuditEntry.objects.get().action == "template.synchronised"


@pytest.mark.parametrize("script", [refuses(190), says([])], ids=["a dead token", "no answer of Facebook's"])
def test_a_look_that_fails_changes_nothing(page: Page, script: Any) -> None:
    kept(page, status=S.APPROVED)
    with graph(script), pytest.raises((GraphError, GraphUnreachable)):
        utility.sync(page=page, now=NOW)
    assert statuses(page) == {"order_left (en)": "APPROVED"}


@pytest.mark.parametrize(
    ("script", "trouble", "detail"),
    [
        (refuses(190), "token", ""),
        (refuses(10), "permission", ""),
        (refuses(4), "busy", ""),
        (refuses(100, message="Not in your country."), "refused", "Not in your country."),
        (says("rubbish", status=200), "unreachable", ""),
    ],
)
def test_a_look_that_nobody_asked_for_keeps_why_it_failed(page: Page, script: Any, trouble: str, detail: str) -> None:
    kept(page)
    with graph(script):
        utility.keep_up(page=page, now=NOW)
    look = TemplateLook.objects.get(page=page)
    assert (look.looked_at, look.trouble, look.detail) == (NOW, trouble, detail)
    assert statuses(page) == {"order_left (en)": "PENDING"}


def test_the_next_look_that_succeeds_ends_the_trouble(page: Page) -> None:
    TemplateLook.objects.create(page=page, looked_at=NOW - timedelta(days=1), trouble="refused", detail="No.")
    with graph(says({"data": [listed()]})):
        utility.keep_up(page=page, now=NOW)
    look = TemplateLook.objects.get(page=page)
    assert (look.looked_at, look.trouble, look.detail) == (NOW, "", "")
    assert statuses(page) == {"order_left (en)": "APPROVED"}


def test_of_a_page_that_is_not_linked_directly_nobody_is_asked(page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(gateway=GatewayKind.IADVIZE)
    page.refresh_from_db()
    with graph() as far_end:
        utility.keep_up(page=page, now=NOW)
    assert not far_end.asked
    assert not TemplateLook.objects.exists()


def test_the_daily_look_at_a_page_synchronises_its_templates() -> None:
    page = ConnectedPageFactory()
    told = HEALTHY | {("GET", f"{page.page_id}/message_templates"): {"data": [listed()]}}
    with graph(routed(told), WEBHOOK_FIELDS=FIELDS) as far_end:
        looking.check_due(now=NOW)
        looking.check_due(now=NOW)
    assert statuses(page) == {"order_left (en)": "APPROVED"}
    assert sum("message_templates" in asked.path for asked in far_end.asked) == 1


def test_a_page_whose_token_is_dead_is_not_asked_for_its_templates() -> None:
    page = ConnectedPageFactory()
    dead = {("GET", "debug_token"): {"data": {"is_valid": False, "error": {"code": 190, "message": "Gone."}}}}
    with graph(routed(HEALTHY | dead), WEBHOOK_FIELDS=FIELDS) as far_end:
        looking.check_due(now=NOW)
    assert not any("message_templates" in asked.path for asked in far_end.asked)
    assert not TemplateLook.objects.filter(page=page).exists()


def test_a_listing_that_breaks_off_takes_nothing_away(page: Page) -> None:
    kept(page, name="last", status=S.APPROVED)
    more = {"data": [listed()], "paging": {"cursors": {"after": "A"}, "next": "https://graph.facebook.com/next"}}
    with graph(says(more), refuses(2, status=500)), pytest.raises(GraphError):
        utility.sync(page=page, now=NOW)
    assert statuses(page) == {"last (en)": "APPROVED"}


def test_a_created_template_waits_for_facebook(page: Page) -> None:
    actor = UserFactory()
    with graph(says({"id": "1045", "status": "PENDING", "category": "UTILITY"})) as far_end:
        row = utility.create(page=page, draft=DRAFT, actor=actor, now=NOW)
    row.refresh_from_db()
    assert (row.status, row.facebook_id, row.components, row.created_by) == (S.PENDING, "1045", [BODY], actor)
    assert far_end.asked[0].json["category"] == "UTILITY"
    assert AuditEntry.objects.get().action == "template.created"


def test_what_facebook_refuses_leaves_nothing_here(page: Page) -> None:
    with graph(refuses(100, message="It exists already.")), pytest.raises(GraphError):
        utility.create(page=page, draft=DRAFT, actor=None, now=NOW)
    assert not UtilityTemplate.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_deleted_template_stays_here_as_gone(page: Page) -> None:
    row = kept(page, status=S.APPROVED)
    with graph(says({"success": True})) as far_end:
        utility.delete(template=row, actor=None, now=NOW)
    assert far_end.asked[0].query["hsm_id"] == "1045"
    assert statuses(page) == {"order_left (en)": "GONE"}
    assert AuditEntry.objects.get().action == "template.deleted"


@pytest.mark.parametrize("changes", [{"gateway": GatewayKind.IADVIZE}, {"token": ""}])
def test_a_page_that_is_not_linked_directly_has_nobody_to_ask(page: Page, changes: dict[str, Any]) -> None:
    Page.objects.filter(pk=page.pk).update(**changes)
    page.refresh_from_db()
    with pytest.raises(utility.NotLinked):
        utility.sync(page=page, now=NOW)


# --- Told by webhook ------------------------------------------------------------------------------------------


def told(page: Page, status: str, **changes: Any) -> None:
    known = {"template_id": "1045", "name": "order_left", "language": "en", "psid": "", "at": NOW, "reason": ""}
    event = TemplateStatusChanged(page_id=page.page_id, status=status, **{**known, **changes})
    facebook_event.send(sender=Page, page=page, thread=None, event=event, now=NOW)


@pytest.mark.parametrize(
    ("word", "reason", "status", "kept_reason"),
    [
        ("APPROVED", "NONE", S.APPROVED, ""),
        ("approved", "", S.APPROVED, ""),
        ("REJECTED", "INCORRECT_PARAMS", S.REJECTED, "INCORRECT_PARAMS"),
        ("PAUSED", "", S.PAUSED, ""),
        ("DISABLED", "", S.DISABLED, ""),
        ("FLAGGED", "", S.APPROVED, ""),
        ("PENDING_DELETION", "", S.GONE, ""),
        ("SOMETHING_NEW", "", S.DISABLED, "SOMETHING_NEW"),
    ],
)
def test_facebooks_words_for_a_status(page: Page, word: str, reason: str, status: str, kept_reason: str) -> None:
    row = kept(page)
    told(page, word, reason=reason)
    row.refresh_from_db()
    assert (row.status, row.reason) == (status, kept_reason)


@pytest.mark.parametrize(
    "changes",
    [{"template_id": "1"}, {"name": "other"}, {"language": "fr"}, {"at": NOW - timedelta(hours=2)}],
    ids=["one that was deleted before", "another", "another language", "long before the last look"],
)
def test_what_is_told_of_something_else_changes_nothing(page: Page, changes: dict[str, Any]) -> None:
    kept(page)
    told(page, "APPROVED", **changes)
    assert statuses(page) == {"order_left (en)": "PENDING"}


def test_what_comes_late_takes_no_decision_back(page: Page) -> None:
    kept(page)
    told(page, "APPROVED")
    told(page, "PENDING")
    assert statuses(page) == {"order_left (en)": "APPROVED"}


def test_another_pages_template_of_that_name_is_another(page: Page) -> None:
    other = LinkedPageFactory(gateway=GatewayKind.META)
    kept(page)
    kept(other)
    told(page, "APPROVED")
    assert statuses(other) == {"order_left (en)": "PENDING"}
