"""Campaigns as the API takes and tells them."""

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field
from pydantic.config import JsonDict

from notifications.api.asking import Asked
from notifications.api.optin_shapes import Purposes
from notifications.api.schemas import Problem
from pages.models.page import MAX_MESSAGES_PER_SECOND

States = Literal["draft", "scheduled", "running", "paused", "finished", "cancelled"]
Policies = Literal["send", "skip", "ask"]

_INSTANT: JsonDict = {"format": "date-time"}
_WALL_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_MOST = 2_147_483_647


class Audience(Asked):
    kind: Literal["all", "prefix"] = Field(description="Everyone who opted in on the page, or some of them.")
    prefix: str | None = Field(None, description="With what their customer_ids begin.", min_length=1, max_length=255)


class QuietHours(Asked):
    """Every day, on the clock of the page's site."""

    begin: str = Field(alias="from", pattern=_WALL_TIME, examples=["22:00"])
    until: str = Field(pattern=_WALL_TIME, examples=["08:00"])


class NewCampaign(Asked):
    name: str = Field(description="For your team; customers never see it.", pattern=r"\S", max_length=120)
    page_id: str = Field(description="The page that it goes out from.", max_length=32)
    notification: str = Field(description="The name of a composed notification.", max_length=120)
    purpose: Purposes = Field(
        "marketing", description="Only those are written to who agreed to it; who agreed to marketing agreed to all."
    )
    audience: Audience
    scheduled_for: str | None = Field(
        None, description="When it is to be launched, once it is scheduled.", json_schema_extra=_INSTANT
    )
    useful_until: str | None = Field(
        None, description="What has not left by then is skipped.", json_schema_extra=_INSTANT
    )
    if_late: Policies = Field("ask", description="What to do if nothing ran at its time: send it late, don't, or ask.")
    messages_per_second: int | None = Field(
        None, ge=1, le=MAX_MESSAGES_PER_SECOND, description="Its own pace, where it is slower than the page's."
    )
    quiet_hours: QuietHours | None = Field(None, description="Nothing leaves between them.")
    first_slice: int | None = Field(
        None, ge=1, le=_MOST, description="So many are sent first; then it pauses until somebody resumes it."
    )
    failure_ceiling: int = Field(
        20, ge=0, le=100, description="It pauses when this share (%) of the latest failed or are in doubt. 0: never."
    )


class Scheduling(Asked):
    scheduled_for: str | None = Field(
        None, description="When to launch it; left out: the time that it has.", json_schema_extra=_INSTANT
    )


class AudienceTold(Schema):
    kind: Literal["all", "prefix"]
    prefix: str


class QuietHoursTold(Schema):
    begin: str = Field(alias="from", serialization_alias="from")
    until: str


class HaltTold(Schema):
    """Why a campaign stands still, or did not go out, without a person's doing."""

    code: Literal["refused", "late", "failures", "canary"]
    message: str
    detail: dict[str, Any] = Field(description="The figures behind it.")
    problems: list[Problem] = Field(description="What stood in the way of its launch.")


class Progress(Schema):
    total: int = Field(description="Deliveries that were made; final once `complete`.")
    done: int = Field(description="Those that will not move by themselves any more.")
    complete: bool = Field(description="Whether everybody in the audience has a delivery.")


class CampaignTold(Schema):
    id: int
    name: str
    page_id: str
    notification: str
    state: States
    purpose: Purposes
    audience: AudienceTold
    scheduled_for: datetime | None
    useful_until: datetime | None
    if_late: Policies
    messages_per_second: int | None
    quiet_hours: QuietHoursTold | None
    first_slice: int | None
    failure_ceiling: int
    halt: HaltTold | None
    tally: dict[str, int] = Field(description="How many deliveries are in each state.")
    progress: Progress
    created_at: datetime
    launched_at: datetime | None
    finished_at: datetime | None
    link: str = Field(alias="_link", serialization_alias="_link")


class Lacking(Schema):
    """Customers for whom the message can't be filled: it fails for them alone."""

    recipients: int
    at_least: bool = Field(description="There may be more: the audience was too large to look at all of it.")
    names: list[str] = Field(description="The placeholders that need a value.")


class Why(Schema):
    code: str = Field(description="Stable, for programs.")
    message: str


class Reached(Schema):
    """Of a page that is linked through Facebook, which takes messages within 24 hours of what a customer last did."""

    window_open: int = Field(description="They get the message.")
    by_template: int = Field(description="They get the notification's utility template instead.")
    not_at_all: int = Field(description="They get nothing: their deliveries are skipped.")
    reason: Why | None = Field(description="Why no template goes out once the window is closed.")


class CampaignForecast(Schema):
    """What a launch would come to; nothing is stored or sent."""

    can_be_launched: bool
    problems: list[Problem] = Field(description="What stands in the way, each with the way out.")
    recipients: int
    left_out: int = Field(description="Customers of this audience who agreed to another purpose only.")
    lacking: Lacking | None
    reach: Reached | None = Field(description="How they can be reached; null where Facebook sets no window.")
    too_late: int = Field(description="Recipients whose turn comes after the message is useful.")
    messages_per_second: int
    seconds: float = Field(description="How long the sending takes, quiet hours left out.")
    starts_at: datetime
    done_at: datetime | None = Field(description="At the earliest; null beyond a year.")
