"""What a page's owner wants done with deliveries of which nobody can tell whether they went out."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from pages import audit
from pages.models import Page
from pages.states import DoubtPolicy


def state_policy(*, page: Page, policy: DoubtPolicy, minutes: int, actor: AbstractBaseUser | None) -> bool:
    """`minutes` is how long a person has before the policy decides. False: it was stated like that already."""
    with transaction.atomic():
        pages = Page.objects.filter(pk=page.pk)
        changed = pages.exclude(doubt_policy=policy, doubt_minutes=minutes)
        if not changed.update(doubt_policy=policy, doubt_minutes=minutes):
            return False
        audit.record(actor=actor, action="page.doubt_policy_stated", subject=page, policy=policy, minutes=minutes)
    page.doubt_policy, page.doubt_minutes = policy, minutes
    return True
