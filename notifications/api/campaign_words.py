"""Campaigns in the words of the API."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from notifications.launch_problems import LaunchProblem, read
from notifications.models import Campaign, Tally
from notifications.services.forecasting import Forecast
from notifications.services.reach import Reach
from notifications.states import Halt
from notifications.words import reason_words

# Which part of a campaign a problem is about, by its code; any other is about none.
_FIELDS = {
    "page_unlinked": "page_id",
    "page_on_hold": "page_id",
    "page_without_token": "page_id",
    "content": "notification",
    "placeholder_unfillable": "notification",
    "prefix_missing": "audience",
    "audience_empty": "audience",
    "time_passed": "scheduled_for",
    "no_longer_useful": "useful_until",
    "useless_at_launch": "useful_until",
    "always_quiet": "quiet_hours",
    "faster_than_page": "messages_per_second",
}


def link_to(campaign: Campaign) -> str:
    return f"/v1/campaigns/{campaign.pk}"


def tell(campaign: Campaign) -> dict[str, Any]:
    """`campaign` has its page, its notification and its tally at hand."""
    tally = getattr(campaign, "tally", None) or Tally()
    return {
        "id": campaign.pk,
        "name": campaign.name,
        "page_id": campaign.page.page_id,
        "notification": campaign.notification.name,
        "state": campaign.state,
        "purpose": campaign.purpose,
        "audience": {"kind": campaign.audience_kind, "prefix": campaign.audience_prefix},
        "scheduled_for": campaign.scheduled_for,
        "useful_until": campaign.useful_until,
        "if_late": campaign.if_late,
        "messages_per_second": campaign.messages_per_second,
        "quiet_hours": _quiet_hours(campaign.quiet_from, campaign.quiet_until),
        "first_slice": campaign.canary_size,
        "failure_ceiling": campaign.failure_ceiling or 0,
        "halt": _halt(campaign),
        "tally": {state.value: count for state, count in tally.by_state().items()},
        "progress": {"total": tally.total, "done": tally.done, "complete": campaign.expanded_at is not None},
        "created_at": campaign.created_at,
        "launched_at": campaign.launched_at,
        "finished_at": campaign.finished_at,
        "_link": link_to(campaign),
    }


def _quiet_hours(begin: time | None, until: time | None) -> dict[str, str] | None:
    if begin is None or until is None:
        return None
    return {"from": begin.isoformat("minutes"), "until": until.isoformat("minutes")}


def _halt(campaign: Campaign) -> dict[str, Any] | None:
    if not campaign.halt:
        return None
    detail = dict(campaign.halt_detail)
    stored = detail.pop("problems", [])
    problems = [
        {"field": _FIELDS.get(one.get("code", ""), ""), "code": one.get("code", ""), "message": read(one)}
        for one in stored
        if isinstance(one, dict)
    ]
    return {"code": campaign.halt, "message": str(Halt(campaign.halt).label), "detail": detail, "problems": problems}


def problems_told(problems: Iterable[LaunchProblem]) -> list[dict[str, str]]:
    return [{"field": _FIELDS.get(one.code, ""), "code": one.code, "message": str(one)} for one in problems]


def tell_forecast(found: Forecast) -> dict[str, Any]:
    lacking = found.lacking
    return {
        "can_be_launched": not found.problems,
        "problems": problems_told(found.problems),
        "recipients": found.count,
        "left_out": found.left_out,
        "lacking": lacking
        and {"recipients": lacking.count, "at_least": lacking.at_least, "names": list(lacking.names)},
        "reach": found.reach and _reach(found.reach),
        "too_late": found.too_late,
        "messages_per_second": found.messages_per_second,
        "seconds": found.seconds,
        "starts_at": found.starts_at,
        "done_at": found.done_at,
    }


def _reach(found: Reach) -> dict[str, Any]:
    reason = found.reason and {"code": found.reason.value, "message": reason_words(found.reason)}
    return {
        "window_open": found.open,
        "by_template": found.by_template,
        "not_at_all": found.not_at_all,
        "reason": reason,
    }
