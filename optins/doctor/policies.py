"""Whether a Content-Security-Policy lets the tag work. Pure (W3C, "Content Security Policy Level 3", matching)."""

from collections.abc import Mapping
from urllib.parse import urlsplit

# Which directives stand in where one is missing, nearest first.
_FALLBACKS = {
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
}


def parse(policy: str) -> Mapping[str, list[str]]:
    """Directives by name; of one that is given twice, the first counts."""
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        words = part.split()
        if words:
            found.setdefault(words[0].lower(), words[1:])
    return found


def allows(policy: str, kind: str, url: str, *, page: str = "", nonced: bool = False) -> bool:
    """Whether `kind` (script-src-elem, connect-src) may reach `url` from the page at `page`."""
    known = parse(policy)
    sources = next((known[name] for name in _FALLBACKS[kind] if name in known), None)
    if sources is None:
        return True
    lowered = [source.lower() for source in sources]
    if kind == "script-src-elem" and any(source.startswith("'nonce-") for source in lowered):
        if nonced:
            return True
        if "'strict-dynamic'" in lowered:
            return False
    return any(_matches(source, url, page) for source in lowered)


def _matches(source: str, url: str, page: str) -> bool:
    wanted = urlsplit(url)
    if source == "*":
        return wanted.scheme in {"http", "https"}
    if source == "'self'":
        own = urlsplit(page)
        return bool(page) and (own.scheme, own.netloc) == (wanted.scheme, wanted.netloc)
    if source.startswith("'"):
        return False
    if source.endswith(":") and "/" not in source:
        return _scheme_fits(source[:-1], wanted.scheme)
    parts = urlsplit(source if "://" in source else f"//{source}")
    if parts.scheme and not _scheme_fits(parts.scheme, wanted.scheme):
        return False
    return _host_fits(parts.netloc, wanted.netloc) and _path_fits(parts.path, wanted.path)


def _scheme_fits(allowed: str, scheme: str) -> bool:
    return scheme == allowed or (allowed == "http" and scheme == "https")


def _host_fits(allowed: str, netloc: str) -> bool:
    host, _, port = allowed.partition(":")
    wanted, _, wanted_port = netloc.lower().partition(":")
    if port not in {"*", wanted_port} and (port or wanted_port not in {"", "80", "443"}):
        return False
    return wanted.endswith(host[1:]) and wanted != host[2:] if host.startswith("*.") else wanted == host


def _path_fits(allowed: str, path: str) -> bool:
    if allowed in {"", "/"}:
        return True
    return path.startswith(allowed) if allowed.endswith("/") else path == allowed
