"""Walking somebody through Facebook's dialog: a state that is good once, and what the person brings back.

A row begins with a state, whose SHA-256 it keeps, and ends with a choice, a refusal or the sweep. Whoever comes back
without the browser session and the account that began is sent away: a link that somebody else prepared links nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import Enum, auto

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from pages.graph import login as graph
from pages.graph.client import GraphError, GraphUnreachable
from pages.models import FacebookLogin, Page
from pages.services import offers

# To come back from the dialog, and then to choose.
TO_RETURN = timedelta(minutes=10)
TO_CHOOSE = timedelta(minutes=30)


class Trouble(Enum):
    """Why a walk ends without pages; each has its words on the screen."""

    NOT_SET_UP = auto()
    UNKNOWN = auto()  # no such state, or none at all
    EXPIRED = auto()
    USED = auto()  # the same address was opened twice
    NOT_YOURS = auto()  # another account, another browser, or logged out meanwhile
    CANCELLED = auto()
    REFUSED = auto()  # Facebook's own refusal, in its words
    REVOKED = auto()  # the access was taken away again while it was being used
    UNREACHABLE = auto()
    OVER = auto()  # a choice was made already, or took too long
    NOT_OFFERED = auto()  # the page to reconnect is not among the person's


class LoginFailed(Exception):
    """`words` is what Facebook said, and may be empty."""

    def __init__(self, trouble: Trouble, words: str = "") -> None:
        self.trouble, self.words = trouble, words
        super().__init__(trouble.name)


def begin(
    *, user: AbstractBaseUser, session_key: str, now: datetime, page: Page | None = None
) -> tuple[FacebookLogin, str]:
    """The row and its state. With `page` the walk reconnects that page, and offers nothing else."""
    if not graph.is_set_up():
        raise LoginFailed(Trouble.NOT_SET_UP)
    state = secrets.token_urlsafe(32)
    login = FacebookLogin.objects.create(
        state_sha256=_sha256(state),
        session_sha256=_sha256(session_key),
        user_id=user.pk,
        page=page,
        begun_at=now,
        expires_at=now + TO_RETURN,
    )
    return login, state


def take_back(*, state: str, user: AbstractBaseUser, session_key: str, now: datetime) -> FacebookLogin:
    """The login that this state began, once: whoever comes second finds it used."""
    login = FacebookLogin.objects.filter(state_sha256=_sha256(state)).select_related("page").first()
    if login is None:
        raise LoginFailed(Trouble.UNKNOWN)
    if login.user_id != user.pk or login.session_sha256 != _sha256(session_key):
        raise LoginFailed(Trouble.NOT_YOURS)
    if login.returned_at or login.ended_at:
        raise LoginFailed(Trouble.USED)
    if login.expires_at <= now:
        raise LoginFailed(Trouble.EXPIRED)
    fresh = FacebookLogin.objects.filter(pk=login.pk, returned_at=None, ended_at=None)
    if not fresh.update(returned_at=now, expires_at=now + TO_CHOOSE):
        raise LoginFailed(Trouble.USED)
    login.refresh_from_db(fields=["returned_at", "expires_at"])
    return login


def collect(*, login: FacebookLogin, code: str, return_to: str, now: datetime) -> None:
    """Exchanges the code and keeps what the person offers. Raises LoginFailed, after which the login is over."""
    try:
        token = graph.prolonged(graph.token_for(code, return_to=return_to))
        person, pages = graph.who(token), offers.fetch(token)
    except GraphUnreachable as error:
        end(login, now=now)
        raise LoginFailed(Trouble.UNREACHABLE) from error
    except GraphError as error:
        end(login, now=now)
        raise LoginFailed(_trouble(error), str(error)) from error
    login.facebook_user_id, login.facebook_user_name = person.user_id, person.name
    login.offered = offers.written(pages)
    # Ended meanwhile: the person told Facebook to take the app away.
    kept = FacebookLogin.objects.filter(pk=login.pk, ended_at=None).update(
        facebook_user_id=person.user_id, facebook_user_name=person.name, offered=login.offered
    )
    if not kept:
        raise LoginFailed(Trouble.REVOKED)


def waiting_for_a_choice(*, user: AbstractBaseUser, session_key: str, now: datetime) -> FacebookLogin:
    """The person's newest login that has pages to offer. Raises LoginFailed where there is none any more."""
    mine = FacebookLogin.objects.filter(user_id=user.pk, session_sha256=_sha256(session_key), page=None)
    login = mine.filter(returned_at__isnull=False, ended_at=None, expires_at__gt=now).order_by("-pk").first()
    if login is None or not login.offered:
        raise LoginFailed(Trouble.OVER)
    return login


def end(login: FacebookLogin, *, now: datetime) -> bool:
    """Wipes the tokens. False: it was over already."""
    return bool(FacebookLogin.objects.filter(pk=login.pk, ended_at=None).update(ended_at=now, offered=""))


def wipe_logins(now: datetime) -> int:
    """Ends what was left behind half-way, and forgets logins a day after they began; returns how many ended."""
    left = FacebookLogin.objects.filter(ended_at=None, expires_at__lte=now).update(ended_at=now, offered="")
    FacebookLogin.objects.filter(~Q(ended_at=None), begun_at__lt=now - timedelta(days=1)).delete()
    return left


def _trouble(error: GraphError) -> Trouble:
    if error.token_is_dead:
        return Trouble.REVOKED
    return Trouble.UNREACHABLE if error.passes else Trouble.REFUSED


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
