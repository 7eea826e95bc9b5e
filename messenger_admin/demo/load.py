"""Fills an installation so that every screen has something to show, and every number of it adds up."""

import random
from datetime import datetime

from django.db import transaction

from messenger_admin.demo import audience, buttons, stories
from messenger_admin.demo.bodies import compose
from messenger_admin.demo.campaigns import Season
from messenger_admin.demo.ledger import Ledger
from messenger_admin.demo.places import PAGE_IDS, open_places
from pages.models import Page

# The same demo every time: a screenshot of today matches one of tomorrow.
SEED = 322_837_607_840_703


def load(*, now: datetime) -> bool:
    """Loads all of it or nothing. False: it is loaded already."""
    with transaction.atomic():
        if Page.objects.filter(page_id__in=PAGE_IDS).exists():
            return False
        rng = random.Random(SEED)  # noqa: S311  (a demo, not a secret)
        places = open_places(now)
        buttons.set_up(now)
        audience.agree(places, rng, now)
        composed = compose(places.marie.pk)
        ledger = Ledger(rng)
        Season(places, composed, ledger, now).plan()
        stories.tell(places, stories.Narrator(composed, ledger, now))
        ledger.write()
    return True
