"""Agreements that a system tells of, which knows the person by the page-scoped Facebook id, or not at all."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from optins.models import OptIn, Recipient
from optins.services.agreeing import Agreement, HeldByAnother, agree
from pages.models import Page


def agree_as(*, psid: str | None, page: Page, customer_id: str, agreement: Agreement, now: datetime) -> OptIn:
    """`agree`, and the same refusals. Of somebody who is refused no id is kept, but in the record of a conflict."""
    if psid is None:
        return agree(page=page, customer_id=customer_id, agreement=agreement, now=now)
    with transaction.atomic():
        recipient, _is_new = Recipient.objects.get_or_create(page=page, psid=psid)
        try:
            return agree(page=page, customer_id=customer_id, agreement=replace(agreement, recipient=recipient), now=now)
        except HeldByAnother as error:
            conflict = error
    raise conflict
