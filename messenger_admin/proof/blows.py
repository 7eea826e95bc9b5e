"""The acts of a schedule, carried out; each notes what it may have left in doubt."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

from kombu import Queue

from messenger_admin.proof import clocks
from messenger_admin.proof.judge import Woken
from messenger_admin.proof.rig import Breakable, Rig
from messenger_admin.proof.schedule import Act, Fault
from messenger_admin.proof.servers import Server
from notifications.hints import PUMP_PAGE

# How long a worker that was just started is waited for before it is hit, in seconds.
AT_WORK = 6.0
# A commit that was sent may take so long, in seconds: only then is what was marked counted.
SETTLING = 0.6
# How long a frozen worker sleeps beyond its lease, in seconds.
OVERSLEEPS = 2.0
# What it begins in so many seconds after it woke is looked at.
AWAKE = 2.0
HINTS = 300
# How long a server stays away, in seconds.
AWAY = 1.0
# How long a wall clock stays wrong, in seconds.
WRONG = 4.0


def carry_out(act: Act, rig: Rig) -> None:
    time.sleep(act.after)
    rig.tend()
    BLOWS[act.fault](act, rig)


def possible(breakable: Breakable) -> frozenset[Fault]:
    """What can be done where only that much may be broken."""
    needs = {
        Fault.BROKER: breakable.broker,
        Fault.DATABASE_FAST: breakable.database,
        Fault.DATABASE_IMMEDIATE: breakable.database,
        Fault.WORKER_CLOCK: breakable.worker_clock,
        Fault.DATABASE_CLOCK: breakable.database_clock,
    }
    return frozenset(fault for fault in Fault if fault not in needs or needs[fault])


def _kill(rig: Rig, numbers: list[int]) -> None:
    """What a dead worker had in flight stays marked until its lease has run out: there is time to count it."""
    pids = {pid for number in numbers for pid in rig.workers[number].pids()}
    for number in numbers:
        rig.workers[number].kill()
    time.sleep(SETTLING)
    rig.in_flight |= rig.ledger.in_flight(pids).keys()
    for number in numbers:
        rig.replace(number)


def kill(act: Act, rig: Rig) -> None:
    number = act.worker % len(rig.workers)
    rig.wait_until_at_work(number, AT_WORK)
    _kill(rig, [number])


def kill_all(act: Act, rig: Rig) -> None:
    rig.wait_until_at_work(act.worker % len(rig.workers), AT_WORK)
    _kill(rig, list(range(len(rig.workers))))


def freeze(act: Act, rig: Rig) -> None:
    number = act.worker % len(rig.workers)
    rig.wait_until_at_work(number, AT_WORK)
    worker = rig.workers[number]
    pids = worker.pids()
    worker.send(signal.SIGSTOP)
    time.sleep(SETTLING)
    held, fences = rig.ledger.in_flight(pids), rig.ledger.fences(pids)
    rig.in_flight |= held.keys()
    time.sleep(rig.place.lease_seconds + OVERSLEEPS)
    lost, woken_at = rig.ledger.lost(fences), time.time()
    worker.send(signal.SIGCONT)
    time.sleep(AWAKE)
    begun = rig.ledger.begun_under(lost, since=woken_at)
    ours = frozenset(pk for pk, page in held.items() if page in lost)
    rig.woken.append(Woken(held=ours, at=woken_at, begun=begun))


def hints(act: Act, rig: Rig) -> None:
    """To whichever workers take them, all at once."""
    sender = rig.hints()
    with sender.connection_for_write() as connection:
        for number in range(HINTS):
            sender.send_task(PUMP_PAGE, args=[number % rig.pages + 1], connection=connection)


def misbehave(act: Act, rig: Rig) -> None:
    if act.telling:
        rig.may_be_doubtful += rig.far_end.tell(act.telling)


def wipe(act: Act, rig: Rig) -> None:
    with rig.hints().connection_for_write() as connection:
        Queue(rig.place.queue, channel=connection.default_channel).purge()


def broker(act: Act, rig: Rig) -> None:
    _restart(rig.breakable.broker, "immediate" if act.worker % 2 else "orderly")


def database_fast(act: Act, rig: Rig) -> None:
    _restart(rig.breakable.database, "orderly")


def database_immediate(act: Act, rig: Rig) -> None:
    _restart(rig.breakable.database, "immediate")


def _restart(server: Server | None, manner: str) -> None:
    if server:
        server.stop(manner)
        time.sleep(AWAY)
        server.start()


def worker_clock(act: Act, rig: Rig) -> None:
    _set_wrong(rig.breakable.worker_clock, act.jump)


def _set_wrong(clock: Path | None, seconds: float) -> None:
    if clock:
        clocks.turn(clock, seconds)
        time.sleep(WRONG)
        clocks.turn(clock, 0.0)


def database_clock(act: Act, rig: Rig) -> None:
    """A lease that runs out before its time may be taken while its holder works: each page's batch is in doubt then."""
    rig.may_be_doubtful += rig.pages * rig.place.most_in_doubt
    _set_wrong(rig.breakable.database_clock, act.jump)


BLOWS: dict[Fault, Callable[[Act, Rig], None]] = {
    Fault.KILL: kill,
    Fault.KILL_ALL: kill_all,
    Fault.FREEZE: freeze,
    Fault.HINTS: hints,
    Fault.MISBEHAVE: misbehave,
    Fault.WIPE: wipe,
    Fault.BROKER: broker,
    Fault.DATABASE_FAST: database_fast,
    Fault.DATABASE_IMMEDIATE: database_immediate,
    Fault.WORKER_CLOCK: worker_clock,
    Fault.DATABASE_CLOCK: database_clock,
}
