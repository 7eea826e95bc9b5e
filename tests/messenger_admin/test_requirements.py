"""The files for pip say exactly what uv.lock says, and the lock names only the public hosts."""

import re
import tomllib
from typing import Any

import pytest

from tests.support.processes import ROOT

LOCK = (ROOT / "uv.lock").read_text()
PACKAGES: list[dict[str, Any]] = tomllib.loads(LOCK)["package"]
Pinned = dict[tuple[str, str], set[str]]


def locked() -> Pinned:
    """The hashes of each package and version, without the project itself."""
    found: Pinned = {}
    for package in PACKAGES:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        if files:
            found[package["name"], package["version"]] = {file["hash"] for file in files}
    return found


def required(name: str) -> Pinned:
    found: Pinned = {}
    key = ("", "")
    for line in (ROOT / name).read_text().splitlines():
        if pinned := re.match(r"([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", line):
            key = (pinned[1], pinned[2])
            found[key] = set()
        elif hashed := re.match(r"    --hash=(\S+)", line):
            found[key].add(hashed[1])
    return found


def test_everything_locked_is_required_for_the_checks_with_the_same_hashes() -> None:
    assert required("requirements-dev.txt") == locked(), "`make lock` writes it anew"


def test_what_the_product_needs_is_locked_with_the_same_hashes() -> None:
    product = required("requirements.txt")

    assert product == {key: hashes for key, hashes in locked().items() if key in product}, "`make lock` writes it anew"
    assert {"django", "celery", "granian"} <= {name for name, _version in product}


@pytest.mark.parametrize("tool", ["pytest", "mypy", "ruff", "playwright"])
def test_the_product_does_not_need_the_tools_of_its_checks(tool: str) -> None:
    assert tool not in {name for name, _version in required("requirements.txt")}


def test_the_lock_names_only_the_public_hosts() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", LOCK))

    assert hosts <= {"pypi.org", "files.pythonhosted.org"}
