"""A person who came back from Facebook's dialog with pages, without walking through it."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.utils import timezone

from pages.models import FacebookLogin, Page
from pages.services import logins, offers
from pages.services.offers import OfferedPage


def offered_page(number: int = 20001, **changes: object) -> OfferedPage:
    fields: dict[str, object] = {"page_id": str(number), "name": f"Page {number}", "token": f"token-{number}"}
    return OfferedPage(**{**fields, "category": "Shop", **changes})  # type: ignore[arg-type]  # a test's own values


def offering(
    user: User, pages: Sequence[OfferedPage], *, session_key: str = "session", page: Page | None = None
) -> FacebookLogin:
    """A login that returned, with `pages` to choose from."""
    now = timezone.now()
    login, state = begun(user, session_key=session_key, page=page)
    login = logins.take_back(state=state, user=user, session_key=session_key, now=now)
    login.offered, login.facebook_user_id, login.facebook_user_name = offers.written(pages), "1001", "Claire Martin"
    login.save()
    return login


def begun(user: User, *, session_key: str = "session", page: Page | None = None) -> tuple[FacebookLogin, str]:
    return logins.begin(user=user, session_key=session_key, now=timezone.now(), page=page)
