"""Starts the parts, passes on what they say, starts again those that die, and stops them in order."""

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from django.utils.translation import gettext as _

from messenger_admin.supervisor.backoff import Backoff
from messenger_admin.supervisor.console import Console
from messenger_admin.supervisor.parts import Part

HEAD_START = 3.0  # seconds at most that the first part has the machine for itself, so that it answers soon
TICK = 1.0  # seconds between looks at what nobody announces: a thread that ended, a restart that is due
WATCHFUL_TICK = 0.05  # while it starts or stops
PATIENCE = 3.5  # seconds for one stage of the stop
DEADLINE = 4.5  # seconds after which nobody is asked any more


@dataclass(slots=True)
class Watch:
    """A part and its lives. `due` is when it is started again; None while it runs."""

    part: Part
    started: float = 0.0
    due: float | None = None
    backoff: Backoff = field(default_factory=Backoff)


class Supervisor:
    def __init__(self, parts: Sequence[Part], *, console: Console, ready: Callable[[], bool]) -> None:
        """`ready` says whether the first part can be used; it is asked until it is true once."""
        now = time.monotonic()
        self._watches = [Watch(part, due=now + HEAD_START * bool(rank)) for rank, part in enumerate(parts)]
        self._console = console
        self._ready = ready
        self._selector = selectors.DefaultSelector()
        self._requests = 0

    def run(self, announce: Callable[[], None]) -> None:
        """Returns when a signal asked for the end and every part has ended."""
        announced = False
        with self._signals():
            while not self._requests:
                self._tend()
                if not announced and self._ready():
                    announced = True
                    announce()
                    self._hurry()
                self._listen(TICK if announced else WATCHFUL_TICK)
            self._console.say(_("Stopping…"))
            self._stop()
            self._console.say(_("Stopped."))

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Signals only wake the loop; it does the work outside their handlers."""
        wakeup, ears = socket.socketpair()
        wakeup.settimeout(0)
        ears.settimeout(0)
        previous = signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(ears, selectors.EVENT_READ, None)
        try:
            yield
        finally:
            signal.set_wakeup_fd(previous)
            self._selector.close()
            wakeup.close()
            ears.close()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._requests += 1

    def _listen(self, timeout: float) -> None:
        for key, _events in self._selector.select(timeout):
            if key.data is None:
                os.read(key.fd, 4096)
            else:
                self._relay(key.fd, key.data)

    def _relay(self, descriptor: int, name: str) -> None:
        data = os.read(descriptor, 65_536)
        self._console.relay(name, data)
        if not data:
            self._selector.unregister(descriptor)

    def _tend(self) -> None:
        now = time.monotonic()
        for watch in self._watches:
            if watch.due is None:
                self._bury(watch, now)
            if watch.due is not None and watch.due <= now:
                self._start(watch, now)

    def _hurry(self) -> None:
        for watch in self._watches:
            watch.due = None if watch.due is None else min(watch.due, time.monotonic())

    def _start(self, watch: Watch, now: float) -> None:
        watch.part.start()
        watch.started, watch.due = now, None
        descriptor = watch.part.output()
        if descriptor is not None:
            self._selector.register(descriptor, selectors.EVENT_READ, watch.part.name)

    def _bury(self, watch: Watch, now: float) -> None:
        how = watch.part.ended()
        if how is None:
            return
        self._clear(watch)
        wait = watch.backoff.wait
        self._console.say(
            _("%(part)s %(how)s. It is started again in %(seconds)g s.")
            % {"part": watch.part.name, "how": how, "seconds": wait}
        )
        watch.due, watch.backoff = now + wait, watch.backoff.after(now - watch.started)

    def _clear(self, watch: Watch) -> None:
        """Prints its last words and ends whatever is left of it."""
        descriptor = watch.part.output()
        if descriptor is not None and descriptor in self._selector.get_map():
            os.set_blocking(descriptor, False)
            self._drain(descriptor, watch.part.name)
        watch.part.kill()

    def _drain(self, descriptor: int, name: str) -> None:
        try:
            while descriptor in self._selector.get_map():
                self._relay(descriptor, name)
        except BlockingIOError:
            # A child of the part still holds the other end, and is about to be ended.
            self._console.relay(name, b"")
            self._selector.unregister(descriptor)

    def _stop(self) -> None:
        began = time.monotonic()
        for stage in sorted({watch.part.stage for watch in self._watches}):
            stopping = [watch for watch in self._watches if watch.part.stage == stage]
            for watch in stopping:
                watch.part.stop()
            self._await(stopping, until=min(time.monotonic() + PATIENCE, began + DEADLINE))
        for watch in self._watches:
            self._clear(watch)

    def _await(self, watches: Sequence[Watch], *, until: float) -> None:
        """Returns when all have ended, at `until`, or when a second signal says that nobody wants to wait."""
        patience = self._requests
        while time.monotonic() < until and self._requests == patience:
            if all(watch.due is not None or watch.part.ended() is not None for watch in watches):
                return
            self._listen(WATCHFUL_TICK)
        if self._requests != patience:
            self._console.say(_("Not waiting any longer."))
