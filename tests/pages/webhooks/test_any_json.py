"""Properties: whatever JSON stands in a signed post, it becomes events, and nothing raises."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pages.webhooks.building import OF_FIELD, OF_MEMBER
from pages.webhooks.keys import key_of
from pages.webhooks.parsing import LONGEST_KIND, kind_of, parse
from pages.webhooks.unpacking import RawEvent, events_in

PAGE = "322837607840703"
AT = RECEIVED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

WORDS = [*OF_MEMBER, *OF_FIELD, "sender", "recipient", "timestamp", "field", "value", "id", "mid", "mids", "watermark"]
WORDS += ["is_echo", "attachments", "referral", "ref", "action", "entry", "messaging", "standby", "changes", "time"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=12,
)
BODIES = st.dictionaries(st.sampled_from(WORDS), JSON, max_size=6)


@given(body=BODIES, time=st.none() | st.just(AT), standby=st.booleans())
def test_nothing_raises_whatever_the_json(body: dict[str, Any], time: datetime | None, *, standby: bool) -> None:
    raw = RawEvent(page_id=PAGE, time=time, body=body, standby=standby)

    event = parse(raw, received_at=RECEIVED)

    assert event.at <= RECEIVED
    assert len(kind_of(event)) <= LONGEST_KIND
    assert len(key_of(event, raw)) == 64


@given(post=st.fixed_dictionaries({"entry": st.lists(JSON | BODIES, max_size=3)}))
def test_nothing_of_a_post_is_left_out_whatever_its_entries(post: dict[str, Any]) -> None:
    found = list(events_in(post))

    named = ("messaging", "standby", "changes")
    lists = [entry[name] for entry in post["entry"] if isinstance(entry, dict) for name in named if name in entry]
    bare = [entry for entry in post["entry"] if not isinstance(entry, dict) or not entry.keys() & set(named)]
    assert len(found) == len(bare) + sum(len(one) if isinstance(one, list) else 1 for one in lists)
