"""What is remembered outside the database of how far it had come, so that one that went back in time is found out.

In this process, and in a file of the data folder for each identity that a database had. The memory is only ever
behind: nothing is remembered that was not committed before.
"""

import logging
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

logger = logging.getLogger(__name__)

_known: dict[UUID, int] = {}


def folder() -> Path:
    path: Path = settings.DATA_DIR / "witness"
    return path


def remembered(uuid: UUID) -> int:
    """The most beats that were ever seen of this database; 0 when nobody remembers any."""
    return max(_known.get(uuid, 0), _written(uuid))


def remember(uuid: UUID, beats: int) -> None:
    """In memory and on disk. A disk that can't be written costs the second sign, not the work."""
    _known[uuid] = max(beats, _known.get(uuid, 0))
    if beats <= _written(uuid):
        return
    # Not synchronized: a file that a power cut takes is one that remembers less.
    fresh = folder() / f"{uuid}.{uuid4().hex}"
    try:
        folder().mkdir(parents=True, exist_ok=True)
        fresh.write_text(str(beats), encoding="ascii")
        fresh.replace(folder() / str(uuid))
    except OSError as error:
        logger.debug("The witness can't be written: %s", error)
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _written(uuid: UUID) -> int:
    try:
        return int((folder() / str(uuid)).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
