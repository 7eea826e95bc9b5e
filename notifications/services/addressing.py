"""Whom a message of a directly linked page goes to, by what right and in which parts, as of when its turn comes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notifications.gateway.meta import parts, rules
from notifications.gateway.meta.parts import Parcel
from notifications.gateway.meta.rules import Choice, Situation, Way
from notifications.models import UtilityTemplate
from notifications.models.message import TemplateStatus
from notifications.payloads import PayloadError, utility
from notifications.reasons import Reason
from notifications.services import bulk, sql
from notifications.services.due import Candidate, Person
from notifications.services.ways_out import Direct
from notifications.states import ANSWERS, Kind, Origin

_COLUMNS = {"delivery_id": bulk.INTEGER, "route": bulk.TEXT, "rule": bulk.TEXT, "thread_id": bulk.INTEGER}
_WRITE = """
UPDATE notifications_delivery SET route = r.route, rule = r.rule, thread_id = r.thread_id
FROM {table} AS r WHERE notifications_delivery.id = r.delivery_id
"""

Components = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """The right of each delivery that has one, by its id; and the components of the templates that go out."""

    rights: Mapping[int, Choice] = field(default_factory=dict)
    templates: Mapping[str, Components] = field(default_factory=dict)

    def choices(self) -> frozenset[int]:
        """The deliveries that go out as a utility template."""
        return frozenset(pk for pk, right in self.rights.items() if right.way is Way.UTILITY)


def look(
    rows: Sequence[Candidate], *, page_pk: int, direct: Direct, now: datetime
) -> tuple[list[Candidate], Addresses]:
    """The same rows, those that Facebook would not take with their obstacle; and how the others go."""
    templates = _templates(page_pk, {row.person.utility for row in rows if row.person} - {""})
    looked, rights = [], {}
    for row in rows:
        found = _right(row, direct, templates, now)
        if isinstance(found, Choice):
            rights[row.pk] = found
        looked.append(row._replace(obstacle=found.value) if isinstance(found, Reason) else row)
    return looked, Addresses(rights=rights, templates=templates)


def _right(
    row: Candidate, direct: Direct, templates: Mapping[str, Components], now: datetime
) -> Choice | Reason | None:
    person = row.person
    if row.obstacle or person is None:
        return None
    if not person.psid:
        return Reason.NO_PSID
    if person.blocked:
        return Reason.UNREACHABLE
    # What went out in part goes on as it began.
    template = person.utility in templates if person.utility and not person.parts_sent else None
    answers = person.origin in ANSWERS
    situation = Situation(
        acted_at=person.acted_at if person.thread_pk else None,
        answers=answers,
        typed=person.origin == Origin.REPLY and person.kind == Kind.TEXT,
        human_agent=direct.human_agent,
        template=template,
    )
    return rules.choose(situation, now=now, region=direct.region)


def is_approved(page_pk: int, choice: utility.Choice) -> bool:
    """Whether the page has the template, approved, and the choice fills it."""
    return bool(_templates(page_pk, {choice.as_json()}))


def _templates(page_pk: int, frozen: set[str]) -> dict[str, Components]:
    """Of the frozen choices those whose template the page has, approved, and that fill it: with its components."""
    chosen = {text: choice for text in frozen if (choice := _read(text))}
    if not chosen:
        return {}
    approved = UtilityTemplate.objects.filter(
        page_id=page_pk, status=TemplateStatus.APPROVED, name__in={choice.name for choice in chosen.values()}
    )
    known = {
        (name, language): found for name, language, found in approved.values_list("name", "language", "components")
    }
    fitting = {text: known.get((choice.name, choice.language)) for text, choice in chosen.items()}
    return {
        text: found for text, found in fitting.items() if found is not None and not utility.misfits(chosen[text], found)
    }


def _read(text: str) -> utility.Choice | None:
    try:
        return utility.parse_choice_json(text)
    except PayloadError:
        return None


def texts(rows: Sequence[Candidate], bodies: Mapping[int, str], addresses: Addresses) -> dict[int, str]:
    """What each row says before it is filled: its body, or the template that goes out instead."""
    chosen = addresses.choices()
    return {row.pk: _utility(row.person) if row.pk in chosen else bodies[row.content_id] for row in rows}


def _utility(person: Person | None) -> str:
    return person.utility if person else ""


def parcels(
    rows: Sequence[Candidate], *, words: Mapping[int, str], addresses: Addresses, direct: Direct
) -> dict[int, Parcel]:
    """What goes out of each row, by its id; `words` are filled."""
    return {
        row.pk: _parcel(row.person, words[row.pk], addresses.rights[row.pk], addresses.templates, direct)
        for row in rows
        if row.person and row.pk in addresses.rights
    }


def _parcel(person: Person, words: str, right: Choice, templates: Mapping[str, Components], direct: Direct) -> Parcel:
    if right.way is Way.UTILITY:
        pieces = parts.utility(_filled(words, templates[person.utility]))
    else:
        # An agent's answer is none, and outside the window there is no room for free words.
        automated = person.origin != Origin.REPLY and not person.disclosed and not person.parts_sent
        pieces = parts.pieces(words, sent=person.parts_sent, disclosure=direct.disclosure if automated else "")
    return Parcel(
        thread_pk=person.thread_pk or 0,
        psid=person.psid,
        way=right.way,
        rule=right.rule,
        pieces=pieces,
        sent=person.parts_sent,
    )


def _filled(words: str, components: Components) -> str:
    """The template as the Send API takes it, from a choice whose parameters are filled."""
    choice = utility.parse_choice_json(words, filled=True)
    message = utility.message(
        name=choice.name, language=choice.language, template=components, parameters=choice.parameters
    )
    return json.dumps(message["template"], ensure_ascii=False, separators=(",", ":"))


def write(parcels: Mapping[int, Parcel]) -> None:
    """Keeps with each delivery by what right it goes, and in which conversation."""
    if not parcels:
        return
    values = [(pk, parcel.way.value, parcel.rule, parcel.thread_pk) for pk, parcel in parcels.items()]
    table, rows = bulk.table(_COLUMNS, values, parameter="rows")
    sql.run(_WRITE.format(table=table), {"rows": rows})
