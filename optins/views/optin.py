"""A click on *Send to Messenger*: the tag asks for the link to open, and for a code to type instead."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from optins.services import findings, inviting
from optins.services.inviting import CannotInvite, Click
from optins.views.shops import Posted, Refused, posted_from_the_shop

# What the shop got wrong, and what the product's own settings say against it.
_STATUS = {"customer_id": 422, "suspicious_customer_id": 422, "button": 422}
_UNAVAILABLE = 409


@posted_from_the_shop
def ask(posted: Posted) -> Mapping[str, object]:
    """The same for an id that is known, held, erased, or new. A mistake in the id is the administrators' to know."""
    click, now = _click(posted.body), timezone.now()
    site, customer_id, address = posted.site, click.customer_id, click.address
    try:
        invited = inviting.invite(site=site, click=click, now=now)
    except CannotInvite as error:
        findings.note_mistake(site=site, customer_id=customer_id, address=address, now=now)
        raise Refused(_STATUS.get(error.code, _UNAVAILABLE), error.code) from None
    findings.note_id(site=site, customer_id=customer_id, client=posted.client, address=address, now=now)
    return {"link": invited.link, "code": invited.code, "expires_at": invited.expires_at.isoformat()}


def _click(body: Mapping[str, Any]) -> Click:
    button, wording = body.get("button"), body.get("wording")
    if type(button) is not int or not 0 < button < 2**63:
        raise Refused(422, "button")
    return Click(
        customer_id=_text(body, "customer_id"),
        button=button,
        address=_text(body, "address").partition("#")[0],
        language=_text(body, "language"),
        label=_text(body, "label"),
        wording=wording if type(wording) is int and 0 < wording < 2**63 else None,
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    """Empty where it is missing. A NUL and half a letter are nothing that a database keeps."""
    value = body.get(name, "")
    if not isinstance(value, str):
        raise Refused(422, name)
    return value.replace("\0", "").encode("utf-8", "ignore").decode()
