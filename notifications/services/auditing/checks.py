"""Every check, in the order in which they are made."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from notifications.services.auditing import campaigns, rows, tries
from notifications.services.auditing.check import Check

CHECKS: Final = tuple(
    Check(code=ask.__name__, subject=subject, words=words, ask=ask)
    for subject, ask, words in (
        ("campaign", campaigns.tallies, _("A campaign's tally is not what its rows add up to")),
        ("campaign", campaigns.ended_too_early, _("A finished campaign has rows that can still move")),
        ("campaign", campaigns.goes_on_for_nothing, _("A running campaign has no row that can move")),
        ("campaign", campaigns.not_closed, _("A cancelled campaign still has queued rows")),
        ("campaign", campaigns.rows_before_launch, _("A campaign that was not launched has rows")),
        ("delivery", campaigns.outside_the_audience, _("A delivery goes to somebody outside the frozen audience")),
        ("campaign", campaigns.missing_rows, _("Somebody in the audience has no delivery")),
        ("delivery", rows.marked_without_a_lease, _("A delivery is being sent by nobody")),
        ("page", rows.ahead_of_the_lease, _("A delivery has a fence that its page's lease has not reached")),
        ("delivery", rows.without_a_reason, _("A delivery that did not go out gives no reason")),
        ("delivery", rows.of_another_page, _("A delivery goes to an opt-in, or is of a campaign, of another page")),
        ("delivery", rows.doubt_without_evidence, _("A doubt has no evidence")),
        ("delivery", rows.sent_after_revocation, _("A delivery was begun after the agreement was taken back")),
        ("delivery", tries.counted_otherwise, _("A delivery counts other tries than are written down")),
        ("delivery", tries.sent_without_proof, _("A delivery is sent without proof or decision")),
        ("delivery", tries.accepted_twice, _("A delivery was accepted twice, and nobody had decided to send it again")),
    )
)
