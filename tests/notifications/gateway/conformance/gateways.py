"""The gateways that the suite is run against. A new one is a new line in GATEWAYS.

Each is the way out of a page as the engine takes it, with an address of the test's choosing in place of the real one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pytest_django import Settings

from notifications.gateway.contract import Envelope, Right
from notifications.services.ways_out import WayOut, way_out
from pages.models import Page
from pages.states import GatewayKind

TOKEN = 'tok/en+1 "e"'
WORDS = "Été à 4,95 € 👜 \\u00e9 % & ?"
BODY = '{"text":"Été à 4,95 € 👜 \\\\u00e9 % & ?"}'


@dataclass(frozen=True, kw_only=True)
class Subject:
    """`accepted` is the body with which its far end accepts a message, under an id of `m_1`."""

    kind: GatewayKind
    setting: str
    accepted: bytes
    right: Right | None = None

    def way_out(self, url: str, settings: Settings) -> WayOut:
        setattr(settings, self.setting, url)
        return way_out(Page(page_id="322837607840703", gateway=self.kind, token=TOKEN, messages_per_second=40))

    def envelope(self, way: WayOut, *, customer_id: str = "client/é?#1") -> Envelope:
        return Envelope(
            delivery_id=4211,
            page_id=way.page_id,
            customer_id=customer_id,
            body=BODY,
            base_url=way.base_url,
            token=way.token,
            right=self.right,
        )


GATEWAYS = [
    Subject(
        kind=GatewayKind.IADVIZE,
        setting="IADVIZE_BASE_URL",
        accepted=b'{"meta":{"status":"success"},"data":{"id":"m_1"}}',
    ),
    Subject(
        kind=GatewayKind.SANDBOX,
        setting="SANDBOX_URL",
        accepted=b'{"meta":{"status":"success"},"data":{"id":"m_1"}}',
    ),
    Subject(
        kind=GatewayKind.META,
        setting="GRAPH_URL",
        accepted=b'{"recipient_id":"7012","message_id":"m_1"}',
        right=Right(psid="7012", messaging_type="UPDATE", tag="", metadata="ma1:x:4211:0", proof="ab12"),
    ),
]
BY_KIND: Callable[[Subject], str] = lambda subject: str(subject.kind)  # noqa: E731  (pytest's ids)
