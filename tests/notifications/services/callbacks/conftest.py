"""A merchant's server on loopback."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from tests.support.far_end import Act, FarEnd

MakeReceiver = Callable[..., FarEnd]


@pytest.fixture(autouse=True)
def impatient(settings: Settings) -> None:
    settings.CALLBACK_CONNECT_TIMEOUT = 1.0
    settings.CALLBACK_TOTAL_TIMEOUT = 1.0


@pytest.fixture
def receiver() -> Iterator[MakeReceiver]:
    with ExitStack() as stack:

        def start(*script: Act) -> FarEnd:
            return stack.enter_context(FarEnd(*script))

        yield start
