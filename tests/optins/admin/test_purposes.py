"""The list of opt-ins narrows to what they may be used for."""

import pytest
from django.urls import reverse

from messenger_admin.roles import SUPPORT
from optins.states import Purpose
from tests.factories import OptInFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", Purpose.values)
def test_the_list_narrows_by_purpose(purpose: str) -> None:
    for each in Purpose.values:
        OptInFactory(purpose=each, customer_id=f"for-{each}")
    answer = client_as(SUPPORT).get(reverse("admin:optins_optin_changelist"), {"purpose__exact": purpose})
    assert [optin.customer_id for optin in answer.context["cl"].result_list] == [f"for-{purpose}"]
