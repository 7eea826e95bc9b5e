import pytest

from pages.states import GatewayKind
from tests.factories import LinkedPageFactory
from tests.pages.conversations.events import Person


@pytest.fixture
def person(db: None) -> Person:
    return Person(LinkedPageFactory(gateway=GatewayKind.META))
