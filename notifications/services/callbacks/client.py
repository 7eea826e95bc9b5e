"""One call to a merchant's server, within a fixed time. No redirect is followed, no proxy and no `.netrc` is asked."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import requests
from django.conf import settings
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from notifications.models.callback import CallbackFault
from pages.outgoing import AddressRefused, Deadline, JudgedAdapter

# Bytes of an answer that are read at all.
KEPT = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`status` is None where there is no answer, and `fault` says why; `answer` is the beginning of what came."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    fault: CallbackFault | None = None
    milliseconds: int = 0


# What happened, by the class of a cause: requests wraps urllib3's own errors, which wrap those of the socket.
_FAULTS: tuple[tuple[type[BaseException], CallbackFault], ...] = (
    (AddressRefused, CallbackFault.REFUSED_ADDRESS),
    (NameResolutionError, CallbackFault.NOT_FOUND),
    (ConnectTimeoutError, CallbackFault.NOT_CONNECTED),
    (NewConnectionError, CallbackFault.NOT_CONNECTED),
    (requests.exceptions.SSLError, CallbackFault.BAD_CERTIFICATE),
    (requests.Timeout, CallbackFault.TIMED_OUT),
)


def post(*, url: str, body: bytes, headers: Mapping[str, str], local: bool) -> Reply:
    """A POST, answered within CALLBACK_TOTAL_TIMEOUT or not at all. `local` lets it go to 127.0.0.1."""
    began = time.monotonic()
    deadline = Deadline(settings.CALLBACK_TOTAL_TIMEOUT)
    try:
        reply = _post(url, body, headers, _adapter(local, deadline))
    except (requests.RequestException, OSError) as error:
        fault = CallbackFault.TIMED_OUT if deadline.passed else _fault(error)
        reply = Reply(fault=fault, answer=_words(error))
    finally:
        deadline.cancel()
    return replace(reply, milliseconds=round((time.monotonic() - began) * 1_000))


def _adapter(local: bool, deadline: Deadline) -> JudgedAdapter:  # noqa: FBT001  (passed on)
    return JudgedAdapter(local=local, deadline=deadline, patience=settings.CALLBACK_CONNECT_TIMEOUT)


def _post(url: str, body: bytes, headers: Mapping[str, str], adapter: JudgedAdapter) -> Reply:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        with session.post(
            url,
            data=body,
            headers={**headers, "Connection": "close"},
            timeout=(settings.CALLBACK_CONNECT_TIMEOUT, settings.CALLBACK_TOTAL_TIMEOUT),
            allow_redirects=False,
            stream=True,
            verify=settings.CA_FILE or True,
        ) as answer:
            return Reply(
                status=answer.status_code,
                headers={name.lower(): value for name, value in answer.headers.items()},
                answer=_beginning(answer),
            )


def _beginning(answer: requests.Response) -> str:
    """The first bytes; a body that breaks off, or that nobody can decode, changes nothing about the status."""
    found = b""
    try:
        for piece in answer.iter_content(KEPT):
            found += piece
            if len(found) >= KEPT:
                break
    except (requests.RequestException, OSError) as error:
        found = found or _words(error).encode()
    return found[:KEPT].decode("utf-8", "replace")


def _fault(error: Exception) -> CallbackFault:
    causes = list(_causes(error))
    for kind, fault in _FAULTS:
        if any(isinstance(cause, kind) for cause in causes):
            return fault
    return CallbackFault.BROKEN_OFF


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop()
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__, getattr(found, "reason", None), *found.args]


def _words(error: BaseException) -> str:
    """The innermost cause in its own words, without the objects that others wrapped around it."""
    texts = [cause.strerror for cause in _causes(error) if isinstance(cause, OSError) and cause.strerror]
    return str(texts[-1]) if texts else type(error).__name__
