"""Of each kind what is too old goes, and what is young stays."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from notifications.services import sweep
from notifications.services.retention import enforcing
from notifications.services.retention.kinds import KINDS
from optins.services.tidying import tidy
from pages.retention.kind import Kind
from pages.services.logins import wipe_logins
from tests.notifications.services.retention.rows import ROWS

pytestmark = pytest.mark.django_db

NOW = timezone.now()
A_BIT = timedelta(hours=1)
BY_NAME = {kind.name: kind for kind in KINDS}


def enforce(kind: Kind) -> None:
    """Twice: bodies take two runs."""
    for _time in range(2):
        assert enforcing.enforce(kind, now=NOW)


def test_each_kind_has_a_row_to_try_it_with() -> None:
    assert [kind.name for kind in KINDS] == list(ROWS)


@pytest.mark.parametrize("name", [kind.name for kind in KINDS if kind.step])
def test_what_is_too_old_goes_and_what_is_young_stays(name: str) -> None:
    kind, (make, left) = BY_NAME[name], ROWS[name]
    keep = kind.keep()
    assert keep is not None
    make(NOW - keep - A_BIT)
    make(NOW - keep + A_BIT)
    assert (left.count(), kind.rows_due(NOW).count()) == (2, 1)

    enforce(kind)

    assert (left.count(), kind.rows_due(NOW).count()) == (1, 0)


@pytest.mark.parametrize("name", [kind.name for kind in KINDS if not kind.step])
def test_what_other_sweeps_end_is_ended_by_them(name: str) -> None:
    kind, (make, left) = BY_NAME[name], ROWS[name]
    keep = kind.keep()
    assert keep is not None
    make(NOW - keep - A_BIT)
    assert (left.count(), kind.rows_due(NOW).count()) == (1, 1)

    tidy(now=NOW)
    wipe_logins(NOW)

    assert (left.count(), kind.rows_due(NOW).count()) == (0, 0)


@pytest.mark.parametrize("name", [kind.name for kind in KINDS if kind.setting.startswith("RETENTION_")])
def test_zero_days_keep_for_good(name: str, settings: Settings) -> None:
    settings.RETENTION = dict.fromkeys(settings.RETENTION, 0)
    make, left = ROWS[name]
    make(NOW - timedelta(days=36_000))

    enforce(BY_NAME[name])

    assert left.count() == 1


def test_the_sweep_enforces() -> None:
    make, left = ROWS["sessions"]
    make(NOW - timedelta(days=2))

    sweep.enforce_retention(NOW)

    assert not left.exists()
    assert sweep.enforce_retention in sweep.AT_LEISURE
