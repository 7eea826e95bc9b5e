"""The sidebar: by job, and only what a person may see."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from notifications.states import DeliveryState
from pages.models.incident import IncidentKind
from pages.services.incidents import hold_page
from tests.factories import DeliveryFactory, LinkedPageFactory
from tests.people import STRANGER, client_as

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")
SEEN_BY_ALL = [
    "Today",
    "Notifications",
    "Campaigns",
    "Delivery history",
    "In doubt",
    "Opt-ins",
    "Sites",
    "Facebook pages",
    "Incidents",
    "Patterns of ids",
    "Messenger on this machine",
]


def items(client: Client, url: str = INDEX) -> list[dict[str, object]]:
    groups = client.get(url).context["sidebar_navigation"]
    return [item for group in groups for item in group["items"]]


@pytest.mark.parametrize(
    ("role", "besides"),
    [
        (
            ADMINISTRATORS,
            {
                *(
                    "API tokens",
                    "API",
                    "Callbacks",
                    "Log of calls",
                    "Consent log",
                    "People",
                    "Groups",
                    "Audit log",
                    "Retention",
                ),
                *("Facebook’s events", "Conversations", "Utility templates", "Buttons", "Tag", "Imports"),
            },
        ),
        (MARKETING, {"Utility templates", "Buttons"}),
        (SUPPORT, {"Consent log", "Conversations", "Facebook’s events", "Buttons", "Imports"}),
    ],
)
def test_each_role_sees_its_own_items(role: str, besides: set[str]) -> None:
    assert {str(item["title"]) for item in items(client_as(role))} == {*SEEN_BY_ALL, *besides}


def test_every_item_leads_somewhere() -> None:
    client = client_as(ADMINISTRATORS)
    for item in items(client):
        if not str(item["link"]).startswith("/sandbox/"):
            assert client.get(str(item["link"])).status_code == 200, item


def test_a_stranger_sees_no_list() -> None:
    assert [str(item["title"]) for item in items(client_as(STRANGER))] == ["Today", "Messenger on this machine"]


def test_without_a_sandbox_there_is_no_way_to_it(settings: object) -> None:
    settings.SANDBOX = False  # type: ignore[attr-defined]  # pytest-django's settings
    assert "Messenger on this machine" not in [str(item["title"]) for item in items(client_as(MARKETING))]


def test_doubts_and_incidents_are_counted_beside_their_items() -> None:
    DeliveryFactory(state=DeliveryState.UNKNOWN)
    hold_page(page=LinkedPageFactory(), kind=IncidentKind.FORBIDDEN, detail="", now=timezone.now())
    badges = {str(item["title"]): item["badge"] for item in items(client_as(SUPPORT)) if item.get("badge")}
    assert badges == {"In doubt": "1", "Incidents": "1"}


@pytest.mark.parametrize(("query", "active"), [("", "Delivery history"), ("?state=unknown", "In doubt")])
def test_one_item_is_active(query: str, active: str) -> None:
    url = reverse("admin:notifications_delivery_changelist") + query
    assert [str(item["title"]) for item in items(client_as(SUPPORT), url) if item["active"]] == [active]


def test_the_list_in_doubt_holds_the_doubtful_alone() -> None:
    doubtful = DeliveryFactory(state=DeliveryState.UNKNOWN)
    DeliveryFactory(state=DeliveryState.SENT)
    client = client_as(SUPPORT)
    link = next(str(item["link"]) for item in items(client) if str(item["title"]) == "In doubt")
    assert list(client.get(link).context["cl"].result_list) == [doubtful]


def test_no_page_of_ours_holds_an_inline_script() -> None:
    text = client_as(ADMINISTRATORS).get(INDEX).content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", text)
