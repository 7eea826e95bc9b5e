"""A list of a body, one form for each element, which a person may add to, take from and put in another order.

Scripts renumber ORDER and tick DELETE; without scripts a person does, and asks for a further row by a button.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, cast

from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME, BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldBooleanWidget

from notifications.admin.composer.fields import Text
from notifications.admin.composer.parts import Object, PartForm, Place


class Rows(BaseFormSet[PartForm]):
    """`path` is that of the list, `most` how many rows it may have.

    A row in which nothing stands is left out, unless the list `sends_blanks`.
    """

    path: ClassVar[str]
    most: ClassVar[int]
    title: ClassVar[Text]
    hint: ClassVar[Text] = ""
    # The name of a row, with its %(position)s; scripts fill it in as well.
    row_name: ClassVar[Text]
    add_label: ClassVar[Text]
    full_label: ClassVar[Text]
    row_template: ClassVar[str]
    sends_blanks: ClassVar[bool] = False
    ordering_widget = UnfoldAdminIntegerFieldWidget
    deletion_widget = UnfoldBooleanWidget

    def __init__(self, data: Mapping[str, Any] | None = None, *, parts: object = None, blanks: int = 0) -> None:
        """`parts` is the list that the body holds; `blanks` how many empty rows it begins with if it holds none."""
        self.parts = parts if isinstance(parts, list) else []
        self.extra = len(self.parts) or blanks
        prefix = self.path.rpartition(".")[2]
        self.is_asked_for_a_row = data is not None and f"add-{prefix}" in data
        super().__init__(_with_one_more(data, prefix) if data and self.is_asked_for_a_row else data, prefix=prefix)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {"part": self.parts[index] if index is not None and index < len(self.parts) else None}

    def add_fields(self, form: PartForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[ORDERING_FIELD_NAME].initial = None if index is None else index + 1
        form.fields[ORDERING_FIELD_NAME].label = _("Position")
        form.fields[DELETION_FIELD_NAME].label = _("Remove")

    @property
    def in_order(self) -> list[PartForm]:
        """Every row as the person sees it: in its place, the removed ones as well."""
        rows = sorted(self.forms, key=_position)
        for number, row in enumerate(rows, start=1):
            row.position = number
            row.heading = str(self.row_name) % {"position": number}
            row.removed = self.is_removed(row)
        return rows

    @property
    def sent(self) -> list[PartForm]:
        """The rows that the message will hold."""
        rows = [row for row in self.in_order if not self.is_removed(row)]
        return rows if self.sends_blanks else [row for row in rows if not row.is_blank]

    @property
    def is_full(self) -> bool:
        return sum(not self.is_removed(row) for row in self.forms) >= self.most

    @property
    def anchor(self) -> str:
        """The id of the element around the list."""
        return f"list-{self.prefix}"

    def is_removed(self, row: PartForm) -> bool:
        return bool(row[DELETION_FIELD_NAME].value())

    def write(self) -> list[Object]:
        return [row.write() for row in self.sent]

    def places(self) -> Iterator[tuple[str, Place]]:
        for index, row in enumerate(self.sent):
            yield from row.places(f"{self.path}[{index}]")


def rows_of(rows: type[Rows], form: type[PartForm]) -> type[Rows]:
    """The class of a list whose rows are `form`s. Too many are let in, so that they come back with their error."""
    made = formset_factory(form, formset=rows, can_order=True, can_delete=True, max_num=rows.most)
    return cast(type[Rows], made)


def _position(row: PartForm) -> int:
    """Rows without a readable number come last, in the order in which they stand in the page."""
    text = str(row[ORDERING_FIELD_NAME].value() or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 10**9


def _with_one_more(data: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    name = f"{prefix}-TOTAL_FORMS"
    total = str(data.get(name, ""))
    return {**{key: data[key] for key in data}, name: int(total) + 1 if total.isdigit() and len(total) < 5 else 1}
