"""When a delivery that did not go out is tried again. Pure."""

# Past this many doublings every cap is reached.
_MOST_DOUBLINGS = 64


def delay(*, attempt: int, retry_after: float | None, base: float, cap: float, chance: float) -> float:
    """Seconds from now until the next try, after `attempt` tries.

    Exponential with full jitter: anywhere between nothing and base, 2 x base, 4 x base, ... up to `cap`, as `chance`
    (from 0 up to 1) falls, so that many that failed together don't come back together. Never before `retry_after`,
    the far end's own wish, whatever the cap.
    """
    ceiling = min(cap, base * 2.0 ** min(attempt - 1, _MOST_DOUBLINGS))
    return max(chance * ceiling, retry_after or 0.0)
