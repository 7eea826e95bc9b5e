"""What the ledger announces when rows move, to whoever asked for it."""

from django.dispatch import Signal

# Asks, with `to`, whether anybody is told of deliveries that come into that state. A receiver answers with a bool.
deliveries_moving = Signal()
# Sent with `moved`, pairs of delivery and page (their ids), in the transaction that moved them.
deliveries_moved = Signal()
# Sent with `pk`, `frm` and `to` in the transaction that moves a campaign.
campaign_moved = Signal()
