"""Whatever is other people's stays out of a person's whole file."""

import json

import pytest

from notifications.models import CallbackCall, CallbackEvent
from optins.models import ConsentEvent, ConsentKind, Invitation, OptIn
from optins.services.whole_file.person import of_optin
from pages.models import AuditEntry, Thread
from tests.factories import UserFactory
from tests.support.known import ID, NOW, OTHER, PSID
from tests.support.person import SOMEBODY, everywhere
from tests.support.whole_file import made, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    return everywhere()


def test_others_are_not_in_it(optin: OptIn) -> None:
    actor = UserFactory(username="agent.smith")
    Thread.objects.filter(psid=PSID).update(assigned_to=actor)
    AuditEntry.objects.create(
        actor=actor,
        action="thread.assigned",
        subject=f"pages.thread:{Thread.objects.get().pk}",
        detail={"to": "agent.smith"},
    )

    page, data = made(of_optin(optin))

    whole = page + json.dumps(data, ensure_ascii=False)
    assert [word for word in (OTHER, SOMEBODY, f"{ID}7", "agent.smith") if word in whole] == []
    acts = [act for act in data["chapters"]["acts"] if act["action"] == "thread.assigned"]
    assert {act["by"] for act in acts} == {"staff"}


def test_who_came_with_the_persons_id_is_only_said_to_be_another(optin: OptIn) -> None:
    stranger = OptIn.objects.get(customer_id=OTHER).recipient
    Invitation.objects.filter(customer_id=ID).update(recipient=stranger, proof={"arrival": {"event": "m_of_another"}})

    _page, data = made(of_optin(optin))

    (click,) = [each for each in data["chapters"]["clicks"] if each.get("customer_id") == ID]
    assert (click["who_came"], click["proof"]) == ("another_person", {})


def test_an_id_that_somebody_else_holds_is_taken_out_of_the_address_too(optin: OptIn) -> None:
    Invitation.objects.filter(customer_id=OTHER).update(address=f"https://shop.example/account/{OTHER}/orders")

    page, data = made(of_optin(optin))

    assert OTHER not in page + json.dumps(data)


def test_what_the_person_tried_under_an_id_of_another_does_not_name_it(optin: OptIn) -> None:
    held = OptIn.objects.get(customer_id=OTHER)
    evidence = {"address": f"https://shop.example/account/{OTHER}"}
    tried = {"kind": ConsentKind.CONFLICT, "at": NOW, "recipient": optin.recipient, "evidence": evidence}
    ConsentEvent.objects.create(optin=held, **tried)

    page, data = made(of_optin(optin))

    assert {"address": "https://shop.example/account/…"} in list(values(data, "consent.evidence"))
    assert OTHER not in page


def test_who_else_tried_the_persons_id_leaves_no_trace_of_how(optin: OptIn) -> None:
    stranger = OptIn.objects.get(customer_id=OTHER).recipient
    tried = {"kind": ConsentKind.CONFLICT, "at": NOW, "recipient": stranger, "evidence": {"event": "m_of_another"}}
    ConsentEvent.objects.create(optin=optin, **tried)

    _page, data = made(of_optin(optin))

    claims = [row for row in data["chapters"]["consent"] if row["by"] == "another_person"]
    assert [row["evidence"] for row in claims] == [{}]


def test_the_answer_to_a_call_about_the_person_alone_is_in_it(optin: OptIn) -> None:
    event = CallbackEvent.objects.exclude(number=None).get()
    call = CallbackCall.objects.get()
    CallbackCall.objects.filter(pk=call.pk).delete()
    call.first_number = call.last_number = event.number or 0
    call.events, call.pk = 1, None
    call.save()

    _page, data = made(of_optin(optin))

    assert f"Thank you for {ID}" in list(values(data, "callbacks.answer"))


def test_of_an_answer_to_a_batch_the_persons_part_alone_is_in_it(optin: OptIn) -> None:
    _page, data = made(of_optin(optin))

    batch = [each for each in data["chapters"]["answers"] if each["key"] is None]
    # Of three messages two were to the id: one was taken, one is of a page that does not know it.
    assert [part["status"] for part in batch[0]["answer"]] == [202, 404]
    assert (len(batch), OTHER in json.dumps(batch)) == (1, False)
