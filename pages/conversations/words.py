"""Words that people said, as they are found again: without case and accents, and by their beginning.

PostgreSQL has an index over `pages_words`, a function that the migration makes, so that what is indexed and what is
asked for can never differ. SQLite has FTS5 tables beside ours, kept by triggers. Both are made by `prepare`.
"""

import re
import unicodedata
from collections.abc import Callable

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MOST_TERMS = 8
# A beginning this long is completed; a shorter one would stand for half the dictionary.
SHORTEST_BEGINNING = 3
# So many letters stand before the words that were found, where there is no room for the whole text.
LEAD = 12
_WORD = re.compile(r"[^\W_]+")

# Letters of European languages, each with its plain one, and those that stand for two.
_ACCENTED = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīįłľñńňòóôõöøōőřŕśšşșťţțùúûüūůűųýÿžźżðþ"
_PLAIN = "aaaaaaaaacccddeeeeeeeegiiiiiillnnnoooooooorrsssstttuuuuuuuuyyzzzdt"
_DOUBLE = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"}
# What joins words in numbers and addresses, each a blank: "FR-2026-000871" is found by "000871".
_JOINTS = "-_/.,:;@#&+='’%~<>"
_FROM, _TO = _ACCENTED + _ACCENTED.upper() + _JOINTS, _PLAIN * 2 + " " * len(_JOINTS)
_FOLDED = str.maketrans(_FROM, _TO) | str.maketrans(_DOUBLE)


def for_postgresql(asked: str) -> str:
    """For `to_tsquery`: every word, those that are long enough as a beginning. Empty where nothing was asked."""
    return " & ".join(f"{term}:*" if len(term) >= SHORTEST_BEGINNING else term for term in _terms(asked, _fold))


def for_sqlite(asked: str) -> str:
    """The same for FTS5's MATCH, which takes accents away by itself, but leaves œ and ø as they are."""
    return " AND ".join(f"({' OR '.join(_spelt(term))})" for term in _terms(asked, str.lower))


def cut(text: str, asked: str) -> str:
    """The text from a little before the first of the words on, where that is far from its beginning."""
    folded = _fold(text)
    places = [place for term in _terms(asked, _fold) if (place := folded.find(term)) >= 0]
    # A letter that stands for two moves what follows by one: near enough.
    start = text.rfind(" ", 0, max(0, min(places, default=0) - LEAD)) + 1
    return f"… {text[start:]}" if start else text


def _terms(asked: str, fold: Callable[[str], str]) -> list[str]:
    blanks = str.maketrans(_JOINTS, " " * len(_JOINTS))
    return _WORD.findall(fold(unicodedata.normalize("NFC", asked).translate(blanks)))[:MOST_TERMS]


def _fold(text: str) -> str:
    return text.translate(_FOLDED).lower()


def _spelt(term: str) -> list[str]:
    plain = _fold(term)
    spellings = {term, plain, plain.replace("oe", "œ"), plain.replace("ae", "æ")}
    return [f'"{each}"*' if len(each) >= SHORTEST_BEGINNING else f'"{each}"' for each in sorted(spellings)]


def _in_sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _folded_in_sql() -> str:
    expression = 'pg_catalog."left"(said, 20000)'
    for two, letters in _DOUBLE.items():
        expression = f"pg_catalog.replace({expression}, {_in_sql(two)}, {_in_sql(letters)})"
    return f"pg_catalog.translate({expression}, {_in_sql(_FROM)}, {_in_sql(_TO)})"


_POSTGRESQL = (
    f"""CREATE FUNCTION pages_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT pg_catalog.to_tsvector('pg_catalog.simple'::pg_catalog.regconfig, {_folded_in_sql()}) $$""",
    "CREATE INDEX thread_message_words ON pages_threadmessage USING gin (pages_words(text)) WHERE text <> ''",
    "CREATE INDEX thread_name_words ON pages_thread USING gin (pages_words(name)) WHERE name <> ''",
)
_POSTGRESQL_BACK = (
    "DROP INDEX thread_message_words",
    "DROP INDEX thread_name_words",
    "DROP FUNCTION pages_words(text)",
)
_SQLITE = (
    """CREATE VIRTUAL TABLE {table}_words USING fts5(
        {column}, content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )""",
    "INSERT INTO {table}_words ({table}_words) VALUES ('rebuild')",
    """CREATE TRIGGER {table}_words_in AFTER INSERT ON {table}
    BEGIN INSERT INTO {table}_words (rowid, {column}) VALUES (new.id, new.{column}); END""",
    """CREATE TRIGGER {table}_words_out AFTER DELETE ON {table}
    BEGIN INSERT INTO {table}_words ({table}_words, rowid, {column}) VALUES ('delete', old.id, old.{column}); END""",
    """CREATE TRIGGER {table}_words_anew AFTER UPDATE OF {column} ON {table} WHEN old.{column} <> new.{column}
    BEGIN
        INSERT INTO {table}_words ({table}_words, rowid, {column}) VALUES ('delete', old.id, old.{column});
        INSERT INTO {table}_words (rowid, {column}) VALUES (new.id, new.{column});
    END""",
)
_SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS {table}_words_in",
    "DROP TRIGGER IF EXISTS {table}_words_out",
    "DROP TRIGGER IF EXISTS {table}_words_anew",
    "DROP TABLE {table}_words",
)
_SEARCHED = {"pages_threadmessage": "text", "pages_thread": "name"}


def prepare() -> migrations.RunPython:
    """A migration step after which words are found.

    SQLite rebuilds a table to alter it and drops its triggers with it: take the step back before a migration that
    alters a field of Thread or ThreadMessage, and repeat it behind.
    """
    return migrations.RunPython(_run(_POSTGRESQL, _SQLITE), _run(_POSTGRESQL_BACK, _SQLITE_BACK))


def _run(postgresql: tuple[str, ...], sqlite: tuple[str, ...]) -> Callable[[object, BaseDatabaseSchemaEditor], None]:
    def run(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            statements = list(postgresql)
        else:
            tables = _SEARCHED.items()
            statements = [each.format(table=table, column=column) for table, column in tables for each in sqlite]
        for statement in statements:
            editor.execute(statement, params=None)

    return run
