"""What is known of a customer_id or of a person beside the agreements: clicks, questions, and rows of imports."""

from django.db.models import Q

from optins.models import ConsentEvent, Invitation, OptIn, Recipient, Refusal, TagFinding
from pages import append_only
from pages.masking import mask
from pages.models import Page


def of_customer(*, page: Page, customer_id: str) -> Q:
    """Invitations to an id."""
    return Q(page=page, customer_id=customer_id)


def forget_customer(*, page: Page, customer_id: str) -> int:
    """Whoever clicked under the id or typed it into a file; returns how many rows knew it."""
    clicks, _by_model = Invitation.objects.filter(of_customer(page=page, customer_id=customer_id)).delete()
    return clicks + _blank_refusals(page, customer_id) + _blank_findings(page, customer_id)


def forget_recipient(recipient: Recipient) -> int:
    """Clicks that the person came with, and what was refused to them under ids of others."""
    clicks, _by_model = Invitation.objects.filter(recipient=recipient).delete()
    for invitation in Invitation.objects.filter(page=recipient.page_id).exclude(refused=[]).iterator():
        left = [each for each in invitation.refused if each.get("recipient") != recipient.pk]
        if left != invitation.refused:
            Invitation.objects.filter(pk=invitation.pk).update(refused=left)
    claims = list(ConsentEvent.objects.filter(recipient=recipient))
    for claim in claims:
        claim.recipient, claim.evidence = None, {}
    append_only.write_anew(claims)
    return clicks + len(claims) + _blank_refusals(recipient.page, recipient.psid)


def _blank_refusals(page: Page, word: str) -> int:
    """The report keeps its line and its reason."""
    named = Q(customer_id__contains=word) | Q(detail__contains=word)
    rows = list(Refusal.objects.filter(named, of__page=page))
    changed = 0
    for row in rows:
        customer_id, detail = mask(row.customer_id, word), mask(row.detail, word)
        if (customer_id, detail) != (row.customer_id, row.detail):
            changed += Refusal.objects.filter(pk=row.pk).update(customer_id=customer_id, detail=detail)
    return changed


def _blank_findings(page: Page, word: str) -> int:
    """A shop may write the customer_id into its addresses; what the tag noticed there stays."""
    named = Q(detail__contains=word) | Q(address__contains=word)
    changed = 0
    for row in TagFinding.objects.filter(named, site__links__page=page).distinct():
        detail, address = mask(row.detail, word), mask(row.address, word)
        if (detail, address) != (row.detail, row.address):
            changed += TagFinding.objects.filter(pk=row.pk).update(detail=detail, address=address)
    return changed


def optins_of(recipient: Recipient) -> list[OptIn]:
    return list(OptIn.objects.filter(recipient=recipient).select_related("page", "recipient__page").order_by("pk"))
