"""One thing that a person did, as the services below need it: who, where, when, and its name for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from optins.models import Invitation, Recipient
from pages.models import Page

# So long a question waits for its answer; a Yes that comes later answers another one.
ANSWER_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """`about` names the event however often it is told; `at` is when it happened, by Facebook's clock."""

    page: Page
    psid: str
    about: str
    at: datetime
    now: datetime

    def recipient(self) -> Recipient:
        """The person, made known where need be."""
        return Recipient.objects.get_or_create(page=self.page, psid=self.psid)[0]

    def known(self) -> Recipient | None:
        return Recipient.objects.filter(page=self.page, psid=self.psid).first()

    def language(self) -> str:
        """In which the person came last."""
        came = Invitation.objects.filter(recipient__page=self.page, recipient__psid=self.psid).order_by("-pk")
        return came.values_list("language", flat=True).first() or settings.LANGUAGE_CODE

    @property
    def proof(self) -> dict[str, str]:
        return {"event": self.about, "at": self.at.isoformat()}
