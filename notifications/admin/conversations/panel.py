"""What is known of the person beside the conversation: agreements, the last deliveries, who Facebook says it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Permission
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from notifications.admin import badges, times
from notifications.admin.conversations import moments
from notifications.bubble.excerpt import excerpt
from notifications.models import Delivery
from optins.models import OptIn
from optins.states import OptInState
from pages.models import Thread

ANSWER = "pages.answer_thread"
MOST_OPTINS, MOST_DELIVERIES, MOST_AGENTS = 10, 6, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    customer_id: str
    url: str
    state: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    url: str
    what: str
    badge: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    agreements: tuple[Agreement, ...]
    deliveries: tuple[Sent, ...]
    search_url: str = ""


def panel(thread: Thread, optins: Sequence[OptIn], request: HttpRequest, now: datetime) -> Panel:
    sees_optins = request.user.has_perm("optins.view_optin")
    sees_deliveries = request.user.has_perm("notifications.view_delivery")
    return Panel(
        agreements=tuple(_agreement(optin) for optin in optins) if sees_optins else (),
        deliveries=tuple(_sent(thread, optins, now)) if sees_deliveries else (),
        search_url=_history(optins) if sees_deliveries else "",
    )


def _agreement(optin: OptIn) -> Agreement:
    return Agreement(
        customer_id=optin.customer_id,
        url=reverse("admin:optins_optin_change", args=[optin.pk]),
        state=str(optin.get_state_display()),
        is_active=optin.state == OptInState.ACTIVE,
    )


def _sent(thread: Thread, optins: Sequence[OptIn], now: datetime) -> list[Sent]:
    """Two questions, each of an index of its own, rather than one that PostgreSQL would walk the ledger for."""
    rows = Delivery.objects.select_related("content", "campaign").order_by("-id")
    found = list(rows.filter(thread=thread)[:MOST_DELIVERIES])
    if optins:
        found += rows.filter(optin__in=[optin.pk for optin in optins])[:MOST_DELIVERIES]
    newest = sorted({each.pk: each for each in found}.values(), key=lambda each: -each.pk)[:MOST_DELIVERIES]
    zone = times.zone_of(thread.page)
    return [
        Sent(
            url=reverse("admin:notifications_delivery_change", args=[each.pk]),
            what=each.campaign.name if each.campaign else excerpt(each.content.body),
            badge=badges.of_delivery(each),
            when=moments.short(each.sent_at or each.created_at, zone, now),
        )
        for each in newest
    ]


def _history(optins: Sequence[OptIn]) -> str:
    if not optins:
        return ""
    return f"{reverse('admin:notifications_delivery_changelist')}?{urlencode({'optin__id__exact': optins[0].pk})}"


def agents() -> list[AbstractBaseUser]:
    """Whom a conversation can be given to: active people who may answer."""
    app, codename = ANSWER.split(".")
    permission = Permission.objects.filter(content_type__app_label=app, codename=codename)
    may = Q(is_superuser=True) | Q(user_permissions__in=permission) | Q(groups__permissions__in=permission)
    people = get_user_model().objects.filter(may, is_active=True, is_staff=True).distinct()
    return list(people.order_by("username")[:MOST_AGENTS])
