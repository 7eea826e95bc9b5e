"""An upload becomes a file under DATA_DIR, as UTF-8, and an import that is about to be checked."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from optins import hints
from optins.models import Import
from optins.transfer.dates import Dates
from optins.transfer.decoding import Decoder, Undecodable
from optins.transfer.words import FILES
from pages import audit
from pages.models import Page

LONGEST_PROOF = 2_000
LONGEST_NAME = 255


class CannotImport(Exception):
    """`code` is a key of the sentences for files (optins/transfer/words.py); the message is translated."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(_(FILES[code]) % params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it arrives. `proof` is how those agreed whose row does not say it; may be empty."""

    name: str
    chunks: Iterable[bytes]
    proof: str = ""
    dates: Dates = Dates.ISO


def store(*, page: Page, upload: Upload, actor: AbstractBaseUser | None, now: datetime) -> Import:
    """The import in state CHECKING; a worker is told of it. Raises CannotImport, and then nothing is kept."""
    proof = upload.proof.strip()
    if len(proof) > LONGEST_PROOF:
        raise CannotImport("proof_too_long", limit=LONGEST_PROOF)
    path = folder() / f"{secrets.token_hex(16)}.csv"
    try:
        decoder, digest = _write(path, upload.chunks)
        with transaction.atomic():
            made = Import.objects.create(
                page=page,
                name=_printable(Path(upload.name).name)[-LONGEST_NAME:] or path.name,
                file=str(path.relative_to(settings.DATA_DIR)),
                size=path.stat().st_size,
                sha256=digest,
                options={"proof": proof, "dates": upload.dates.value, "encoding": decoder.encoding},
                created_at=now,
                created_by_id=actor.pk if actor else None,
            )
            audit.record(actor=actor, action="import.uploaded", subject=made, file=made.name, sha256=digest)
            hints.kick_import(made.pk)
    except BaseException:
        # Whoever hung up, or stopped the process, leaves nothing behind.
        path.unlink(missing_ok=True)
        raise
    return made


def folder() -> Path:
    """Nobody but this system reads what lies in it: it names customers."""
    path = settings.DATA_DIR / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(path)


def _printable(name: str) -> str:
    """Nothing that a database refuses, or that a terminal would take for a command."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _write(path: Path, chunks: Iterable[bytes]) -> tuple[Decoder, str]:
    digest, decoder = hashlib.sha256(), Decoder()
    try:
        with _made(path) as file:
            for chunk in _limited(chunks):
                digest.update(chunk)
                file.write(decoder.feed(chunk).encode())
            file.write(decoder.end().encode())
            os.fsync(file.fileno())
    except Undecodable as error:
        raise CannotImport(error.code, **error.params) from None
    return decoder, digest.hexdigest()


def _limited(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.IMPORT_MAX_BYTES:
            raise CannotImport("too_big", limit=settings.IMPORT_MAX_BYTES // 1_000_000)
        yield chunk


def _made(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
