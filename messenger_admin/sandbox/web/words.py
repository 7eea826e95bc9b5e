"""What the sandbox does and did, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from messenger_admin.sandbox.behaviours import Behaviour, Kind, Side

KIND_LABELS: dict[str, StrOrPromise] = {
    Kind.ANSWER: gettext_lazy("Answers a status"),
    Kind.SLOW: gettext_lazy("Accepts, but slowly"),
    Kind.EXPIRE_TOKEN: gettext_lazy("Refuses today’s token; a new one works"),
    Kind.DROP: gettext_lazy("Takes the message and hangs up"),
    Kind.RESET: gettext_lazy("Takes the message and resets the connection"),
    Kind.HALF: gettext_lazy("Takes the message and answers by half"),
    Kind.HANG: gettext_lazy("Takes the message and stays silent"),
    Kind.RESET_UNREAD: gettext_lazy("Resets the connection before it reads"),
    Kind.GRAPH_ERROR: gettext_lazy("Facebook: answers an error"),
    Kind.TOKEN_DIES: gettext_lazy("Facebook: the token dies"),
    Kind.PERMISSION_MISSING: gettext_lazy("Facebook: a permission is missing"),
    Kind.THROTTLED: gettext_lazy("Facebook: too many calls"),
    Kind.TEMPORARY: gettext_lazy("Facebook: a temporary problem"),
    Kind.USAGE: gettext_lazy("Facebook: says how much of the limit is used"),
    Kind.TWICE: gettext_lazy("Facebook: the phone shows it twice"),
}
SIDE_LABELS: dict[str, StrOrPromise] = {
    Side.IADVIZE: gettext_lazy("iAdvize’s endpoint"),
    Side.SEND: gettext_lazy("Facebook: messages (Send API)"),
    Side.GRAPH: gettext_lazy("Facebook: everything else (Graph API)"),
}


def describe(behaviour: Behaviour) -> str:
    """One line for the list of what is in force."""
    words = [str(KIND_LABELS[behaviour.kind])]
    if behaviour.kind == Kind.ANSWER:
        words = [_("Answers %(status)d") % {"status": behaviour.status}, *_answer(behaviour)]
    words.extend(_facebook(behaviour))
    if behaviour.seconds:
        words.append(_("after %(seconds)g s") % {"seconds": behaviour.seconds})
    return ", ".join(words)


def _facebook(behaviour: Behaviour) -> list[str]:
    codes = "/".join(str(code) for code in (behaviour.code, behaviour.subcode) if code)
    return [
        *([codes] if codes else []),
        *([_("%(n)d %% used") % {"n": behaviour.usage}] if behaviour.usage else []),
        *([_("again in %(n)d min") % {"n": behaviour.regain}] if behaviour.regain else []),
        *([_("where it says “%(text)s”") % {"text": behaviour.contains}] if behaviour.contains else []),
        *([_("but for the next %(n)d") % {"n": behaviour.skip}] if behaviour.skip else []),
    ]


def _answer(behaviour: Behaviour) -> list[str]:
    accepted = behaviour.status < 300
    return [
        *([_("Retry-After %(value)s") % {"value": behaviour.retry_after}] if behaviour.retry_after else []),
        *([_("with a body of its own")] if behaviour.body else []),
        *([_("though the customer gets it")] if behaviour.delivers and not accepted else []),
        *([_("though it is lost")] if accepted and not behaviour.delivers else []),
    ]
