"""Secrets in the database: encrypted, and not lost with a key that is missing."""

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from pytest_django import Settings

from pages.models import Page
from tests.factories import PageFactory

pytestmark = pytest.mark.django_db


def stored(page: Page) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM pages_page WHERE id = %s", [page.pk])
        return str(cursor.fetchone()[0])


def test_the_database_never_sees_the_secret() -> None:
    assert "hush" not in stored(PageFactory(token="hush"))


def test_a_secret_whose_key_is_missing_is_as_good_as_none(settings: Settings) -> None:
    page = PageFactory(token="hush")
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]

    assert not Page.objects.get(pk=page.pk).token


def test_and_is_there_again_with_the_key_whatever_was_saved_meanwhile(settings: Settings) -> None:
    page, keys = PageFactory(token="hush"), settings.TOKEN_KEYS
    settings.TOKEN_KEYS = [Fernet.generate_key().decode()]
    Page.objects.get(pk=page.pk).save()
    settings.TOKEN_KEYS = keys

    assert Page.objects.get(pk=page.pk).token == "hush"


def test_a_new_first_key_encrypts_and_the_old_one_still_decrypts(settings: Settings) -> None:
    page = PageFactory(token="hush")
    settings.TOKEN_KEYS = [Fernet.generate_key().decode(), *settings.TOKEN_KEYS]

    assert Page.objects.get(pk=page.pk).token == "hush"
