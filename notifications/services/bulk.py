"""Many rows of values as a table of one statement, on PostgreSQL and on SQLite alike.

The values travel as one JSON parameter, so that the statement is the same for one row and for five hundred.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, JSONField, TextField, Value
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

TEXT, INTEGER, SECONDS = "text", "bigint", "double precision"


def table(columns: Mapping[str, str], rows: Sequence[Sequence[object]], *, parameter: str) -> tuple[str, str]:
    """A FROM item with those columns (name to TEXT, INTEGER or SECONDS), and the value of its one parameter.

    Each of `rows` has a value for each column, in their order.
    """
    values = json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
    # The names are the caller's constants; every value travels in the parameter.
    if connection.vendor == "postgresql":
        typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        given = f"CAST(%({parameter})s AS json)"
        return f"(SELECT * FROM json_to_recordset({given}) AS r({typed}))", values  # noqa: S608
    picked = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
    return f"(SELECT {picked} FROM json_each(%({parameter})s))", values  # noqa: S608


class Picked(Func):
    """Each row's own value out of `values`, by its primary key, in one UPDATE of many rows.

    `output_field` is a JSONField, for values of any shape, or a TextField, for texts.
    """

    def __init__(self, values: Mapping[int, object], *, output_field: JSONField | TextField[str, str]) -> None:
        given = Value(json.dumps(values), output_field=TextField())
        super().__init__(given, Cast(F("pk"), TextField()), output_field=output_field)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        operator = "->" if isinstance(self.output_field, JSONField) else "->>"
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=f"::jsonb {operator} ")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        template = "JSON_EXTRACT(%(expressions)s || '\"')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", '$.\"' || ")
