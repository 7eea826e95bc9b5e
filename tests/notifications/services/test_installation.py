"""A database that was restored from a copy is found out by where it is, and by how far it had come."""

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from notifications.models import Campaign, Delivery, Installation
from notifications.services import campaigns, choosing, expansion, installation, place, witness
from notifications.services.launchability import CannotLaunch
from notifications.services.pumping import pump_page
from notifications.services.sweep import sweep
from notifications.states import CampaignState, DeliveryState, Sign
from pages.models import AuditEntry
from tests.factories import CampaignFactory, DeliveryFactory, OptInFactory
from tests.support.ledger import launched, states
from tests.support.sandbox import FarEnd

pytestmark = pytest.mark.django_db


def stands() -> bool:
    return installation.stands(now=timezone.now())


def beat() -> bool:
    return installation.beat(now=timezone.now())


def found_elsewhere() -> None:
    """What a restored dump looks like: the line says where the original was."""
    stands()
    Installation.objects.update(place=Installation.objects.get().place + "0")


def test_a_fresh_database_becomes_an_installation_without_a_word() -> None:
    assert stands()
    assert Installation.objects.get().armed
    assert not AuditEntry.objects.exists()


def test_looking_again_changes_nothing() -> None:
    assert [beat() for _ in range(3)] == [True] * 3
    assert stands()


def test_a_database_in_another_place_is_disarmed_and_it_is_written_down() -> None:
    row = DeliveryFactory()
    found_elsewhere()

    assert not stands()

    found = Installation.objects.get()
    assert (found.armed, found.disarmed_why, found.disarmed_top) == (False, Sign.PLACE, row.pk)
    assert AuditEntry.objects.get(action="installation.disarmed").actor is None


def test_a_database_behind_its_witness_is_disarmed() -> None:
    for _ in range(5):
        beat()
    Installation.objects.update(beats=2)

    assert not stands()
    assert Installation.objects.get().disarmed_why == Sign.BEHIND


def test_the_file_remembers_what_the_process_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        beat()
    Installation.objects.update(beats=2)
    monkeypatch.setattr(witness, "_known", {})

    assert not stands()


def test_the_process_remembers_where_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.touch()
    monkeypatch.setattr(witness, "folder", lambda: occupied)
    for _ in range(5):
        beat()
    Installation.objects.update(beats=2)

    assert not stands()


def test_a_worker_that_read_before_another_one_remembered_does_not_cry_wolf(monkeypatch: pytest.MonkeyPatch) -> None:
    stands()
    look = installation._look

    def overtaken() -> installation.Seen:
        seen = look()
        Installation.objects.update(beats=7)
        witness.remember(seen.uuid, 7)
        return seen

    monkeypatch.setattr(installation, "_look", overtaken)

    assert stands()


def test_what_is_remembered_of_another_database_says_nothing_of_this_one() -> None:
    stands()
    witness.remember(uuid4(), 1_000)

    assert stands()


def test_a_spoilt_witness_remembers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    beat()
    uuid = Installation.objects.get().uuid
    monkeypatch.setattr(witness, "_known", {})
    (witness.folder() / str(uuid)).write_text("")

    assert stands()


@pytest.mark.parametrize(
    ("known", "now", "elsewhere"),
    [
        ("kind=sqlite path=/a file=7", "kind=sqlite path=/a file=7", False),
        ("kind=sqlite path=/a file=7", "kind=sqlite path=/b file=7", False),
        ("kind=sqlite path=/a file=7", "kind=sqlite path=/b file=8", True),
        ("kind=sqlite path=/a file=7", "kind=sqlite path=/a file=8", True),
        ("kind=sqlite path=/a file=7", "kind=postgresql database=5 ledger=6", True),
        ("kind=postgresql system=1 timeline=1 database=5 ledger=6", "kind=postgresql database=5 ledger=6", False),
        ("kind=postgresql system=1 database=5 ledger=6", "kind=postgresql system=2 database=5 ledger=6", True),
        ("kind=postgresql timeline=1 ledger=6", "kind=postgresql timeline=2 ledger=6", True),
        ("kind=postgresql database=5 ledger=6", "kind=postgresql database=5 ledger=7", True),
        ("kind=postgresql database=5 ledger=6", "kind=postgresql database=4 ledger=6", True),
    ],
)
def test_what_makes_another_place(known: str, now: str, elsewhere: bool) -> None:
    assert place.is_elsewhere(known, now) is elsewhere


def test_the_place_is_said_in_full() -> None:
    signs = dict(sign.split("=", 1) for sign in place.here().split())
    if connection.vendor == "postgresql":
        assert set(signs) == {"kind", "system", "timeline", "database", "ledger"}
    else:
        assert set(signs) == {"kind", "path", "file"}


def test_a_move_on_the_same_disk_is_taken_note_of() -> None:
    stands()
    here = place.here()
    moved = here.replace("path=", "path=/elsewhere") if "path=" in here else f"{here} host=unknown"
    Installation.objects.update(place=moved)

    assert stands()
    assert Installation.objects.get().place == here


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a file is copied")
def test_a_copied_file_is_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = place.here()
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(str(connection.settings_dict["NAME"]), copy)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(copy))

    assert place.is_elsewhere(known, place.here())


def test_while_disarmed_no_page_may_send() -> None:
    row = DeliveryFactory()
    assert choosing.may_send(row.page_id)

    found_elsewhere()
    stands()

    assert not choosing.may_send(row.page_id)


@pytest.mark.django_db(transaction=True)
def test_a_pump_of_a_copy_sends_nothing(sandbox: FarEnd) -> None:
    campaign = launched(2)
    found_elsewhere()

    pump_page(campaign.page_id)

    assert sandbox.received() == []
    assert states(campaign) == {"queued": 2}


def test_the_sweep_of_a_copy_launches_and_judges_nothing(hints: list[tuple[str, int]]) -> None:
    now = timezone.now()
    old = DeliveryFactory(expires_at=now)
    due = CampaignFactory(page=OptInFactory().page)
    campaigns.schedule(campaign=due, at=now + timedelta(seconds=1), actor=None, now=now)
    Campaign.objects.update(scheduled_for=now)
    found_elsewhere()

    sweep()

    due.refresh_from_db()
    old.refresh_from_db()
    assert (due.state, old.state) == (CampaignState.SCHEDULED, DeliveryState.QUEUED)
    assert hints == []


def test_a_copy_expands_nothing() -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
    found_elsewhere()
    stands()

    expansion.expand(campaign.pk)

    assert not Delivery.objects.exists()


def test_a_launch_by_hand_is_refused_with_the_way_out() -> None:
    campaign = CampaignFactory(page=OptInFactory().page)
    found_elsewhere()
    stands()

    with pytest.raises(CannotLaunch, match="restored from a copy"):
        campaigns.launch(campaign=campaign, actor=None, now=timezone.now())
