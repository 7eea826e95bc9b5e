"""The whole file by one click: who may, what comes, and that it is written down."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messenger_admin.roles import ADMINISTRATORS, MARKETING, SUPPORT
from optins.models import OptIn
from optins.services import Agreement, agree, erase
from optins.services.whole_file.book import chapters
from optins.states import Source
from pages.models import AuditEntry
from tests.factories import LinkedPageFactory, RecipientFactory, UserFactory
from tests.people import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def optin() -> OptIn:
    page = LinkedPageFactory()
    agreement = Agreement(source=Source.BUTTON, recipient=RecipientFactory(page=page, psid="7012345678"))
    return agree(page=page, customer_id="Zoé/42", agreement=agreement, now=timezone.now())


def url(optin: OptIn) -> str:
    return reverse("admin:optins_optin_whole_file", args=[optin.pk])


def screen(client: Client, optin: OptIn) -> str:
    return client.get(reverse("admin:optins_optin_change", args=[optin.pk])).content.decode()


def unpacked(response: Any) -> tuple[str, dict[str, object]]:
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:
        page, data = archive.namelist()
        return archive.read(page).decode(), json.loads(archive.read(data))


@pytest.mark.parametrize("role", [SUPPORT, ADMINISTRATORS])
def test_one_click_gives_a_page_to_read_and_json(optin: OptIn, role: str) -> None:
    client = client_as(role)
    assert url(optin) in screen(client, optin)

    response = client.post(url(optin))

    page, data = unpacked(response)
    assert "Zoé/42" in page
    assert data["person"] == {"psid": "7012345678", "customer_ids": ["Zoé/42"]}
    assert response["Content-Type"] == "application/zip"
    assert "no-store" in response["Cache-Control"]
    assert AuditEntry.objects.get(action="customer.exported").subject == f"optins.optin:{optin.pk}"


def test_the_archive_has_a_name_that_every_system_takes(optin: OptIn) -> None:
    said = client_as(SUPPORT).post(url(optin))["Content-Disposition"]

    assert said.startswith("attachment")
    assert "whole-file-Zo%C3%A9-42-" in said
    assert "/" not in said.replace("utf-8''", "")


def test_it_comes_in_the_readers_language(optin: OptIn) -> None:
    response = client_as(SUPPORT).post(url(optin), HTTP_ACCEPT_LANGUAGE="fr")

    page, _data = unpacked(response)
    assert '<html lang="fr">' in page
    assert "Nothing is kept here" not in page


def test_marketing_is_not_offered_it_and_may_not(optin: OptIn) -> None:
    marketing = client_as(MARKETING)

    assert url(optin) not in screen(marketing, optin)
    assert marketing.post(url(optin)).status_code == 403
    assert not AuditEntry.objects.filter(action="customer.exported").exists()


def test_whoever_may_not_see_one_part_may_not_have_the_whole(optin: OptIn) -> None:
    from django.contrib.auth.models import Permission

    user, client = UserFactory(), Client()
    client.force_login(user)
    rights = sorted({chapter.right for chapter in chapters()})
    for right in rights:
        assert client.post(url(optin)).status_code == 403, right
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    assert client.post(url(optin)).status_code == 200


def test_a_link_alone_exports_nothing(optin: OptIn) -> None:
    assert client_as(SUPPORT).get(url(optin)).status_code == 405
    assert not AuditEntry.objects.filter(action="customer.exported").exists()


def test_of_an_erased_customer_it_says_that_nothing_is_kept(optin: OptIn) -> None:
    erase(optin=optin, actor=None, now=timezone.now())

    page, data = unpacked(client_as(SUPPORT).post(url(optin)))

    assert data["kept"] is False
    assert "this person was erased" in page


def test_an_opt_in_that_is_not_there_is_said() -> None:
    response = client_as(SUPPORT).post(reverse("admin:optins_optin_whole_file", args=[7]), follow=True)
    assert "There is no opt-in with the number “7”" in response.content.decode()
