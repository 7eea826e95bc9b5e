"""Makes somebody's whole file: one archive with the same twice, for people and for machines."""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, TextIO

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from optins.services.whole_file import as_html
from optins.services.whole_file.as_html import HtmlFile
from optins.services.whole_file.as_json import JsonFile
from optins.services.whole_file.book import chapters
from optins.services.whole_file.person import Person
from pages import audit


def make(
    *, person: Person, subject: models.Model, actor: AbstractBaseUser | None, now: datetime, out: BinaryIO
) -> dict[str, int]:
    """Writes the archive to `out`, in the active language, on the clock of the page's site; audited under `subject`.

    Returns the rows of each chapter. Both files are written in one go, so they say the same.
    """
    with transaction.atomic(), _text() as page, _text() as data, _clock_of(person):
        counts = _write(person, now, page, data)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            before, after = as_html.frame(person, chapters(), counts, now)
            _add(archive, _("whole-file.html"), page, before=before, after=after)
            _add(archive, "whole-file.json", data)
        audit.record(actor=actor, action="customer.exported", subject=subject, rows=sum(counts.values()))
    return counts


def count(person: Person) -> list[tuple[str, int]]:
    """What is known, as titles and numbers: the chapters that say anything."""
    told = [(str(chapter.title), sum(1 for _row in chapter.of(person))) for chapter in chapters()]
    return [(title, number) for title, number in told if number]


def _write(person: Person, now: datetime, page: TextIO, data: TextIO) -> dict[str, int]:
    html, told, book = HtmlFile(page), JsonFile(data), chapters()
    told.begin(person, now)
    for chapter in book if person.is_anybody else ():
        html.chapter(chapter)
        told.chapter(chapter)
        for row in chapter.of(person):
            html.row(row)
            told.row(row)
    html.end()
    told.end(book if person.is_anybody else [])
    return html.counts


def _add(archive: zipfile.ZipFile, name: str, rows: TextIO, *, before: str = "", after: str = "") -> None:
    rows.flush()
    rows.seek(0)
    with archive.open(name, "w", force_zip64=True) as file:
        file.write(before.encode())
        shutil.copyfileobj(rows.buffer, file)
        file.write(after.encode())


@contextmanager
def _text() -> Iterator[TextIO]:
    """On the disk, without a name: it is gone with whoever writes it."""
    with TemporaryFile("w+", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        yield file


def _clock_of(person: Person) -> timezone.override:
    site = person.page.site
    return timezone.override(site.zone if site else timezone.get_default_timezone())
