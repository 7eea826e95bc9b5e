"""The engine at work, and its deaths: at every step of the life of a delivery, and frozen beyond its lease."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Any
from unittest.mock import patch

from django.utils import timezone
from hypothesis import strategies as st

from notifications.gateway.wire import pool
from notifications.models import Lease
from notifications.services import campaigns, lease, pump, pumping, recording, watching
from notifications.services.marking import Marked
from notifications.services.pump import Pump
from tests.notifications.never import judging
from tests.notifications.never.desk import Marketing, Systems, pages
from tests.notifications.never.far import Manner
from tests.notifications.never.history import act
from tests.notifications.never.people import People


class Killed(BaseException):
    """The process is no more: nothing that it would have done is done."""


class Death(StrEnum):
    """Right after what it is called by."""

    NONE = "none"
    CLAIM = "claim"  # the lease is taken
    MARK = "mark"  # rows are marked and committed; no socket was opened
    NETWORK = "network"  # answers came; nothing is written down
    SECOND = "second part"  # the first part is written down, the second one is not
    RECORD = "record"  # all is written down; nothing that follows from it is done
    END = "end"  # the lease is given back


class Meanwhile(StrEnum):
    """What comes between the mark and the network."""

    NOTHING = "nothing"
    STOP = "stop"
    TAKEN_BACK = "taken back"
    ERASED = "erased"
    FROZEN = "frozen"  # so long that another pump has the page by then


manners = st.sampled_from([Manner.TAKES] * 6 + [each for each in Manner if each is not Manner.TAKES])
deaths = st.sampled_from([Death.NONE] * 6 + [each for each in Death if each is not Death.NONE])
between = st.sampled_from([Meanwhile.NOTHING] * 4 + [each for each in Meanwhile if each is not Meanwhile.NOTHING])


class Sending(People, Systems, Marketing):
    @act(5, page=pages, manner=manners, death=deaths, meanwhile=between, after=st.sampled_from([1, 40]))
    def a_page_is_pumped(self, page: str, manner: Manner, death: Death, meanwhile: Meanwhile, after: int) -> None:
        self.clock.tick(timedelta(seconds=after))
        self.rows_are_made()
        self.pump(page, manner=manner, death=death, meanwhile=meanwhile)

    def pump(
        self,
        page: str,
        *,
        manner: Manner = Manner.TAKES,
        death: Death = Death.NONE,
        meanwhile: Meanwhile = Meanwhile.NOTHING,
    ) -> None:
        """A turn of the page, and time enough before it for an old lease to run out."""
        self.clock.tick()
        self.far.manner = manner
        pk = self.world.pages[page].pk
        self._run_out(pk)
        with ExitStack() as stack:
            stack.enter_context(patch.object(pump, "FLUSH_SECONDS", 1e9))
            if death is not Death.NONE:
                stack.enter_context(dying(death))
            if meanwhile is not Meanwhile.NOTHING:
                stack.enter_context(interrupted(lambda held: self._happens(meanwhile, page, held)))
            pumping.pump_page(pk)
        self.far.manner = Manner.TAKES

    def calm(self) -> None:
        """What was due and allowed has left by then, or says why not."""
        self.doubts_are_decided(again=False)
        for page in self.world.pages:
            self.a_page_goes_on(page)
        for _turn in range(8):
            self.clock.tick(timedelta(minutes=40))
            self.rows_are_made()
            for page in self.world.pages:
                self.pump(page)
        judging.nothing_waits(self)

    def _happens(self, meanwhile: Meanwhile, page: str, held: lease.Held) -> None:
        self.clock.tick()
        match meanwhile:
            case Meanwhile.STOP:
                for psid in ("7001", "7002"):
                    self.writes(psid, "stop", does="stop")
                    self.clock.tick()
            case Meanwhile.TAKEN_BACK:
                for customer_id in ("c-1", "order-1", "instock-A-1"):
                    self.take_back(page, customer_id)
            case Meanwhile.ERASED:
                for customer_id in ("c-1", "instock-A-1"):
                    self.erase(page, customer_id)
            case Meanwhile.FROZEN:
                self._freezes(held)

    def _freezes(self, held: lease.Held) -> None:
        """Its lease runs out, somebody else has the page, and then it wakes: it must send nothing more."""
        self._run_out(held.page_pk)
        pumping.pump_page(held.page_pk)
        held.believed_until = 0.0
        self.woken_at.append(len(self.far.arrivals))

    def _run_out(self, page_pk: int) -> None:
        Lease.objects.filter(pk=page_pk).update(expires_at=timezone.now() - timedelta(days=365 * 50))


@contextmanager
def dying(death: Death) -> Iterator[None]:
    """Whoever is killed gives nothing back."""

    def killed(*_args: Any, **_kwargs: Any) -> Any:
        raise Killed

    places: dict[Death, tuple[Any, str]] = {
        Death.CLAIM: (recording, "declare_unknown"),
        Death.MARK: (Pump, "_submit"),
        Death.NETWORK: (recording, "record"),
        Death.RECORD: (watching, "look"),
        Death.END: (campaigns, "finish_done"),
    }
    with ExitStack() as stack:
        if death is Death.SECOND:
            stack.enter_context(patch.object(recording, "record", _the_second_time(recording.record, killed)))
        else:
            stack.enter_context(patch.object(*places[death], killed))
        if death is not Death.END:
            stack.enter_context(patch.object(lease, "release", lambda _held: None))
        try:
            yield
        except Killed:
            # Its connections died with it.
            pool.close_idle()


def _the_second_time(usual: Callable[..., Any], then: Callable[..., Any]) -> Callable[..., Any]:
    calls: list[int] = []

    def act(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return (then if len(calls) > 1 else usual)(*args, **kwargs)

    return act


@contextmanager
def interrupted(happens: Callable[[lease.Held], None]) -> Iterator[None]:
    """Between the first mark and the network."""
    usual, once = Pump._submit, [happens]

    def submit(self: Pump, row: Marked, start: float) -> None:
        if once:
            once.pop()(self.held)
        usual(self, row, start)

    with patch.object(Pump, "_submit", submit):
        yield
