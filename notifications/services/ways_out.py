"""Which gateway a page uses, and where it is."""

from dataclasses import dataclass, field

from django.conf import settings

from notifications.gateway import iadvize
from notifications.gateway.contract import Gateway
from pages.models import Page
from pages.states import GatewayKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """Everything the pump needs to know of a page to send for it."""

    page_pk: int
    page_id: str
    gateway: Gateway
    base_url: str
    token: str = field(repr=False)


def way_out(page: Page) -> WayOut:
    """The sandbox speaks iAdvize's protocol, on this machine."""
    base_urls = {GatewayKind.IADVIZE: settings.IADVIZE_BASE_URL, GatewayKind.SANDBOX: settings.SANDBOX_URL}
    return WayOut(
        page_pk=page.pk,
        page_id=page.page_id,
        gateway=iadvize,
        base_url=base_urls[GatewayKind(page.gateway)],
        token=page.token,
    )
