"""The French catalogue's own tools: what they find, keep, refuse and write."""

from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po
from django.core.management import CommandError, call_command

from messenger_admin.translations import catalogue, extract, sources
from messenger_admin.translations.extract import Found

PYTHON = """
_("plain")
gettext_lazy("joined "
             "over lines")
gettext_noop("kept %(limit)s")
ngettext("one page", "%(n)s pages", n)
pgettext("verb", "Run")
f"{_('within')} a string"
not_gettext("nothing")
_(variable)
"""

TEMPLATES = [
    ('{% trans "plain" %}', Found("t", "plain")),
    ("{% translate 'quoted' as name %}", Found("t", "quoted")),
    ('{% trans "Run" context "verb" %}', Found("t", "Run", context="verb")),
    ('{% include "x" with label=_("argument") %}', Found("t", "argument")),
    ('{{ value|default:_("fallback") }}', Found("t", "fallback")),
    ("{% blocktrans %}It’s {{ n }}{% endblocktrans %}", Found("t", "It’s %(n)s")),
    ('{% blocktrans trimmed %}\n  two\n  "lines"\n{% endblocktrans %}', Found("t", 'two "lines"')),
    (
        "{% blocktrans count n=n %}one{% plural %}{{ n }} of them{% endblocktrans %}",
        Found("t", "one", plural="%(n)s of them"),
    ),
    ('{% trans "a (b), c" %} gettext("no") <b>text</b>', Found("t", "a (b), c")),
]


@pytest.mark.parametrize(("source", "found"), TEMPLATES)
def test_a_template_says(source: str, found: Found) -> None:
    assert list(extract.in_template(source, "t")) == [found]


def test_python_says(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(PYTHON)

    assert list(extract.sentences(tmp_path, name="app")) == [
        Found("app/m.py", "plain"),
        Found("app/m.py", "joined over lines"),
        Found("app/m.py", "kept %(limit)s"),
        Found("app/m.py", "one page", plural="%(n)s pages"),
        Found("app/m.py", "Run", context="verb"),
        Found("app/m.py", "within"),
    ]


def test_migrations_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001.py").write_text('_("old")')

    assert list(extract.sentences(tmp_path, name="app")) == []


def test_unfold_is_translated_here_but_for_what_django_says() -> None:
    said = {each.sentence for each in sources.found() if each.location.startswith("unfold/")}

    assert "Search apps and models..." in said
    assert "Save" not in said


def po(*entries: str) -> Catalog:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"'
    return read_po("\n\n".join([header, *entries]).encode().splitlines(keepends=True).__iter__(), locale="fr")


KNOWN = 'msgid "Run"\nmsgstr "Exécuter"'

WRONG = [
    ('msgid "a"\nmsgstr ""', "not translated: 'a'"),
    ('#, fuzzy\nmsgid "a"\nmsgstr "b"', "fuzzy: 'a'"),
    ('msgid "%(n)s left"\nmsgstr "restants"', "placeholders differ: '%(n)s left'"),
    ('msgid "%(n)s left"\nmsgstr "%(N)s restants"', "placeholders differ: '%(n)s left'"),
    ('msgid "{x} left"\nmsgstr "{y} restants"', "placeholders differ: '{x} left'"),
    ('msgid "one"\nmsgid_plural "%(n)s of them"\nmsgstr[0] "un"\nmsgstr[1] "%(m)s"', "placeholders differ: 'one'"),
    ('msgid "one"\nmsgid_plural "%(n)s of them"\nmsgstr[0] "un"\nmsgstr[1] ""', "not translated: 'one'"),
]


@pytest.mark.parametrize(("entry", "problem"), WRONG)
def test_is_refused(entry: str, problem: str) -> None:
    assert list(catalogue.problems(po(entry))) == [problem]


RIGHT = [
    KNOWN,
    'msgid "%(n)s of %(m)s"\nmsgstr "de %(m)s, %(n)s"',
    'msgid "%(n)s page"\nmsgid_plural "%(n)s pages"\nmsgstr[0] "une page"\nmsgstr[1] "%(n)s pages"',
]


@pytest.mark.parametrize("entry", RIGHT)
def test_is_accepted(entry: str) -> None:
    assert list(catalogue.problems(po(entry))) == []


def test_translations_are_kept_and_what_nobody_says_any_more_goes() -> None:
    fresh = catalogue.updated(po(KNOWN, 'msgid "gone"\nmsgstr "parti"'), [Found("a.py", "Run"), Found("a.py", "new")])

    assert {message.id: message.string or "" for message in fresh if message.id} == {"Run": "Exécuter", "new": ""}


def test_a_context_is_another_sentence() -> None:
    fresh = catalogue.updated(po(KNOWN), [Found("a.py", "Run", context="noun")])

    assert list(catalogue.problems(fresh)) == ["not translated: 'Run'"]


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    found = [Found("b.py", "Run"), Found("a.py", "Run"), Found("a.py", "one", plural="%(n)s")]
    path = tmp_path / "django.po"
    path.write_bytes(catalogue.text(catalogue.updated(po(KNOWN), found)))

    again = catalogue.text(catalogue.updated(catalogue.read(path), reversed(found)))

    assert again == path.read_bytes()
    assert b"#: a.py b.py" in again
    assert b"Date" not in again


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "django.po"
    monkeypatch.setattr(sources, "catalogue_path", lambda: path)
    monkeypatch.setattr(sources, "found", lambda: [Found("a.py", "Run")])
    return path


def test_the_command_writes_and_compiles(locale: Path) -> None:
    locale.write_bytes(catalogue.text(po(KNOWN)))

    call_command("translations")

    assert "Exécuter".encode() in locale.with_suffix(".mo").read_bytes()
    call_command("translations", check=True)


def test_the_check_fails_on_a_catalogue_that_is_out_of_date(locale: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locale.write_bytes(catalogue.text(po(KNOWN, 'msgid "gone"\nmsgstr "parti"')))

    with pytest.raises(CommandError):
        call_command("translations", check=True)

    assert "out of date" in capsys.readouterr().err
    assert b"gone" in locale.read_bytes()


def test_the_check_names_what_is_missing(locale: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError):
        call_command("translations", check=True)

    assert "not translated: 'Run'" in capsys.readouterr().err
