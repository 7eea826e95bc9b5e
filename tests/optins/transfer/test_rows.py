"""What a row says, and why it is refused."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optins.states import Lifetime, OptInState, Purpose
from optins.transfer import dates, rows, words
from optins.transfer.columns import recognise
from optins.transfer.dates import Dates
from optins.transfer.header import guarded
from optins.transfer.reading import Record
from optins.transfer.rows import Reading, Row, RowRefused

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def parse(**cells: str) -> Row:
    cells = {"customer_id": "c-1", "agreed_at": "2026-03-04T09:30:00Z", **cells}
    columns = recognise(name.replace("__", ".") for name in cells)
    record = Record(line=7, last=7, end=99, cells=list(cells.values()))
    return rows.parse(record, Reading(columns=columns, zone=PARIS, dates=Dates.ISO, proof="The form", now=NOW))


def refused(**cells: str) -> tuple[str, str, str]:
    with pytest.raises(RowRefused) as caught:
        parse(**cells)
    return caught.value.code, caught.value.detail, caught.value.customer_id


def test_a_row_says_what_its_cells_say() -> None:
    row = parse(
        customer_id=" e\u0301-1 ",
        psid="7001",
        expires_at="2027-01-01",
        purpose="Alerte",
        lifetime="Temporaire",
        used_up="oui",
        state="Active",
        proof="The paper form",
        address="https://shop.example/form",
        wording="Yes, write to me",
        language="fr",
        source="button",
        attribute__first_name="Zoé",
        attribute__size="",
    )
    assert row == Row(
        line=7,
        customer_id="é-1",
        psid="7001",
        agreed_at=AT,
        expires_at=datetime(2026, 12, 31, 23, tzinfo=UTC),
        purpose="alert",
        lifetime="temporary",
        used_up=True,
        proof="The paper form",
        told={
            "address": "https://shop.example/form",
            "wording": "Yes, write to me",
            "language": "fr",
            "source": "button",
        },
        attributes={"first_name": "Zoé"},
    )


def test_the_sentence_for_the_whole_file_serves_where_a_row_says_nothing() -> None:
    assert (parse().proof, _with_proof("", for_all="The form").proof) == ("The form", "The form")
    assert _with_proof("By phone", for_all="The form").proof == "By phone"


@pytest.mark.parametrize(
    ("cells", "code", "detail"),
    [
        ({"customer_id": " "}, "id_empty", ""),
        ({"customer_id": "x" * 256}, "id_too_long", ""),
        ({"customer_id": "a\tb"}, "id_unprintable", ""),
        ({"psid": "1.23E+15"}, "psid", "1.23E+15"),
        ({"psid": "1" * 65}, "psid", "1" * 65),
        ({"agreed_at": ""}, "agreed_missing", ""),
        ({"agreed_at": "yesterday"}, "agreed_form", "yesterday"),
        ({"agreed_at": "2026-13-01"}, "agreed_form", "2026-13-01"),
        ({"agreed_at": "03/04/2026"}, "agreed_form", "03/04/2026"),
        ({"agreed_at": "0001-01-01"}, "agreed_form", "0001-01-01"),
        ({"agreed_at": "2026-11-23T12:00:01Z"}, "agreed_later", "2026-11-23T12:00:01Z"),
        ({"expires_at": "soon"}, "expires_form", "soon"),
        ({"expires_at": "2026-11-23T12:00:00Z"}, "expired", "2026-11-23T12:00:00Z"),
        ({"state": "revoked"}, "not_active", "revoked"),
        ({"state": "Expiré"}, "not_active", "Expiré"),
        ({"state": "sleeping"}, "state", "sleeping"),
        ({"purpose": "spam"}, "purpose", "spam"),
        ({"lifetime": "long"}, "lifetime", "long"),
        ({"used_up": "perhaps"}, "used_up", "perhaps"),
        ({"attribute__size": "x" * 1_001}, "attribute", "size"),
        ({"attribute__size": "a\x07b"}, "control", "size"),
    ],
)
def test_a_row_is_refused_with_its_reason(cells: dict[str, str], code: str, detail: str) -> None:
    customer_id = cells.get("customer_id", "c-1").strip()[:300]

    assert refused(**cells) == (code, detail, customer_id)


def test_nobody_is_imported_without_proof() -> None:
    columns = recognise(["customer_id", "agreed_at"])
    how = Reading(columns=columns, zone=PARIS, dates=Dates.ISO, proof="", now=NOW)
    with pytest.raises(RowRefused) as caught:
        rows.parse(Record(line=2, last=2, end=9, cells=["c-1", "2026-01-01"]), how)

    assert caught.value.code == "proof_missing"


@pytest.mark.parametrize(
    ("written", "proof"),
    [
        ('{"source": "button", "n": [1, null]}', {"source": "button", "n": [1, None]}),
        ('{"a": "\\u0000"}', '{"a": "\\u0000"}'),
        ('{"a": "\\ud800"}', '{"a": "\\ud800"}'),
        ('{"a": NaN}', '{"a": NaN}'),
        ('{"a": 1e999}', '{"a": 1e999}'),
        ("{broken", "{broken"),
        ("{" + '"a":{' * 5_000, "{" + '"a":{' * 5_000),
        ("[1]", "[1]"),
    ],
)
def test_a_proof_that_was_exported_is_what_it_was_where_a_database_can_hold_it(written: str, proof: object) -> None:
    assert _with_proof(written).proof == proof


def _with_proof(written: str, *, for_all: str = "") -> Row:
    columns = recognise(["customer_id", "agreed_at", "proof"])
    how = Reading(columns=columns, zone=PARIS, dates=Dates.ISO, proof=for_all, now=NOW)
    return rows.parse(Record(line=2, last=2, end=9, cells=["c-1", "2026-01-01", written]), how)


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=50))
def test_what_was_guarded_against_spreadsheets_is_the_same_again(word: str) -> None:
    assert parse(attribute__word=guarded(word)).attributes == {"word": word}


@pytest.mark.parametrize(
    ("written", "as_dates", "moment"),
    [
        ("2026-03-04T09:30:00Z", Dates.ISO, "2026-03-04 09:30"),
        ("2026-03-04 09:30:00+02:00", Dates.ISO, "2026-03-04 07:30"),
        ("2026-03-04 09:30:00 +0200", Dates.ISO, "2026-03-04 07:30"),
        ("2026-03-04 09:30", Dates.ISO, "2026-03-04 08:30"),
        ("2026-07-04 09:30", Dates.ISO, "2026-07-04 07:30"),
        ("2026-03-04", Dates.ISO, "2026-03-03 23:00"),
        ("2026-03-04T09:30:15,5Z", Dates.ISO, "2026-03-04 09:30"),
        ("04/03/2026 09:30", Dates.DAY_FIRST, "2026-03-04 08:30"),
        ("04/03/2026 à 9h30", Dates.DAY_FIRST, "2026-03-04 08:30"),
        ("4.3.2026", Dates.DAY_FIRST, "2026-03-03 23:00"),
        ("04/03/2026", Dates.MONTH_FIRST, "2026-04-02 22:00"),
        ("31/12/2026", Dates.MONTH_FIRST, None),
        ("04/03/26", Dates.DAY_FIRST, None),
        ("04/03/2026", Dates.ISO, None),
        ("2026-W10", Dates.ISO, None),
        ("20260304", Dates.ISO, None),
        ("2026-03-04T25:00", Dates.ISO, None),
        ("9999-12-31", Dates.ISO, None),
        ("1772616600", Dates.ISO, None),
    ],
)
def test_a_time_is_read_on_the_clock_of_the_site(written: str, as_dates: Dates, moment: str | None) -> None:
    at = dates.parse(written, dates=as_dates, zone=PARIS)

    assert (at and f"{at:%Y-%m-%d %H:%M}") == moment


def test_the_words_are_those_of_the_database() -> None:
    assert set(rows.PURPOSES.values()) == set(Purpose.values)
    assert set(rows.LIFETIMES.values()) == set(Lifetime.values)
    assert set(rows.STATES.values()) == set(OptInState.values) - {OptInState.ERASED}


def test_each_sentence_asks_for_what_is_filled_in() -> None:
    for code, sentence in words.REFUSALS.items():
        assert len(code) <= 32
        assert set(re.findall(r"%\((\w+)\)", sentence)) <= {"detail"}
