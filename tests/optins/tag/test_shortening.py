"""Fewer characters, the same meaning."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from optins.tag import building, shortening

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node; continuous integration installs it")
DATA = Path(__file__).parents[2] / "data"


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("const one = {a: 1, b: 2};\n", "const e={a:1,b:2};"),
        ("const link = 1; const x = {link, y: link};", "const t={link:e,y:e};"),
        ("function f(first, {second, third = 1}) { return [first, second.first, third]; }", None),
        ("const a = 'it // stays'; // goes\n", "const e='it // stays';"),
        ("const a = /[,)]}/.test('x,)');", "const e=/[,)]}/.test('x,)');"),
        ("for (let i = 0; i < 3; i++) { go(i, ); }", None),
        ("const a = `${name} b ${c.name}`;", None),
    ],
)
def test_what_it_writes_is_shorter_and_reads_the_same(source: str, short: str | None) -> None:
    written = shortening.javascript(source)

    assert len(written) < len(source)
    if short is not None:
        assert written.endswith(short)


def test_what_it_was_not_taught_to_read_is_refused() -> None:
    with pytest.raises(shortening.UnknownSign):
        shortening.javascript("const a = @b;")


def test_a_style_sheet_loses_blanks_comments_and_needless_noughts() -> None:
    sheet = '/* a */ .mb { opacity: 0.75; margin: 0 10px; clip: path("M1.700 0.5"); }\n'

    assert shortening.css(sheet) == '.mb{opacity:.75;margin:0 10px;clip:path("M1.7 .5")}'


@needs_node
def test_the_shortened_modules_judge_as_the_tables_say(tmp_path: Path) -> None:
    """The tables that hold the server and the modules to one meaning, through the shortened code."""
    names = ["targeting.js", "ids.js", "values.js"]
    whole = "".join(building._bare((building.SOURCE / name).read_text(encoding="utf-8")) for name in names)
    shortened = shortening.javascript(whole, keep={"firstNo", "mistakeIn"}, members=building._MEMBERS.split())
    (tmp_path / "check.cjs").write_text(
        f"""{shortened}
        const ids = {(DATA / "customer_ids.json").read_text(encoding="utf-8")};
        const cases = {(DATA / "targeting.json").read_text(encoding="utf-8")};
        const at = (at) => ({{day: new Date(at + 'Z').getUTCDay() || 7, clock: at.slice(11)}});
        const wrong = ids.filter(([id, mistake]) => mistakeIn(id) !== mistake).map(([id]) => id);
        for (const {{name, conditions, visit, no}} of cases)
          if (firstNo(conditions, {{...visit, at: at(visit.at)}}) !== no) wrong.push(name);
        console.log(JSON.stringify([wrong, ids.length, cases.length]));""",
        encoding="utf-8",
    )

    done = subprocess.run(["node", tmp_path / "check.cjs"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    wrong, ids, cases = json.loads(done.stdout)
    assert (wrong, ids > 10, cases > 50) == ([], True, True)
