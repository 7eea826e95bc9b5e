"""One Celery task for each message, sent with requests: what most projects begin with.

Two prefork processes; each keeps one requests.Session and one database connection. The ledger is one row for each
message, updated once when the answer came. `python -m bench.peers.celery_tasks <options as JSON>` queues and waits;
`celery --app bench.peers.celery_tasks worker` works.
"""

import json
import os
import sys
import time

import psycopg
import requests
from celery import Celery

app = Celery("peer", broker=os.environ.get("PEER_BROKER", ""))
app.conf.task_ignore_result = True
app.conf.task_default_queue = os.environ.get("PEER_QUEUE", "peer")

_LEDGER = """
CREATE TABLE IF NOT EXISTS peer_message (
    id bigserial PRIMARY KEY, customer_id text NOT NULL, body text NOT NULL, state text NOT NULL DEFAULT 'queued',
    status_code integer, done_at timestamptz
)
"""


class Kept:
    """What a process keeps from one task to the next."""

    session: requests.Session | None = None
    database: psycopg.Connection | None = None


def session() -> requests.Session:
    if Kept.session is None:
        Kept.session = requests.Session()
    return Kept.session


def database() -> psycopg.Connection:
    if Kept.database is None:
        Kept.database = psycopg.connect(os.environ["PEER_DATABASE"], autocommit=True)
    return Kept.database


@app.task(name="peer.send")
def send(pk: int, url: str, page_id: str, token: str) -> None:
    row = database().execute("SELECT customer_id, body FROM peer_message WHERE id = %s", [pk]).fetchone()
    address = f"{url}/social/facebook/messenger/pages/{page_id}/customers/{row[0]}/messages"
    answer = session().post(
        address,
        params={"access_token": token},
        data=row[1].encode(),
        headers={"Content-Type": "application/json", "X-Request-Id": f"delivery-{pk}"},
        timeout=20,
    )
    state = "sent" if answer.ok else "failed"
    database().execute(
        "UPDATE peer_message SET state = %s, status_code = %s, done_at = clock_timestamp() WHERE id = %s",
        [state, answer.status_code, pk],
    )


def main() -> None:
    """Queues `count` messages, waits until all are done, and prints the rate between the first and the last."""
    values = json.loads(sys.argv[1])
    database().execute(_LEDGER)
    database().execute("TRUNCATE peer_message")
    pks = database().execute(
        "INSERT INTO peer_message (customer_id, body) SELECT 'customer-' || n, %s FROM generate_series(1, %s) n"
        " RETURNING id",
        [values["body"], values["count"]],
    )
    aim = (values["url"], values["page_id"], values["token"])
    for (pk,) in pks:
        send.delay(pk, *aim)
    print("queued", flush=True)
    while (done := counted())[0] < values["count"]:
        time.sleep(0.1)
    print(json.dumps({"sent": done[1], "per_second": (values["count"] - 1) / done[2]}))


def counted() -> tuple[int, int, float]:
    """How many are done, how many of them were accepted, and seconds from the first to the last."""
    return (
        database()
        .execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'sent'),"
            " extract(epoch FROM max(done_at) - min(done_at))::float FROM peer_message WHERE done_at IS NOT NULL"
        )
        .fetchone()
    )


if __name__ == "__main__":
    main()
