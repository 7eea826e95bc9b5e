"""Keeps other people out of somebody's file: the customer_ids that they hold, and what came from them."""

from collections.abc import Collection
from typing import Any

from optins.models import OptIn
from optins.services.whole_file.person import Person
from optins.states import OptInState
from pages.masking import mask


def held_by_others(person: Person, customer_ids: Collection[str]) -> set[str]:
    """Those that another person holds: that somebody holds them is no affair of this one."""
    strange = set(customer_ids) - set(person.customer_ids)
    held = OptIn.objects.filter(page=person.page, customer_id__in=strange).exclude(state=OptInState.ERASED)
    return set(held.values_list("customer_id", flat=True))


def names(person: Person, value: Any) -> bool:
    """Whether a text, or any text within, names the person: by a word of its own, not by a part of a longer one."""
    return any(mask(value, word) != value for word in person.words)
