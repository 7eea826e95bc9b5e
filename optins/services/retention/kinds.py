"""The kinds of data that this app keeps."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from optins.services.retention import agreements, traces
from pages.retention.kind import Kept, Kind, days_of, deleting

KINDS: Final = (
    Kind(
        name="agreements",
        words=_("Agreements that ended, and their proof"),
        about=_(
            "customer_id, Facebook id, attributes and consent log of somebody whose agreement was taken back or ran "
            "out so long ago. An agreement in force is kept with all its proof."
        ),
        setting="RETENTION_CONSENT_DAYS",
        keep=days_of("RETENTION_CONSENT_DAYS"),
        due=agreements.due,
        at="ended_at",
        step=agreements.end,
    ),
    Kind(
        name="claims",
        words=_("Refused claims to a customer_id"),
        about=_("That a second person came with an id that somebody else holds."),
        setting="RETENTION_CONSENT_DAYS",
        keep=days_of("RETENTION_CONSENT_DAYS"),
        due=agreements.claims_due,
        at="at",
        step=agreements.end_claims,
    ),
    Kind(
        name="clicks",
        words=_("Clicks on a button"),
        about=_("Where somebody clicked, under which id, who came to Messenger and what was answered."),
        setting="RETENTION_CLICK_DAYS",
        keep=days_of("RETENTION_CLICK_DAYS"),
        due=traces.clicks_due,
        at="created_at",
        step=deleting(traces.clicks_due, at="created_at"),
    ),
    Kind(
        name="recipients",
        words=_("Facebook ids without an agreement"),
        about=_("Somebody who came to Messenger and never agreed. Whoever said STOP is known as long as agreements."),
        setting="RETENTION_CLICK_DAYS",
        keep=days_of("RETENTION_CLICK_DAYS"),
        due=traces.recipients_due,
        at="created_at",
        step=traces.end_recipients,
    ),
    Kind(
        name="refusals",
        words=_("Refused rows of imports"),
        about=_("Line, customer_id and reason of each row that an import did not take, since the import ended."),
        setting="RETENTION_REFUSAL_DAYS",
        keep=days_of("RETENTION_REFUSAL_DAYS"),
        due=traces.refusals_due,
        at="of__created_at",
        step=traces.end_refusals,
    ),
    Kind(
        name="findings",
        words=_("What the tag noticed on a shop’s pages"),
        about=_("The address of a page where something is wrong, which may hold a customer’s id."),
        setting="RETENTION_FINDING_DAYS",
        keep=days_of("RETENTION_FINDING_DAYS"),
        due=traces.findings_due,
        at="last_at",
        step=deleting(traces.findings_due, at="last_at"),
    ),
    Kind(
        name="unanswered",
        words=_("Links and questions that nobody answered"),
        about=_("They are over after their time, and then kept as clicks are."),
        how_long=pgettext_lazy("kept", "until their time is over"),
        keep=lambda: timedelta(0),
        due=traces.unanswered_due,
        at="expires_at",
    ),
    Kind(
        name="id_uses",
        words=_("How many visitors clicked under one id"),
        about=_("Keyed hashes of id and address, which name nobody."),
        how_long=pgettext_lazy("kept", "a day"),
        keep=lambda: traces.ID_USES_KEPT,
        due=traces.id_uses_due,
        at="at",
    ),
    Kind(
        name="quotas",
        words=_("How often somebody asked"),
        about=_("Keyed hashes of addresses, each day under another key."),
        how_long=pgettext_lazy("kept", "a minute"),
        keep=lambda: traces.QUOTAS_KEPT,
        due=traces.quotas_due,
        at="granted_until",
    ),
)

KEPT: Final = (
    Kept(
        words=_("Agreements in force, with all their proof"),
        why=_("Whoever writes to somebody has to be able to show the agreement (GDPR, article 7)."),
    ),
    Kept(
        words=_("Keyed hashes of erased customer_ids, and of those that were taken back"),
        why=_("They keep whoever left from being written to again. Without the key nobody can tell whose they are."),
    ),
)
