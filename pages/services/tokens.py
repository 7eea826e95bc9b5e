"""A page's token: written, never shown again."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from pages import audit
from pages.models import Page
from pages.services.incidents import release_page


def set_token(*, page: Page, token: str, actor: AbstractBaseUser | None, now: datetime) -> None:
    """Stores the token encrypted; a page on hold goes on with it."""
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(token=token)
        audit.record(actor=actor, action="page.token_set", subject=page)
        release_page(page=page, actor=actor, now=now)
    page.token = token
