"""For whom a message can be filled: the database's answer is Python's."""

from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Campaign
from notifications.payloads import compiled
from notifications.services import campaigns, fillability
from notifications.services.fillability import Shortage, shortage, unfillable
from notifications.services.launchability import CannotLaunch, problems_of
from notifications.states import AudienceKind
from optins.attributes import BLANKS, words_of
from optins.models import OptIn
from tests.factories import CampaignFactory, LinkedPageFactory, NotificationFactory, OptInFactory

pytestmark = pytest.mark.django_db

VALUES: list[Any] = [
    "Zoé",
    " Zoé ",
    "",
    " ",
    BLANKS,
    "\u200b",
    "true",
    "0",
    "null",
    0,
    3,
    -1.5,
    1e300,
    True,
    False,
    None,
    [],
    ["Zoé"],
    {},
    {"a": 1},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_the_database_finds_words_where_python_does(value: Any) -> None:
    OptInFactory(attributes={"first_name": value, "other": "x"})
    assert OptIn.objects.with_words(["first_name"]).exists() is (words_of(value) is not None)


@pytest.mark.parametrize("attributes", [{}, {"First_name": "Z"}, {"first_names": "Z"}, {"a": {"first_name": "Z"}}])
def test_another_name_is_another_attribute(attributes: dict[str, Any]) -> None:
    OptInFactory(attributes=attributes)
    assert not OptIn.objects.with_words(["first_name"]).exists()


BODY = '{"text":"{{ a }} {{ b }} {{ c|see }}"}'


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([{"a": "x", "b": "x"}, {}], []),
        ([{"a": "x"}, {}], ["b"]),
        ([{}, {"c": "x"}], ["a", "b"]),
        ([{"a": "x"}, {"b": "x"}], ["a", "b"]),
    ],
)
def test_what_nobody_can_fill_is_named(known: list[dict[str, str]], expected: list[str]) -> None:
    page = LinkedPageFactory()
    for attributes in known:
        OptInFactory(page=page, attributes=attributes)
    OptInFactory(attributes={"a": "x", "b": "x"})
    assert list(unfillable(compiled(BODY), OptIn.objects.filter(page=page))) == expected


def test_who_lacks_any_required_value_is_counted() -> None:
    for attributes in ({"a": "x", "b": "x"}, {"a": "x"}, {"a": "x", "b": " "}, {}):
        OptInFactory(attributes=attributes)
    assert shortage(compiled(BODY), OptIn.objects.all()) == Shortage(count=3, names=("a", "b"), at_least=False)


def test_of_a_large_audience_only_a_part_is_looked_at_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    OptInFactory.create_batch(6)
    monkeypatch.setattr(fillability, "LOOKED_AT", 4)
    assert shortage(compiled(BODY), OptIn.objects.all()) == Shortage(count=4, names=("a", "b"), at_least=True)


@pytest.mark.parametrize("body", ['{"text":"{{ a|x }}"}', '{"text":"a"}'])
def test_a_message_that_needs_nothing_asks_nothing(body: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert list(unfillable(compiled(body), OptIn.objects.all())) == []
        assert shortage(compiled(body), OptIn.objects.all()) is None


def said(campaign: Campaign) -> list[str]:
    return [str(problem) for problem in problems_of(campaign, now=timezone.now())]


def test_a_launch_that_nobody_can_be_filled_for_is_refused_with_the_way_out() -> None:
    optin = OptInFactory(attributes={"size": "M"})
    body = {"text": "{{ first_name }} {{ size }} {{ greeting|hi }}"}
    campaign = CampaignFactory(page=optin.page, notification=NotificationFactory(body=body))
    assert said(campaign) == [
        "Nobody in this audience can get it, for want of: {{ first_name }}. Give the placeholder a default, as in "
        "{{ first_name|… }}, or enter the values on the opt-ins."
    ]
    with pytest.raises(CannotLaunch):
        campaigns.launch(campaign=campaign, actor=None, now=timezone.now())


def test_one_customer_who_can_be_filled_is_enough_to_launch() -> None:
    optin = OptInFactory(attributes={"first_name": "Zoé"})
    OptInFactory(page=optin.page)
    body = {"text": "{{ first_name }}"}
    assert said(CampaignFactory(page=optin.page, notification=NotificationFactory(body=body))) == []


def test_the_audience_alone_counts() -> None:
    page = LinkedPageFactory()
    OptInFactory(page=page, customer_id="DE-1", attributes={"first_name": "Zoé"})
    OptInFactory(page=page, customer_id="FR-1")
    OptInFactory(attributes={"first_name": "Zoé"})
    campaign = CampaignFactory(
        page=page,
        audience_kind=AudienceKind.PREFIX,
        audience_prefix="FR-",
        notification=NotificationFactory(body={"text": "{{ first_name }}"}),
    )
    assert len(said(campaign)) == 1
