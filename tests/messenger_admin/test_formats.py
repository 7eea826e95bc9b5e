"""Times in lists and on pages are short, and read the same way round in both languages."""

from datetime import UTC, datetime

import pytest
from django.utils.formats import date_format
from django.utils.translation import override


@pytest.mark.parametrize(("language", "said"), [("en", "2 Nov 2026, 16:05"), ("fr", "2 nov. 2026, 16:05")])
def test_a_time_has_its_day_first_and_24_hours(language: str, said: str) -> None:
    with override(language):
        assert date_format(datetime(2026, 11, 2, 16, 5, tzinfo=UTC), "DATETIME_FORMAT") == said
