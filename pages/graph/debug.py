"""What Facebook says of a token: whether it holds, until when, and what it may do (`debug_token`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from pages.graph import client
from pages.graph.client import GraphUnreachable

# Without these a page that is linked neither hears nor writes.
VITAL = ("pages_manage_metadata", "pages_messaging")
# Without these nothing can be linked; what else the app asks for makes less possible, and is no bar.
REQUIRED = ("pages_show_list", *VITAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """`expires_at` and `data_access_expires_at` are None where there is no end.

    `targets` has, for a permission that was given for some pages or businesses alone, their ids.
    """

    is_valid: bool
    user_id: str = ""
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    scopes: frozenset[str] = frozenset()
    targets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    error: str = ""

    def lacking(self, wanted: tuple[str, ...], *, page_id: str = "") -> tuple[str, ...]:
        """Those of `wanted` that were not given, or not for this page."""
        return tuple(scope for scope in wanted if not self._has(scope, page_id))

    def _has(self, scope: str, page_id: str) -> bool:
        if scope not in self.scopes:
            return False
        # The targets of other permissions are businesses.
        targets = self.targets.get(scope) if page_id and scope.startswith("pages_") else None
        return not targets or page_id in targets


def look_at(token: str) -> TokenFacts:
    """Raises GraphError or GraphUnreachable. A dead token is an answer, not an error."""
    app = f"{settings.FACEBOOK_APP_ID}|{settings.FACEBOOK_APP_SECRET}"
    data = client.get("debug_token", token=app, input_token=token).get("data")
    if not isinstance(data, dict):
        raise GraphUnreachable("The answer says nothing of the token.")
    said = data.get("error")
    granular = _list(data.get("granular_scopes"))
    return TokenFacts(
        is_valid=data.get("is_valid") is True,
        user_id=str(data.get("user_id") or ""),
        expires_at=_instant(data.get("expires_at")),
        data_access_expires_at=_instant(data.get("data_access_expires_at")),
        scopes=frozenset(str(scope) for scope in _list(data.get("scopes"))),
        targets={str(part.get("scope")): _targets(part) for part in granular if isinstance(part, dict)},
        error=str(said.get("message") or "")[:500] if isinstance(said, dict) else "",
    )


def _targets(part: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(target) for target in _list(part.get("target_ids")))


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _instant(seconds: Any) -> datetime | None:
    """Seconds since the epoch; 0 is Facebook's way to say "never"."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return None
