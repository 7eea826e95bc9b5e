"""What the four composers share: a root form over the body, its lists, and the way from a problem to its field."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS

from notifications import payloads
from notifications.admin.composer.parts import Object, PartForm, Place, dig, put
from notifications.admin.composer.rows import Rows
from notifications.admin.composer.sentences import sentence
from notifications.states import Kind
from notifications.words import labelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sentence about the message, and the id of the element it is about, if it is one on the form."""

    sentence: str
    where: str = ""
    anchor: str = ""


class Composer:
    """One kind of message. Made from the `data` of a request, or from a `body` to begin with."""

    kind: ClassVar[Kind]
    template: ClassVar[str]
    root_form: ClassVar[type[PartForm]]
    # What the body of this kind always holds, by path.
    constants: ClassVar[Mapping[str, str]] = {}
    # Its lists, each with the number of empty rows that a new message begins with.
    lists: ClassVar[tuple[tuple[type[Rows], int], ...]] = ()

    def __init__(self, data: Mapping[str, Any] | None = None, *, body: object = None) -> None:
        given = deepcopy(body) if isinstance(body, Mapping) else {}
        self.rows = [rows(data, parts=dig(given, rows.path), blanks=blanks) for rows, blanks in self.lists]
        root = dict(given)
        for rows in self.rows:
            if rows.parts:  # an empty list stays with the root, since no row could bring it back
                put(root, rows.path, None)
        self.root = self.root_form(data, part=root)
        self.message: payloads.Message | None = None
        self.warnings: list[Remark] = []
        self.unplaced: list[Remark] = []

    @property
    def is_asked_for_a_row(self) -> bool:
        """A person without scripts wants to go on composing, not to save."""
        return any(rows.is_asked_for_a_row for rows in self.rows)

    @property
    def is_blank(self) -> bool:
        return all(form.is_blank for form in self.forms())

    def compose(self) -> bool:
        """Reads the forms into `message`; if that fails, `errors` tells everything that is wrong.

        Each error of a form that was sent stands at its field as well.
        """
        places = dict(self._places())
        try:
            message = payloads.parse(self.body())
        except payloads.PayloadError as error:
            for problem in error.problems:
                self._say(problem, places)
        else:
            self.warnings = [self._remark(problem, places) for problem in payloads.warnings_of(message)]
            self.message = None if any(form.errors for form in self.forms()) else message
        return self.message is not None

    def body(self) -> Object:
        """The body as the forms say, right or wrong."""
        body = self.root.write()
        for path, value in self.constants.items():
            put(body, path, value)
        for rows in self.rows:
            elements = rows.write()
            if elements or rows.sends_blanks:
                put(body, rows.path, elements)
        return body

    def forms(self) -> Iterator[PartForm]:
        """Every form that counts, as they stand on the page."""
        yield self.root
        for rows in self.rows:
            for row in rows.in_order:
                if not rows.is_removed(row):
                    yield from row.within()

    def errors(self) -> list[Remark]:
        """Everything that is wrong: the message as a whole first, then in the order of the page."""
        found = list(self.unplaced)
        for form in self.forms():
            for name, sentences in form.errors.items():
                place = (form, None if name == NON_FIELD_ERRORS else name)
                found.extend(Remark(sentence=str(text), **_whereabouts(place)) for text in sentences)
        return found

    def _places(self) -> Iterator[tuple[str, Place]]:
        yield from self.root.places("")
        for rows in self.rows:
            yield from rows.places()

    def _say(self, problem: payloads.Problem, places: Mapping[str, Place]) -> None:
        remark = self._remark(problem, places)
        form, name = self._place(problem.path, places)
        if not form.is_bound or (form is self.root and name is None):
            self.unplaced.append(remark)
        elif name is None or not form.has_error(name):
            form.add_error(name, remark.sentence)

    def _remark(self, problem: payloads.Problem, places: Mapping[str, Place]) -> Remark:
        """What the form doesn't show itself is named by its path."""
        for rows in self.rows:
            if problem.path == rows.path:
                return Remark(sentence=sentence(problem), where=str(rows.title), anchor=rows.anchor)
        words = sentence(problem) if problem.path in places else labelled(problem.path, sentence(problem))
        return Remark(sentence=words, **_whereabouts(self._place(problem.path, places)))

    def _place(self, path: str, places: Mapping[str, Place]) -> Place:
        """Where `path` is shown, or the innermost object around it."""
        if path in places:
            return places[path]
        inner = nearest(path, places)
        return places[inner] if inner else (self.root, None)


def nearest(path: str, places: Mapping[str, Place]) -> str:
    """`path`, or the innermost object around it that the form shows; "" is the message as a whole."""
    while path and path not in places:
        path = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]+)$", "", path)
    return path


def _whereabouts(place: Place) -> dict[str, str]:
    form, name = place
    heading = str(form.heading)
    if name is None:
        return {"where": heading, "anchor": form.anchor}
    label = str(form.fields[name].label)
    return {"where": labelled(heading, label) if heading else label, "anchor": str(form[name].id_for_label)}
