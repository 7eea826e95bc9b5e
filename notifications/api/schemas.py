"""The shapes that calls answer with, as the documentation shows them; what calls take stands beside each of them."""

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import Field

T = TypeVar("T")

DeliveryStates = Literal[
    "queued", "dispatching", "sent", "delivered", "read", "failed", "unknown", "skipped", "cancelled"
]


class Meta(Schema):
    status: Literal["success"] = "success"


class Success(Schema, Generic[T]):
    meta: Meta
    data: T


class Problem(Schema):
    """One thing that is wrong, with its place."""

    field: str = Field(description="The place in the body, or the name of a header or parameter; empty for the whole.")
    code: str = Field(description="Stable, for programs.")
    message: str = Field(description="In the language of Accept-Language: English or French.")


class FailureMeta(Schema):
    status: Literal["fail", "error"] = Field(description="fail: yours to mend. error: refused, or ours.")
    message: str


class Failure(Schema):
    meta: FailureMeta
    errors: list[Problem] = []


class MessageTaken(Schema):
    """A message that has its row. `link` tells what becomes of it."""

    id: int
    state: Literal["queued"]
    link: str = Field(alias="_link", serialization_alias="_link")
    created_at: datetime
    useful_until: datetime = Field(description="What has not left by then is skipped.")


class Taken(Success[MessageTaken]):
    warnings: list[Problem] = Field(default=[], description="What Messenger accepts and you may regret.")


class Forecast(Schema):
    """What a message would meet if it were sent now; nothing is stored."""

    would_be_sent: bool
    right: str = Field(description="By what right it may be sent.")
    when: datetime | None = Field(description="When its turn would come at the soonest, as far as is known.")
    obstacles: list[Problem] = Field(description="What it would have to wait for.")
    body: dict[str, Any] = Field(description="The message as it would go out, its placeholders filled.")


class ReasonTold(Schema):
    code: str = Field(description="Stable, for programs.")
    message: str = Field(description="What happened, in the language of Accept-Language.")
    advice: str = Field(description="What can be done about it.")
    detail: str = Field(description="The far end's own words, if any.")


class Receipts(Schema):
    known: bool = Field(description="Whether a receipt came. Without one a sent message may have arrived or not.")
    delivered: bool | None
    read: bool | None


class MessageTold(Schema):
    id: int
    link: str = Field(alias="_link", serialization_alias="_link")
    page_id: str
    customer_id: str
    state: DeliveryStates
    reason: ReasonTold | None = Field(description="Why it is in this state, where there is more to say.")
    origin: Literal["campaign", "test", "api"]
    campaign_id: int | None
    created_at: datetime
    due_at: datetime | None = Field(description="When it is tried, or tried again, at the soonest; while it waits.")
    useful_until: datetime | None = Field(description="What has not left by then is skipped.")
    sent_at: datetime | None
    ended_at: datetime | None = Field(description="The last word of it, or the beginning of its doubt.")
    receipts: Receipts


class AttemptTold(Schema):
    number: int
    started_at: datetime
    milliseconds: int
    outcome: Literal["accepted", "retry", "held", "failed", "unknown"]
    reason: str | None
    status_code: int | None = Field(description="Of the far end's answer, if there was one.")


class MessageToldWhole(MessageTold):
    attempts: list[AttemptTold]
    body: dict[str, Any] | None = Field(description="As it went out; null while its placeholders are not filled.")


class EntryTaken(Schema):
    status: Literal[202]
    replayed: bool = Field(description="Whether its idempotency_key was used before: this is the answer of then.")
    meta: Meta
    data: MessageTaken
    warnings: list[Problem] = []


class EntryRefused(Schema):
    status: int = Field(description="What the message would have been answered with by itself.")
    meta: FailureMeta
    errors: list[Problem] = []


class Batch(Schema):
    meta: Meta
    data: list[EntryTaken | EntryRefused] = Field(description="One for each message, in the order of the call.")
    accepted: int
    refused: int
