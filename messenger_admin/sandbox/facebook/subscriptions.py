"""Which of a page's events the app hears."""

import json
import sqlite3
import time

# What a page can be asked to tell (Webhooks reference, "Page").
FIELDS = frozenset(
    {
        "feed",
        "messages",
        "messaging_postbacks",
        "messaging_optins",
        "messaging_optouts",
        "messaging_referrals",
        "messaging_account_linking",
        "messaging_feedback",
        "messaging_customer_information",
        "messaging_handovers",
        "messaging_policy_enforcement",
        "message_deliveries",
        "message_reads",
        "message_echoes",
        "message_edits",
        "message_reactions",
        "message_context",
        "message_template_status_update",
        "messenger_template_status_update",
        "send_cart",
        "standby",
    }
)


def fields_of(store: sqlite3.Connection, page_id: str) -> list[str]:
    """The fields that the page tells of; none where it isn't subscribed."""
    row = store.execute("SELECT fields FROM facebook_subscriptions WHERE page_id = ?", (page_id,)).fetchone()
    return [] if row is None else json.loads(row["fields"])


def subscribe(store: sqlite3.Connection, page_id: str, fields: list[str]) -> None:
    """From now on these fields and no others."""
    sql = "INSERT OR REPLACE INTO facebook_subscriptions (page_id, fields, subscribed_at) VALUES (?, ?, ?)"
    store.execute(sql, (page_id, json.dumps(fields), time.time()))


def unsubscribe(store: sqlite3.Connection, page_id: str) -> None:
    store.execute("DELETE FROM facebook_subscriptions WHERE page_id = ?", (page_id,))
