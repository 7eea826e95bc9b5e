"""The rate of one Celery task per message, prefork with two processes."""

import json
import os
import subprocess
import sys
import uuid
from typing import Any

from bench.lab import Lab
from bench.stack import brokers
from bench.stack.far_end import FarEnd
from bench.stack.installation import Installation
from bench.stack.processes import ROOT, running


def tasks(lab: Lab, installation: Installation, end: FarEnd, page: dict[str, Any], *, count: int) -> float:
    """Messages a second from the first that is done to the last; all are queued before the workers start."""
    env = os.environ | {
        "PEER_BROKER": lab.broker,
        "PEER_QUEUE": f"bench-peer-{uuid.uuid4().hex}",
        "PEER_DATABASE": installation.database_url.replace("postgres://", "postgresql://"),
    }
    values = {name: page[name] for name in ("page_id", "token", "body")} | {"url": end.url, "count": count}
    command = [sys.executable, "-m", "bench.peers.celery_tasks", json.dumps(values)]
    worker = ("-m", "celery", "--app", "bench.peers.celery_tasks", "--quiet", "worker", "--concurrency", "2")
    log = installation.folder / "peer.log"
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as publisher:
        assert publisher.stdout
        publisher.stdout.readline()
        with running(*worker, "--hostname", f"{uuid.uuid4().hex}@%h", env=env, log=log):
            measured = json.loads(publisher.stdout.readline())
    brokers.forget(lab.broker, env["PEER_QUEUE"])
    if measured["sent"] != count:
        raise RuntimeError(f"the tasks sent {measured['sent']} of {count}")
    return float(measured["per_second"])
