"""Facebook: posts webhooks of many events over one connection that it keeps, and measures each answer.

`python -m bench.poster '{"url": ..., "secret": ..., "page_id": ..., "events": ..., "count": ...}'` prints
`{"milliseconds": [...], "accepted": ..., "bytes": ...}`. Nothing is put together or signed while the clock runs.
"""

import hashlib
import hmac
import http.client
import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit

PATH = "/webhooks/facebook/"
TEXT = "Bonjour, où en est ma commande ? Je l'attends depuis mardi."


def body_of(values: dict[str, Any], number: int) -> bytes:
    """Messages of as many people, each with an id of its own."""
    page_id, now = values["page_id"], int(time.time() * 1_000)
    messaging = [
        {
            "sender": {"id": str(7_012_345_678_900_000 + event)},
            "recipient": {"id": page_id},
            "timestamp": now,
            "message": {"mid": f"m_{number}_{event}_{'x' * 60}", "text": TEXT},
        }
        for event in range(values["events"])
    ]
    return json.dumps({"object": "page", "entry": [{"id": page_id, "time": now, "messaging": messaging}]}).encode()


def signed(body: bytes, secret: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}


def main() -> None:
    values = json.loads(sys.argv[1])
    bodies = [body_of(values, number) for number in range(values["count"])]
    posts = [(body, signed(body, values["secret"])) for body in bodies]
    connection = http.client.HTTPConnection(urlsplit(values["url"]).netloc, timeout=30)
    took, accepted = [], 0
    for body, headers in posts:
        began = time.perf_counter()
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        answer.read()
        took.append(1_000 * (time.perf_counter() - began))
        accepted += answer.status == 200
    print(json.dumps({"milliseconds": took, "accepted": accepted, "bytes": len(bodies[0])}))


if __name__ == "__main__":
    main()
