"""One script out of the tag's modules, a stylesheet and a site's configuration. Pure, and the same every time.

The modules stand one after another, each below those it needs, inside one function. Their top-level names are therefore
of one namespace.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from optins.tag import shortening

SOURCE = Path(__file__).with_name("source")
ENTRY = "main.js"
STYLES = "tag.css"
# Members of the modules' own objects: of no configuration, of nothing that the browser gives, and of nothing that two
# tags on one page share, since one of them may be of another day.
_MEMBERS = """placing moved remember seen put take show control item texts rows draw undo words sheet never known opened
answer wait again nothing failed mistake"""
PLUGIN = frozenset({"legacy.js", "plugin.js"})

_IMPORT = re.compile(r"^import \{[^}]*\} from '\./(?P<name>[a-z]+\.js)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def script(config: Mapping[str, object], stylesheet: str) -> str:
    """Nothing that fails in it reaches the page."""
    styles = literal(shortening.css(stylesheet + (SOURCE / STYLES).read_text(encoding="utf-8")))
    legacy = any(button["legacy"] for button in config["buttons"])  # type: ignore[attr-defined]
    body = f"const CSS={styles};{modules(legacy=legacy)}begin({literal(config)},CSS)"
    return f"(()=>{{'use strict';try{{{body}}}catch{{}}}})();\n"


@cache
def modules(*, legacy: bool = True) -> str:
    """Facebook's plugin is a tenth of it, and left out where no button wants it."""
    whole = "".join(
        _bare((SOURCE / name).read_text(encoding="utf-8")) for name in order() if legacy or name not in PLUGIN
    )
    if not legacy:
        whole += "const drawing = () => ({draw() {}, undo() {}});\n"
    return shortening.javascript(whole, keep={"begin"}, members=_MEMBERS.split())


def order() -> list[str]:
    """The modules, each after those it imports."""
    done: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        for found in _IMPORT.finditer((SOURCE / name).read_text(encoding="utf-8")):
            visit(found["name"])
        done.append(name)

    visit(ENTRY)
    return done


def literal(value: object) -> str:
    """JSON that is JavaScript too, and that ends no script element, should a shop write it into its page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # `__proto__` as a member's name would set a prototype, where JSON only has a member.
    text = text.replace('"__proto__":', '["__proto__"]:')
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _bare(source: str) -> str:
    return _EXPORT.sub("", _IMPORT.sub("", source))
