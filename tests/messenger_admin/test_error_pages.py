"""Whatever goes wrong is said in the product's own look, and in the reader's language."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from messenger_admin.roles import MARKETING
from tests.people import client_as

pytestmark = pytest.mark.django_db


def broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [path("broken", broken), path("", include("messenger_admin.urls"))]


def said(response: Any) -> str:
    assert "messenger_admin/error.css" in response.text
    return str(response.text)


def test_an_address_of_nothing() -> None:
    response = Client().get("/nope")
    assert (response.status_code, "There is nothing at this address" in said(response)) == (404, True)


def test_what_an_account_may_not_do() -> None:
    response = client_as(MARKETING).get("/admin/auth/user/add/")
    assert (response.status_code, "Your account may not do this" in said(response)) == (403, True)


def test_a_form_whose_proof_is_missing() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})
    assert (response.status_code, "This form is out of date" in said(response)) == (403, True)


@override_settings(ROOT_URLCONF="tests.messenger_admin.test_error_pages")
def test_a_fault_of_the_product() -> None:
    response = Client(raise_request_exception=False).get("/broken")
    assert (response.status_code, "Something broke on our side" in said(response)) == (500, True)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_its_language(language: str) -> None:
    assert f'<html lang="{language}">' in Client(headers={"Accept-Language": language}).get("/nope").text
