"""Texts of the caller as times."""

from datetime import UTC, datetime

import pytest

from notifications.api.asking import instant_of


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-27T18:00:00+01:00", datetime(2026, 11, 27, 17, tzinfo=UTC)),
        ("2026-11-27T18:00:00Z", datetime(2026, 11, 27, 18, tzinfo=UTC)),
        # More than any place on earth has, and than PostgreSQL takes.
        ("2026-11-27T18:00:00+17:30", datetime(2026, 11, 27, 0, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_kept_in_utc_whatever_its_distance(text: str, instant: datetime) -> None:
    found = instant_of(text, "scheduled_for")

    assert found == instant
    assert found.tzinfo is UTC
