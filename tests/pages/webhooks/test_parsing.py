"""Each event as the value it becomes; and whatever else may come, which never raises."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pages import events
from pages.webhooks.building import OF_FIELD, OF_MEMBER
from pages.webhooks.parsing import LONGEST_KIND, kind_of, parse
from pages.webhooks.unpacking import RawEvent
from tests.support import facebook

PAGE, PSID = "322837607840703", "7012345678900001"
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EARLIER = AT - timedelta(minutes=5)
RECEIVED = AT + timedelta(seconds=1)
ALL: dict[str, Any] = {"page_id": PAGE, "psid": PSID, "at": AT}
CAME = events.Referral(ref="t_5kd93", source="SHORTLINK", type="OPEN_THREAD")
IMAGE = {"type": "image", "payload": {"url": "https://cdn.example/cat.jpg"}}


def parsed(body: dict[str, Any], *, standby: bool = False, time: datetime | None = AT) -> events.Event:
    return parse(RawEvent(page_id=PAGE, time=time, body=body, standby=standby), received_at=RECEIVED)


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


TABLE: list[tuple[dict[str, Any], events.Event]] = [
    (
        facebook.message(PAGE, PSID, "STOP", at=AT, mid="m_1", quick_reply={"payload": "OPT_OUT"}),
        events.MessageReceived(**ALL, mid="m_1", text="STOP", quick_reply="OPT_OUT"),
    ),
    (
        facebook.message(PAGE, PSID, at=AT, mid="m_1", attachments=[IMAGE], reply_to={"mid": "m_0"}),
        events.MessageReceived(**ALL, mid="m_1", attachments=(IMAGE,), reply_to="m_0"),
    ),
    (
        facebook.message(PAGE, PSID, "hi", at=AT, mid="m_1", referral={"ref": "t_5kd93"}),
        events.MessageReceived(**ALL, mid="m_1", text="hi", referral=events.Referral(ref="t_5kd93")),
    ),
    (
        facebook.postback(PAGE, PSID, ref="t_5kd93", mid="m_p", at=AT),
        events.PostbackReceived(**ALL, mid="m_p", title="Démarrer", payload="GET_STARTED", referral=CAME),
    ),
    (facebook.referral(PAGE, PSID, "t_5kd93", at=AT), events.Referred(**ALL, referral=CAME)),
    (
        facebook.optin(PAGE, PSID, ref="t_5kd93", user_ref="u-77", at=AT),
        events.OptedIn(**ALL, ref="t_5kd93", user_ref="u-77"),
    ),
    (
        facebook.optin(PAGE, "", ref="t_5kd93", user_ref="u-77", at=AT),
        events.OptedIn(**{**ALL, "psid": ""}, ref="t_5kd93", user_ref="u-77"),
    ),
    (
        facebook.optin(PAGE, PSID, type="notification_messages", payload="P", at=AT),
        events.OptedIn(**ALL, type="notification_messages", payload="P"),
    ),
    (
        facebook.delivery(PAGE, PSID, EARLIER, ("m_1", "m_2")),
        events.Delivered(**ALL, watermark=EARLIER, mids=("m_1", "m_2")),
    ),
    (facebook.delivery(PAGE, PSID, EARLIER), events.Delivered(**ALL, watermark=EARLIER)),
    (facebook.read(PAGE, PSID, EARLIER, at=AT), events.WasRead(**ALL, watermark=EARLIER)),
    (
        facebook.echo(PAGE, PSID, "Hello", at=AT, app_id=1517, metadata="ma1:x", mid="m_1"),
        events.Echoed(**ALL, mid="m_1", text="Hello", app_id="1517", metadata="ma1:x"),
    ),
    (facebook.reaction(PAGE, PSID, "m_1", "❤", at=AT), events.Reacted(**ALL, mid="m_1", emoji="❤")),
    (facebook.reaction(PAGE, PSID, "m_1", "", at=AT), events.Reacted(**ALL, mid="m_1")),
    (
        facebook.policy(PAGE, "block", "Too many complaints", at=AT),
        events.PolicyEnforced(**{**ALL, "psid": ""}, action="block", reason="Too many complaints"),
    ),
    (
        {
            "recipient": {"id": PAGE},
            "timestamp": facebook.milliseconds(AT),
            "policy-enforcement": {"action": "UNBLOCK", "reason": None},
        },
        events.PolicyEnforced(**{**ALL, "psid": ""}, action="unblock"),
    ),
    (
        facebook.template_status("123", "order_ready", "approved", reason="NONE"),
        events.TemplateStatusChanged(
            **{**ALL, "psid": ""},
            template_id="123",
            name="order_ready",
            language="en",
            status="APPROVED",
            reason="NONE",
        ),
    ),
    (
        facebook.handover(PAGE, PSID, "pass_thread_control", "1517", at=AT),
        events.ThreadHandedOver(**ALL, action="pass_thread_control", to="1517"),
    ),
    (
        facebook.handover(PAGE, PSID, "request_thread_control", "1517", at=AT),
        events.ThreadHandedOver(**ALL, action="request_thread_control", to="1517"),
    ),
]


@pytest.mark.parametrize(("body", "event"), TABLE)
def test_an_event_is_the_value_that_it_says(body: dict[str, Any], event: events.Event) -> None:
    assert parsed(body) == event


@pytest.mark.parametrize("name", [*OF_MEMBER, *OF_FIELD])
def test_the_table_knows_every_kind(name: str) -> None:
    told = {name for body, _event in TABLE for name in (*body, body.get("field"))}

    assert name in told | {"take_thread_control", "messenger_template_status_update"}


def test_what_is_told_in_standby_says_so_and_has_no_payload() -> None:
    body = facebook.postback(PAGE, PSID, mid="m_p", at=AT)
    del body["postback"]["payload"]

    assert parsed(body, standby=True) == events.PostbackReceived(**ALL, standby=True, mid="m_p", title="Démarrer")


# --- What is missing ----------------------------------------------------------------------------------------


def test_an_event_without_a_time_has_its_entrys_and_else_that_of_its_receipt() -> None:
    body = without(facebook.message(PAGE, PSID, "hi", at=AT), "timestamp")

    assert parsed(body, time=EARLIER).at == EARLIER
    assert parsed(body, time=None).at == RECEIVED


@pytest.mark.parametrize("wrong", ["soon", None, True, -1, 0, 10**30, [], {}, 1e300])
def test_a_time_that_is_none_is_as_if_it_were_missing(wrong: object) -> None:
    assert parsed({**facebook.message(PAGE, PSID, "hi"), "timestamp": wrong}).at == AT


def test_a_time_may_be_in_seconds_or_digits() -> None:
    seconds = {**facebook.message(PAGE, PSID), "timestamp": int(EARLIER.timestamp())}
    digits = {**facebook.message(PAGE, PSID), "timestamp": str(facebook.milliseconds(EARLIER))}

    assert parsed(seconds).at == parsed(digits).at == EARLIER


def test_a_referral_without_source_is_one_all_the_same() -> None:
    """Europe's accounts have none."""
    body = facebook.referral(PAGE, PSID, "t_5kd93", at=AT)
    body["referral"] = {"ref": "t_5kd93"}

    assert parsed(body) == events.Referred(**ALL, referral=events.Referral(ref="t_5kd93"))


