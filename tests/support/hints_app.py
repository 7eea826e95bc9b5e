"""A Celery app on the embedded broker whose only task writes its number down; for the broker's own tests."""

import os
import time
from pathlib import Path

import kombu.transport
from celery import Celery

kombu.transport.TRANSPORT_ALIASES["embedded"] = "messenger_admin.embedded_broker:Transport"

app = Celery("hints", broker=os.environ["HINTS_BROKER"])
app.conf.update(
    task_ignore_result=True,
    worker_enable_remote_control=False,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)


@app.task(name="note")
def note(number: int, seconds: float = 0.0) -> None:
    time.sleep(seconds)
    with Path(os.environ["HINTS_NOTES"]).open("a", encoding="ascii") as notes:
        notes.write(f"{number}\n")


if __name__ == "__main__":
    import sys

    first, last = map(int, sys.argv[1:3])
    for number in range(first, last):
        note.delay(number, *map(float, sys.argv[3:]))
