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
    Reason.USED_UP: (
        _("The customer had asked for one message, and got it: the agreement was used up."),
        _("Nothing to do: the customer can ask for the next one on the site."),
    ),
    Reason.PURPOSE: (
        _("The customer did not agree to be written to for this purpose."),
        _("Choose the purpose of the campaign that the customers agreed to, or leave it: they asked for nothing else."),
    ),
    Reason.TOO_OLD: (
        _("It had waited so long that it was no longer useful."),
        _("Look at why it waited: a page on hold, a paused campaign or a slow pace. Send a new message if it matters."),
    ),
    # Skipped, by Facebook's rules.
    Reason.WINDOW_CLOSED: (
        _("The customer's last act was more than 24 hours ago, and Facebook takes no free message any more."),
        _(
            "Give the notification a utility template for this case, or wait: once the customer writes again or comes "
            "back by a button, the next message can be sent."
        ),
    ),
    Reason.NEVER_WROTE: (
        _("The customer has never written to the page or come to it by a button, so Facebook takes no message."),
        _("Nothing to do here: the customer has to open the conversation, by the button on the site for example."),
    ),
    Reason.NO_PSID: (
        _("It is not known who the customer is on Facebook: the opt-in was not made through the page's conversation."),
        _("The customer has to agree again by the button on the site, which joins the customer_id to the person."),
    ),
    Reason.NOT_APPROVED: (
        _(
            "The 24 hours had passed, and the utility template that stands in is not approved by Facebook, or takes "
            "other parameters by now."
        ),
        _("Look at the page's utility templates: they say why. Choose another, or correct it there."),
    ),
    Reason.UNREACHABLE: (
        _("Facebook says that the customer takes no messages from this page: it was blocked, or the account is gone."),
        _("Nothing to do: as soon as the customer writes to the page, messages are sent again."),
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
    Reason.PAGE_RESTRICTED: (
        _("Facebook keeps this page from sending for now, because of its rules."),
        _("Read the page's support inbox on Facebook, settle what it says, then let the page go on."),
    ),
    Reason.PERMISSION_MISSING: (
        _("A permission is missing on Facebook: the app, or whoever connected the page, may not send for it."),
        _(
            "Connect the page to Facebook again and grant everything asked for; an administrator checks the app's "
            "review."
        ),
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
    Reason.RECIPIENT_UNAVAILABLE: (
        _("Facebook can't reach the customer: the page was blocked, or the account is gone."),
        _("Nothing to do: nothing more is sent until the customer writes to the page again."),
    ),
    Reason.MEDIA_UNREACHABLE: (
        _("Facebook could not fetch a picture or file of the message from its address."),
        _(
            "It is tried once more. If it fails again, open the address in a browser: it has to answer within 10 "
            "seconds, with at most 8 MB and a valid certificate. Then send a new message."
        ),
    ),
    Reason.WINDOW_REFUSED: (
        _("Facebook says that the customer's last act was too long ago for a free message."),
        _("Give the notification a utility template for this case, or wait until the customer writes again."),
    ),
    Reason.TAG_REFUSED: (
        _("Facebook takes no messages of this sort any more, so nothing was sent."),
        _("Give the notification a utility template, or wait until the customer writes again."),
    ),
    Reason.TEMPLATE_REFUSED: (
        _("Facebook refused the utility template or what was put into it."),
        _("Compare the template with Facebook's copy (synchronise), correct it, and send a new message."),
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
    # Taken to have left.
    Reason.SENT_THOUGH_REFUSED: (
        _("Facebook answered with an error that it gives for messages that went out all the same."),
        _("Nothing to do: it is not sent again. The conversation shows whether it arrived."),
    ),
    Reason.SETTLED_BY_FACEBOOK: (
        _("It was in doubt until Facebook told later what became of it."),
        _("Nothing to do: it is settled."),
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
