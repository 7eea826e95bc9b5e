"""What every test stands on: no network but this machine, no data but its own, and services said aloud."""

import ipaddress
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import pytest_socket
from django.db import connections
from django.utils import translation

from notifications.gateway.wire import Wire
from tests.support import services

# A busy machine is no counterexample.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")

# Playwright's event loop lives in the thread of the test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Set by `make test-services`: there a missing service or browser is a failure, never a skip.
SERVICES = os.environ.get("TEST_SERVICES") == "1"

SKIPS = {
    "browser": "needs headless Chromium; `make test-services` runs it",
    "postgres": "needs PostgreSQL; `make test-services` runs it",
    "services": "needs RabbitMQ or Redis; `make test-services` runs it",
}


# The fixtures by which a test asks for the database; each asks for the others in some way.
DATABASE = frozenset({"db", "transactional_db", "live_server", "admin_client", "admin_user"})


def pytest_sessionstart() -> None:
    if SERVICES and (absent := list(services.missing())):
        pytest.exit("\n".join(absent), returncode=1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if commits(item):
            begin_with_the_migrations_rows(item)
    if SERVICES:
        leave_out_what_would_be_the_same(config, items)
        return
    for item in items:
        for marker, why in SKIPS.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=why))


def leave_out_what_would_be_the_same(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What uses neither the database nor a service runs in `make test`, and would not notice where it runs now."""
    alike = [] if config.option.file_or_dir else [item for item in items if not notices_services(item)]
    if alike:
        config.hook.pytest_deselected(items=alike)
        left_out = set(alike)
        items[:] = [item for item in items if item not in left_out]


def notices_services(item: pytest.Item) -> bool:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return any(item.get_closest_marker(name) for name in ("django_db", *SKIPS)) or not DATABASE.isdisjoint(fixtures)


def begin_with_the_migrations_rows(item: pytest.Item) -> None:
    """The test before it left empty tables. The marker decides, not the fixture: what it asks for is saved at first."""
    marker = item.get_closest_marker("django_db")
    options = {**(marker.kwargs if marker else {}), "transaction": True, "serialized_rollback": True}
    item.add_marker(pytest.mark.django_db(**options), append=False)


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return bool(marker and marker.kwargs.get("transaction")) or not {"live_server", "transactional_db"}.isdisjoint(
        fixtures
    )


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["DATA_DIR"], ignore_errors=True)


def _is_this_machine(address: str) -> bool:
    """What the wire is asked before it opens a socket: libcurl's are not Python's, so pytest-socket can't see them."""
    allowed = ipaddress.ip_address(address).is_loopback
    if not allowed:
        strangers.append(address)
    return allowed


strangers: list[str] = []
Wire.may_connect = _is_this_machine


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """What the migrations put into the tables is known to every connection object of the run.

    Django leaves it at the one that made the tables; Playwright's event loop gives the thread another.
    """
    made = connections["default"]
    if hasattr(made, "_test_serialized_contents"):
        type.__setattr__(type(made), "_test_serialized_contents", made._test_serialized_contents)


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """A test that reaches beyond this machine fails loudly."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    strangers.clear()
    yield
    assert not strangers, f"The wire was to send to {strangers}."


@pytest.fixture(autouse=True)
def no_language_left_behind() -> Iterator[None]:
    """A request leaves its language in the thread; in production the next one says its own."""
    yield
    translation.deactivate()


@pytest.fixture
def data_dir() -> Path:
    return Path(os.environ["DATA_DIR"])
