"""What is known of a customer is written down, and who did."""

from collections.abc import Collection, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from optins import attributes
from optins.models import OptIn
from optins.states import OptInState
from pages import audit


class ChangedMeanwhile(Exception):
    """Somebody else wrote attributes since they were read: nothing was changed."""


def describe(
    *, optin: OptIn, before: Mapping[str, object], after: Mapping[str, object], actor: AbstractBaseUser | None
) -> bool:
    """Replaces the opt-in's attributes, which were `before`. False: they say the same.

    Raises AttributeProblem for what may not be entered, ChangedMeanwhile. What nobody touches is not judged: it may be
    older than the rules, or none that a message can use. The audit log names the attributes; their values are the
    customer's own.
    """
    changed = {name: after[name] for name in after if name not in before or after[name] != before[name]}
    attributes.check(changed)
    if len(after) > max(attributes.MOST_NAMES, len(before)):
        raise attributes.AttributeProblem("too_many")
    removed = sorted(before.keys() - after.keys())
    if not changed and not removed:
        return False
    with transaction.atomic():
        # Nobody is described who was erased meanwhile.
        if _known(optin) != before:
            raise ChangedMeanwhile
        OptIn.objects.filter(pk=optin.pk).update(attributes=dict(after))
        audit.record(actor=actor, action="optin.described", subject=optin, set=sorted(changed), removed=removed)
    optin.attributes = dict(after)
    return True


def describe_more(
    *, optin: OptIn, more: Mapping[str, object], without: Collection[str], actor: AbstractBaseUser | None
) -> bool:
    """Adds attributes to those that are known, whoever else writes some, and forgets those named in `without`.

    Raises AttributeProblem, and ChangedMeanwhile where the person was erased.
    """
    with transaction.atomic():
        known = _known(optin)
        if known is None:
            raise ChangedMeanwhile
        kept = {name: value for name, value in known.items() if name not in without}
        return describe(optin=optin, before=known, after={**kept, **more}, actor=actor)


def _known(optin: OptIn) -> dict[str, object] | None:
    rows = OptIn.objects.exclude(state=OptInState.ERASED).select_for_update(no_key=True)
    return rows.filter(pk=optin.pk).values_list("attributes", flat=True).first()
