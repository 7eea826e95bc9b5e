"""The seed of this run's faults: `make faults SEED=n` draws the same again."""

import os
import secrets

import pytest

SEED = int(os.environ.get("SEED") or secrets.randbelow(1_000_000))
# Each worker of xdist is a process of its own, and takes it from the first.
os.environ["SEED"] = str(SEED)


def pytest_report_header() -> str:
    return f"faults: seed {SEED}; `make faults SEED={SEED}` draws them again"


@pytest.fixture
def seed() -> int:
    return SEED
