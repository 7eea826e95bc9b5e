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


class Purpose(models.TextChoices):
    """What the person agreed to be written to for (GDPR, article 6; CPCE L.34-5)."""

    TRANSACTIONAL = "transactional", _("An order or a request of theirs")
    ALERT = "alert", _("One alert that they asked for")
    MARKETING = "marketing", _("News and offers too")


class InvitationState(models.TextChoices):
    """
    ::

        issued -> asked -> agreed
           |        |----> declined
           |        |----> conflict
           |        '----> expired
           |-----> agreed     (the same person had agreed under this id already)
           |-----> conflict   (somebody else holds the customer_id)
           '-----> expired
    """

    ISSUED = "issued", _("Clicked")  # the link was opened; nobody came with it yet
    ASKED = "asked", _("Asked")  # a person came, and is asked to confirm
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")
    CONFLICT = "conflict", _("Refused: another person holds this customer_id")
    EXPIRED = "expired", _("Expired")


INVITATION_MOVES: Moves = {
    InvitationState.ISSUED: frozenset(
        {InvitationState.ASKED, InvitationState.AGREED, InvitationState.CONFLICT, InvitationState.EXPIRED}
    ),
    InvitationState.ASKED: frozenset(
        {InvitationState.AGREED, InvitationState.DECLINED, InvitationState.CONFLICT, InvitationState.EXPIRED}
    ),
}


class ImportState(models.TextChoices):
    """
    ::

        checking -> checked -> running -> done
            |          |          |-----> stopped -> running
            |          |          |          '-----> dropped   (what came in until then stays)
            |          |          '-----> unreadable           (its file is gone)
            |          '-> dropped
            |-> dropped
            '-> unreadable
    """

    CHECKING = "checking", _("Being checked")  # the dry run
    CHECKED = "checked", _("Checked")  # waits for a person's word
    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")  # by a person; goes on where it stopped
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")
    UNREADABLE = "unreadable", _("Unreadable")


IMPORT_MOVES: Moves = {
    ImportState.CHECKING: frozenset({ImportState.CHECKED, ImportState.UNREADABLE, ImportState.DROPPED}),
    ImportState.CHECKED: frozenset({ImportState.RUNNING, ImportState.DROPPED}),
    ImportState.RUNNING: frozenset({ImportState.DONE, ImportState.STOPPED, ImportState.UNREADABLE}),
    ImportState.STOPPED: frozenset({ImportState.RUNNING, ImportState.DROPPED}),
}


class Source(models.TextChoices):
    """How an agreement reached us."""

    BUTTON = "button", _("Button on the site")
    API = "api", _("API")
    IMPORT = "import", _("Import")
    STAFF = "staff", _("Entered by staff")
