"""Where this database is, as its server sees it: signs that a restored copy does not share with its original.

A place is one line of `name=value`. What a server does not say is left out, and only what both lines have is compared.
"""

from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.db import connection

# The system identifier is the cluster's own, the timeline changes when a backup is recovered or a standby promoted,
# and both object ids change when a dump is restored.
_SYSTEM = "'system=' || (SELECT system_identifier FROM pg_control_system())"
_TIMELINE = "'timeline=' || left(pg_walfile_name(pg_current_wal_lsn()), 8)"
_DATABASE = "'database=' || (SELECT oid FROM pg_database WHERE datname = current_database())"
_LEDGER = "'ledger=' || 'notifications_delivery'::regclass::oid"
_MAY_SYSTEM = "has_function_privilege('pg_control_system()', 'execute')"
_MAY_TIMELINE = (
    "has_function_privilege('pg_walfile_name(pg_lsn)', 'execute')"
    " AND has_function_privilege('pg_current_wal_lsn()', 'execute') AND NOT pg_is_in_recovery()"
)


def here() -> str:
    """The place now. One cheap query on PostgreSQL, none on SQLite."""
    return _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite()


def _on_postgresql() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_statement())
        return str(cursor.fetchone()[0])


@cache
def _statement() -> str:
    """What an ordinary role may ask here: some hosts keep their servers' identity to themselves."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_MAY_SYSTEM}, {_MAY_TIMELINE}")
        may_system, may_timeline = cursor.fetchone()
    signs = [*([_SYSTEM] if may_system else []), *([_TIMELINE] if may_timeline else []), _DATABASE, _LEDGER]
    return f"SELECT concat_ws(' ', 'kind=postgresql', {', '.join(signs)})"


def _on_sqlite() -> str:
    path = Path(str(connection.settings_dict["NAME"])).resolve()
    return f"kind=sqlite path={quote(str(path))} file={path.stat().st_ino}"


def is_elsewhere(known: str, now: str) -> bool:
    """Whether `now` is another place than `known`.

    A file that moved on its disk keeps its number; one that was copied has another, wherever it lies.
    """
    before, after = _signs(known), _signs(now)
    shared = (before.keys() & after.keys()) - {"path"}
    return any(before[name] != after[name] for name in shared)


def _signs(place: str) -> dict[str, str]:
    return dict(sign.split("=", 1) for sign in place.split())
