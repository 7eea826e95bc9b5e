"""Opt-ins in the words of the API."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from optins.models import OptIn
from optins.states import OptInState

# The latest events of an agreement; a longer history is read in the admin.
MOST_EVENTS = 50


def link_to(page_id: str, customer_id: str) -> str:
    return f"/v1/pages/{page_id}/optins/{quote(customer_id, safe='')}"


def tell(optin: OptIn, *, now: datetime) -> dict[str, Any]:
    """`optin` has its page and its recipient at hand."""
    over = optin.state == OptInState.ACTIVE and optin.expires_at is not None and optin.expires_at <= now
    return {
        "customer_id": optin.customer_id,
        "page_id": optin.page.page_id,
        "state": OptInState.EXPIRED.value if over else optin.state,
        "lifetime": optin.lifetime,
        "purpose": optin.purpose,
        "used_up": optin.used_up,
        "source": optin.source,
        "agreed_at": optin.agreed_at,
        "expires_at": optin.expires_at,
        "ended_at": optin.ended_at,
        "psid": optin.recipient.psid if optin.recipient else None,
        "attributes": optin.attributes,
        "_link": link_to(optin.page.page_id, optin.customer_id),
    }


def tell_with_proof(optin: OptIn, *, now: datetime) -> dict[str, Any]:
    events = optin.events.order_by("-pk").values("kind", "at", "evidence")[:MOST_EVENTS]
    proof = [{"event": event["kind"], "at": event["at"], "evidence": event["evidence"]} for event in events]
    return {**tell(optin, now=now), "proof": proof}
