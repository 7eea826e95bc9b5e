"""pydantic's errors about the API's own bodies and parameters, as faults in the caller's language.

Its own words are English only and speak of Python; the sentences are those of messages.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from notifications.api.envelope import Fault
from notifications.payloads.json_values import shown
from notifications.payloads.problems import problem
from notifications.words import say

# pydantic's code to that of the sentence, and what the sentence is to be filled with.
_SAID: dict[str, tuple[str, Callable[[Mapping[str, Any]], dict[str, object]]]] = {
    "missing": ("missing", lambda error: {"key": error["loc"][-1]}),
    "literal_error": ("unknown_choice", lambda error: {"choices": _choices(error)}),
    "enum": ("unknown_choice", lambda error: {"choices": _choices(error)}),
    "greater_than_equal": ("too_small", lambda error: {"limit": error["ctx"]["ge"]}),
    "less_than_equal": ("too_large", lambda error: {"limit": error["ctx"]["le"]}),
    "string_too_long": (
        "too_long",
        lambda error: {"limit": error["ctx"]["max_length"], "length": len(error.get("input", ""))},
    ),
    "too_long": (
        "too_many",
        lambda error: {"limit": error["ctx"]["max_length"], "length": error["ctx"]["actual_length"]},
    ),
    "too_short": ("too_few", lambda error: {"limit": error["ctx"]["min_length"]}),
}
_SIMPLY = {
    "string_type": "not_text",
    "string_too_short": "blank",
    "bool_type": "not_true_or_false",
    "bool_parsing": "not_true_or_false",
    "int_type": "not_whole_number",
    "int_parsing": "not_whole_number",
    "int_parsing_size": "number_out_of_range",
    "int_from_float": "not_whole_number",
    "list_type": "not_list",
    "tuple_type": "not_list",
    "dict_type": "not_object",
    "model_type": "not_object",
    "model_attributes_type": "not_object",
}


def faults_of(errors: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    for error in errors:
        if error["type"] == "extra_forbidden":
            words = _("“%(key)s” is not known here.") % {"key": shown(error["loc"][-1])}
            yield Fault(field=place(error["loc"]), code="unknown_key", message=words)
            continue
        code, params = _SAID.get(error["type"], (_SIMPLY.get(error["type"], "not_accepted"), lambda _error: {}))
        path = place(error["loc"])
        yield Fault(field=path, code=code, message=say(problem(path, code, **params(error))))


def place(steps: Iterable[int | str]) -> str:
    """`("messages", 3, "text")` as `messages[3].text`."""
    path = ""
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else f"{path}.{step}" if path else step
    return path


def _choices(error: Mapping[str, Any]) -> str:
    return str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
