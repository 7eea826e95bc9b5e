"""Campaigns: drafted, foreseen, launched and steered by the merchant's systems, and read."""

from functools import partial
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from notifications.api import bodies, campaign_acts, keys, paging
from notifications.api.access import page_of, token
from notifications.api.agreements import by_token
from notifications.api.answers import answer
from notifications.api.asking import asked_if_any, fault, instant_of, takes
from notifications.api.campaign_acts import campaign_of, check_state, move, rows_of
from notifications.api.campaign_shapes import CampaignForecast, CampaignTold, NewCampaign, Scheduling, States
from notifications.api.campaign_words import link_to, tell, tell_forecast
from notifications.api.documents import ONCE, failures
from notifications.api.envelope import success
from notifications.api.keys import Answer
from notifications.api.schemas import Success
from notifications.services import campaigns, drafting, forecasting
from notifications.states import CampaignState as C
from pages.scopes import Scope

router = Router(tags=["Campaigns"], by_alias=True)

CAMPAIGNS = "/v1/campaigns"
CAMPAIGN = CAMPAIGNS + "/{campaign_id}"
MOVED = {200: Success[CampaignTold], **failures(403, 404, 409)}
NOT_LAUNCHED = frozenset({C.DRAFT, C.SCHEDULED})


@router.get(
    CAMPAIGNS,
    auth=token(Scope.CAMPAIGNS_READ),
    operation_id="list_campaigns",
    summary="List campaigns",
    response={200: paging.Listed[CampaignTold], **failures(400, 403, 404)},
)
def read_all(
    request: HttpRequest,
    *,
    page_id: Annotated[str | None, Query(description="Of this page alone.")] = None,
    state: Annotated[States | None, Query(description="Those in this state alone.")] = None,
    after: Annotated[str | None, Query(description=paging.AFTER)] = None,
    limit: Annotated[int, Query(ge=1, le=paging.MOST, description=paging.LIMIT)] = paging.USUAL,
) -> HttpResponse:
    """Newest first, of the pages that the token opens."""
    rows = rows_of(request)
    if page_id is not None:
        rows = rows.filter(page=page_of(request, page_id))
    return answer(paging.part(rows.filter(state=state) if state else rows, tell, after=after, limit=limit))


@router.post(
    CAMPAIGNS,
    auth=token(Scope.CAMPAIGNS_RUN),
    operation_id="create_campaign",
    summary="Create a campaign",
    response={201: Success[CampaignTold], **failures(400, 403, 404, 409, 413, 415, 422)},
    openapi_extra={**takes(NewCampaign), **ONCE},
)
def create(request: HttpRequest) -> HttpResponse:
    """It is a draft: nothing is sent before it is launched, or scheduled and its time has come."""
    raw, now = bodies.read(request), timezone.now()

    def work() -> Answer:
        wanted = campaign_acts.draft_of(request, bodies.judge(bodies.value(raw), NewCampaign))
        with by_token(request):
            made = drafting.draft(wanted=wanted, actor=None)
        return Answer(status=201, body=success(tell(made)), location=link_to(made))

    return keys.once(keys.call_of(request, raw), now=now, work=work).response()


@router.get(
    CAMPAIGN,
    auth=token(Scope.CAMPAIGNS_READ),
    operation_id="read_campaign",
    summary="A campaign, its state and its tally",
    response={200: Success[CampaignTold], **failures(403, 404)},
)
def read(request: HttpRequest, campaign_id: str) -> HttpResponse:
    return answer(success(tell(campaign_of(request, campaign_id))))


@router.post(
    CAMPAIGN + "/forecast",
    auth=token(Scope.CAMPAIGNS_READ),
    operation_id="forecast_campaign",
    summary="What a launch would come to",
    response={200: Success[CampaignForecast], **failures(403, 404, 409)},
)
def forecast(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """At its own time, or now where it has none. Nothing is stored or sent."""
    campaign = campaign_of(request, campaign_id)
    check_state(campaign, NOT_LAUNCHED)
    return answer(success(tell_forecast(forecasting.forecast(campaign=campaign, now=timezone.now()))))


@router.post(
    CAMPAIGN + "/launch",
    auth=token(Scope.CAMPAIGNS_RUN),
    operation_id="launch_campaign",
    summary="Launch a campaign now",
    response={200: Success[CampaignTold], **failures(400, 403, 404, 409, 422)},
    openapi_extra=ONCE,
)
def launch(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """Content and audience are frozen, and the messages leave. 409 says each thing that stands in the way."""
    now = timezone.now()

    def work() -> Answer:
        return Answer(body=success(tell(move(request, campaign_id, campaigns.launch, NOT_LAUNCHED, now=now))))

    return keys.once(keys.call_of(request, b""), now=now, work=work).response()


@router.post(
    CAMPAIGN + "/schedule",
    auth=token(Scope.CAMPAIGNS_RUN),
    operation_id="schedule_campaign",
    summary="Launch a campaign at a time",
    response={200: Success[CampaignTold], **failures(400, 403, 404, 409, 413, 415, 422)},
    openapi_extra=takes(Scheduling, required=False),
)
def schedule(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """The content is frozen; one that is scheduled already keeps it, and is given another time."""
    asked = asked_if_any(request, Scheduling)
    at = instant_of(asked.scheduled_for, "scheduled_for") or campaign_of(request, campaign_id).scheduled_for
    if at is None:
        raise fault(422, "scheduled_for", "missing", _("Say when: the campaign has no time yet."))
    perform = partial(campaigns.schedule, at=at)
    return answer(success(tell(move(request, campaign_id, perform, NOT_LAUNCHED, now=timezone.now()))))


@router.post(
    CAMPAIGN + "/unschedule",
    auth=token(Scope.CAMPAIGNS_RUN),
    operation_id="unschedule_campaign",
    summary="Make a scheduled campaign a draft again",
    response=MOVED,
)
def unschedule(request: HttpRequest, campaign_id: str) -> HttpResponse:
    return _moved(request, campaign_id, campaigns.unschedule, C.SCHEDULED)


@router.post(
    CAMPAIGN + "/pause",
    auth=token(Scope.CAMPAIGNS_RUN),
    operation_id="pause_campaign",
    summary="Pause a campaign",
    response=MOVED,
)
def pause(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """What is leaving this instant still leaves; the rest waits."""
    return _moved(request, campaign_id, campaigns.pause, C.RUNNING)


@router.post(
    CAMPAIGN + "/resume",
    auth=token(Scope.CAMPAIGNS_RUN),
    operation_id="resume_campaign",
    summary="Resume a campaign",
    response=MOVED,
)
def resume(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """It goes on where it stopped, and nobody receives it twice. After a first slice the rest leaves."""
    return _moved(request, campaign_id, campaigns.resume, C.PAUSED)


@router.post(
    CAMPAIGN + "/cancel",
    auth=token(Scope.CAMPAIGNS_RUN),
    operation_id="cancel_campaign",
    summary="Cancel a campaign for good",
    response=MOVED,
)
def cancel(request: HttpRequest, campaign_id: str) -> HttpResponse:
    """What has not left never will."""
    return _moved(request, campaign_id, campaigns.cancel, C.SCHEDULED, C.RUNNING, C.PAUSED)


def _moved(request: HttpRequest, campaign_id: str, perform: campaign_acts.Move, *origins: C) -> HttpResponse:
    moved = move(request, campaign_id, perform, frozenset(origins), now=timezone.now())
    return answer(success(tell(moved)))
