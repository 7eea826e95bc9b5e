"""Writing down what is wrong on a shop's pages: what the tag tells, and what only the server can notice."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac

from optins import customer_ids
from optins.models import IdUse, TagFinding
from optins.models.finding import FindingCode
from pages.models import Site

# An id is one customer's, who may have a phone, a computer and the train's network.
CLIENTS = 8
WITHIN = timedelta(days=1)
CHUNK = 1_000
# A page that tells again and again is counted once in so long.
PAUSE = timedelta(seconds=10)
# The tag's last sign of life is kept to the minute: no write for each page that a visitor opens.
MINUTE = timedelta(minutes=1)
# With these nobody opts in, or the wrong people do; the rest may be as the shop wants it.
WRONG = frozenset(
    {
        FindingCode.PLACEHOLDER,
        FindingCode.NOTHING,
        FindingCode.NUMBER,
        FindingCode.TOO_LONG,
        FindingCode.UNPRINTABLE,
        FindingCode.E_MAIL,
        FindingCode.SAME_ID,
    }
)


def note(*, site: Site, code: str, detail: str = "", address: str = "", now: datetime) -> None:
    """Counts it; what an administrator has seen to comes back when it is seen again an hour later.

    Of the address the query is left out: it may say who the visitor is.
    """
    known = TagFinding.objects.filter(site=site, code=code)
    facts = {"detail": detail[:200], "address": address.partition("?")[0][:500], "last_at": now}
    if known.filter(last_at__gt=now - PAUSE).exists():
        return
    if known.update(count=F("count") + 1, **facts):
        known.filter(dismissed_at__lte=now - timedelta(hours=1)).update(dismissed_at=None)
        return
    TagFinding.objects.bulk_create([TagFinding(site=site, code=code, first_at=now, **facts)], ignore_conflicts=True)


def note_id(*, site: Site, customer_id: str, client: str, address: str, now: datetime) -> None:
    """Notices an id under which many visitors click, without keeping the id or whence they came."""
    digests = {"id_digest": _digest(site, customer_id), "client_digest": _digest(site, client)}
    IdUse.objects.bulk_create([IdUse(site=site, at=now, **digests)], ignore_conflicts=True)
    uses = IdUse.objects.filter(site=site, id_digest=digests["id_digest"], at__gt=now - WITHIN)
    if uses.count() >= CLIENTS:
        note(site=site, code=FindingCode.SAME_ID, address=address, now=now)


def note_mistake(*, site: Site, customer_id: str, address: str, now: datetime) -> None:
    """What is obviously wrong with an id, without keeping it; nothing where it is none, or looks like one."""
    try:
        code = customer_ids.suspicion(customer_ids.parse(customer_id))
    except customer_ids.CustomerIdError as error:
        code = error.code
    if code in WRONG:
        note(site=site, code=code, address=address, now=now)


def tag_seen(*, site: Site, now: datetime) -> None:
    """That the tag runs on the site's pages."""
    before = Q(tag_seen_at=None) | Q(tag_seen_at__lte=now - MINUTE)
    if site.tag_seen_at is None or site.tag_seen_at <= now - MINUTE:
        Site.objects.filter(before, pk=site.pk).update(tag_seen_at=now)


def wrong() -> QuerySet[TagFinding]:
    """What is wrong and no administrator has seen to, the latest first."""
    return TagFinding.objects.filter(dismissed_at=None, code__in=WRONG).order_by("-last_at", "-pk")


def sites_in_trouble() -> QuerySet[Site]:
    return Site.objects.filter(pk__in=wrong().order_by().values("site")).order_by("name", "sid")


def dismiss(*, finding: TagFinding, now: datetime) -> None:
    TagFinding.objects.filter(pk=finding.pk).update(dismissed_at=now)


def forget(*, now: datetime) -> int:
    """Drops who clicked under which id; returns how many."""
    old = list(IdUse.objects.filter(at__lte=now - WITHIN).values_list("pk", flat=True)[:CHUNK])
    return IdUse.objects.filter(pk__in=old).delete()[0] if old else 0


def _digest(site: Site, word: str) -> str:
    return salted_hmac(f"id use {site.pk}", word, algorithm="sha256").hexdigest()
