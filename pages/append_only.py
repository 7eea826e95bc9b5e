"""Rows that are only ever inserted: guarded in Python, and by a trigger in the database."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

M = TypeVar("M", bound=models.Model)


class AppendOnlyError(TypeError):
    """The code tried to change a row that is evidence."""


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Inserts and reads. Whole rows may be deleted, by erasure and retention; none may be changed."""

    def update(self, **_changes: Any) -> int:
        raise AppendOnlyError(f"{self.model.__name__} rows are only ever inserted.")


def write_anew(rows: Iterable[models.Model]) -> None:
    """Erasure: evidence loses what is personal. Each row is deleted, and inserted as it is now under its own key.

    Call it in a transaction.
    """
    for row in rows:
        pk = row.pk
        row.delete()
        row.pk = pk
        # Raw: not even the time of its making changes.
        row.save_base(raw=True, force_insert=True)


def write_all_anew(rows: Sequence[models.Model]) -> None:
    """The same for many rows of one model that has no time of its own making: one deletion, one insertion."""
    if rows:
        manager = type(rows[0])._default_manager  # noqa: SLF001  (of whatever model it is)
        manager.filter(pk__in=[row.pk for row in rows]).delete()
        manager.bulk_create(rows)


_POSTGRESQL = """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION {table}_append_only();
"""
_POSTGRESQL_BACK = "DROP TRIGGER {table}_append_only ON {table}; DROP FUNCTION {table}_append_only();"
_SQLITE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
_SQLITE_BACK = "DROP TRIGGER {table}_append_only;"


def append_only(table: str) -> migrations.RunPython:
    """A migration step after which the database refuses to update `table`.

    SQLite rebuilds a table to alter it and drops its triggers with it: see append_only_again.
    """

    def run(schema_editor: BaseDatabaseSchemaEditor, postgresql: str, sqlite: str) -> None:
        sql = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
        schema_editor.execute(sql.format(table=table), params=None)

    return migrations.RunPython(
        lambda _apps, editor: run(editor, _POSTGRESQL, _SQLITE),
        lambda _apps, editor: run(editor, _POSTGRESQL_BACK, _SQLITE_BACK),
    )


def append_only_again(table: str) -> migrations.RunPython:
    """The step after a migration that alters such a table, and so lost the trigger on SQLite."""

    def run(schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only;", params=None)
            schema_editor.execute(_SQLITE.format(table=table), params=None)

    return migrations.RunPython(lambda _apps, editor: run(editor), migrations.RunPython.noop)
