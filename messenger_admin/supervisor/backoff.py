"""How long a part that died waits for its next start, pure."""

from dataclasses import dataclass

FIRST = 0.5  # seconds
LONGEST = 30.0
STEADY = 60.0  # a part that lived so long is well again


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubles with each death in a row, up to half a minute."""

    wait: float = FIRST

    def after(self, lived: float) -> "Backoff":
        """The next wait, when a part died `lived` seconds after its start."""
        return Backoff() if lived >= STEADY else Backoff(min(self.wait * 2, LONGEST))
