"""What visitors of the shop do, and how Facebook tells of it: at once, late, twice, in any order, or from the store."""

from datetime import datetime

from hypothesis import strategies as st

from optins.codes import digest
from optins.models import Invitation
from pages.conversations.entries import entry_of
from pages.events import Referral, Referred
from tests.notifications.never.history import Base, act
from tests.notifications.never.model import Question
from tests.notifications.never.world import IDS, META, PSIDS, Fact
from tests.optins.visitors import click, token_of
from tests.support import facebook

people = st.sampled_from(PSIDS)
ids = st.sampled_from(IDS)
nth = st.integers(0, 7)
late = st.sampled_from([False, False, False, True])
FROM_A_LINK = {"source": "SHORTLINK", "type": "OPEN_THREAD"}


class People(Base):
    @act(customer_id=ids)
    def somebody_clicks(self, customer_id: str) -> None:
        self.clock.tick()
        self._click(customer_id)

    @act(2, psid=people, which=nth, late=late, by_code=st.booleans(), new=st.booleans())
    def comes(self, psid: str, which: int, *, late: bool, by_code: bool, new: bool) -> None:
        """Whoever has the link: the one who clicked, or another one."""
        self.clock.tick()
        if self.clicks:
            self._comes(psid, self.clicks[-1 - which % len(self.clicks)], late=late, by_code=by_code, new=new)

    @act(5, psid=people, customer_id=ids)
    def agrees(self, psid: str, customer_id: str) -> None:
        """The whole way, with nothing in between."""
        self.clock.tick()
        self._click(customer_id)
        self.clock.tick()
        self._comes(psid, self.clicks[-1], late=False, by_code=False, new=False)
        self.clock.tick()
        self.writes(psid, "Oui !", does="yes")

    @act(3, psid=people, which=nth, late=late)
    def taps(self, psid: str, which: int, *, late: bool) -> None:
        """Yes, No or "This alert only", of any question that reached this person."""
        self.clock.tick()
        seen = self.tappable(psid)
        if seen:
            _arrival, title, payload = seen[-1 - which % len(seen)]
            word, _colon, numbers = payload.partition(":")
            does = {"OPTIN_YES": "yes", "OPTIN_NO": "no"}.get(word, "")
            questions = [int(number) for number in numbers.split(",")] if does else []
            more = {"quick_reply": {"payload": payload}, "questions": questions}
            self.writes(psid, title, does=does, late=late, **more)

    @act(psid=people, text=st.sampled_from(["yes", "no", "d'accord", "hello"]), late=late)
    def says(self, psid: str, text: str, *, late: bool) -> None:
        self.clock.tick()
        self.writes(psid, text, does={"yes": "yes", "d'accord": "yes", "no": "no"}.get(text, ""), late=late)

    @act(2, psid=people, text=st.sampled_from(["STOP", "Arrêtez !", "unsubscribe"]), late=late, standby=st.booleans())
    def stops(self, psid: str, text: str, *, late: bool, standby: bool) -> None:
        self.clock.tick()
        fact = self.writes(psid, text, does="stop", late=True)
        if not late:
            self.tell([fact], standby=standby and not late)

    @act(psid=people, late=late)
    def stops_by_the_button(self, psid: str, *, late: bool) -> None:
        self.clock.tick()
        mid = self.new_mid()
        body = facebook.postback(self.page().page_id, psid, "OPT_OUT", title="Stop", mid=mid, at=self.clock.at)
        self.does(Fact(psid=psid, at=self.clock.at, body=body, mid=mid, does="stop"), late=late)

    @act(2, psid=people, late=late)
    def starts(self, psid: str, *, late: bool) -> None:
        self.clock.tick()
        self.writes(psid, "START", late=late)

    @act(3, which=st.lists(nth, min_size=1, max_size=4, unique=True))
    def told_late_or_again(self, which: list[int]) -> None:
        self.clock.tick()
        if count := len(self.facts):
            self.tell([self.facts[place] for place in {count - 1 - each % count for each in which}])

    @act()
    def replayed(self) -> None:
        """Everything that is stored, once more."""
        self.clock.tick()
        self.world.replay()
        self.learn()

    def _click(self, customer_id: str) -> None:
        page = self.page()
        invited = click(page, customer_id, now=self.clock.at)
        pk = Invitation.objects.get(token_sha256=digest(token_of(invited))).pk
        self.model.questions[pk] = Question(key=(META, customer_id), good_until=invited.expires_at)
        self.clicks.append((pk, token_of(invited), invited.code))

    def _comes(self, psid: str, clicked: tuple[int, str, str], *, late: bool, by_code: bool, new: bool) -> None:
        pk, token, code = clicked
        if by_code:
            self.writes(psid, code.lower(), does="comes", late=late, questions=[pk])
            return
        page_id, at, mid = self.page().page_id, self.clock.at, ""
        if new:
            mid = self.new_mid()
            body = facebook.postback(page_id, psid, ref=token, mid=mid, at=at)
        else:
            body = facebook.referral(page_id, psid, token, at=at)
            mid = name_of_arrival(page_id, psid, at, token)
        self.does(Fact(psid=psid, at=at, body=body, mid=mid, does="comes", questions=[pk]), late=late)


def name_of_arrival(page_id: str, psid: str, at: datetime, token: str) -> str:
    """Facebook gives it none."""
    came = Referred(page_id=page_id, psid=psid, at=at, referral=Referral(ref=token, **FROM_A_LINK))
    entry = entry_of(came)
    assert entry
    return entry.mid
