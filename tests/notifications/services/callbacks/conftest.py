"""A merchant's server on loopback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from tests.support.far_end import Act, FarEnd

MakeReceiver = Callable[..., FarEnd]


@pytest.fixture(autouse=True)
def patient(settings: Settings) -> None:
    """A machine that is busy with something else makes no failure of a call."""
    settings.CALLBACK_CONNECT_TIMEOUT = 10.0
    settings.CALLBACK_TOTAL_TIMEOUT = 30.0


@pytest.fixture
def receiver() -> Iterator[MakeReceiver]:
    with ExitStack() as stack:

        def start(*script: Act) -> FarEnd:
            return stack.enter_context(FarEnd(*script))

        yield start
