"""Questions about opt-ins."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.db.models.sql.compiler import SQLCompiler

from optins.attributes import BLANKS, words_of
from optins.states import IMPORT_MOVES, INVITATION_MOVES, OPTIN_MOVES, OptInState, Purpose
from pages.append_only import AppendOnlyQuerySet
from pages.moves import MovingQuerySet

if TYPE_CHECKING:
    from optins.models import ConsentEvent, Import, Invitation, OptIn


class HasWords(models.Func):
    """Whether the attribute `name` has words for a message; in the database what `attributes.words_of` is in Python."""

    output_field: models.BooleanField[bool, bool] = models.BooleanField()

    def __init__(self, name: str) -> None:
        super().__init__(models.F("attributes"), models.Value(name), models.Value(BLANKS))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self._sql(
            "CASE jsonb_typeof({0} -> {1}) WHEN 'number' THEN TRUE WHEN 'string' THEN BTRIM({0} ->> {1}, {2}) <> '' "
            "ELSE FALSE END",
            compiler,
        )

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        return self._sql(
            "CASE JSON_TYPE({0}, '$.' || {1}) WHEN 'integer' THEN 1 WHEN 'real' THEN 1 "
            "WHEN 'text' THEN TRIM({0} ->> ('$.' || {1}), {2}) <> '' ELSE 0 END",
            compiler,
        )

    def _sql(self, template: str, compiler: SQLCompiler) -> tuple[str, list[Any]]:
        """`{0}` is the column, `{1}` the name, `{2}` the blanks; each is used twice or once."""
        (column, _none), (name, named), (blanks, blank) = map(compiler.compile, self.source_expressions)
        return template.format(column, name, blanks), [*named, *named, *blank]


class OptInQuerySet(MovingQuerySet["OptIn"]):
    moves = OPTIN_MOVES

    def active(self, now: datetime) -> "OptInQuerySet":
        """Those who may be written to at `now`; an expiry that passed counts, swept or not."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), state=OptInState.ACTIVE)

    def for_purpose(self, purpose: str) -> "OptInQuerySet":
        """Those who agreed to be written to for it: who agreed to news and offers agreed to the rest as well."""
        return self.filter(purpose__in={purpose, Purpose.MARKETING})

    def with_prefix(self, prefix: str) -> "OptInQuerySet":
        """Those whose customer_id begins with `prefix`, to the letter.

        SQLite's LIKE ignores the case of ASCII letters, so the letters are compared themselves as well.
        """
        if not prefix:
            return self.all()
        same = Substr("customer_id", 1, Length(models.Value(prefix)))
        return self.filter(customer_id__startswith=prefix).alias(_prefix=same).filter(_prefix=prefix)

    def with_words(self, names: Iterable[str]) -> "OptInQuerySet":
        """Those whose attributes have words for each of `names`."""
        return self.filter(*(HasWords(name) for name in names))


# Opt-ins whose attributes' names are looked at: the newest know what the shop sends today.
NEWEST = 2_000


def known_names(optins: OptInQuerySet) -> list[str]:
    """The names that messages can use, as far as the newest of `optins` have them; sorted."""
    newest = optins.order_by("-pk").values_list("attributes", flat=True)[:NEWEST]
    return sorted({name for known in newest for name, value in known.items() if words_of(value) is not None})


class InvitationQuerySet(MovingQuerySet["Invitation"]):
    moves = INVITATION_MOVES


class ImportQuerySet(MovingQuerySet["Import"]):
    moves = IMPORT_MOVES


class ConsentEventQuerySet(AppendOnlyQuerySet["ConsentEvent"]):
    pass
