"""docs/callbacks.md: its examples run, and its tables are those of the code."""

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from notifications.callbacks import signing
from notifications.callbacks.events import EventType
from tests.support.processes import ROOT

TEXT = (ROOT / "docs" / "callbacks.md").read_text()
SECRET, BODY = "cbs_known", '{"site":"502","events":[{"data":{"customer_id":"é/1"}}]}\n'.encode()

Verify = Callable[[str, str, bytes], bool]


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found.group(1)


def in_python(_folder: Path) -> Verify:
    names: dict[str, Callable[..., bool]] = {}
    exec(block("python"), names)
    return lambda timestamp, signature, body: names["is_genuine"](SECRET, timestamp, signature, body)


def in_a_shell(folder: Path) -> Verify:
    def verify(timestamp: str, signature: str, body: bytes) -> bool:
        (folder / "body.json").write_bytes(body)
        env = {"PATH": "/usr/bin:/bin", "SECRET": SECRET, "TIMESTAMP": timestamp, "SIGNATURE": signature}
        done = subprocess.run(["sh", "-c", block("sh")], cwd=folder, env=env, capture_output=True, check=False)
        assert done.stdout in {b"genuine\n", b"forged\n"}, done.stderr
        return done.returncode == 0

    return verify


def signed(*secrets: str) -> tuple[str, str]:
    """The timestamp and the signature of a call made now."""
    made = signing.headers(secrets=secrets, delivery="d", timestamp=int(time.time()), body=BODY)
    return made["X-Messenger-Timestamp"], made["X-Messenger-Signature"]


@pytest.mark.parametrize("example", [in_python, in_a_shell])
def test_the_examples_tell_a_genuine_call_from_a_forged_one(example: Callable[[Path], Verify], tmp_path: Path) -> None:
    verify = example(tmp_path)
    timestamp, signature = signed(SECRET)

    assert verify(timestamp, signature, BODY)
    assert verify(*signed("cbs_new", SECRET), BODY)
    assert not verify(timestamp, signature, BODY + b" ")
    assert not verify(str(int(timestamp) + 1), signature, BODY)
    assert not verify(*signed("cbs_other"), BODY)


def test_the_python_example_refuses_an_old_call(tmp_path: Path) -> None:
    old = int(time.time()) - 400
    made = signing.headers(secrets=[SECRET], delivery="d", timestamp=old, body=BODY)
    assert not in_python(tmp_path)(str(old), made["X-Messenger-Signature"], BODY)


def test_every_event_has_its_row_and_no_other() -> None:
    rows = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|", TEXT, re.MULTILINE)
    assert sorted(rows) == sorted([*EventType, EventType.TEST])


def test_the_example_is_json_with_the_fields_of_an_event() -> None:
    (event,) = json.loads(block("json"))["events"]
    assert set(event) == {"number", "id", "type", "at", "data"}
