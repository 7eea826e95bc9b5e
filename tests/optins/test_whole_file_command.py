"""`manage.py whole_file`: the same archive as the button gives, also of whoever has no page in the admin."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from optins.models import Invitation, OptIn
from pages.models import AuditEntry
from tests.support.known import ID, NOW, PSID
from tests.support.person import everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    return everywhere()


def written(optin: OptIn, path: Path, *whom: str) -> dict[str, Any]:
    call_command("whole_file", "--page", optin.page.page_id, *whom, str(path), stdout=io.StringIO())
    with zipfile.ZipFile(path) as archive:
        data: dict[str, Any] = json.loads(archive.read("whole-file.json"))
    return data


@pytest.mark.parametrize("whom", [("--psid", PSID), ("--customer-id", ID)])
def test_it_is_the_whole_person_by_either_id(optin: OptIn, tmp_path: Path, whom: tuple[str, str]) -> None:
    data = written(optin, tmp_path / "file.zip", *whom)

    assert data["person"] == {"psid": PSID, "customer_ids": [ID]}
    assert len(data["chapters"]["deliveries"]) == 6
    assert AuditEntry.objects.get(action="customer.exported").actor is None


def test_whoever_clicked_and_never_agreed_has_one_too(optin: OptIn, tmp_path: Path) -> None:
    site = optin.page.site
    told = {"site": site, "page": optin.page, "language": "fr", "created_at": NOW, "expires_at": NOW}
    Invitation.objects.create(
        **told, token_sha256="9" * 64, customer_id="clicked-only", address="https://shop.example/"
    )

    data = written(optin, tmp_path / "file.zip", "--customer-id", "clicked-only")

    assert [name for name, rows in data["chapters"].items() if rows] == ["clicks"]


def test_it_writes_over_nothing(optin: OptIn, tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    path.write_text("mine")

    with pytest.raises(CommandError, match="is there already"):
        written(optin, path, "--psid", PSID)

    assert path.read_text() == "mine"
    assert not AuditEntry.objects.filter(action="customer.exported").exists()


def test_where_it_cannot_write_it_says_why(optin: OptIn, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be written: No such file"):
        written(optin, tmp_path / "nowhere" / "file.zip", "--psid", PSID)
