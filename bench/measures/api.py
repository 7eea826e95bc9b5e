"""Messages through the API: single calls against a bare Django view, and batches against single calls.

Both servers are granian with the options of the product's own, on databases of the same PostgreSQL; the caller is a
process of its own. They take turns, so that whatever else the machine does weighs on all of them alike.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.lab import Lab
from bench.rows import Row, middle, rounded
from bench.stack import databases
from bench.stack.installation import Installation
from bench.stack.processes import Process, cpu_seconds, free_ports
from bench.stack.web import served

CONNECTIONS = 16
# Calls in a turn: at once, to the bare view, one after the other, each with words of its own.
SINGLE, BARE, ALONE, OWN = 2_400, 3_600, 500, 1_200
BATCH = 1_000
BATCHES = 5
# When time is short: a tenth would be half a second, which says nothing. Batches are quick enough as they are.
QUICK = 3
# In turn, so that no token's 1,000 requests a second, the most that one may have, hold anything up.
TOKENS = 4
# Calls that every thread and every connection behind it has seen several of.
WARMING = 600
OWN_WORDS = json.dumps({"text": "Your order CUSTOMER %s has been placed. You will receive your receipt here."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """`cpu` is the server's, in microseconds for each message; `caller` is the caller's share of a core."""

    count: int
    seconds: float
    cpu: float
    caller: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    def __str__(self) -> str:
        return f"{self.per_second:.0f}/s {self.cpu:.0f} µs"


@dataclass(slots=True, kw_only=True)
class Server:
    """Something that takes messages. `accepted` counts all that it was ever given."""

    lab: Lab
    process: Process
    values: dict[str, Any]
    accepted: int = 0

    def take(self, count: int, *, connections: int = CONNECTIONS, in_batches_of: int = 1, body: str = "") -> Turn:
        options = {"count": count, "connections": connections, "in_batches_of": in_batches_of}
        used = cpu_seconds(self.process.pid)
        measured = self.lab.run("bench.caller", self.values | options | ({"body": body} if body else {}))
        used = cpu_seconds(self.process.pid) - used
        if measured["accepted"] != count:
            raise RuntimeError(f"{measured['accepted']} of {count} were accepted")
        self.accepted += count
        seconds = measured["seconds"]
        return Turn(count=count, seconds=seconds, cpu=used * 1e6 / count, caller=measured["cpu"] / seconds)


@dataclass(slots=True)
class Turns:
    """In the order in which they are taken."""

    single: list[Turn] = field(default_factory=list)
    bare: list[Turn] = field(default_factory=list)
    own: list[Turn] = field(default_factory=list)
    alone: list[Turn] = field(default_factory=list)
    batches: list[Turn] = field(default_factory=list)


def measure(lab: Lab) -> list[Row]:
    turns = Turns()
    with ExitStack() as stack:
        mine = stack.enter_context(_mine(lab))
        theirs = stack.enter_context(_theirs(lab, mine.values))
        for server in (mine, theirs):
            server.take(WARMING)
        mine.take(BATCH, connections=1, in_batches_of=BATCH)
        for number in lab.rounds(3):
            _take_turns(turns, mine, theirs, OWN_WORDS % number, share=QUICK if lab.quick else 1)
            lab.say(f"calls {turns.single[-1]} bare {turns.bare[-1]} own words {turns.own[-1]}")
            lab.say(f"one by one {turns.alone[-1]} in batches {turns.batches[-1]}")
    return [_calls(turns), _batches(turns)]


def _take_turns(turns: Turns, mine: Server, theirs: Server, own: str, *, share: int) -> None:
    turns.single.append(mine.take(SINGLE // share))
    turns.bare.append(theirs.take(BARE // share))
    turns.own.append(mine.take(OWN // share, body=own))
    turns.alone.append(mine.take(ALONE // share, connections=1))
    turns.batches.append(mine.take(BATCH * BATCHES, connections=1, in_batches_of=BATCH))


def _calls(turns: Turns) -> Row:
    detail: dict[str, object] = {
        "calls_per_second": _rates(turns.single),
        "bare_per_second": _rates(turns.bare),
        "own_words_per_second": _rates(turns.own),
        "own_words_against_bare": round(_faster(turns.own, turns.bare), 2),
        "cpu_microseconds": rounded([turn.cpu for turn in turns.single]),
        "bare_cpu_microseconds": rounded([turn.cpu for turn in turns.bare]),
        "caller_cpu_share": rounded([turn.caller for turn in turns.single], 2),
        "caller_cpu_share_bare": rounded([turn.caller for turn in turns.bare], 2),
        "connections": CONNECTIONS,
        "tokens": TOKENS,
    }
    value = _faster(turns.single, turns.bare)
    return Row(name="API calls against a bare Django view", value=value, least=0.5, unit="x", detail=detail)


def _batches(turns: Turns) -> Row:
    detail: dict[str, object] = {
        "messages_per_second": _rates(turns.batches),
        "one_by_one_per_second": _rates(turns.alone),
        f"against_{CONNECTIONS}_at_once": round(_faster(turns.batches, turns.single), 2),
        "cpu_microseconds": rounded([turn.cpu for turn in turns.batches]),
        "one_by_one_cpu_microseconds": rounded([turn.cpu for turn in turns.alone]),
        "batch": BATCH,
    }
    value = _faster(turns.batches, turns.alone)
    return Row(name="API batch of 1,000 against one by one", value=value, least=15, unit="x", detail=detail)


def _rates(turns: list[Turn]) -> list[float]:
    return rounded([turn.per_second for turn in turns])


def _faster(turns: list[Turn], than: list[Turn]) -> float:
    return middle([one.per_second / other.per_second for one, other in zip(turns, than, strict=True)])


@contextmanager
def _mine(lab: Lab) -> Iterator[Server]:
    """The product's web process alone: nobody sends meanwhile, the hints are sent all the same."""
    with lab.installed() as installation, installation.inside() as inside:
        page = inside.do("page", optins=BATCH * BATCHES)
        tokens = inside.do("api_tokens", page=page["pk"], count=TOKENS)
        inside.do("vacuum")
        with installation.web() as process:
            server = Server(lab=lab, process=process, values=_values(installation, page, tokens))
            yield server
            _check(int(inside.do("deliveries")), server)


def _values(installation: Installation, page: dict[str, Any], tokens: list[str]) -> dict[str, Any]:
    url = f"http://127.0.0.1:{installation.port}"
    return {"url": url, "page_id": page["page_id"], "body": page["body"], "tokens": tokens}


@contextmanager
def _theirs(lab: Lab, values: dict[str, Any]) -> Iterator[Server]:
    """The bare view; it gets the same calls."""
    (port,) = free_ports(1)
    with databases.database(lab.server, f"{lab.name}_view") as name:
        env = {"PEER_DATABASE": databases.url_of(lab.server, name)}
        lab.peer("bare_view", {}, **env)
        log = lab.folder / "bare_view.log"
        with served("bench.peers.bare_view:application", port=port, env=os.environ | env, log=log) as process:
            server = Server(lab=lab, process=process, values=values | {"url": f"http://127.0.0.1:{port}"})
            yield server
            _check(int(lab.peer("bare_view", {}, **env)["rows"]), server)


def _check(rows: int, server: Server) -> None:
    if rows != server.accepted:
        raise RuntimeError(f"{server.accepted} messages were accepted, and there are {rows} rows")
