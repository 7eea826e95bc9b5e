"""Facebook as it was on the first day."""

import sqlite3

from messenger_admin.sandbox.facebook import cast
from messenger_admin.sandbox.store import transaction

TABLES = (
    "facebook_people",
    "facebook_pages",
    "facebook_roles",
    "facebook_grants",
    "facebook_codes",
    "facebook_tokens",
    "facebook_subscriptions",
    "facebook_profiles",
    "facebook_profile_calls",
    "facebook_templates",
    "facebook_callbacks",
)


def reset(store: sqlite3.Connection) -> None:
    """Every token and code is unknown afterwards, as are people and pages that were added."""
    with transaction(store):
        for table in TABLES:
            store.execute(f"DELETE FROM {table}")  # noqa: S608  (constants)
        cast.play(store)
