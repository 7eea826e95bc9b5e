"""A person is put everywhere, erased, and looked for in every column of every table."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Delivery
from notifications.services import ledger
from notifications.states import DeliveryState
from optins.models import Invitation, OptIn, Recipient, Refusal, Suppression
from optins.services import Agreement, StillLeaving, Suppressed, agree, agree_as
from optins.services.erasing_people import erase_customer, erase_person
from optins.states import OptInState, Source
from pages.models import AuditEntry, Erased, Thread, ThreadMessage, WebhookEvent, WebhookPost
from pages.webhooks import processing, splitting
from tests.factories import OptInFactory, UserFactory
from tests.support import facebook
from tests.support.api import Caller, secret_for
from tests.support.known import ID, NOW, OTHER, PSID, found_by_the_audit
from tests.support.person import SOMEBODY, WORDS, all_models, columns_with, everywhere

pytestmark = pytest.mark.django_db

# What can know a customer, and where the seed says so. A word in a column that is not named here fails the test below.
KNOWING = {
    "django_admin_log.object_repr",
    "notifications_attempt.answer",
    "notifications_attempt.message_id",
    "notifications_callbackcall.answer",
    "notifications_callbackevent.data",
    "notifications_content.body",
    "notifications_delivery.detail",
    "notifications_delivery.personal",
    "notifications_delivery.provider_message_id",
    "notifications_keptanswer.body",
    "notifications_keptanswer.key",
    "notifications_receipt.mid",
    "optins_consentevent.evidence",
    "optins_invitation.address",
    "optins_invitation.customer_id",
    "optins_invitation.proof",
    "optins_optin.attributes",
    "optins_optin.customer_id",
    "optins_recipient.psid",
    "optins_refusal.customer_id",
    "optins_refusal.detail",
    "optins_tagfinding.address",
    "optins_tagfinding.detail",
    "pages_auditentry.detail",
    "pages_thread.excerpt",
    "pages_thread.name",
    "pages_thread.picture_url",
    "pages_thread.profile_error",
    "pages_thread.psid",
    "pages_threadmessage.attachments",
    "pages_threadmessage.metadata",
    "pages_threadmessage.mid",
    "pages_threadmessage.origin",
    "pages_threadmessage.text",
    "pages_webhookevent.body",
    "pages_webhookevent.error",
    "pages_webhookevent.psid",
    "pages_webhookpost.body",
}
# The shop's and the staff's own, settings, counts, and hashes: nothing of a customer.
NOBODY = {
    "admin.LogEntry",
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "auth.User",
    "auth.User_groups",
    "auth.User_user_permissions",
    "contenttypes.ContentType",
    "sessions.Session",
    "notifications.Callback",
    "notifications.CallbackReplay",
    "notifications.Campaign",
    "notifications.Heartbeat",
    "notifications.Installation",
    "notifications.Lease",
    "notifications.Notification",
    "notifications.Tally",
    "notifications.TemplateLook",
    "notifications.UtilityTemplate",
    "optins.IdPattern",
    "optins.IdUse",
    "optins.Import",
    "optins.Quota",
    "optins.Suppression",
    "pages.ApiToken",
    "pages.Binding",
    "pages.Button",
    "pages.ButtonRule",
    "pages.Connection",
    "pages.Erased",
    "pages.FacebookLogin",
    "pages.FacebookRequest",
    "pages.Incident",
    "pages.Link",
    "pages.Page",
    "pages.RetentionRun",
    "pages.Site",
    "pages.Wording",
}


@pytest.fixture
def optin() -> OptIn:
    return everywhere()


def test_the_person_is_everywhere(optin: OptIn) -> None:
    found = {place for place in columns_with(WORDS) if "_words." not in place}
    assert found == KNOWING


def test_each_table_is_placed() -> None:
    """Whoever adds a model says here whether it can know a customer; then it is seeded, erased and exported."""
    tables = {place.partition(".")[0] for place in KNOWING}
    knowing = {label for label in all_models() if label.lower().replace(".", "_") in tables}

    assert knowing | NOBODY >= all_models(), all_models() - knowing - NOBODY


@pytest.mark.parametrize("by", ["customer_id", "psid", "both", "both, twice"])
def test_no_column_of_any_table_knows_her_afterwards(optin: OptIn, by: str) -> None:
    page = optin.page
    for _time in range(2 if by == "both, twice" else 1):
        if by != "psid":
            erase_customer(page=page, customer_id=ID, actor=None, now=NOW)
        if by != "customer_id":
            erase_person(page=page, psid=PSID, actor=UserFactory(), now=NOW)

    # Another customer's id may begin with hers.
    Refusal.objects.filter(customer_id=f"{ID}7").delete()
    assert columns_with(WORDS) == set()
    assert found_by_the_audit() == []


def test_others_stay(optin: OptIn) -> None:
    erase_person(page=optin.page, psid=PSID, actor=None, now=NOW)

    assert OptIn.objects.get(customer_id=OTHER).state == OptInState.ACTIVE
    assert Refusal.objects.filter(customer_id=f"{ID}7").count() == 1
    posts = [bytes(body).decode() for body in WebhookPost.objects.values_list("body", flat=True)]
    assert [SOMEBODY in body for body in posts] == [True, True]
    (invitation,) = Invitation.objects.all()
    assert [each["recipient"] for each in invitation.refused] == [Recipient.objects.latest("pk").pk]


def test_what_others_sent_in_the_same_post_is_still_heard(optin: OptIn) -> None:
    erase_person(page=optin.page, psid=PSID, actor=None, now=NOW)

    assert splitting.split_next(now=timezone.now())
    assert list(WebhookEvent.objects.values_list("psid", flat=True)) == [SOMEBODY]


def test_all_her_ids_go_by_her_facebook_id(optin: OptIn) -> None:
    second = OptInFactory(page=optin.page, customer_id="order-7", recipient=optin.recipient)

    done = erase_person(page=optin.page, psid=PSID, actor=None, now=NOW)

    second.refresh_from_db()
    assert (done.optins, second.state, second.customer_id == "order-7") == (2, OptInState.ERASED, False)
    assert Suppression.objects.count() == 2


def test_it_is_written_down_without_naming_her(optin: OptIn) -> None:
    actor = UserFactory()

    erase_person(page=optin.page, psid=PSID, actor=actor, now=NOW)

    entry = AuditEntry.objects.get(action="person.erased")
    assert (entry.actor, entry.subject) == (actor, f"pages.page:{optin.page_id}")
    assert entry.detail["optins"] == 1


def test_nobody_known_is_kept_away_all_the_same(optin: OptIn) -> None:
    erase_customer(page=optin.page, customer_id="never-seen", actor=None, now=NOW)
    erase_person(page=optin.page, psid="7010000000000000", actor=None, now=NOW)

    told = Agreement(source=Source.API)
    for psid, customer_id in ((None, "never-seen"), ("7010000000000000", "new-id")):
        with pytest.raises(Suppressed):
            agree_as(psid=psid, page=optin.page, customer_id=customer_id, agreement=told, now=NOW)
    assert columns_with(("never-seen", "7010000000000000", "new-id")) == set()


def test_an_id_that_nobody_held_leaves_the_answers_of_batches_too(optin: OptIn) -> None:
    wanted = [{"page_id": optin.page.page_id, "customer_id": who, "text": "Hello"} for who in (ID, "never-agreed")]
    caller = Caller(secret_for(optin.page))
    answer = caller.post("/v1/batches", json.dumps({"messages": wanted}), **{"Idempotency-Key": "batch-8"})
    assert [one["status"] for one in answer.json()["data"]] == [202, 404]
    assert columns_with(("never-agreed",)) == {"notifications_keptanswer.body"}

    erase_customer(page=optin.page, customer_id="never-agreed", actor=None, now=NOW)

    assert columns_with(("never-agreed",)) == set()


def test_she_comes_back_by_agreeing_herself(optin: OptIn) -> None:
    page = optin.page
    erase_person(page=page, psid=PSID, actor=None, now=NOW)
    herself = Recipient.objects.create(page=page, psid=PSID)

    agree(page=page, customer_id=ID, agreement=Agreement(source=Source.BUTTON, recipient=herself), now=NOW)

    told = Agreement(source=Source.API)
    assert agree_as(psid=PSID, page=page, customer_id="order-9", agreement=told, now=NOW).recipient == herself


def test_what_is_on_its_way_to_the_conversation_is_waited_for(optin: OptIn) -> None:
    reply = Delivery.objects.get(thread__psid=PSID)
    Delivery.objects.filter(pk=reply.pk).update(state=DeliveryState.DISPATCHING, fence=1, dispatch_started_at=NOW)

    with pytest.raises(StillLeaving):
        erase_person(page=optin.page, psid=PSID, actor=None, now=NOW)

    assert OptIn.objects.get(pk=optin.pk).state == OptInState.REVOKED
    ledger.move_ids([reply.pk], DeliveryState.SENT, frm=DeliveryState.DISPATCHING, sent_at=NOW, ended_at=NOW)
    erase_person(page=optin.page, psid=PSID, actor=None, now=NOW)
    assert not ThreadMessage.objects.filter(thread__psid=PSID).exists()


def heard(client: Client, page_id: str, *events: facebook.JSON) -> None:
    assert facebook.tell(client, page_id, *events).status_code == 200
    processing.process_due()


def test_what_facebook_tells_late_or_again_brings_nobody_back(optin: OptIn, client: Client) -> None:
    page_id = optin.page.page_id
    before = facebook.message(page_id, PSID, "Before", at=NOW)
    heard(client, page_id, before)
    erased_at = timezone.now()
    erase_person(page=optin.page, psid=PSID, actor=None, now=erased_at)

    read = facebook.read(page_id, PSID, timezone.now())
    heard(client, page_id, before, read, facebook.echo(page_id, PSID, "From the page inbox"))

    assert columns_with((PSID, "Before")) == set()
    assert Erased.objects.count() == 1


def test_whoever_writes_again_is_heard(optin: OptIn, client: Client) -> None:
    page_id = optin.page.page_id
    erase_person(page=optin.page, psid=PSID, actor=None, now=timezone.now())

    heard(client, page_id, facebook.message(page_id, PSID, "Me again"))
    heard(client, page_id, facebook.read(page_id, PSID, timezone.now()))

    assert ThreadMessage.objects.get(thread=Thread.objects.get(psid=PSID)).text == "Me again"
    assert WebhookEvent.objects.filter(psid=PSID, kind="read").exists()
