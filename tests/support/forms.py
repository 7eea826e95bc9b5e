"""Reads a form out of a page as a browser would, so that a test sends what a person would send."""

from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]


class FormReader(HTMLParser):
    """The fields of the form with one id; templates and disabled fields are no part of it."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.fields: dict[str, str] = {}
        self.inside = False
        self.templates = 0
        self.select = ""
        self.textarea = ""
        self.is_disabled = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if tag == "template":
            self.templates += 1
        if tag == "fieldset" and "disabled" in given:
            self.is_disabled = True
        if not self.inside or self.templates:
            return
        if tag == "textarea":
            self.textarea = given["name"]
            self.fields[self.textarea] = ""
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and self.select and ("selected" in given or self.select not in self.fields):
            self.fields[self.select] = given.get("value", "")
        elif tag == "input":
            self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        if "name" in given and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self.fields[given["name"]] = given.get("value", "on" if given.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.templates -= 1
        elif tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            # HTML drops the first line break of a textarea, and browsers send all of them as CR LF.
            text = self.fields.get(self.textarea, "").removeprefix("\n")
            if self.textarea:
                self.fields[self.textarea] = text.replace("\r\n", "\n").replace("\n", "\r\n")
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.fields[self.textarea] += data


def read_form(html: str, form_id: str) -> dict[str, str]:
    reader = FormReader(form_id)
    reader.feed(html)
    return reader.fields


class ErrorReader(HTMLParser):
    """The sentences in elements whose id ends in `_error`, by the id of their field."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: dict[str, str] = {}
        self.field = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        name = dict(attrs).get("id") or ""
        if tag == "ul" and name.endswith("_error"):
            self.field = name.removesuffix("_error")
            self.errors[self.field] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "ul":
            self.field = ""

    def handle_data(self, data: str) -> None:
        if self.field:
            self.errors[self.field] += data.strip()


def read_errors(html: str) -> dict[str, str]:
    reader = ErrorReader()
    reader.feed(html)
    return reader.errors
