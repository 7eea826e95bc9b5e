"""A worker of callbacks, as the product starts it: a hint leads to a call, and no beat has to run for that."""

import json
import signal
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import timezone

from messenger_admin.supervisor.stack import CALLBACKS
from notifications.models import CallbackCall
from notifications.models.callback import CallbackOutcome
from optins.services import Agreement, agree
from optins.states import Source
from tests.support.callbacks import TAKEN, body, listened_to
from tests.support.databases import database_url
from tests.support.far_end import FarEnd
from tests.support.processes import Running, TooLate, environment, running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker() -> Iterator[Running]:
    env = environment(
        DATA_DIR=str(settings.DATA_DIR),
        DATABASE_URL=database_url(),
        CELERY_BROKER_URL=settings.CELERY_BROKER_URL,
        CELERY_QUEUE=settings.CELERY_QUEUE,
        LOG_LEVEL="WARNING",
    )
    with running(*CALLBACKS, env=env) as started:
        yield started
        started.send(signal.SIGTERM)
        started.wait(20)


def test_an_agreement_is_told_to_the_sites_server(worker: Running) -> None:
    with FarEnd(TAKEN) as end:
        page, callback = listened_to(url=end.url)

        agree(page=page, customer_id="order-1", agreement=Agreement(source=Source.API), now=timezone.now())

        try:
            wait_for(lambda: CallbackCall.objects.exists(), "a call", seconds=180)
        except TooLate:
            pytest.fail(f"The hint led to no call.\n{worker.said}")
        (request,) = end.requests
    (event,) = json.loads(body(request))["events"]
    assert (event["number"], event["type"], event["data"]["customer_id"]) == (1, "optin.granted", "order-1")
    call = CallbackCall.objects.get()
    assert (call.callback, call.outcome, call.replay) == (callback, CallbackOutcome.TAKEN, False)
