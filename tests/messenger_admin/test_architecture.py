"""The architecture as far as contracts on imports can't say it: what loads alone, and who opens a socket."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import ROOT

APPS = ("messenger_admin", "notifications", "optins", "pages")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
(PURITY,) = (contract for contract in CONTRACTS if contract["name"].startswith("What is pure"))
IMPURE = "notifications.gateway.wire"

# Runs in a fresh interpreter: a module that needs what is blocked fails to load, whoever imports it on its way.
LOAD_ALONE = """
import importlib, sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "celery", "kombu", "requests", "urllib3", "pycurl"}:
            raise ImportError(name + " is blocked")

sys.meta_path.insert(0, Blocker())
importlib.import_module(sys.argv[1])
"""

# Who may open a socket, run a server, start a process, or fetch a URL; and what for.
SOCKETS = frozenset({"asyncio", "ftplib", "http.client", "http.server", "smtplib", "socket", "socketserver", "ssl"})
FETCHING = frozenset({"urllib.request", "xmlrpc"})
MAY = {
    "messenger_admin.management.commands.sandbox": "runs the far end's loop",
    "messenger_admin.proof.servers": "looks for free ports, and whether a server answers",
    "messenger_admin.sandbox.connection": "is the far end",
    "messenger_admin.sandbox.desk": "is the far end",
    "messenger_admin.sandbox.messenger.client": "plays Facebook, which calls this installation's webhook",
    "messenger_admin.sandbox.messenger.sender": "plays Facebook, which calls this installation's webhook",
    "messenger_admin.sandbox.recorder": "is the far end",
    "messenger_admin.sandbox.stub": "is the far end",
    "messenger_admin.supervisor.guards": "looks whether a port is free",
    "messenger_admin.supervisor.loop": "wakes itself by a socket pair",
    "notifications.gateway.wire.transfer": "is the wire",
    "notifications.services.pumping": "asks for the machine's name",
    "pages.outgoing": "calls servers that people name, at addresses that it judged",
    "pages.services.alarms": "knows how a mail server refuses a letter",
}


def modules(app: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / app).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def pure_modules() -> list[str]:
    return [
        name
        for app in APPS
        for name, _path in modules(app)
        if any(name == pure or name.startswith(f"{pure}.") for pure in PURITY["source_modules"])
        and not name.startswith(IMPURE)
    ]


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return found


@pytest.mark.parametrize("name", pure_modules())
def test_loads_without_framework_and_network(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD_ALONE, name], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_the_block_does_block() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD_ALONE, "pages.states"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "django is blocked" in done.stderr


def test_nobody_opens_a_socket_but_those_who_may() -> None:
    doing = {
        name: sorted(imported(path) & (SOCKETS | FETCHING))
        for app in APPS
        for name, path in modules(app)
        if imported(path) & (SOCKETS | FETCHING)
    }

    assert set(doing) <= set(MAY), {name: what for name, what in doing.items() if name not in MAY}
    assert set(MAY) <= set(doing), "remove who doesn't any more"


def test_every_package_of_the_project_has_its_contract() -> None:
    inside = {container for contract in CONTRACTS for container in contract.get("containers", [])}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}

    assert packages == set(APPS)
    assert inside >= packages


@pytest.mark.parametrize("app", APPS)
def test_no_file_is_longer_than_three_hundred_lines(app: str) -> None:
    sizes = {name: len(path.read_text().splitlines()) for name, path in modules(app) if ".migrations." not in name}

    assert {name: lines for name, lines in sizes.items() if lines > 300} == {}
