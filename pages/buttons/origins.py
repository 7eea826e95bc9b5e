"""Where a shop's tag may run: origins as a browser writes them, `https://shop.example`. Pure."""

import re
from urllib.parse import SplitResult, urlsplit

MAX_ORIGINS = 50
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
_USUAL_PORT = {"https": 443, "http": 80}


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translators; whoever shows it translates it."""
    return message


MESSAGES = {
    "address": gettext_noop("“%(given)s” is no address of a shop: write it as https://www.shop.example."),
    "http": gettext_noop("“%(given)s” must begin with https://. Only localhost may do without."),
    "wildcard": gettext_noop("“%(given)s” stands for many addresses. Give each one on a line of its own."),
    "many": gettext_noop("At most %(limit)s addresses."),
}


class OriginError(ValueError):
    """`code` is a key of MESSAGES; `given` what was written."""

    def __init__(self, code: str, given: str = "") -> None:
        self.code, self.message = code, MESSAGES[code]
        self.params = {"given": given, "limit": MAX_ORIGINS}
        super().__init__(self.message % self.params)


def parse_all(text: str) -> list[str]:
    """One on each line; the same one twice counts once. Raises OriginError for the first that is wrong."""
    found = list(dict.fromkeys(parse(line) for line in text.splitlines() if line.strip()))
    if len(found) > MAX_ORIGINS:
        raise OriginError("many")
    return found


def parse(raw: str) -> str:
    """As the Origin header has it: small letters, no path, no usual port. A whole address of a page will do."""
    given = raw.strip()
    if "*" in given:
        raise OriginError("wildcard", given)
    parts, host, port = _parts(given)
    if parts.scheme == "http" and host not in _OWN_MACHINE:
        raise OriginError("http", given)
    shown = "" if port in {None, _USUAL_PORT[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _parts(given: str) -> tuple[SplitResult, str, int | None]:
    try:
        parts = urlsplit(given)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        raise OriginError("address", given) from None
    if parts.scheme not in _USUAL_PORT or not host or "@" in parts.netloc or any(letter.isspace() for letter in given):
        raise OriginError("address", given)
    return parts, host, port


def _host(name: str) -> str:
    """Empty: no name of a host. Letters beyond ASCII are written as browsers send them."""
    if name == "::1":
        return "[::1]"
    name = name.encode("idna").decode("ascii").lower() if name and not name.isascii() else name.lower()
    labels = name.split(".")
    good = len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return name if good and (len(labels) > 1 or name in _OWN_MACHINE) else ""
