"""A page that is linked through Facebook, somebody who wrote to it, and support at the screen."""

import pytest
from django.test import Client

from messenger_admin.roles import SUPPORT
from pages.models import Page, Thread
from tests.factories import ConnectedPageFactory
from tests.pages.conversations.events import Person
from tests.people import client_as


@pytest.fixture
def support(db: None) -> Client:
    return client_as(SUPPORT)


@pytest.fixture
def page(db: None) -> Page:
    page: Page = ConnectedPageFactory(name="Boutique Exemple")
    return page


@pytest.fixture
def person(page: Page) -> Person:
    return Person(page)


@pytest.fixture
def thread(person: Person) -> Thread:
    from tests.notifications.admin.conversations.now import wrote

    found = wrote(person, "Où est mon colis ?")
    Thread.objects.filter(pk=found.pk).update(name="Claire Martin")
    found.refresh_from_db()
    return found
