"""A history and its bookkeeping: what every rule stands on, and what is looked at after each step."""

import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone, translation
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import SearchStrategy

from notifications.models import Campaign
from optins.models import Invitation
from pages.models import Page
from tests.notifications.never import judging, world
from tests.notifications.never.far import Arrival, Manner
from tests.notifications.never.model import Key, Model
from tests.notifications.never.world import IADVIZE, META, Fact, World
from tests.support import facebook

# Which pages have a turn of their pump after the act.
thens = st.sampled_from([(), (), (META,), (META,), (IADVIZE,), (META, IADVIZE)])


Act = tuple[str, dict[str, Any]]
F = TypeVar("F", bound=Callable[..., None])
_acts: list[SearchStrategy[Act]] = []


def act(weight: int = 1, **strategies: SearchStrategy[Any]) -> Callable[[F], F]:
    """A method that is one of the acts of histories, as often as its weight among all of them says.

    Not a rule each: Hypothesis leaves half of the rules out of each history, and most of these need one another.
    """

    def register(does: F) -> F:
        _acts.extend([st.tuples(st.just(does.__name__), st.fixed_dictionaries(strategies))] * weight)
        return does

    return register


def acts() -> SearchStrategy[Act]:
    return st.one_of(_acts)


class Base(RuleBasedStateMachine):
    """One history. `world` was made before the first; what a history adds to it is rolled back at its end."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self._all = transaction.atomic()
        self._all.__enter__()
        self.clock, self.far = self.world.clock, self.world.far
        self.clock.back_to_start()
        self.far.manner = Manner.TAKES
        self.far.arrivals.clear()
        random.seed(0)
        self.model: Model = self.world.model()
        self.facts: list[Fact] = []
        self.clicks: list[tuple[int, str, str]] = []
        self.campaigns: list[int] = []
        self.seen = 0
        self.left: Counter[tuple[int, int]] = Counter()
        self.again: Counter[int] = Counter()
        # By agreement to one message, the deliveries that left under it; and by person, when a STOP was first told.
        self.used: dict[tuple[Key, datetime], set[int]] = {}
        self.stop_told: dict[str, datetime] = {}
        # How much had arrived when a pump woke that had slept beyond its lease.
        self.woken_at: list[int] = []
        self.mids = 0

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.calm()
                self.check()
        finally:
            self._undo()

    def _undo(self) -> None:
        transaction.set_rollback(True)
        self._all.__exit__(None, None, None)
        translation.deactivate()

    def calm(self) -> None:
        raise NotImplementedError

    def rows_are_made(self) -> None:
        raise NotImplementedError

    def pump(self, page: str) -> None:
        raise NotImplementedError

    @rule(act=st.deferred(acts), then=thens)
    def goes_on(self, act: Act, then: tuple[str, ...]) -> None:
        """One act, and in most cases the engine's turn behind it."""
        name, drawn = act
        self.clock.tick()
        getattr(self, name)(**drawn)
        for page in then:
            self.rows_are_made()
            self.pump(page)

    # -- shorthands ------------------------------------------------------------------------------------------------

    def page(self, name: str = META) -> Page:
        return self.world.page(name)

    def key(self, name: str, customer_id: str) -> Key:
        return name, customer_id

    def new_mid(self) -> str:
        self.mids += 1
        return f"m_of_history_{self.mids}"

    # -- what people do --------------------------------------------------------------------------------------------

    def does(self, fact: Fact, *, late: bool) -> None:
        self.facts.append(fact)
        if not late:
            self.tell([fact])

    def writes(self, psid: str, text: str, *, does: str = "", late: bool = False, **more: Any) -> Fact:
        mid, questions = self.new_mid(), more.pop("questions", [])
        page_id = self.world.pages[META].page_id
        body = facebook.message(page_id, psid, text, at=self.clock.at, mid=mid, **more)
        fact = Fact(psid=psid, at=self.clock.at, body=body, mid=mid, does=does, questions=questions)
        self.does(fact, late=late)
        return fact

    def tell(self, facts: list[Fact], *, standby: bool = False) -> None:
        """Again or for the first time, in one post; the product takes them in the order in which they happened."""
        self.world.tell(*[fact.body for fact in facts], standby=standby)
        for fact in sorted(facts, key=lambda each: each.at):
            if not standby or fact.does == "stop":
                if fact.does == "stop" and not fact.told:
                    self.stop_told[fact.psid] = timezone.now()
                world.apply(self.model, fact, timezone.now())
        self.learn()

    def learn(self) -> None:
        for each in Invitation.objects.filter(again=True).select_related("recipient").order_by("pk"):
            if each.recipient and each.arrived_at:
                world.learn(self.model, each.pk, (META, each.customer_id), each.recipient.psid, each.arrived_at)

    def tappable(self, psid: str) -> list[tuple[Arrival, str, str]]:
        """What this person sees beneath messages that arrived."""
        page_id = self.world.pages[META].page_id
        mine = [one for one in self.far.arrivals if one.left and (one.page_id, one.whom) == (page_id, psid)]
        return [(one, title, payload) for one in mine for title, payload in one.taps]

    def campaign(self, index: int) -> Campaign | None:
        return Campaign.objects.get(pk=self.campaigns[index % len(self.campaigns)]) if self.campaigns else None

    def check(self) -> None:
        """As Hypothesis does after each step."""
        self.nobody_was_written_to_without_an_agreement()
        self.what_is_kept_as_an_agreement_is_one()
        self.no_event_failed()

    # -- after each step -------------------------------------------------------------------------------------------

    @invariant()
    def nobody_was_written_to_without_an_agreement(self) -> None:
        for arrival in self.far.arrivals[self.seen :]:
            judging.judge(self, arrival)
        assert all(count == len(self.far.arrivals) for count in self.woken_at), "It sent beyond its lease"
        self.woken_at.clear()
        self.seen = len(self.far.arrivals)

    @invariant()
    def what_is_kept_as_an_agreement_is_one(self) -> None:
        judging.compare(self)

    @invariant()
    def no_event_failed(self) -> None:
        judging.no_failures()
