"""The rules of `agree`, row by row: who is taken, who is renewed, who is known already, and who is refused and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from optins.models import ConsentEvent, ConsentKind, IdPattern, OptIn, Recipient, Refusal
from optins.services import (
    Agreement,
    HeldByAnother,
    Suppressed,
    TakenBack,
    agree_as,
    erase,
    revoke,
    suppressing,
    use_up,
)
from optins.signals import optins_agreed
from optins.states import Lifetime, OptInState, Purpose, Source
from pages.conversations import erased
from pages.models import Page
from tests.factories import LinkedPageFactory, OptInFactory, RecipientFactory
from tests.optins.services.importing.files import counts, csv_of, done, refusals

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
LATER, EARLIER = THEN + timedelta(days=1), THEN - timedelta(days=1)
AT = "2026-03-04T09:30:00Z"


@pytest.fixture
def page() -> Page:
    return LinkedPageFactory()


def held(page: Page, customer_id: str = "c-1", **more: Any) -> OptIn:
    optin: OptIn = OptInFactory(page=page, customer_id=customer_id, **{"agreed_at": THEN, **more})
    return optin


def one(page: Page, row: str, *, header: str = "customer_id,agreed_at,psid,proof") -> str:
    """What becomes of a file with this row alone: the name of its count, or the code of its refusal."""
    of = done(page, csv_of(row, header=header))
    found = refusals(of)
    (count,) = counts(of)
    return found[0][1] if found else count


def test_whoever_is_not_known_agreed() -> None:
    assert one(LinkedPageFactory(), f"c-1,{AT},,") == "fresh"


@pytest.mark.parametrize(
    ("at", "psid", "what"),
    [
        ("2026-03-04T09:30:00Z", "", "known"),
        ("2026-03-03T09:30:00Z", "", "known"),
        ("2026-03-05T09:30:00Z", "", "renewed"),
        ("2026-03-04T09:30:00Z", "7001", "renewed"),
        ("2026-03-03T09:30:00Z", "7001", "renewed"),
    ],
)
def test_what_is_told_of_a_known_agreement(page: Page, at: str, psid: str, what: str) -> None:
    optin = held(page)

    assert one(page, f"c-1,{at},{psid},") == what
    optin.refresh_from_db()
    assert optin.agreed_at == max(THEN, datetime.fromisoformat(at))
    assert (optin.recipient.psid if optin.recipient else "") == psid
    assert list(optin.events.values_list("kind", flat=True)) == ([ConsentKind.RENEWED] if what == "renewed" else [])


def test_an_id_that_another_person_holds_is_a_conflict(page: Page) -> None:
    optin = held(page, recipient=RecipientFactory(page=page, psid="7001"))

    assert one(page, f"c-1,{AT},7002,Told by phone") == "held"
    event = optin.events.get()
    assert event.kind == ConsentKind.CONFLICT
    assert event.recipient is not None
    assert (event.recipient.psid, event.evidence["proof"]) == ("7002", "Told by phone")
    optin.refresh_from_db()
    assert optin.recipient is not None
    assert optin.recipient.psid == "7001"


def test_who_holds_the_id_needs_no_naming(page: Page) -> None:
    held(page, recipient=RecipientFactory(page=page, psid="7001"))

    assert [one(page, f"c-1,{AT},7001,"), one(page, f"c-1,{AT},,")] == ["known", "known"]


def test_what_was_taken_back_stays_so(page: Page) -> None:
    revoke(optin=held(page), actor=None, now=timezone.now())

    assert one(page, f"c-1,{timezone.now().isoformat()},,") == "taken_back"


def test_who_was_erased_stays_so_and_the_report_does_not_name_her(page: Page) -> None:
    erase(optin=held(page, recipient=RecipientFactory(page=page, psid="7001")), actor=None, now=timezone.now())

    of = done(page, csv_of(f"c-1,{AT},,", f"c-2,{AT},7001,", f"c-3,{AT},7003,"))

    assert refusals(of) == [(2, "erased"), (3, "erased")]
    assert set(Refusal.objects.filter(of=of).values_list("customer_id", flat=True)) == {""}
    assert list(Recipient.objects.values_list("psid", flat=True)) == ["7003"]


def test_the_report_does_not_name_her_where_her_row_is_wrong_besides(page: Page) -> None:
    erase(optin=held(page), actor=None, now=timezone.now())

    of = done(page, csv_of(f"c-1,{AT},x,", "c-1 ,,,", "c-2,,,"))

    assert [code for _line, code in refusals(of)] == ["psid", "agreed_missing", "agreed_missing"]
    assert list(Refusal.objects.filter(of=of).order_by("line").values_list("customer_id", flat=True)) == ["", "", "c-2"]


def test_a_stop_since_then_counts(page: Page) -> None:
    RecipientFactory(page=page, psid="7001", stopped_at=THEN)

    assert [one(page, f"c-1,{AT},7001,"), one(page, "c-2,2026-03-04T09:30:01Z,7001,")] == ["stopped", "fresh"]


def test_an_agreement_that_expired_begins_anew_by_a_newer_one_alone(page: Page) -> None:
    for name in ("c-1", "c-2"):
        held(page, name, state=OptInState.EXPIRED, ended_at=LATER, source=Source.BUTTON)

    assert [one(page, f"c-1,{AT},,"), one(page, "c-2,2026-03-04T10:00:00Z,,")] == ["over", "renewed"]
    optin = OptIn.objects.get(customer_id="c-2")
    assert (optin.state, optin.ended_at, optin.source) == (OptInState.ACTIVE, None, Source.IMPORT)


def test_what_was_used_up_needs_an_agreement_after_its_use(page: Page) -> None:
    for name in ("c-1", "c-2"):
        use_up(optin=held(page, name, used_up=True), now=LATER, evidence={})

    assert [one(page, "c-1,2026-03-05T09:30:00Z,,"), one(page, "c-2,2026-03-05T09:30:01Z,,")] == ["over", "renewed"]


def test_the_patterns_of_the_site_say_what_for_and_how_long_since_then(page: Page) -> None:
    now = timezone.now()
    done(page, csv_of(f"order-77,{now.isoformat()},,", f"instock-a-b,{now.isoformat()},,", f"c-1,{AT},,"))

    order, alert, other = (OptIn.objects.get(customer_id=each) for each in ("order-77", "instock-a-b", "c-1"))
    assert (order.purpose, order.lifetime, order.expires_at) == (
        "transactional",
        "temporary",
        now + timedelta(days=365),
    )
    assert (alert.purpose, alert.used_up, alert.expires_at) == ("alert", True, now + timedelta(days=180))
    assert (other.purpose, other.lifetime, other.expires_at) == (Purpose.MARKETING, Lifetime.DURABLE, None)


def test_what_the_pattern_lets_expire_has_expired(page: Page) -> None:
    assert one(page, "order-77,2025-01-01,,") == "expired"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("order-1,{now},marketing", "purpose_wider"),
        ("order-1,{now},alert", "purpose_wider"),
        ("order-1,{now},transactional", "fresh"),
        ("order-1,{now},", "fresh"),
        ("c-1,{now},alert", "fresh"),
    ],
)
def test_nothing_is_used_for_more_than_the_pattern_allows(page: Page, row: str, what: str) -> None:
    row = row.format(now=timezone.now().isoformat())

    assert one(page, row, header="customer_id,agreed_at,purpose") == what


def test_a_pattern_for_news_allows_less(page: Page) -> None:
    assert page.site
    IdPattern.objects.create(site=page.site, name="Card", pattern="card-<n>", purpose=Purpose.MARKETING)

    assert one(page, f"card-1,{AT},alert", header="customer_id,agreed_at,purpose") == "fresh"


@pytest.mark.parametrize(
    ("cells", "changes"),
    [
        (",,", {}),
        ("2030-01-01T00:00:00Z,,", {"expires_at": datetime(2030, 1, 1, tzinfo=UTC)}),
        (",alert,", {"purpose": "alert"}),
        (",,yes", {"used_up": True}),
        ("2029-01-01T00:00:00Z,marketing,no", {}),
    ],
)
def test_other_terms_of_the_same_agreement_change_what_they_say_and_no_more(
    page: Page, cells: str, changes: dict[str, object]
) -> None:
    optin = held(page, expires_at=datetime(2029, 1, 1, tzinfo=UTC))
    before = {"expires_at": optin.expires_at, "purpose": "marketing", "used_up": False, "agreed_at": THEN}

    what = one(page, f"c-1,{AT},{cells}", header="customer_id,agreed_at,expires_at,purpose,used_up")

    assert what == ("renewed" if changes else "known")
    assert OptIn.objects.filter(pk=optin.pk).values(*before).get() == {**before, **changes}


def test_attributes_are_added_to_those_that_are_known(page: Page) -> None:
    optin = held(page, attributes={"first_name": "Zoe", "points": 12, "size": "M"})

    header = "customer_id,agreed_at,attribute.first_name,attribute.points,attribute.size"
    assert one(page, f"c-1,{AT},Zoé,12,", header=header) == "known"
    optin.refresh_from_db()
    assert optin.attributes == {"first_name": "Zoé", "points": 12, "size": "M"}


def test_nobody_has_more_attributes_than_a_person_may_enter(page: Page) -> None:
    held(page, attributes={f"a{n}": "x" for n in range(50)})

    assert one(page, f"c-1,{AT},x", header="customer_id,agreed_at,attribute.a49") == "known"
    assert one(page, f"c-1,{AT},x", header="customer_id,agreed_at,attribute.b") == "attributes"


def test_those_who_listen_are_told_of_all_who_begin_at_once(page: Page) -> None:
    heard: list[list[str]] = []

    def hear(optins: list[OptIn], **_kwargs: object) -> None:
        heard.append(sorted(optin.customer_id for optin in optins))

    held(page, "c-3", state=OptInState.EXPIRED, ended_at=THEN)
    held(page, "c-4")
    optins_agreed.connect(hear)
    try:
        done(page, csv_of(*(f"c-{n},2026-03-05T09:30:00Z,," for n in range(1, 5))))
    finally:
        optins_agreed.disconnect(hear)

    assert heard == [["c-1", "c-2", "c-3"]]


@pytest.mark.parametrize("told_by", ["file", "api"])
@pytest.mark.parametrize(
    ("arrange", "psid", "refused"),
    [
        ("nothing", "", None),
        ("held by 7001", "7002", "held"),
        ("held by 7001", "7001", None),
        ("held by nobody known", "7002", None),
        ("revoked", "", "taken_back"),
        ("id suppressed", "", "erased"),
        ("person erased", "7002", "erased"),
        ("person erased, came back", "7002", None),
    ],
)
def test_the_same_agreement_has_the_same_end_by_a_file_and_by_a_call(
    page: Page, arrange: str, psid: str, refused: str | None, told_by: str
) -> None:
    """What ties the rules here to those of `agree`: whoever changes one of them sees the other."""
    now = timezone.now()
    match arrange:
        case "held by 7001":
            held(page, recipient=RecipientFactory(page=page, psid="7001"))
        case "held by nobody known":
            held(page)
        case "revoked":
            held(page, state=OptInState.REVOKED, ended_at=LATER)
        case "id suppressed":
            suppressing.suppress(page=page, customer_id="c-1", now=now)
        case "person erased" | "person erased, came back":
            erased.note(page=page, psid="7002", now=now)
            if arrange.endswith("back"):
                erased.came_back(page=page, psid="7002", now=now)
    if told_by == "file":
        what = one(page, f"c-1,{now.isoformat()},{psid},")
        found = None if what in ("fresh", "renewed") else what
    else:
        found = _by_a_call(page, psid, now)

    assert found == refused
    kinds = list(ConsentEvent.objects.values_list("kind", flat=True))
    known = arrange.startswith("held")
    agreed = [ConsentKind.RENEWED if known else ConsentKind.GRANTED]
    assert kinds == ({"held": [ConsentKind.CONFLICT]}.get(refused, []) if refused else agreed)


def _by_a_call(page: Page, psid: str, now: datetime) -> str | None:
    try:
        agree_as(psid=psid or None, page=page, customer_id="c-1", agreement=Agreement(source=Source.API), now=now)
    except (HeldByAnother, TakenBack, Suppressed) as error:
        return {HeldByAnother: "held", TakenBack: "taken_back", Suppressed: "erased"}[type(error)]
    return None


def test_a_slice_asks_few_questions_however_many_rows_it_has(page: Page, django_assert_max_num_queries: Any) -> None:
    rows = [f"c-{n},{AT},{7000 + n}," for n in range(900)]
    done(page, csv_of(*rows[:300]))

    with django_assert_max_num_queries(90):
        assert counts(done(page, csv_of(*rows))) == {"fresh": 600, "known": 300}
