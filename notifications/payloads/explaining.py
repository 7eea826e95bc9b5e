"""pydantic's errors as problems: pydantic's own words are English only and speak of Python."""

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Final

from pydantic_core import ErrorDetails

from notifications.payloads.json_values import below, shown
from notifications.payloads.places import Place, place_of
from notifications.payloads.problems import Problem, Refusal, problem, under

# "image_url" where "url" is meant is just as near as this.
_NEAR: Final = 0.5

_Explain = Callable[[ErrorDetails], Problem]


def explain(errors: Iterable[ErrorDetails]) -> Iterator[Problem]:
    for error in errors:
        yield _EXPLANATIONS.get(error["type"], _simply("not_accepted"))(error)


def _simply(code: str) -> _Explain:
    return lambda error: problem(place_of(error["loc"]).path, code)


def _missing(error: ErrorDetails) -> Problem:
    place = place_of(error["loc"])
    return problem(place.path, "missing", key=error["loc"][-1])


def _unknown_key(error: ErrorDetails) -> Problem:
    *steps, key = error["loc"]
    place = place_of(steps)
    path, name = below(place.path, str(key)), shown(key)
    if near := get_close_matches(name, place.keys, n=1, cutoff=_NEAR):
        return problem(path, "unknown_key_near", key=name, near=near[0])
    return problem(path, "unknown_key", key=name, keys=", ".join(place.keys))


def _unknown_choice(error: ErrorDetails) -> Problem:
    return _choose(place := place_of(error["loc"]), place.path)


def _unknown_kind(error: ErrorDetails) -> Problem:
    return _choose(place := place_of(error["loc"]), under(place.path, place.tag))


def _choose(place: Place, path: str) -> Problem:
    return problem(path, "unknown_choice", choices=", ".join(place.choices))


def _without_kind(error: ErrorDetails) -> Problem:
    place = place_of(error["loc"])
    # pydantic looks for the tag in a Decimal too, as an attribute.
    if not isinstance(error["input"], dict):
        return problem(place.path, "not_object")
    return problem(under(place.path, place.tag), "missing", key=place.tag)


def _refused(error: ErrorDetails) -> Problem:
    refusal = error["ctx"]["error"]
    # Validators here raise nothing else.
    assert isinstance(refusal, Refusal)  # noqa: S101
    path = place_of(error["loc"]).path
    return problem(under(path, refusal.at) if refusal.at else path, refusal.code, **refusal.params)


_EXPLANATIONS: Final[dict[str, _Explain]] = {
    "value_error": _refused,
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "literal_error": _unknown_choice,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": _without_kind,
    "string_type": _simply("not_text"),
    "bool_type": _simply("not_true_or_false"),
    "tuple_type": _simply("not_list"),
    "model_type": _simply("not_object"),
    "model_attributes_type": _simply("not_object"),
    "string_too_short": _simply("blank"),
}
