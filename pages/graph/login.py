"""Facebook Login: the dialog's address, and what the code that it brings back is worth.

Facebook Login, "Manually build a login flow" and "Long-lived access tokens"; Facebook Login for Business
for `config_id`.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from pages.graph import client
from pages.graph.client import GraphUnreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who logged in; `user_id` is scoped to the app."""

    user_id: str
    name: str


def is_set_up() -> bool:
    """Whether this installation has an app on Facebook to log in with."""
    return bool(settings.FACEBOOK_APP_ID and settings.FACEBOOK_APP_SECRET)


def dialog_url(*, state: str, return_to: str, choose_again: bool = False) -> str:
    """`choose_again` shows permissions and pages once more, which Facebook leaves out for whoever came before."""
    query = {"client_id": settings.FACEBOOK_APP_ID, "redirect_uri": return_to, "state": state, "response_type": "code"}
    if settings.FACEBOOK_CONFIG_ID:
        query |= {"config_id": settings.FACEBOOK_CONFIG_ID, "override_default_response_type": "true"}
    else:
        query |= {"scope": ",".join(settings.FACEBOOK_SCOPES)}
    if choose_again:
        query |= {"auth_type": "rerequest"}
    return f"{settings.FACEBOOK_URL}/{settings.GRAPH_VERSION}/dialog/oauth?{urlencode(query)}"


def token_for(code: str, *, return_to: str) -> str:
    """The user's token, which lives about two hours. A code is good once, and for the same `return_to`."""
    return _token({"redirect_uri": return_to, "code": code})


def prolonged(token: str) -> str:
    """The same for about sixty days; the page tokens got with it have no end of their own."""
    return _token({"grant_type": "fb_exchange_token", "fb_exchange_token": token})


def who(token: str) -> Person:
    found = client.get("me", token=token, fields="id,name")
    return Person(user_id=str(found.get("id") or ""), name=str(found.get("name") or "")[:200])


def _token(asked: dict[str, str]) -> str:
    app = {"client_id": settings.FACEBOOK_APP_ID, "client_secret": settings.FACEBOOK_APP_SECRET}
    token = client.get("oauth/access_token", token="", **app, **asked).get("access_token")
    if not isinstance(token, str) or not token:
        raise GraphUnreachable("The answer holds no token.")
    return token
