"""Writes a history: deliveries with their tries, and what the sandbox's phones received of them."""

import random
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings

from messenger_admin.demo.places import FENCE, PAGE_IDS
from messenger_admin.sandbox import messages
from messenger_admin.sandbox.endpoint import Target, refusal, success
from messenger_admin.sandbox.messages import Query, Received
from messenger_admin.sandbox.store import opened, transaction
from notifications.models import Attempt, Campaign, Content, Delivery
from notifications.payloads import compiled
from notifications.reasons import Reason
from notifications.services.personalising import words_sent
from notifications.states import AttemptOutcome, DeliveryState, Origin
from optins.models import OptIn

BATCH = 500
# What a request has beside its body: the line, the headers.
HEAD = 310


class Ledger:
    """Collects the rows of the demo and writes them in bulk."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.deliveries: list[Delivery] = []
        self.attempts: list[Attempt] = []
        self.phones: list[Received] = []

    def open(
        self, optin: OptIn, content: Content, at: datetime, *, campaign: Campaign | None = None, **values: Any
    ) -> "Story":
        """A delivery that waits since `at`; the methods of the Story say what became of it."""
        origin = Origin.CAMPAIGN if campaign else Origin.API
        personal = compiled(content.body).fill(optin.attributes).personal or None
        defaults = {"origin": origin, "created_at": at, "due_at": at, "page": optin.page, "campaign": campaign}
        delivery = Delivery(optin=optin, content=content, personal=personal, **defaults | values)
        self.deliveries.append(delivery)
        return Story(self, delivery, at)

    def write(self) -> None:
        Delivery.objects.bulk_create(self.deliveries, batch_size=BATCH)
        Attempt.objects.bulk_create(self.attempts, batch_size=BATCH)
        self._fill_phones()

    def _fill_phones(self) -> None:
        """The far end's record. What an earlier, undone loading left there is replaced."""
        with opened(settings.SANDBOX_STORE) as store:
            for page_id in PAGE_IDS:
                messages.clear(store, Query(page_id=page_id))
            with transaction(store):
                messages.insert(store, sorted(self.phones, key=lambda received: received.received_at))


class Story:
    """One delivery, told try by try; `clock` is when the next thing happens."""

    def __init__(self, ledger: Ledger, delivery: Delivery, at: datetime) -> None:
        self._ledger = ledger
        self._delivery = delivery
        self._body = (words_sent(delivery.content, delivery.personal) or delivery.content.body).encode()
        self.clock = at

    def accepted(self) -> Self:
        delivery, message_id = self._delivery, self._message_id()
        target = Target(page_id=delivery.page.page_id, customer_id=delivery.whom, token="")
        answer = success(message_id, target.path).decode()
        self._try(AttemptOutcome.ACCEPTED, status=202, answer=answer)
        self._arrives(message_id, status=202)
        delivery.state, delivery.provider_message_id = DeliveryState.SENT, message_id
        delivery.sent_at = delivery.ended_at = self.clock
        return self

    def turned_away(self, status: int, reason: Reason, said: str, *, again_in: float) -> Self:
        """Refused unread: it is tried again after `again_in` seconds."""
        self._try(AttemptOutcome.RETRY, reason, status=status, answer=refusal(status, said).decode(), detail=said)
        return self._again(again_in)

    def unreachable(self, *, again_in: float) -> Self:
        words = "Failed to connect to 127.0.0.1: Connection refused"
        self._try(AttemptOutcome.RETRY, Reason.CONNECTION_REFUSED, answer=words, detail=words, left=False)
        return self._again(again_in)

    def held(self) -> Self:
        """The page's token was refused: the row waits with its page."""
        said = "The access token has expired."
        answer = refusal(401, said).decode()
        self._try(AttemptOutcome.HELD, Reason.TOKEN_REFUSED, status=401, answer=answer, detail=said)
        return self._again(0)

    def refused(self, status: int, reason: Reason, said: str) -> Self:
        self._try(AttemptOutcome.FAILED, reason, status=status, answer=refusal(status, said).decode(), detail=said)
        self._delivery.state, self._delivery.ended_at = DeliveryState.FAILED, self.clock
        return self

    def silence(self, *, arrived: bool) -> Self:
        """No answer came in time; whether the message did is known to the sandbox alone."""
        words = "Operation timed out after 20001 milliseconds with 0 bytes received"
        self._try(AttemptOutcome.UNKNOWN, Reason.SILENCE, answer=words, detail=words, milliseconds=20_001)
        self._delivery.state, self._delivery.ended_at = DeliveryState.UNKNOWN, self.clock
        if arrived:
            self._arrives(self._message_id(), status=None)
        return self

    def skipped(self, reason: Reason, at: datetime) -> Self:
        self._delivery.state, self._delivery.reason = DeliveryState.SKIPPED, reason
        self._delivery.ended_at = at
        return self

    def cancelled(self, at: datetime) -> Self:
        self._delivery.state, self._delivery.ended_at = DeliveryState.CANCELLED, at
        return self

    def _try(
        self,
        outcome: AttemptOutcome,
        reason: str = "",
        *,
        answer: str,
        status: int | None = None,
        detail: str = "",
        left: bool = True,
        milliseconds: int = 0,
    ) -> None:
        delivery = self._delivery
        delivery.attempts += 1
        delivery.fence, delivery.dispatch_started_at = FENCE, self.clock
        delivery.reason, delivery.detail = reason, detail
        took = milliseconds or self._ledger.rng.randrange(28, 190)
        self._ledger.attempts.append(
            Attempt(
                delivery=delivery,
                number=delivery.attempts,
                fence=FENCE,
                started_at=self.clock,
                milliseconds=took,
                outcome=outcome,
                reason=reason,
                status_code=status,
                bytes_sent=HEAD + len(self._body) if left else 0,
                answer=answer,
            )
        )
        self.clock += timedelta(milliseconds=took)

    def _again(self, seconds: float) -> Self:
        self.clock += timedelta(seconds=seconds)
        self._delivery.due_at = self.clock
        return self

    def _arrives(self, message_id: str, *, status: int | None) -> None:
        self._ledger.phones.append(
            Received(
                message_id=message_id,
                page_id=self._delivery.page.page_id,
                customer_id=self._delivery.whom,
                body=self._body,
                received_at=self.clock.timestamp(),
                status=status,
                delivered=True,
                behaviour="" if status else "hang",
            )
        )

    def _message_id(self) -> str:
        return self._ledger.rng.randbytes(12).hex()
