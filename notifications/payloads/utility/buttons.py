"""The buttons of a template. What an address or a payload ends with may be filled when the template is sent."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from notifications.payloads import limits
from notifications.payloads.problems import Problem, problem, under
from notifications.payloads.utility.slots import PLACEHOLDER

_PHONE_NUMBER = re.compile(rf"\+[0-9]{{{limits.PHONE_NUMBER.least},{limits.PHONE_NUMBER.most}}}", re.ASCII)
# The website is the template's own; so is the beginning of the path.
_ADDRESS = re.compile(r"https?://[^/?#{}\s]+(/[^{}\s]*)?", re.IGNORECASE)
ENDING = "{{1}}"


def problems_of_button(kind: str, text: str, value: str, sample: str, path: str) -> Iterator[Problem]:
    if not text.strip():
        yield problem(under(path, "text"), "blank")
    elif len(text) > limits.BUTTON_TITLE.most:
        yield problem(under(path, "text"), "too_long", limit=limits.BUTTON_TITLE.most, length=len(text))
    elif "{{" in text:
        yield problem(under(path, "text"), "label_is_fixed")
    check = {"URL": _url, "POSTBACK": _payload, "PHONE_NUMBER": _phone_number}[kind]
    yield from check(value, sample, path)


def _url(value: str, sample: str, path: str) -> Iterator[Problem]:
    at = under(path, "value")
    if not value.strip():
        yield problem(at, "blank")
    elif len(value) > limits.URL.most:
        yield problem(at, "too_long", limit=limits.URL.most, length=len(value))
    elif not _ADDRESS.fullmatch(value.removesuffix(ENDING)) or not _has_a_host(value):
        yield problem(at, "template_url" if PLACEHOLDER.search(value) else "url_host")
    elif value.endswith(ENDING):
        yield from _sample(value, sample, under(path, "sample"))


def _sample(value: str, sample: str, path: str) -> Iterator[Problem]:
    fixed = value.removesuffix(ENDING)
    if not sample.strip():
        yield problem(path, "sample_missing", key=value)
    elif not sample.startswith(fixed) or len(sample) <= len(fixed):
        yield problem(path, "sample_url", beginning=fixed)


def _has_a_host(value: str) -> bool:
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:
        return False


def _payload(value: str, _sample: str, path: str) -> Iterator[Problem]:
    at = under(path, "value")
    if not value.strip():
        yield problem(at, "blank")
    elif len(value) > limits.POSTBACK_PAYLOAD.most:
        yield problem(at, "too_long", limit=limits.POSTBACK_PAYLOAD.most, length=len(value))
    elif "{{" in value.removesuffix(ENDING):
        yield problem(at, "template_payload")


def _phone_number(value: str, _sample: str, path: str) -> Iterator[Problem]:
    if not _PHONE_NUMBER.fullmatch(value):
        yield problem(under(path, "value"), "phone_number")