def test_a_postback_may_have_no_mid() -> None:
    body = facebook.postback(PAGE, PSID, at=AT)
    del body["postback"]["mid"]

    assert parsed(body) == events.PostbackReceived(**ALL, mid="", title="Démarrer", payload="GET_STARTED")


def test_members_that_nobody_knows_are_passed_over() -> None:
    body = facebook.message(PAGE, PSID, "hi", at=AT, mid="m_1", nlp={"entities": {}}, is_new=True)

    assert parsed({**body, "priority": 7}) == events.MessageReceived(**ALL, mid="m_1", text="hi")


@pytest.mark.parametrize(
    "wrong",
    [{"text": 7.5}, {"attachments": "none"}, {"quick_reply": "OPT_OUT"}, {"reply_to": ["m_0"]}, {"referral": 1}],
)
def test_a_member_of_another_type_is_as_if_it_were_missing(wrong: dict[str, Any]) -> None:
    assert parsed(facebook.message(PAGE, PSID, at=AT, mid="m_1", **wrong)) == events.MessageReceived(**ALL, mid="m_1")


def test_an_id_may_be_a_number() -> None:
    body = {**facebook.message(PAGE, PSID, at=AT, mid="m_1"), "sender": {"id": int(PSID)}}

    assert parsed(body).psid == PSID


# --- Clocks -------------------------------------------------------------------------------------------------


def test_nothing_happens_after_it_was_received() -> None:
    assert parsed(facebook.message(PAGE, PSID, "hi", at=AT + timedelta(days=3))).at == RECEIVED


def test_nobody_has_read_what_was_sent_after_the_receipt() -> None:
    event = parsed(facebook.read(PAGE, PSID, AT + timedelta(days=3), at=AT))

    assert isinstance(event, events.WasRead)
    assert event.watermark == RECEIVED


# --- What can't be understood -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({**facebook.message(PAGE, PSID), "message": "hi"}, "message"),
        ({**facebook.message(PAGE, PSID), "message": None}, "message"),
        (without(facebook.message(PAGE, PSID, "hi"), "sender"), "message"),
        (facebook.message(PAGE, "7" * 65, "hi"), "message"),
        (facebook.message(PAGE, PSID, is_deleted=True), "message"),
        (without(facebook.delivery(PAGE, PSID, AT), "sender"), "delivery"),
        ({**facebook.delivery(PAGE, PSID, AT), "delivery": {"mids": ["m_1"]}}, "delivery"),
        ({**facebook.read(PAGE, PSID, AT), "read": {"watermark": "soon"}}, "read"),
        ({**facebook.reaction(PAGE, PSID, "m_1"), "sender": {"id": PAGE}}, "reaction"),
        ({**facebook.referral(PAGE, PSID, "r"), "referral": {}}, "referral"),
        ({**facebook.policy(PAGE, "block"), "policy_enforcement": {}}, "policy_enforcement"),
        ({"field": "message_template_status_update", "value": [1]}, "message_template_status_update"),
        ({"field": "feed", "value": {"item": "status"}}, "feed"),
        ({"sender": {"id": PSID}, "message_edit": {"mid": "m_1"}}, "message_edit"),
        ({"x" * 70: 1}, "x" * LONGEST_KIND),
        ({}, "nothing"),
    ],
)
def test_what_nothing_here_knows_is_kept_under_facebooks_word(body: dict[str, Any], kind: str) -> None:
    event = parsed(body)

    assert isinstance(event, events.Unrecognised)
    assert (kind_of(event), event.body) == (kind, body)
