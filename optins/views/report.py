"""What the tag noticed on a shop's page, posted by the browser on its way: codes alone, for administrators."""

from collections.abc import Mapping

from django.utils import timezone

from optins.models.finding import FindingCode
from optins.services import findings
from optins.views.shops import Posted, Refused, posted_from_the_shop

# What the server notices by itself is nobody else's to tell.
TOLD = frozenset(FindingCode.values) - {FindingCode.SAME_ID}


@posted_from_the_shop
def take(posted: Posted) -> Mapping[str, object]:
    what, detail = posted.body.get("what"), posted.body.get("detail", "")
    if not isinstance(what, str) or what not in TOLD or not isinstance(detail, str):
        raise Refused(422, "what")
    shown = "".join(letter for letter in detail if letter.isprintable()).encode("utf-8", "ignore").decode()
    findings.note(site=posted.site, code=what, detail=shown, now=timezone.now())
    return {}
