"""A webhook of 1,000 events: signed, stored and answered, against a bare Django view that stores its body.

Both servers are granian with the options of the product's own, on databases of the same PostgreSQL, posted to in turns.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.lab import Lab
from bench.rows import Row, middle, rounded
from bench.stack import databases
from bench.stack.processes import free_ports
from bench.stack.web import served

EVENTS, POSTS, WARMING = 1_000, 40, 10


def measure(lab: Lab) -> list[Row]:
    mine: list[dict[str, Any]] = []
    bare: list[dict[str, Any]] = []
    with ExitStack() as stack:
        ours = stack.enter_context(_ours(lab))
        theirs = ours | {"url": stack.enter_context(_theirs(lab))}
        for values in (ours, theirs):
            _post(lab, values, WARMING)
        for _round in lab.rounds(3):
            mine.append(_post(lab, ours, POSTS))
            bare.append(_post(lab, theirs, POSTS))
            lab.say(f"webhook {_middle(mine[-1]):.1f} ms, bare view {_middle(bare[-1]):.1f} ms")
    return [_against(mine, bare), _at_most(mine)]


def _post(lab: Lab, values: dict[str, Any], count: int) -> dict[str, Any]:
    measured: dict[str, Any] = lab.run("bench.poster", values | {"count": count})
    if measured["accepted"] != count:
        raise RuntimeError(f"{measured['accepted']} of {count} were accepted")
    return measured


def _against(mine: list[dict[str, Any]], bare: list[dict[str, Any]]) -> Row:
    detail: dict[str, object] = {
        "milliseconds": rounded([_middle(one) for one in mine]),
        "bare_milliseconds": rounded([_middle(one) for one in bare]),
        "bytes": mine[0]["bytes"],
    }
    value = middle([_middle(one) / _middle(other) for one, other in zip(mine, bare, strict=True)])
    return Row(name="webhook of 1,000 events against a bare view", value=value, most=3, unit="x", detail=detail)


def _at_most(mine: list[dict[str, Any]]) -> Row:
    """Of all of them, the slowest but one in a hundred."""
    took = sorted(each for one in mine for each in one["milliseconds"])
    value = took[int(0.99 * (len(took) - 1))]
    detail: dict[str, object] = {"slowest": round(took[-1], 1), "posts": len(took)}
    return Row(name="webhook of 1,000 events, 99 of 100", value=value, most=100, unit="ms", detail=detail)


def _middle(measured: dict[str, Any]) -> float:
    return middle(measured["milliseconds"])


@contextmanager
def _ours(lab: Lab) -> Iterator[dict[str, Any]]:
    """The product's web process alone: nobody processes meanwhile, the hints are sent all the same."""
    with lab.installed() as installation, installation.inside() as inside:
        page = inside.do("page", optins=1)
        secret = inside.do("app_secret")
        with installation.web():
            url = f"http://127.0.0.1:{installation.port}"
            yield {"url": url, "secret": secret, "page_id": page["page_id"], "events": EVENTS}


@contextmanager
def _theirs(lab: Lab) -> Iterator[str]:
    (port,) = free_ports(1)
    with databases.database(lab.server, f"{lab.name}_view") as name:
        env = {"PEER_DATABASE": databases.url_of(lab.server, name)}
        lab.peer("bare_view", {}, **env)
        log = lab.folder / "bare_view.log"
        with served("bench.peers.bare_view:application", port=port, env=os.environ | env, log=log):
            yield f"http://127.0.0.1:{port}"
