"""Which column says what: names in English and French, in any case, with or without accents. Pure."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optins.attributes import MOST_NAMES, NAME
from optins.transfer.header import ATTRIBUTE, COLUMNS, unguarded

DELIMITERS = (",", ";", "\t")
# Beside what an export writes: where the person agreed, to which words, in which language.
OF_PROOF = ("address", "wording", "language")
REQUIRED = ("customer_id", "agreed_at")

_ALIASES = {
    "customer_id": "customerid customer ext_id extid id_client identifiant_client identifiant",
    "psid": "facebook_id messenger_id id_facebook id_messenger",
    "state": "status etat statut",
    "agreed_at": "agreed consent_date consented_at opt_in_date date_accord accord_le date_de_l_accord "
    "date_consentement date_de_consentement consenti_le",
    "expires_at": "expires expiry expiry_date expiration date_expiration date_d_expiration expire_le",
    "ended_at": "ended fin termine_le",
    "purpose": "finalite usage",
    "lifetime": "duree duree_de_vie",
    "used_up": "usage_unique",
    "source": "origine",
    "proof": "note evidence preuve justificatif",
    "address": "url page_url adresse adresse_web",
    "wording": "text libelle formulation texte",
    "language": "lang langue",
}
_MEANING = {alias: name for name, aliases in _ALIASES.items() for alias in (name, *aliases.split())}


class Unreadable(ValueError):
    """The file as a whole can't be read. `code` is a key of words.FILES; fill its sentence with `params`."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Places count from 0. `ignored` are the names that say nothing to us."""

    places: Mapping[str, int]
    attributes: Mapping[str, int]
    ignored: tuple[str, ...]
    width: int


def delimiter_of(header: str) -> str:
    """The one by which most names are known; a comma where none is."""
    return max(DELIMITERS, key=lambda each: sum(meaning(cell) is not None for cell in _cells(header, each)))


def _cells(header: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return []


def meaning(cell: str) -> str | None:
    """What the column is called here; None where it says nothing to us."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", unguarded(cell)) if not _is_accent(letter))
    word = re.sub(r"[^a-z0-9.]+", "_", plain.casefold()).strip("_")
    kind, dot, name = word.partition(".")
    if dot and kind in ("attribute", "attribut"):
        return ATTRIBUTE + name
    return _MEANING.get(word)


def _is_accent(letter: str) -> bool:
    return unicodedata.combining(letter) != 0


def recognise(cells: Iterable[str]) -> Columns:
    """Raises Unreadable."""
    places: dict[str, int] = {}
    ignored, width = [], 0
    for width, cell in enumerate(cells, start=1):
        name = meaning(cell)
        if name is None:
            ignored.append(cell.strip()[:100])
        elif name in places:
            raise Unreadable("column_twice", name=name)
        else:
            places[name] = width - 1
    for name in REQUIRED:
        if name not in places:
            raise Unreadable("no_header", missing=name)
    attributes = {name: places.pop(name) for name in list(places) if name.startswith(ATTRIBUTE)}
    for name in attributes:
        if not re.fullmatch(NAME, name.removeprefix(ATTRIBUTE)):
            raise Unreadable("attribute_name", name=name[:100])
    if len(attributes) > MOST_NAMES:
        raise Unreadable("many_attributes", most=MOST_NAMES)
    return Columns(
        places=places,
        attributes={name.removeprefix(ATTRIBUTE): place for name, place in attributes.items()},
        ignored=tuple(each for each in ignored if each),
        width=width,
    )


KNOWN = frozenset({*COLUMNS, *OF_PROOF})
