"""Short histories in which one promise each is at stake; several went wrong once. They cost little, and run always."""

from datetime import timedelta
from typing import Any

from tests.notifications.never.far import Manner
from tests.notifications.never.history import Act
from tests.notifications.never.model import ALERT, MARKETING, TRANSACTIONAL, Terms
from tests.notifications.never.sending import Death, Meanwhile
from tests.notifications.never.world import IADVIZE, META

CLAIRE, DAVID = "7001", "7002"
NARROW = Terms(purpose=TRANSACTIONAL, days=30)
WIDE = Terms(purpose=MARKETING, days=30)

History = list[Act]


def told(customer_id: str = "c-1", page: str = IADVIZE, *, note: str = "form", psid: str | None = None) -> Act:
    return "a_system_tells_of_an_agreement", {"page": page, "customer_id": customer_id, "note": note, "psid": psid}


def order(customer_id: str = "c-1", page: str = IADVIZE, key: str = "") -> Act:
    return "a_system_sends_a_message", {"page": page, "customer_id": customer_id, "key": key}


def pump(page: str = IADVIZE, **more: Any) -> Act:
    usual = {"manner": Manner.TAKES, "death": Death.NONE, "meanwhile": Meanwhile.NOTHING, "after": 40}
    return "a_page_is_pumped", {"page": page, **usual, **more}


def agrees(customer_id: str = "c-1", psid: str = CLAIRE) -> Act:
    return "agrees", {"psid": psid, "customer_id": customer_id}


def clicks(customer_id: str = "c-1") -> Act:
    return "somebody_clicks", {"customer_id": customer_id}


def comes(psid: str = CLAIRE, *, late: bool = False, which: int = 0) -> Act:
    return "comes", {"psid": psid, "which": which, "late": late, "by_code": False, "new": True}


def taps(psid: str = CLAIRE, *, late: bool = False, which: int = 1) -> Act:
    """Beneath the newest question: Yes stands before No."""
    return "taps", {"psid": psid, "which": which, "late": late}


def says(text: str, psid: str = CLAIRE, *, late: bool = False) -> Act:
    if text == "STOP":
        return "stops", {"psid": psid, "text": text, "late": late, "standby": False}
    if text == "START":
        return "starts", {"psid": psid, "late": late}
    return "says", {"psid": psid, "text": text, "late": late}


def again(*which: int) -> Act:
    """What was done so many acts before the last one."""
    return "told_late_or_again", {"which": list(which)}


def passes(**span: float) -> Act:
    return "time_passes", {"by": timedelta(**span)}


def taken_back(customer_id: str = "c-1", page: str = IADVIZE) -> Act:
    return "an_agreement_is_taken_back", {"customer_id": customer_id, "page": page}


def pattern(word: str, terms: Terms, site: str = META) -> Act:
    return "a_pattern_is_changed", {"change": (word, terms), "site": site}


def launched(page: str = IADVIZE, purpose: str = MARKETING) -> Act:
    more = {"prefix": "", "what": 0, "useful": None}
    return "a_campaign_is_launched", {"page": page, "purpose": purpose, **more}


REPLAYED: Act = ("replayed", {})
DECIDED_AGAIN: Act = ("doubts_are_decided", {"again": True})
ERASED: Act = ("a_customer_is_erased", {"page": IADVIZE, "customer_id": "c-1"})
CLAIRE_ERASED: Act = ("a_person_is_erased", {"psid": CLAIRE})
BUSY, BREAKS = {"manner": Manner.BUSY}, {"manner": Manner.BREAKS}

