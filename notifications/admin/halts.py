"""Why a campaign stands still without a person's doing, in the reader's language."""

from notifications.models import Campaign
from notifications.states import Halt


def words(campaign: Campaign) -> str:
    """One sentence or more; empty where it does not stand still by itself."""
    if campaign.halt == Halt.REFUSED:
        return " ".join(campaign.halt_detail.get("problems", []))
    return str(Halt(campaign.halt).label) if campaign.halt else ""
