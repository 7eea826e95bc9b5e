"""Long lists, a part at a time: newest first, each part beginning after the last row of the one before.

However far a caller reads, a part costs the same; what is added meanwhile is before the first part.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from notifications.api.envelope import ApiError, Fault, success
from notifications.api.schemas import Meta

MOST = 100
USUAL = 50

T = TypeVar("T")
# What `after` and `limit` are, for the documentation.
AFTER = "`page.next` of the part before; without it the list begins."
LIMIT = "Rows in this part."


class Part(Schema):
    next: str | None = Field(description="`after` of the next part; null in the last one.")


class Listed(Schema, Generic[T]):
    meta: Meta
    data: list[T]
    page: Part


def part(
    rows: QuerySet[Any], tell: Callable[[Any], dict[str, Any]], *, after: str | None, limit: int
) -> dict[str, Any]:
    """The envelope of the rows with smaller ids than `after` says. Raises ApiError 400."""
    beyond = rows.filter(pk__lt=_pk(after)) if after else rows
    found = list(beyond.order_by("-pk")[: limit + 1])
    shown = found[:limit]
    return success([tell(row) for row in shown], page={"next": _after(shown[-1].pk) if len(found) > limit else None})


def _after(pk: int) -> str:
    return urlsafe_b64encode(str(pk).encode()).decode().rstrip("=")


def _pk(after: str) -> int:
    try:
        decoded = urlsafe_b64decode(after.encode("ascii") + b"==").decode("ascii")
        if decoded.isdigit() and len(decoded) < 19:
            return int(decoded)
    except ValueError:
        pass
    words = _("Give what the part before said as page.next, or nothing.")
    raise ApiError(400, words, faults=[Fault(field="after", code="bad_cursor", message=words)])
