"""What a run leaves on the broker, and its removal."""

from kombu import Connection, Exchange, Queue
from redis import Redis


def forget(url: str, queue: str) -> None:
    """Deletes a queue of the benchmark's own; an embedded broker goes with its folder."""
    if url.startswith("redis"):
        # kombu deletes only what it declared over the same connection.
        with Redis.from_url(url) as redis:
            redis.delete(queue, f"_kombu.binding.{queue}")
    elif url:
        with Connection(url) as connection:
            Queue(queue, channel=connection.default_channel).delete()
            Exchange(queue, channel=connection.default_channel).delete()
