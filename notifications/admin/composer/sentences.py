"""The sentence for a problem, said to somebody who fills in a form and sees no JSON."""

from django.utils.translation import gettext, gettext_noop

from notifications.payloads import Problem
from notifications.words import say

# Where the general sentence speaks of keys, lists or quotes.
IN_A_FORM = {
    "missing": gettext_noop("Fill this in: the message needs it."),
    "empty": gettext_noop("Write the text of the message."),
    "blank": gettext_noop("Fill this in: it holds only blanks."),
    "too_few": gettext_noop("Add at least one."),
    "not_number": gettext_noop("Write the amount in digits, for example 1234.56."),
    "not_whole_number": gettext_noop("Write a whole number, for example 2."),
}


def sentence(problem: Problem) -> str:
    in_a_form = IN_A_FORM.get(problem.code)
    return gettext(in_a_form) if in_a_form else say(problem)
