"""One request and what becomes of it: accepted, refused, or ended as the sandbox was told. Pure."""

from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus

from messenger_admin.sandbox.behaviours import UNANSWERED, Behaviour, Kind
from messenger_admin.sandbox.endpoint import Target, answer, refusal, success
from messenger_admin.sandbox.messages import decode


class Ending(Enum):
    """What happens to the connection once the bytes of the plan are written."""

    KEEP = auto()
    CLOSE = auto()
    RESET = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`status` is None where no whole answer will be written; `record` holds for messages that reached the endpoint.

    `message_id` names the record where it is not that of the exchange.
    """

    status: int | None
    data: bytes = b""
    wait: float = 0.0
    ending: Ending = Ending.KEEP
    delivered: bool = False
    record: bool = True
    message_id: str = ""


def turned_away(status: int, message: str, headers: dict[str, str] | None = None) -> Plan:
    """For requests that are none of the endpoint's: they leave no trace in the store."""
    return Plan(status=status, data=answer(status, refusal(status, message), headers), record=False)


def plan(*, target: Target, body: bytes, message_id: str, behaviour: Behaviour | None) -> Plan:
    if not target.token:
        return _refused(HTTPStatus.UNAUTHORIZED, "Give your token as access_token.")
    if behaviour and behaviour.kind == Kind.EXPIRE_TOKEN:
        return _refused(HTTPStatus.UNAUTHORIZED, "The access token has expired.")
    accepted = success(message_id, target.path)
    # Nobody's phone can show what is no message, whatever the sender is told.
    sound = isinstance(decode(body), dict)
    if behaviour and behaviour.kind in UNANSWERED:
        return _broken_off(behaviour, accepted, delivered=sound)
    if behaviour and behaviour.kind == Kind.ANSWER:
        return _told(behaviour, accepted, delivered=sound and behaviour.delivers)
    if not sound:
        return _refused(HTTPStatus.BAD_REQUEST, "The body is no JSON object.")
    return Plan(
        status=HTTPStatus.ACCEPTED,
        data=answer(HTTPStatus.ACCEPTED, accepted),
        wait=behaviour.seconds if behaviour else 0.0,
        delivered=True,
    )


def _refused(status: int, message: str) -> Plan:
    return Plan(status=status, data=answer(status, refusal(status, message)))


def _told(behaviour: Behaviour, accepted: bytes, *, delivered: bool) -> Plan:
    headers = {"Retry-After": behaviour.retry_after} if behaviour.retry_after else None
    said = behaviour.body.encode() or _usual(behaviour.status, accepted)
    return Plan(
        status=behaviour.status,
        data=answer(behaviour.status, said, headers),
        wait=behaviour.seconds,
        delivered=delivered,
    )


def _usual(status: int, accepted: bytes) -> bytes:
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return accepted
    return refusal(status, f"The sandbox was told to answer {status}.")


def _broken_off(behaviour: Behaviour, accepted: bytes, *, delivered: bool) -> Plan:
    """The message was taken; its sender can't know."""
    whole = answer(HTTPStatus.ACCEPTED, accepted)
    reset = behaviour.kind in {Kind.RESET, Kind.RESET_UNREAD}
    return Plan(
        status=None,
        data=whole[: len(whole) - len(accepted) // 2] if behaviour.kind == Kind.HALF else b"",
        wait=behaviour.seconds,
        ending=Ending.RESET if reset else Ending.CLOSE,
        delivered=delivered,
    )
