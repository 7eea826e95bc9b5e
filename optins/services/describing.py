"""What is known of a customer is written down, and who did."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from optins import attributes
from optins.models import OptIn
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
        known = OptIn.objects.select_for_update(no_key=True).values_list("attributes", flat=True).get(pk=optin.pk)
        if known != before:
            raise ChangedMeanwhile
        OptIn.objects.filter(pk=optin.pk).update(attributes=dict(after))
        audit.record(actor=actor, action="optin.described", subject=optin, set=sorted(changed), removed=removed)
    optin.attributes = dict(after)
    return True
