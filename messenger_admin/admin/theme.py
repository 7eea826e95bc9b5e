"""The admin's look and navigation."""

from typing import Any

UNFOLD: dict[str, Any] = {}
