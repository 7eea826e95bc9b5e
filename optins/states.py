"""What an opt-in can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.moves import Moves


class OptInState(models.TextChoices):
    """
    ::

        active -> revoked -> active   (only by a new agreement, never by itself)
           '----> expired -> active
        revoked -> erased
    """

    ACTIVE = "active", _("Active")  # may be written to
    REVOKED = "revoked", _("Revoked")  # asked not to be written to
    EXPIRED = "expired", _("Expired")  # a temporary id whose time is over
    ERASED = "erased", _("Erased")  # nobody's any more: its row is what the ledger counts


OPTIN_MOVES: Moves = {
    OptInState.ACTIVE: frozenset({OptInState.REVOKED, OptInState.EXPIRED}),
    OptInState.REVOKED: frozenset({OptInState.ACTIVE, OptInState.ERASED}),
    OptInState.EXPIRED: frozenset({OptInState.ACTIVE, OptInState.REVOKED}),
}


class Lifetime(models.TextChoices):
    """The guide's two sorts of customer_id."""

    DURABLE = "durable", _("Durable")  # identifies the customer: serves every later notification
    TEMPORARY = "temporary", _("Temporary")  # stands for one request: an order, a stock alert


class Source(models.TextChoices):
    """How an agreement reached us."""

    BUTTON = "button", _("Button on the site")
    API = "api", _("API")
    IMPORT = "import", _("Import")
    STAFF = "staff", _("Entered by staff")
