"""Which gateway a page uses, and where it is."""

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from notifications.gateway import iadvize
from notifications.gateway.contract import Gateway
from notifications.gateway.meta import gateway as meta
from notifications.services import installation
from pages.graph.client import proof
from pages.models import Page
from pages.states import GatewayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """What else there is to know of a page that is linked directly.

    `disclosure` is what a person is told before the first automated message; `installation` goes into the metadata.
    """

    installation: UUID
    proof: str = field(repr=False)
    human_agent: bool
    disclosure: str
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """Everything the pump needs to know of a page to send for it."""

    page_pk: int
    page_id: str
    gateway: Gateway
    base_url: str
    messages_per_second: int
    token: str = field(repr=False)
    direct: Direct | None = None


def way_out(page: Page) -> WayOut:
    """The sandbox speaks iAdvize's protocol, on this machine."""
    base_urls = {
        GatewayKind.IADVIZE: settings.IADVIZE_BASE_URL,
        GatewayKind.META: f"{settings.GRAPH_URL}/{settings.GRAPH_VERSION}",
        GatewayKind.SANDBOX: settings.SANDBOX_URL,
    }
    is_direct = page.gateway == GatewayKind.META
    return WayOut(
        page_pk=page.pk,
        page_id=page.page_id,
        gateway=meta if is_direct else iadvize,
        base_url=base_urls[GatewayKind(page.gateway)],
        messages_per_second=page.messages_per_second,
        token=page.token,
        direct=_direct(page) if is_direct else None,
    )


def _direct(page: Page) -> Direct:
    return Direct(
        installation=installation.uuid(),
        proof=proof(page.token) if settings.FACEBOOK_APP_SECRET else "",
        human_agent=page.human_agent,
        disclosure=page.disclosure or _own_disclosure(page),
        region=settings.FACEBOOK_REGION,
    )


def _own_disclosure(page: Page) -> str:
    """In the installation's language: what language a person reads is not known."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("The messages that %(page)s sends you here are sent automatically.") % {"page": page.name}
