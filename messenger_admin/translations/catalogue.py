"""The French catalogue: what it must hold, what it lacks, and how it is written so that it only changes with it."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from messenger_admin.translations.extract import Found

LOCALE = "fr"
HEADER = "# French translations of Messenger Admin."
# A date in the header would change with every run and say nothing.
_UNDATED = re.compile(rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By): [^"]*\\n"\n', re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sdrif]|\{\w*\}")


def read(path: Path) -> Catalog:
    """The catalogue as it stands; an empty one where there is no file."""
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def _empty() -> Catalog:
    return Catalog(
        locale=LOCALE,
        header_comment=HEADER,
        project="Messenger Admin",
        version=" ",
        msgid_bugs_address=" ",
        last_translator=" ",
        language_team="French",
        creation_date=datetime.fromtimestamp(0, UTC),
        fuzzy=False,
    )


def updated(existing: Catalog, found: Iterable[Found]) -> Catalog:
    """The sentences that were found, with the translations that exist; what nobody says any more is left out."""
    fresh = _empty()
    for each in sorted(found):
        fresh.add(
            (each.sentence, each.plural) if each.plural else each.sentence,
            locations=[(each.location, 0)],
            context=each.context or None,
        )
    for message in _messages(fresh):
        _take_over(message, existing.get(_first(message.id), message.context))
    return fresh


def _take_over(message: Message, known: Message | None) -> None:
    if known is None or _is_plural(known) != _is_plural(message):
        return
    message.string = known.string
    message.user_comments = known.user_comments
    if known.fuzzy:
        message.flags.add("fuzzy")


def text(catalog: Catalog) -> bytes:
    """The file: by sentence, each with its files and no line numbers."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return _UNDATED.sub(b"", out.getvalue())


def compile_to(path: Path, catalog: Catalog) -> None:
    with path.open("wb") as file:
        write_mo(file, catalog)


def problems(catalog: Catalog) -> Iterator[str]:
    """What keeps the catalogue from being shown to people, each by its sentence."""
    for message in _messages(catalog):
        name = repr(_first(message.id))
        if not all(_strings(message)):
            yield f"not translated: {name}"
        elif message.fuzzy:
            yield f"fuzzy: {name}"
        elif not _keeps_placeholders(message):
            yield f"placeholders differ: {name}"


def _keeps_placeholders(message: Message) -> bool:
    """A plural's forms may leave the number out, as "one message" does; they may not invent anything."""
    if _is_plural(message):
        allowed = Counter(_PLACEHOLDER.findall(message.id[0])) | Counter(_PLACEHOLDER.findall(message.id[1]))
        return all(Counter(_PLACEHOLDER.findall(string)) <= allowed for string in _strings(message))
    wanted = Counter(_PLACEHOLDER.findall(_first(message.id)))
    return all(Counter(_PLACEHOLDER.findall(string)) == wanted for string in _strings(message))


def _messages(catalog: Catalog) -> Iterator[Message]:
    """Without the header, whose id is empty."""
    return (message for message in catalog if message.id)


def _is_plural(message: Message) -> bool:
    return isinstance(message.id, tuple | list)


def _first(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _strings(message: Message) -> list[str]:
    string = message.string
    return [string] if isinstance(string, str) else list(string or [""])
