"""Whoever is erased leaves nothing in receipts, nor in the template that stood in for a message of their own."""

import pytest
from django.utils import timezone

from notifications.models import Content, Receipt
from notifications.payloads import parse
from notifications.payloads.utility import Choice
from notifications.services.contents import freeze
from optins.services import erase
from tests.notifications.services.receipts.sent import delivery_to, echo, linked_page, seconds, tell, thread_of

pytestmark = pytest.mark.django_db


def test_nothing_of_a_person_stays() -> None:
    page = linked_page()
    thread_of(page)
    choice = Choice(name="order_left", language="en", parameters={"1": "Claire Martin"})
    row = delivery_to(page, content=freeze(parse({"text": "Hello Claire Martin"}), choice))
    tell(page, echo(row, seconds(1), mid="m_of_claire"))
    assert Receipt.objects.get().mid == "m_of_claire"
    assert row.optin

    erase(optin=row.optin, actor=None, now=timezone.now())

    assert Receipt.objects.get().mid == ""
    assert "Claire" not in str(Content.objects.values_list("body", "utility").get())
