"""Whom a file, or an erasure, is about: everything by which one person is known on a page."""

from dataclasses import dataclass, replace

from optins.models import OptIn, Recipient
from optins.services import erasing
from optins.states import OptInState
from pages.conversations import forgetting
from pages.models import Page, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`customer_ids` are all that the person is known to hold; `psid` is empty where iAdvize holds the person.

    Facebook's ids are a page's own, and so are customer_ids: on another page the same person is somebody else here.
    """

    page: Page
    customer_ids: tuple[str, ...] = ()
    psid: str = ""
    optins: tuple[OptIn, ...] = ()
    recipient: Recipient | None = None
    thread: Thread | None = None

    @property
    def optin_pks(self) -> list[int]:
        return [optin.pk for optin in self.optins]

    @property
    def is_anybody(self) -> bool:
        """False for a row that an erasure left behind: it names nobody."""
        return bool(self.customer_ids or self.psid)

    @property
    def words(self) -> tuple[str, ...]:
        """What the person is called in texts."""
        return (*self.customer_ids, *([self.psid] if self.psid else ()))


def of_optin(optin: OptIn) -> Person:
    """With everything that the same person agreed to under other ids."""
    if optin.state == OptInState.ERASED:
        return Person(page=optin.page)
    if optin.recipient is None:
        return Person(page=optin.page, customer_ids=(optin.customer_id,), optins=(optin,))
    return of_psid(page=optin.page, psid=optin.recipient.psid)


def of_thread(thread: Thread) -> Person:
    if forgetting.is_nobody(thread):
        return Person(page=thread.page)
    return of_psid(page=thread.page, psid=thread.psid)


def of_psid(*, page: Page, psid: str) -> Person:
    """Facebook's id of the person, whether anything is known of it or not."""
    recipient = Recipient.objects.filter(page=page, psid=psid).first()
    held = OptIn.objects.filter(recipient=recipient).select_related("page", "recipient") if recipient else ()
    optins = tuple(sorted(held, key=lambda optin: optin.pk))
    return Person(
        page=page,
        customer_ids=tuple(optin.customer_id for optin in optins),
        psid=psid,
        optins=optins,
        recipient=recipient,
        thread=Thread.objects.filter(page=page, psid=psid).first(),
    )


def of_customer_id(*, page: Page, customer_id: str) -> Person:
    """As it is stored; the whole person behind it, whether anybody agreed under it or not."""
    optin = held_under(page=page, customer_id=customer_id)
    return of_optin(optin) if optin else Person(page=page, customer_ids=(customer_id,))


def erased_with(*, page: Page, customer_id: str) -> Person:
    """What leaves when that id is erased: the person only where no other agreement of theirs is known."""
    whole = of_customer_id(page=page, customer_id=customer_id)
    held = held_under(page=page, customer_id=customer_id)
    if held is None or held.recipient is None or not erasing.is_known_otherwise(held.recipient, held):
        return whole
    return replace(whole, customer_ids=(customer_id,), psid="", optins=(held,), recipient=None, thread=None)


def held_under(*, page: Page, customer_id: str) -> OptIn | None:
    held = OptIn.objects.filter(page=page, customer_id=customer_id).exclude(state=OptInState.ERASED)
    return held.select_related("page", "recipient__page").first()
