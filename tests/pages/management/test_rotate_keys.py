"""`manage.py rotate_keys`: everything under the first key, again and again, and what is lost is named."""

import re
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from pages.fields import EncryptedTextField
from pages.models import Page
from pages.services import key_rotation
from tests.factories import CallbackFactory, ConnectedPageFactory, PageFactory

pytestmark = pytest.mark.django_db

OLD, NEW, LOST = (Fernet.generate_key().decode() for _number in range(3))


def rotated(*keys: str, dry_run: bool = False) -> str:
    out = StringIO()
    with override_settings(TOKEN_KEYS=list(keys)):
        call_command("rotate_keys", dry_run=dry_run, stdout=out, no_color=True)
    return out.getvalue()


def stored(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def opens(key: str, secret: str) -> bool:
    try:
        Fernet(key).decrypt(secret.encode())
    except Exception:  # noqa: BLE001  (the question is only whether)
        return False
    return True


@pytest.fixture
def old_secrets() -> None:
    with override_settings(TOKEN_KEYS=[OLD]):
        PageFactory(token="token-1")
        ConnectedPageFactory(token="token-2", connection__leaving_token="secret-of-leaving")
        CallbackFactory(secret="cbs_secret", previous_secret="cbs_before")
        PageFactory(token="")


@pytest.mark.usefixtures("old_secrets")
def test_every_secret_gets_the_first_key_and_stays_the_same() -> None:
    rotated(NEW, OLD)
    columns = [
        *(("pages_page", "token"), ("pages_connection", "leaving_token")),
        *(("notifications_callback", "secret"), ("notifications_callback", "previous_secret")),
    ]
    for table, column in columns:
        secrets = [secret for secret in stored(table, column) if secret]
        assert secrets
        assert all(opens(NEW, secret) and not opens(OLD, secret) for secret in secrets), (table, column)
    with override_settings(TOKEN_KEYS=[NEW]):
        assert sorted(Page.objects.values_list("token", flat=True)) == ["", "token-1", "token-2"]


@pytest.mark.usefixtures("old_secrets")
def test_it_says_what_it_did() -> None:
    said = rotated(NEW, OLD)
    assert "pages.Page.token: 2 encrypted anew, 0 had the first key." in said
    assert "The older ones can be taken out" in said


@pytest.mark.usefixtures("old_secrets")
def test_a_second_time_there_is_nothing_to_do() -> None:
    rotated(NEW, OLD)
    before = stored("pages_page", "token")
    assert "pages.Page.token: 0 encrypted anew, 2 had the first key." in rotated(NEW, OLD)
    assert stored("pages_page", "token") == before


@pytest.mark.usefixtures("old_secrets")
def test_a_dry_run_writes_nothing() -> None:
    before = stored("pages_page", "token")
    assert "2 would be encrypted anew" in rotated(NEW, OLD, dry_run=True)
    assert stored("pages_page", "token") == before


@pytest.mark.usefixtures("old_secrets")
def test_what_no_key_opens_is_named_by_its_row_and_kept_as_it_is() -> None:
    with override_settings(TOKEN_KEYS=[LOST]):
        lost = PageFactory(token="lost")
    before = stored("pages_page", "token")
    out = StringIO()
    with (
        override_settings(TOKEN_KEYS=[NEW, OLD]),
        pytest.raises(CommandError, match="1 secret can't be read") as failed,
    ):
        call_command("rotate_keys", stdout=out, no_color=True)
    assert failed.value.returncode == 1
    assert re.search(rf"can't be read: {lost.pk}$", out.getvalue(), re.MULTILINE)
    assert "pages.Page.token: 2 encrypted anew" in out.getvalue()
    (kept,) = [secret for secret in before if opens(LOST, secret)]
    assert kept in stored("pages_page", "token")


@pytest.mark.usefixtures("old_secrets")
def test_no_secret_is_printed() -> None:
    said = rotated(NEW, OLD)
    assert not any(secret in said for secret in ("token-1", "secret-of-leaving", "cbs_", NEW, OLD))


def test_more_than_one_batch_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 3)
    with override_settings(TOKEN_KEYS=[OLD]):
        PageFactory.create_batch(7, token="secret")
    assert "pages.Page.token: 7 encrypted anew" in rotated(NEW, OLD)
    assert all(opens(NEW, secret) for secret in stored("pages_page", "token"))


def test_stopped_half_way_it_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 3)
    with override_settings(TOKEN_KEYS=[OLD]):
        PageFactory.create_batch(7, token="secret")
    write, calls = key_rotation._write, []

    def power_fails(*args: object) -> bool:
        calls.append(args)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(key_rotation, "_write", power_fails)
    with pytest.raises(KeyboardInterrupt):
        rotated(NEW, OLD)
    monkeypatch.setattr(key_rotation, "_write", write)
    assert "pages.Page.token: 4 encrypted anew, 3 had the first key." in rotated(NEW, OLD)


@pytest.mark.usefixtures("old_secrets")
def test_a_token_that_is_entered_meanwhile_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    rotate = key_rotation._encrypted_anew

    def meanwhile(raw: str, found: key_rotation.Rotated, pk: int) -> str:
        fresh = rotate(raw, found, pk)
        if found.column == "pages.Page.token":
            Page.objects.filter(pk=pk).update(token="entered meanwhile")
        return fresh

    monkeypatch.setattr(key_rotation, "_encrypted_anew", meanwhile)
    rotated(NEW, OLD)
    with override_settings(TOKEN_KEYS=[NEW]):
        assert set(Page.objects.exclude(token="").values_list("token", flat=True)) == {"entered meanwhile"}


def test_every_encrypted_column_of_the_project_has_its_turn() -> None:
    columns = {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        for column in model._meta.get_fields()
        if isinstance(column, EncryptedTextField)
    }
    assert {column.column for column in key_rotation.rotate()} == columns
    assert {"pages.Page.token", "pages.FacebookLogin.offered", "notifications.Callback.secret"} <= columns
