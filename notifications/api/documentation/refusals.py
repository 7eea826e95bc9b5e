"""The refusals of the API for its documentation: what each status means, with an answer as it is given."""

from dataclasses import dataclass, field
from typing import Any, Final

from notifications.api.documentation import words
from notifications.api.documents import component
from notifications.api.envelope import ApiError, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """`place` and `code` are those of the one fault, whose sentence is `message`; `headers` go with the answer."""

    name: str
    meaning: str
    message: str
    place: str = ""
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def documented(self, status: int) -> dict[str, Any]:
        faults = [Fault(field=self.place, code=self.code, message=self.message)] if self.code else []
        example = ApiError(status, self.message, faults=faults).body()
        content = {"application/json": {"schema": component("schemas", "Failure"), "example": example}}
        found: dict[str, Any] = {"description": self.meaning, "content": content}
        if self.headers:
            found["headers"] = {name: component("headers", header) for name, header in self.headers.items()}
        return found


WAIT: Final = {"Retry-After": "RetryAfter"}

REFUSALS: Final = {
    400: Refusal(
        name="Malformed",
        meaning="The request can't be read: no JSON, a parameter or an id that can't be one.",
        message="Shorten the customer_id to 255 characters.",
        place="customer_id",
        code="too_long",
    ),
    401: Refusal(
        name="Unauthorized",
        meaning="No token, or one that is unknown, expired or revoked.",
        message="Give a valid token: as Authorization: Bearer, as X-API-Key, or as access_token in the address.",
        headers={"WWW-Authenticate": "Authenticate"},
    ),
    403: Refusal(
        name="Forbidden",
        meaning="The token does not open this page, or lacks the scope.",
        message="This token does not open the page 322837607840703.",
    ),
    404: Refusal(
        name="NotFound",
        meaning="No such page, customer or thing, or none that the token opens.",
        message="Nobody has opted in under the customer_id “order-1234” on this page.",
        place="customer_id",
        code="customer_unknown",
    ),
    409: Refusal(
        name="Conflict",
        meaning="Not as things stand: the customer withdrew, the key is in use, the move is not possible now.",
        message="The customer “order-1234” has withdrawn the agreement. Only the customer can agree again.",
        place="customer_id",
        code="opted_out",
        headers=WAIT,
    ),
    413: Refusal(
        name="TooLarge",
        meaning="The body is larger than this call takes.",
        message="Send at most 1000000 bytes in one request.",
    ),
    415: Refusal(
        name="UnsupportedType",
        meaning="The body is not JSON in UTF-8, or is compressed.",
        message="Send JSON, with the header Content-Type: application/json. This is text/plain.",
    ),
    422: Refusal(
        name="Unprocessable",
        meaning="JSON that says something wrong, or a key that was used for another call.",
        message="Shorten this to 2000 characters: it has 2012.",
        place="text",
        code="too_long",
    ),
    429: Refusal(
        name="TooManyRequests",
        meaning="More calls than the token may make.",
        message="Slow down: this token may make 50 requests a second.",
        headers=WAIT,
    ),
    500: Refusal(
        name="Broken",
        meaning="A mistake of ours, which was written down.",
        message="Something broke on our side, and was written down. Try again later, with the same Idempotency-Key.",
    ),
    503: Refusal(
        name="Away",
        meaning="The database is away for a moment. Repeat the call with the same Idempotency-Key.",
        message="The database is away for a moment. Try again, with the same Idempotency-Key: "
        "then nothing is sent twice.",
        headers=WAIT,
    ),
}


def components() -> dict[str, Any]:
    return {refusal.name: refusal.documented(status) for status, refusal in REFUSALS.items()}


HEADERS: Final[dict[str, Any]] = {
    "Location": {"description": words.LOCATION, "schema": {"type": "string"}},
    "IdempotencyReplayed": {"description": words.REPLAYED, "schema": {"const": "true"}},
    "RetryAfter": {"description": words.RETRY_AFTER, "schema": {"type": "string", "pattern": "^[0-9]+$"}},
    "Authenticate": {"description": words.AUTHENTICATE, "schema": {"const": "Bearer"}},
}
