"""What the login dialog is asked, and the address that it leads back to. Pure.

Facebook Login, "Manually build a login flow".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode, urlsplit, urlunsplit

from messenger_admin.sandbox.facebook.app import VERSIONS, App
from messenger_admin.sandbox.facebook.grants import SCOPES

# Facebook appends it, lest the dialog's own fragment be kept.
FRAGMENT = "_=_"


class Problem(StrEnum):
    """Why the dialog does not open. Nobody is sent back: there is nowhere that can be trusted."""

    VERSION = "version"
    APP = "app"
    REDIRECT = "redirect"
    RESPONSE_TYPE = "response_type"
    CONFIGURATION = "configuration"
    SCOPES = "scopes"


class Blocked(Exception):
    """`detail` is what was wrong."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        self.problem, self.detail = problem, detail
        super().__init__(f"{problem}: {detail}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]

    def granted(self, code: str) -> str:
        return self._back({"code": code, **self._state}, fragment=FRAGMENT)

    @property
    def refused(self) -> str:
        """For whoever chose *Cancel*."""
        said = {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
        }
        return self._back({**said, **self._state}, fragment=FRAGMENT)

    @property
    def _state(self) -> dict[str, str]:
        return {"state": self.state} if self.state else {}

    def _back(self, said: Mapping[str, str], *, fragment: str) -> str:
        parts = urlsplit(self.redirect_uri)
        query = "&".join(filter(None, (parts.query, urlencode(said))))
        return urlunsplit(parts._replace(query=query, fragment=fragment))


def read(params: Mapping[str, str], *, version: str, app: App, versions: tuple[str, ...] = VERSIONS) -> Asked:
    """Raises Blocked."""
    if version not in versions:
        raise Blocked(Problem.VERSION, version)
    if not params.get("client_id") or params["client_id"] != app.app_id:
        raise Blocked(Problem.APP, params.get("client_id", ""))
    redirect_uri = params.get("redirect_uri", "")
    if not app.owns(redirect_uri):
        raise Blocked(Problem.REDIRECT, redirect_uri)
    if params.get("response_type", "code") != "code":
        raise Blocked(Problem.RESPONSE_TYPE, params["response_type"])
    return Asked(redirect_uri=redirect_uri, state=params.get("state", ""), scopes=_scopes(params, app))


def _scopes(params: Mapping[str, str], app: App) -> tuple[str, ...]:
    """Those that are asked for, or those of the configuration."""
    if config_id := params.get("config_id"):
        if config_id != app.config_id:
            raise Blocked(Problem.CONFIGURATION, config_id)
        return app.scopes
    asked = tuple(dict.fromkeys(word for word in params.get("scope", "").replace(",", " ").split()))
    if unknown := [scope for scope in asked if scope not in SCOPES and scope != "public_profile"]:
        raise Blocked(Problem.SCOPES, ", ".join(unknown))
    return tuple(scope for scope in asked if scope != "public_profile")
