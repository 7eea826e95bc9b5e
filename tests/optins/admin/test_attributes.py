"""What is known of a customer is seen and edited, each mistake said at its field, and who did is kept."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import MARKETING, SUPPORT
from optins.models import OptIn
from optins.services import ChangedMeanwhile, describe
from pages.models import AuditEntry
from tests.factories import OptInFactory, UserFactory
from tests.people import client_as
from tests.support.forms import read_errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Client:
    return client_as(SUPPORT)


def optin_with(**attributes: object) -> OptIn:
    optin: OptIn = OptInFactory(attributes=attributes)
    return optin


def url(optin: OptIn) -> str:
    return reverse("admin:optins_optin_describe", args=[optin.pk])


def sent(client: Client, optin: OptIn, *rows: tuple[str, str], removed: int = -1) -> Any:
    """Fills the form in as it was shown, row by row; a row that is not given stays as it is."""
    shown = client.get(url(optin)).context["form"]
    fields: dict[str, Any] = {"known": shown.known_as_text}
    fields |= {f"attribute-{key}_FORMS": shown.management_form[f"{key}_FORMS"].value() for key in ("TOTAL", "INITIAL")}
    for number, form in enumerate(shown.forms):
        name, value = rows[number] if number < len(rows) else (form["name"].value() or "", form["value"].value() or "")
        fields |= {f"attribute-{number}-name": name, f"attribute-{number}-value": value}
    if removed >= 0:
        fields[f"attribute-{removed}-removed"] = "on"
    return client.post(url(optin), fields)


def known(optin: OptIn) -> Any:
    return OptIn.objects.get(pk=optin.pk).attributes


def test_the_page_of_an_opt_in_says_what_is_known(support: Client) -> None:
    optin = optin_with(first_name="Zoé <b>", points=3, tags=["a"])
    html = support.get(reverse("admin:optins_optin_change", args=[optin.pk])).text
    for pair in (("first_name", "Zoé &lt;b&gt;"), ("points", "3"), ("tags", "[&quot;a&quot;]")):
        assert "<dt>{}</dt> <dd>{}</dd>".format(*pair) in html
    assert url(optin) in html


def test_attributes_are_added_changed_and_removed(support: Client) -> None:
    optin = optin_with(first_name="Zoe", city="Nantes")
    answer = sent(support, optin, ("city", "Nantes"), ("first_name", "Zoé"), ("size", " M "), removed=0)
    assert answer.status_code == 302
    assert known(optin) == {"first_name": "Zoé", "size": "M"}


def test_who_changed_what_is_kept_but_not_the_values(support: Client) -> None:
    optin = optin_with(first_name="Zoe", city="Nantes")
    sent(support, optin, ("city", "Nantes"), ("first_name", "Zoé"), removed=0)
    entry = AuditEntry.objects.get(action="optin.described")
    assert entry.detail == {"set": ["first_name"], "removed": ["city"]}
    assert entry.actor is not None


def test_what_nobody_touches_keeps_its_shape(support: Client) -> None:
    before = {"points": 3, "ratio": 0.5, "tags": ["a"], "vip": True, "Old Name": "x", "note": "two\nlines"}
    optin = optin_with(**before)
    shown = [("Old Name", "x"), ("note", "twolines"), ("points", "3"), ("ratio", "0.5"), ("first_name", "Zoé")]
    assert sent(support, optin, *shown).status_code == 302
    assert known(optin) == {**before, "first_name": "Zoé"}


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (("First Name", "Zoé"), "name", "small letters"),
        (("", "Zoé"), "name", "Give this value a name"),
        (("size", ""), "value", "Give a value"),
        (("size", "x" * 1001), "value", "1000 characters"),
        (("size", "x\x07"), "value", "control characters"),
        (("first_name", "Claire"), "name", "another value of this name"),
        (("tags", "x"), "name", "another value of this name"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_is_lost(
    support: Client, row: tuple[str, str], field: str, words: str
) -> None:
    optin = optin_with(first_name="Zoé", tags=["a"])
    answer = sent(support, optin, ("first_name", "Zoë"), row)
    assert answer.status_code == 200
    assert words in read_errors(answer.text).get(f"id_attribute-1-{field}", "")
    assert answer.context["form"].forms[0]["value"].value() == "Zoë"
    assert known(optin) == {"first_name": "Zoé", "tags": ["a"]}


def test_nobody_overwrites_unawares(support: Client) -> None:
    optin = optin_with(first_name="Zoé")
    stale = {"known": '{"first_name": "Claire"}', "attribute-TOTAL_FORMS": "1", "attribute-INITIAL_FORMS": "1"}
    answer = support.post(url(optin), {**stale, "attribute-0-name": "first_name", "attribute-0-value": "Anne"})
    assert "Somebody else changed them meanwhile" in answer.text
    assert answer.context["form"].forms[0]["value"].value() == "Zoé"
    assert known(optin) == {"first_name": "Zoé"}


def test_saving_what_is_there_changes_nothing(support: Client) -> None:
    optin = optin_with(first_name="Zoé")
    assert sent(support, optin).status_code == 302
    assert not AuditEntry.objects.exists()


def test_the_names_that_the_page_knows_are_offered(support: Client) -> None:
    optin = optin_with(first_name="Zoé", tags=["a"])
    OptInFactory(page=optin.page, attributes={"size": "M"})
    OptInFactory(attributes={"elsewhere": "x"})
    assert support.get(url(optin)).context["names"] == ["first_name", "size"]


@pytest.mark.parametrize("known_field", ["{", "[]", ""])
def test_a_form_that_was_tampered_with_changes_nothing(support: Client, known_field: str) -> None:
    optin = optin_with(first_name="Zoé")
    fields = {"known": known_field, "attribute-TOTAL_FORMS": "0", "attribute-INITIAL_FORMS": "0"}
    assert support.post(url(optin), fields).status_code in {200, 302}
    assert known(optin) == {"first_name": "Zoé"}


def test_marketing_sees_and_does_not_edit() -> None:
    optin = optin_with(first_name="Zoé")
    marketing = client_as(MARKETING)
    assert "Zoé" in marketing.get(reverse("admin:optins_optin_change", args=[optin.pk])).text
    assert marketing.get(url(optin)).status_code == 403


def test_of_two_at_once_the_second_is_told() -> None:
    optin, actor = optin_with(first_name="Zoé"), UserFactory()
    before = dict(optin.attributes)
    assert describe(optin=optin, before=before, after={"first_name": "Anne"}, actor=actor)
    with pytest.raises(ChangedMeanwhile):
        describe(optin=optin, before=before, after={"first_name": "Claire"}, actor=actor)
    assert known(optin) == {"first_name": "Anne"}
    assert timezone.now() >= AuditEntry.objects.get().at
