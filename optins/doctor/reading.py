"""What of a shop's page matters to the tag: scripts in their order, policies, where the tag was hidden. Pure."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Where a browser runs no script.
_DEAD = frozenset({"noscript", "template", "textarea", "title", "style", "xmp", "iframe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`src` empty: an inline one, whose `text` it is. `dead`: it stands where no browser runs it."""

    src: str = ""
    text: str = ""
    waits: bool = False
    dead: str = ""
    has_nonce: bool = False
    is_code: bool = True


@dataclass(slots=True)
class PageRead:
    scripts: list[Script] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    language: str = ""
    has_html: bool = False


def read(html: str) -> PageRead:
    """However broken the page is: what can be read of it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.finish()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = PageRead()
        self._dead: list[str] = []
        self._script: dict[str, str | None] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.page.has_html = True
        if tag == "script":
            self._script, self._text = known, []
        elif tag == "html":
            self.page.language = known.get("lang") or ""
        elif tag == "meta" and (known.get("http-equiv") or "").lower() == "content-security-policy":
            self.page.policies.append(known.get("content") or "")
        elif tag in _DEAD:
            self._dead.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<script src="…"/>`: a browser takes no notice of the slash."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.finish()
        elif tag in self._dead:
            while self._dead.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._text.append(data)

    def handle_comment(self, data: str) -> None:
        self.page.comments.append(data)

    def finish(self) -> None:
        """The script that was begun, if one was."""
        known, self._script = self._script, None
        if known is None:
            return
        kind = (known.get("type") or "").strip().lower()
        self.page.scripts.append(
            Script(
                src=(known.get("src") or "").strip(),
                text="".join(self._text),
                waits="async" not in known and "defer" not in known and kind != "module",
                dead=self._dead[-1] if self._dead else "",
                has_nonce=bool(known.get("nonce")),
                is_code=not kind or kind == "module" or "javascript" in kind or "ecmascript" in kind,
            )
        )
