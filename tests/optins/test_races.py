"""Two people with one token, and two processes with one bucket, at the same instant. PostgreSQL: real connections."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from optins.choices import Tap
from optins.models import ConsentEvent, ConsentKind, Invitation, OptIn
from optins.services import limiting
from tests.optins.visitors import Visitor, click, shop_page, tell, token_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], None]) -> None:
    """All of them begin together, each on a connection of its own; what one raises is raised."""
    gate, errors = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], None]) -> None:
        try:
            gate.wait(10)
            act()
        except BaseException as error:  # noqa: BLE001  (raised below)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if errors:
        raise errors[0]


@pytest.mark.parametrize("_again", range(5))
def test_of_two_people_with_one_token_one_is_asked_and_one_refused(_again: int) -> None:
    page = shop_page()
    token = token_of(click(page))
    people = [Visitor(page=page, psid=psid) for psid in ("7001", "7002", "7003")]
    events = [each.comes(token, silently=True) for each in people]
    at_once(*[lambda event=event: tell(page, event) for event in events])

    assert sorted(len(each.titles()) for each in people) == [0, 0, 2]
    invitation = Invitation.objects.get()
    assert len(invitation.refused) == 2
    first = next(each for each in people if each.titles())
    first.taps(Tap.YES)
    assert OptIn.objects.get().recipient.psid == first.psid  # type: ignore[union-attr]


@pytest.mark.parametrize("_again", range(5))
def test_of_two_people_who_agree_under_one_id_one_holds_it(_again: int) -> None:
    page = shop_page()
    people = [Visitor(page=page, psid=psid) for psid in ("7001", "7002")]
    for each in people:
        each.comes(token_of(click(page)))
    yeses = [each.taps(Tap.YES, silently=True) for each in people]
    at_once(*[lambda event=event: tell(page, event) for event in yeses])

    assert OptIn.objects.count() == 1
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["agreed", "conflict"]
    assert ConsentEvent.objects.filter(kind=ConsentKind.CONFLICT).count() == 1


def test_the_bucket_is_one_for_all(settings: object) -> None:
    now, granted = timezone.now(), list[bool]()

    def asks() -> None:
        for _each in range(5):
            granted.append(limiting.allow(asker="one", per_minute=7, now=now) == 0.0)

    at_once(*[asks] * 4)

    assert granted.count(True) == 7