HISTORIES: dict[str, History] = {
    "all is well": [
        *(agrees(), pump(META), order("c-1", META), pump(META), told(), order(), launched(), pump()),
        *(told("instock-A-1"), launched(purpose=ALERT), pump(), launched(META), pump(META)),
    ],
    "taken back while it was on its way, and turned away": [
        *(told(), order(), pump(**BUSY, meanwhile=Meanwhile.TAKEN_BACK), passes(minutes=40), pump()),
    ],
    "erased while it was on its way, and turned away": [
        *(told(), order(), pump(**BUSY, meanwhile=Meanwhile.ERASED), ERASED, passes(minutes=40), pump()),
    ],
    "a STOP while it was on its way, and turned away": [
        *(agrees(), pump(META), order("c-1", META), pump(META, **BUSY, meanwhile=Meanwhile.STOP)),
        *(passes(minutes=40), pump(META)),
    ],
    "expired while it waited": [
        *(pattern("order", WIDE, IADVIZE), told("order-1"), passes(days=29, hours=23), order("order-1")),
        *(passes(hours=2), pump()),
    ],
    "narrowed after the launch": [
        *(told(), launched(), ("rows_are_made", {}), pattern("c", NARROW, IADVIZE), told(note="another")),
        *(taken_back("order-1"), pump()),
    ],
    "never for what was not agreed to": [told("order-1"), told("c-2"), launched(), pump()],
    "two alerts at once for one id": [told("instock-A-1"), order("instock-A-1"), order("instock-A-1"), pump()],
    "one alert after the other": [
        *(told("instock-A-1"), order("instock-A-1"), pump(), order("instock-A-1"), pump()),
    ],
    "an alert in doubt, and another": [
        *(told("instock-A-1"), order("instock-A-1"), order("instock-A-1"), pump(**BREAKS), passes(minutes=40)),
        *(DECIDED_AGAIN, pump(**BUSY), passes(minutes=40), pump()),
    ],
    "a sender that was lost, sent again": [
        *(told("instock-A-1"), order("instock-A-1"), pump(death=Death.NETWORK), order("instock-A-1"), pump()),
    ],
    "killed after the network": [told(), order(), pump(death=Death.NETWORK), pump(), passes(hours=25), pump()],
    "killed after the mark": [told(), order(), pump(death=Death.MARK), pump(), pump()],
    "killed between two parts": [
        *(agrees(), pump(META), ("a_campaign_is_launched", {**launched(META)[1], "what": 2})),
        *(pump(META, death=Death.SECOND), pump(META), DECIDED_AGAIN, pump(META)),
    ],
    "frozen beyond its lease": [told(), order(), pump(meanwhile=Meanwhile.FROZEN), pump()],
    "the same call twice": [told(), order(key="key-1"), order(key="key-1"), pump(), pump()],
    "a STOP, and what waited": [agrees(), order("c-1", META), says("STOP"), pump(META), order("c-1", META), pump(META)],
    "a STOP that is told late": [agrees(), pump(META), says("STOP", late=True), again(0), pump(META)],
    "a STOP that is told after a newer Yes": [
        *(clicks(), comes(), pump(META), says("STOP", late=True), taps(), again(1), order("c-1", META), pump(META)),
    ],
    "a Yes that is told after a STOP": [
        *(clicks(), comes(), pump(META), taps(late=True), says("STOP"), again(1), order("c-1", META), pump(META)),
    ],
    "a Yes that is told after the agreement was taken back": [
        *(clicks(), comes(), pump(META), taps(late=True), told("c-1", META), taken_back("c-1", META), again(0)),
    ],
    "an arrival that is told after a STOP": [clicks(), comes(late=True), says("STOP"), again(1), pump(META)],
    "answers that waited, and a STOP": [clicks(), comes(), says("STOP"), pump(META)],
    "START asks, and gives nothing back": [agrees(), says("STOP"), says("START"), pump(META), order("c-1", META)],
    "START, and Yes": [agrees(), pump(META), says("STOP"), says("START"), pump(META), taps(), order("c-1", META)],
    "processed once more, with a newer question open": [agrees(), clicks("c-2"), comes(), REPLAYED],
    "processed once more, with an older question open": [clicks("c-2"), comes(), agrees(), REPLAYED],
    "everything told twice": [agrees(), pump(META), says("STOP"), again(0, 1, 2), REPLAYED, pump(META)],
    "another person with a held id": [
        *(agrees(), pump(META), says("STOP"), agrees(psid=DAVID), pump(META), order("c-1", META), pump(META)),
    ],
    "another person with the same link": [clicks(), comes(), comes(DAVID), says("yes", DAVID), pump(META), taps(DAVID)],
    "somebody else was first to agree": [
        *(clicks(), comes(DAVID), pump(META), agrees(), says("STOP"), taps(DAVID), order("c-1", META), pump(META)),
    ],
    "asked for an order, and the pattern grew": [
        *(clicks("order-1"), comes(), pump(META), pattern("order", WIDE), taps(), launched(META), pump(META)),
    ],
    "stopped, and the pattern grew": [
        *(agrees("order-1"), says("STOP"), pattern("order", WIDE), says("START"), pump(META), taps()),
        *(launched(META), pump(META)),
    ],
    "no system gives back what was taken back": [told(), taken_back(), told(note="another"), order(), pump()],
    "no system brings an erased id back": [told(), ERASED, told(note="another"), order(), pump()],
    "no system brings an erased person back": [
        *(agrees(), pump(META), CLAIRE_ERASED, told("c-2", META, psid=CLAIRE), order("c-2", META), pump(META)),
    ],
    "an erased person comes back by nothing told": [agrees(), pump(META), CLAIRE_ERASED, again(0, 1), pump(META)],
    "an id that turns out to be of somebody who had stopped": [
        *(told("c-2", META), agrees(), says("STOP"), told("c-2", META, psid=CLAIRE), order("c-2", META), pump(META)),
    ],
}
