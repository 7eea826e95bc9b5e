"""Nothing in a cell is calculated by a spreadsheet, and nothing is lost by that."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optins.transfer.header import columns, guarded, unguarded

CALCULATED = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x")


@pytest.mark.parametrize("cell", CALCULATED)
def test_what_a_spreadsheet_would_calculate_begins_with_an_apostrophe(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "FR-1", "a=b", "'quoted'", "O'Brien", "1-2", " =1"])
def test_anything_else_is_written_as_it_is(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝a "), max_size=6) | st.text())
@example("'=1")
@example("''-1")
def test_every_cell_comes_back_to_the_letter(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\na"), max_size=6))
def test_no_cell_that_is_written_begins_a_formula(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_attributes_stand_behind_the_columns_that_are_always_there() -> None:
    assert columns(["first_name", "size"])[-3:] == ["proof", "attribute.first_name", "attribute.size"]
