"""Rows named by a query string, which anybody may have typed."""

from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)
# Digits of the largest id that a database holds for certain.
LONGEST = 18


def by_pk(rows: models.QuerySet[M], raw: str | None) -> M | None:
    """The row with that id, or None for whatever names no row."""
    if raw is None or not raw.isascii() or not raw.isdecimal() or len(raw) > LONGEST:
        return None
    return rows.filter(pk=int(raw)).first()
