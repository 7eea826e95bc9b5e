"""Who is there on the first day: somebody with three pages, somebody with very many, somebody with none."""

import sqlite3
from collections.abc import Iterator

from messenger_admin.sandbox.facebook.people import ALL_TASKS, FacebookPage, Person, Role, add_person, everybody, give

CLAIRE = Person(user_id="10160000000000101", name="Claire Martin")
HUGO = Person(user_id="10160000000000102", name="Hugo Bernard")
INES = Person(user_id="10160000000000103", name="Inès Moreau")

ATELIER = FacebookPage(page_id="411870255310021", name="Atelier Martin", category="Clothing (Brand)")
LIBRAIRIE = FacebookPage(page_id="411870255310022", name="Librairie des Quais", category="Bookstore")
# Claire may look at its figures and advertise, but not write to people.
BOULANGERIE = FacebookPage(page_id="411870255310023", name="Boulangerie Martin & Filles", category="Bakery")
# The guide's own page, which the demo has linked to a site by hand.
PETERS = FacebookPage(page_id="322837607840703", name="Peter's Apparel", category="Apparel & Clothing")

OPTICIANS = 120
_OPTICIANS_FROM = 523_940_118_200_000


def play(store: sqlite3.Connection) -> None:
    """Once: where somebody is already, nobody is added."""
    if everybody(store):
        return
    for person in (CLAIRE, HUGO, INES):
        add_person(store, person)
    for user_id, role in _roles():
        give(store, user_id, role)


def _roles() -> Iterator[tuple[str, Role]]:
    yield CLAIRE.user_id, Role(page=ATELIER, tasks=ALL_TASKS)
    yield CLAIRE.user_id, Role(page=LIBRAIRIE, tasks=ALL_TASKS)
    yield CLAIRE.user_id, Role(page=BOULANGERIE, tasks=("ADVERTISE", "ANALYZE"))
    yield HUGO.user_id, Role(page=PETERS, tasks=ALL_TASKS)
    for number in range(1, OPTICIANS + 1):
        page = FacebookPage(
            page_id=str(_OPTICIANS_FROM + number), name=f"Optique Bernard {number:03}", category="Optician"
        )
        yield HUGO.user_id, Role(page=page, tasks=ALL_TASKS)
