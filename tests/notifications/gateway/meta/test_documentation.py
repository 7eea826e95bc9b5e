"""The table of rights in docs/adr is the one that the code looks into."""

from notifications.gateway.meta.rules import RULES, Rule
from tests.support.processes import ROOT

PAGE = ROOT / "docs" / "adr" / "0011-facebooks-rights.md"
BEGIN, END = "<!-- rights -->\n", "<!-- end of rights -->"


def table() -> str:
    head = "| rule | type, tag | used as | needs | within | from | until | not in | source |\n"
    return head + "| --- " * 9 + "|\n" + "".join(map(_row, RULES))


def _row(rule: Rule) -> str:
    cells = (
        f"`{rule.code}`",
        f"{rule.messaging_type} {rule.tag}".strip(),
        rule.way.value if rule.way else "not used",
        ", ".join(sorted(need.value for need in rule.needs)),
        f"{rule.within.total_seconds() / 3600:.0f} h" if rule.within else "",
        rule.since.isoformat(),
        rule.until.isoformat() if rule.until else "",
        ", ".join(sorted(rule.not_in)),
        rule.source,
    )
    return f"| {' | '.join(cells)} |\n"


def test_the_page_shows_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]

    assert shown == table(), f"Put this between the marks:\n{table()}"
