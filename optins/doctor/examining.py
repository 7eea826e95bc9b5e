"""The examination: from a page's source to findings, the worst first. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from optins import customer_ids
from optins.doctor import literals, policies
from optins.doctor.findings import Finding, Level
from optins.doctor.reading import PageRead, Script, read

OWN = "social_notification_customer_id"
_TAG = re.compile(r"/tag/(?P<sid>[A-Za-z0-9_-]{1,32})\.js(?:[?#]|\Z)")
_SDK = re.compile(
    r"//connect\.facebook\.net/(?P<locale>[A-Za-z]{2}_[A-Za-z]{2})/(?:sdk|all)(?:/[\w.]+)?\.js", re.IGNORECASE
)
_INIT = re.compile(r"\bfbAsyncInit\s*=(?!=)")
_WORST_FIRST = (Level.WRONG, Level.DOUBTFUL, Level.GOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page of the shop: its source, and where it is known, its address and the headers it came with (lower case).

    `tag_url` is where the site's tag is, `origins` the shop's declared addresses.
    """

    html: str
    tag_url: str
    sid: str
    origins: Sequence[str] = ()
    address: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def examine(case: Case) -> list[Finding]:
    page = read(case.html)
    if not page.has_html:
        return [Finding(code="no_html")]
    tags = list(_tags(case, page.scripts))
    found = [*_tag(case, page, tags), *_data(page, tags), *_facebook(page), *_policy(case, page, tags), *_origin(case)]
    return sorted(found, key=lambda finding: _WORST_FIRST.index(finding.level))


def _tags(case: Case, scripts: Sequence[Script]) -> Iterator[tuple[int, Script, str]]:
    """Every script that is a tag: its place, itself, and the SID it is for."""
    for place, script in enumerate(scripts):
        match = _TAG.search(script.src)
        if match:
            yield place, script, match["sid"]


def _tag(case: Case, page: PageRead, tags: Sequence[tuple[int, Script, str]]) -> Iterator[Finding]:
    ours = [script for _place, script, sid in tags if sid == case.sid]
    for other in sorted({sid for _place, _script, sid in tags if sid != case.sid}):
        yield Finding(code="tag_of_another", params={"sid": other})
    alive = [script for script in ours if not script.dead]
    if not ours:
        hidden = any(f"/tag/{case.sid}.js" in comment for comment in page.comments)
        yield Finding(code="tag_commented" if hidden else "tag_missing")
        return
    if not alive:
        yield Finding(code="tag_dead", params={"element": ours[0].dead})
        return
    if len(alive) > 1:
        yield Finding(code="tag_twice", params={"count": str(len(alive))})
    yield from _manner(case, alive[0], once=len(alive) == 1)


def _manner(case: Case, tag: Script, *, once: bool) -> Iterator[Finding]:
    wanted, found = urlsplit(case.tag_url), urlsplit(urljoin(case.address or case.tag_url, tag.src))
    sound = True
    if found.netloc.lower() != wanted.netloc.lower():
        sound = False
        expected = f"{wanted.scheme}://{wanted.netloc}"
        yield Finding(code="tag_elsewhere", params={"host": found.netloc or tag.src[:100], "expected": expected})
    elif found.scheme == "http" and wanted.scheme == "https":
        sound = False
        yield Finding(code="tag_insecure")
    if not tag.is_code:
        sound = False
        yield Finding(code="tag_asleep")
    elif tag.waits:
        yield Finding(code="tag_waits")
    if once and sound:
        yield Finding(code="tag_there")


def _data(page: PageRead, tags: Sequence[tuple[int, Script, str]]) -> Iterator[Finding]:
    first_tag = min((place for place, script, _sid in tags if not script.dead), default=len(page.scripts))
    declared = [
        (place, told)
        for place, script in enumerate(page.scripts)
        if not script.src and not script.dead and (told := literals.declared(script.text))
    ]
    if not declared:
        yield Finding(code="data_missing")
        return
    values: dict[str, object] = {}
    unread: list[str] = []
    for _place, told in declared:
        values |= told.values
        unread += told.unread
    if tags and min(place for place, _told in declared) > first_tag:
        yield Finding(code="data_after")
    elif tags:
        yield Finding(code="data_there")
    if unread:
        yield Finding(code="data_unread", params={"names": ", ".join(sorted(set(unread)))})
    yield from _id(values, unread)


def _id(values: Mapping[str, object], unread: Sequence[str]) -> Iterator[Finding]:
    """The guide's order: its own name first, then extId in any spelling."""
    name = OWN if OWN in values else next((key for key in values if key.lower() == "extid"), "")
    if not name:
        maybe = any(one == "*" or one == OWN or one.lower() == "extid" for one in unread)
        if not maybe:
            yield Finding(code="id_missing")
        return
    value = values[name]
    said = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if not said:
        yield Finding(code="id_empty", params={"name": name})
    elif len(said) <= customer_ids.MAX_LENGTH and (mistake := customer_ids.suspicion(said)):
        yield Finding(code=f"id_{mistake}", params={"id": said[:80]})
    else:
        yield _judged(said, name)


def _judged(said: str, name: str) -> Finding:
    try:
        return Finding(code="id_there", params={"id": customer_ids.parse(said), "name": name})
    except customer_ids.CustomerIdError as error:
        return Finding(code=f"id_{error.code}")


def _facebook(page: PageRead) -> Iterator[Finding]:
    """By a script element, or put in by a script of the shop's: Facebook's own snippet does that."""
    alive = [script for script in page.scripts if not script.dead]
    locales = [match["locale"] for script in alive for match in _SDK.finditer(script.src or script.text)]
    if locales:
        yield Finding(code="sdk_there", params={"locale": locales[0]})
    if len(locales) > 1:
        yield Finding(code="sdk_twice", params={"count": str(len(locales))})
    if any(_INIT.search(script.text) for script in alive):
        yield Finding(code="sdk_init")


def _policy(case: Case, page: PageRead, tags: Sequence[tuple[int, Script, str]]) -> Iterator[Finding]:
    """Each policy counts: what one of them forbids is forbidden."""
    known = [*page.policies, *case.headers.get("content-security-policy", "").split(",")]
    known = [policy for policy in known if policy.strip()]
    if not known:
        return
    parts = urlsplit(case.tag_url)
    host, nonced = f"{parts.scheme}://{parts.netloc}", any(script.has_nonce for _place, script, _sid in tags)
    scripts = all(
        policies.allows(one, "script-src-elem", case.tag_url, page=case.address, nonced=nonced) for one in known
    )
    asks = all(policies.allows(one, "connect-src", f"{host}/tag/{case.sid}/optin", page=case.address) for one in known)
    if not scripts:
        yield Finding(code="csp_script", params={"host": host})
    if not asks:
        yield Finding(code="csp_connect", params={"host": host})
    if scripts and asks:
        yield Finding(code="csp_good")


def _origin(case: Case) -> Iterator[Finding]:
    parts = urlsplit(case.address)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    if case.address and origin not in {one.lower() for one in case.origins}:
        yield Finding(code="origin_unknown", params={"origin": origin})
