"""What runs during a proof: workers, beat and the far end, and the count of what every blow may have cost."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from celery import Celery

from messenger_admin.celery import app
from messenger_admin.proof import waiting
from messenger_admin.proof.far_end import FarEnd, far_end
from messenger_admin.proof.judge import Woken
from messenger_admin.proof.ledger import Ledger
from messenger_admin.proof.places import Place
from messenger_admin.proof.processes import Process, python
from messenger_admin.proof.servers import Server
from messenger_admin.supervisor.stack import WORKER

# As compose.yaml starts it.
FORKING_WORKER = ("-m", "celery", "--app", "messenger_admin", "--quiet", "worker", "--concurrency", "2")
BEAT = ("-m", "celery", "--app", "messenger_admin", "--quiet", "beat")
# The schedule needs no file: a sweep says everything anew.
NO_FILES = ("--scheduler", "celery.beat:Scheduler", "--pidfile=")
# The far end's usual time to answer, in seconds: there is always something in flight.
LATENCY = 0.08


class CannotProve(Exception):
    """Something that the proof itself needs did not work; `str()` says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakable:
    """What of the surroundings may be broken: servers of the run's own, and wall clocks that can be set."""

    database: Server | None = None
    broker: Server | None = None
    worker_clock: Path | None = None
    database_clock: Path | None = None
    worker_env: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Rig:
    """`in_flight`, `may_be_doubtful` and `woken` are what the blows so far left (see judge.Evidence).

    `deaths` are the logs of workers that died by themselves.
    """

    place: Place
    ledger: Ledger
    far_end: FarEnd
    breakable: Breakable
    env: Mapping[str, str]
    pages: int
    workers: list[Process] = field(default_factory=list)
    in_flight: set[int] = field(default_factory=set)
    may_be_doubtful: int = 0
    woken: list[Woken] = field(default_factory=list)
    deaths: list[Path] = field(default_factory=list)

    def start_worker(self, number: int) -> Process:
        log = self.place.folder / f"worker-{number}.log"
        command = WORKER if self.place.is_embedded else FORKING_WORKER
        # Workers of one name would share a mailbox.
        name = f"{self.place.queue}-{number}@%h"
        return python(*command, "--hostname", name, log=log, env={**self.env, **self.breakable.worker_env})

    def tend(self) -> None:
        """Starts again what died, as a supervisor would."""
        for number, worker in enumerate(self.workers):
            if worker.code is not None:
                self.deaths.append(worker.log)
                self.replace(number)

    def replace(self, number: int) -> None:
        self.workers[number].kill()
        self.workers[number] = self.start_worker(number)

    def end(self) -> None:
        for worker in self.workers:
            worker.kill()

    def wait_until_at_work(self, number: int, seconds: float) -> None:
        """Until the worker holds a page, or for so long: a blow to an idle one proves little."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.ledger.holds_a_lease(self.workers[number].pids()):
            time.sleep(0.02)

    def hints(self) -> Celery:
        """Sends to the run's own broker and queue."""
        sender = Celery("proof", broker=self.place.broker_url, set_as_current=False)
        sender.conf.update(
            {name: app.conf[name] for name in ("task_serializer", "accept_content", "task_ignore_result")}
        )
        sender.conf.update(task_default_queue=self.place.queue, broker_connection_timeout=2)
        return sender


@contextmanager
def rig(*, place: Place, breakable: Breakable, people: Mapping[str, int]) -> Iterator[Rig]:
    """A filled installation whose campaigns are launched, and whose workers have just been started.

    `people` has what filling.fill wants.
    """
    nowhere = place.environment(sandbox_port=9)
    with ExitStack() as stack:
        end = stack.enter_context(far_end(store=place.store, log=place.folder / "far-end.log", env=nowhere))
        end.slow_down(LATENCY)
        env = place.environment(sandbox_port=end.port)
        _fill(place, env, people)
        ledger = Ledger(place.database_url)
        made = Rig(place=place, ledger=ledger, far_end=end, breakable=breakable, env=env, pages=people["pages"])
        stack.callback(made.end)
        stack.enter_context(python(*BEAT, *NO_FILES, log=place.folder / "beat.log", env=env))
        made.workers.extend(made.start_worker(number) for number in range(place.workers))
        yield made


def _fill(place: Place, env: Mapping[str, str], people: Mapping[str, int]) -> None:
    options = [f"--{name}={count}" for name, count in people.items()]
    log = place.folder / "filling.log"
    with python("-m", "messenger_admin.proof.inside", *options, log=log, env=env) as filling:
        waiting.until(lambda: filling.code is not None, f"the installation ({log})", seconds=180)
        if filling.code:
            raise CannotProve(filling.said[-4000:])
