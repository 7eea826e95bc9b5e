"""The rate of django-post-office into a local SMTP sink."""

from typing import Any

from bench.lab import Lab
from bench.stack import databases
from bench.stack.installation import Installation
from bench.stack.processes import free_ports, running, wait_for


def mails(lab: Lab, installation: Installation, page: dict[str, Any], *, count: int) -> float:
    """Mails a second of `send_queued`, one process with its own default threads."""
    (port,) = free_ports(1)
    log = installation.folder / "sink.log"
    log.write_text("")
    with (
        databases.database(lab.server, f"{lab.name}_mail") as name,
        running("-m", "bench.peers.smtp_sink", str(port), env=installation.env(), log=log),
    ):
        wait_for(lambda: "listening" in log.read_text(), "the sink listens")
        url = databases.url_of(lab.server, name)
        values = {"count": count, "body": page["body"]}
        measured = lab.peer("post_office", values, PEER_DATABASE=url, PEER_SMTP_PORT=str(port))
    if measured["sent"] != count:
        raise RuntimeError(f"django-post-office sent {measured['sent']} of {count}")
    return count / measured["seconds"]
