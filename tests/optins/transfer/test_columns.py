"""Which column says what, in whatever words and case."""

import pytest

from optins.transfer.columns import KNOWN, Unreadable, delimiter_of, meaning, recognise
from optins.transfer.header import columns


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("customer_id", "customer_id"),
        (" Customer ID ", "customer_id"),
        ("CustomerId", "customer_id"),
        ("ID client", "customer_id"),
        ("PSID", "psid"),
        ("Accord le", "agreed_at"),
        ("Date d’expiration", "expires_at"),
        ("Finalité", "purpose"),
        ("Durée de vie", "lifetime"),
        ("Adresse", "address"),
        ("attribute.first_name", "attribute.first_name"),
        ("Attribut.Prénom", "attribute.prenom"),
        ("loyalty points", None),
        ("", None),
    ],
)
def test_a_column_is_known_by_its_names(cell: str, name: str | None) -> None:
    assert meaning(cell) == name


def test_what_an_export_writes_is_known() -> None:
    found = recognise(columns(["first_name", "size"]))

    assert set(found.places) <= KNOWN
    assert (found.ignored, found.width) == ((), 13)
    assert found.attributes == {"first_name": 11, "size": 12}


def test_places_are_where_the_columns_stand() -> None:
    found = recognise(["Note", "shoe size", "agreed_at", "customer_id"])

    assert found.places == {"proof": 0, "agreed_at": 2, "customer_id": 3}
    assert found.ignored == ("shoe size",)


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("customer_id,agreed_at,proof", ","),
        ("customer_id;agreed_at;a,b,c,d", ";"),
        ("customer_id\tagreed_at", "\t"),
        ('"customer_id";"agreed_at"', ";"),
        ("nothing", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_the_one_by_which_the_names_are_known(header: str, delimiter: str) -> None:
    assert delimiter_of(header) == delimiter


@pytest.mark.parametrize(
    ("cells", "code", "params"),
    [
        (["agreed_at"], "no_header", {"missing": "customer_id"}),
        (["customer_id"], "no_header", {"missing": "agreed_at"}),
        (["customer_id", "agreed_at", "ID client"], "column_twice", {"name": "customer_id"}),
        (["customer_id", "agreed_at", "attribute.1st"], "attribute_name", {"name": "attribute.1st"}),
        (["customer_id", "agreed_at", *(f"attribute.a{n}" for n in range(51))], "many_attributes", {"most": 50}),
    ],
)
def test_what_is_missing_or_there_twice_is_said(cells: list[str], code: str, params: dict[str, object]) -> None:
    with pytest.raises(Unreadable) as caught:
        recognise(cells)

    assert (caught.value.code, caught.value.params) == (code, params)
