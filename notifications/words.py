"""The pure modules' findings in the language of the person who reads: problems of a message, reasons of a delivery."""

import json
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from notifications.payloads import Problem
from notifications.payloads.problems import problem
from notifications.reasons import UNFILLED, Reason


def say(found: Problem) -> str:
    """The problem's sentence, translated and filled in."""
    return gettext(found.message) % found.params


def reason_words(code: str) -> str:
    """What happened. A code of an older or newer version stands for itself."""
    return str(_WORDS[Reason(code)][0]) if code in _CODES else code


def reason_advice(code: str) -> str:
    """What the reader can do about it, or that nothing needs to be done; empty for an unknown code."""
    return str(_WORDS[Reason(code)][1]) if code in _CODES else ""


def detail_words(code: str, detail: str) -> str:
    """A delivery's detail as a person reads it: the far end's own words, or what stood in the way of filling it."""
    if not detail or code not in UNFILLED:
        return detail
    try:
        told = json.loads(detail)
        return _names(told) if code == Reason.NO_VALUE else _unfit(told)
    except (ValueError, KeyError, TypeError):
        # Of another version: it stands for itself.
        return detail


def _names(names: list[str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in names)


def _unfit(told: dict[str, Any]) -> str:
    problems = [
        labelled(each["path"], say(problem(each["path"], each["code"], **each["params"]))) for each in told["problems"]
    ]
    return " ".join([labelled(_names(told["names"]), problems[0]), *problems[1:]])


def labelled(label: str, text: str) -> str:
    """`label: text`, the colon set as in the reader's language."""
    return gettext("%(label)s: %(text)s") % {"label": label, "text": text}


_CODES: Final = frozenset(Reason)

_NOTHING_TO_DO: Final = _("Nothing to do: it is tried again by itself.")
_DECIDE: Final = _(
    "Ask the customer, or look at the conversation, whether it arrived; then treat it as sent or send it again."
)
_CORRECT_AND_SEND_ANEW: Final = _("Correct the message and send it as a new one; this one is not tried again.")

_WORDS: Final[dict[Reason, tuple[StrPromise, StrPromise]]] = {
    # Skipped.
    Reason.OPTED_OUT: (
        _("The customer had withdrawn the agreement before it could be sent."),
        _("Nothing to do: only the customer can agree again."),
    ),
    Reason.OPT_IN_EXPIRED: (
        _("The customer's agreement was temporary and had ended before it could be sent."),
        _("Nothing to do: the customer can agree again on the site."),
    ),
    Reason.TOO_OLD: (
        _("It had waited so long that it was no longer useful."),
        _("Look at why it waited: a page on hold, a paused campaign or a slow pace. Send a new message if it matters."),
    ),
    # Tried again.
    Reason.CONNECTION_REFUSED: (_("The gateway did not accept the connection. Nothing was sent."), _NOTHING_TO_DO),
    Reason.NAME_NOT_RESOLVED: (
        _("The gateway's name could not be found on the network. Nothing was sent."),
        _("It is tried again by itself. If it goes on, ask an administrator to check the gateway's address."),
    ),
    Reason.CONNECT_TIMEOUT: (_("The gateway did not answer the call in time. Nothing was sent."), _NOTHING_TO_DO),
    Reason.BAD_CERTIFICATE: (
        _("The gateway could not prove who it is (its certificate is not valid). Nothing was sent."),
        _("It is tried again by itself. If it goes on, ask an administrator to check the gateway's certificate."),
    ),
    Reason.NOT_SENT: (_("The sender stopped before this message was begun. Nothing was sent."), _NOTHING_TO_DO),
    Reason.THROTTLED: (
        _("The gateway asked to slow down and did not take it."),
        _("Nothing to do: it is tried again when the gateway allows. If it happens often, lower the page's pace."),
    ),
    Reason.UNAVAILABLE: (_("The gateway was unavailable for a while and did not take it."), _NOTHING_TO_DO),
    # The page waits.
    Reason.TOKEN_REFUSED: (
        _("The gateway refused the page's token."),
        _("Enter a new token on the page; sending resumes by itself."),
    ),
    Reason.FORBIDDEN: (
        _("The gateway does not allow this page to send."),
        _("Check the page's rights at the gateway, then enter its token again; sending resumes by itself."),
    ),
    Reason.MOVED: (
        _("The gateway's address leads elsewhere (a redirect, which is never followed)."),
        _("Ask an administrator to correct the gateway's address, then enter the page's token again to resume."),
    ),
    # Failed before it was tried.
    Reason.NO_VALUE: (
        _("The customer has no value for a placeholder of the message, and the placeholder has no default."),
        _(
            "Give the placeholder a default, or give the customer the value (on the opt-in); then send a new message. "
            "This one is not tried again."
        ),
    ),
    Reason.UNFIT_VALUE: (
        _("With the customer's own values in it the message breaks a limit."),
        _("Shorten the text around the placeholder or the customer's value, and send a new message."),
    ),
    # Failed.
    Reason.MALFORMED: (_("The gateway could not read the request."), _CORRECT_AND_SEND_ANEW),
    Reason.NOT_FOUND: (
        _("The gateway does not know this customer on this page."),
        _("Check that the customer_id is the one that was agreed under; the customer may have to agree again."),
    ),
    Reason.CONFLICT: (
        _("The gateway said that the message contradicts what it already has."),
        _("Read the gateway's answer before you send a new message: this one is not tried again."),
    ),
    Reason.CONTENT_REFUSED: (_("The gateway refused the content of the message."), _CORRECT_AND_SEND_ANEW),
    Reason.REFUSED: (
        _("The gateway refused the message."),
        _("Read the gateway's answer: it says why. This message is not tried again."),
    ),
    # In doubt.
    Reason.SERVER_ERROR: (_("The gateway failed while it had the message. It may have been delivered."), _DECIDE),
    Reason.RESET: (_("The connection broke after the message had begun to leave. It may have arrived."), _DECIDE),
    Reason.SILENCE: (_("The message left, and the gateway did not answer in time. It may have arrived."), _DECIDE),
    Reason.HALF_AN_ANSWER: (_("The message left, and the answer stopped half-way. It may have arrived."), _DECIDE),
    Reason.NO_ANSWER: (_("The message left, and the gateway hung up without an answer. It may have arrived."), _DECIDE),
    Reason.NOT_THE_API: (
        _("Something other than the gateway's API answered. The message may or may not have arrived."),
        _(
            "Ask an administrator to check the gateway's address (a proxy or a sign-in page may stand before it); "
            "then treat it as sent or send it again."
        ),
    ),
    Reason.SENDER_LOST: (_("The sender stopped while this message was leaving. It may have arrived."), _DECIDE),
    Reason.RESTORED: (
        _("It was waiting when a copy of the database was made that has been restored since. It may have gone out."),
        _DECIDE,
    ),
    # A person decided.
    Reason.TREATED_AS_SENT: (_("A colleague decided to treat it as sent."), _("Nothing to do: it is settled.")),
    Reason.SENT_AGAIN: (
        _("A colleague decided to send it again; the customer may get it twice."),
        _("Nothing to do: it is on its way again."),
    ),
    # The page's policy decided.
    Reason.TREATED_AS_SENT_BY_POLICY: (
        _("Nobody decided in time, so the page's policy for doubts treated it as sent."),
        _("Nothing to do: it is settled. An administrator can change the policy on the page."),
    ),
    Reason.SENT_AGAIN_BY_POLICY: (
        _("Nobody decided in time, so the page's policy for doubts sends it again; the customer may get it twice."),
        _("Nothing to do: it is on its way again. An administrator can change the policy on the page."),
    ),
}
