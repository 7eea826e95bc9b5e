"""What a page can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pages.moves import Moves


class PageState(models.TextChoices):
    """
    ::

        active <-> on_hold
    """

    ACTIVE = "active", pgettext_lazy("page", "Active")  # its pump may send
    ON_HOLD = "on_hold", _("On hold")  # an incident is open; nothing leaves until it is closed


PAGE_MOVES: Moves = {
    PageState.ACTIVE: frozenset({PageState.ON_HOLD}),
    PageState.ON_HOLD: frozenset({PageState.ACTIVE}),
}


class DoubtPolicy(models.TextChoices):
    """What the page's owner wants done with a delivery that nobody can tell the fate of."""

    ASK = "ask", _("A person decides")
    TREAT_AS_SENT = "treat_as_sent", _("Treat it as sent")
    SEND_AGAIN = "send_again", _("Send it again; it may arrive twice")


class GatewayKind(models.TextChoices):
    """The way out that a page uses."""

    IADVIZE = "iadvize", _("iAdvize")
    META = "meta", _("Facebook")  # the Send API, for a page linked directly
    SANDBOX = "sandbox", _("Sandbox (this machine)")
