"""What the sandbox does and did, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from messenger_admin.sandbox.behaviours import Behaviour, Kind

KIND_LABELS: dict[str, StrOrPromise] = {
    Kind.ANSWER: gettext_lazy("Answers a status"),
    Kind.SLOW: gettext_lazy("Accepts, but slowly"),
    Kind.EXPIRE_TOKEN: gettext_lazy("Refuses today’s token; a new one works"),
    Kind.DROP: gettext_lazy("Takes the message and hangs up"),
    Kind.RESET: gettext_lazy("Takes the message and resets the connection"),
    Kind.HALF: gettext_lazy("Takes the message and answers by half"),
    Kind.HANG: gettext_lazy("Takes the message and stays silent"),
    Kind.RESET_UNREAD: gettext_lazy("Resets the connection before it reads"),
}


def describe(behaviour: Behaviour) -> str:
    """One line for the list of what is in force."""
    words = [str(KIND_LABELS[behaviour.kind])]
    if behaviour.kind == Kind.ANSWER:
        words = [_("Answers %(status)d") % {"status": behaviour.status}, *_answer(behaviour)]
    if behaviour.seconds:
        words.append(_("after %(seconds)g s") % {"seconds": behaviour.seconds})
    return ", ".join(words)


def _answer(behaviour: Behaviour) -> list[str]:
    accepted = behaviour.status < 300
    return [
        *([_("Retry-After %(value)s") % {"value": behaviour.retry_after}] if behaviour.retry_after else []),
        *([_("with a body of its own")] if behaviour.body else []),
        *([_("though the customer gets it")] if behaviour.delivers and not accepted else []),
        *([_("though it is lost")] if accepted and not behaviour.delivers else []),
    ]
