"""What every answer looks like: iAdvize's legacy envelope, with errors that name their place beside it. Pure.

`{"meta": {"status": "success"}, "data": ...}`; `fail` is the caller's to mend, `error` a refusal or ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SUCCESS = {"status": "success"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: `field` leads to its place in the body, or names a header or parameter."""

    field: str
    code: str
    message: str


class ApiError(Exception):
    """An answer other than success. `message` and those of `faults` are in the caller's language."""

    def __init__(
        self, status: int, message: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.message = message
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        status = "error" if self.status in {401, 403} or self.status >= 500 else "fail"
        errors = [{"field": fault.field, "code": fault.code, "message": fault.message} for fault in self.faults]
        return {"meta": {"status": status, "message": self.message}, "errors": errors}


def success(data: Any, **beside: Any) -> dict[str, Any]:
    """`beside` stands next to `data`: `page` of a list, for example."""
    return {"meta": SUCCESS, "data": data, **beside}
