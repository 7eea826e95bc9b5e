"""The messages of the guide, pure: one module per kind. A payload that exists is valid."""

from notifications.payloads.message import Message, warnings_of
from notifications.payloads.parsing import judge, parse, parse_json
from notifications.payloads.problems import PayloadError, Problem
from notifications.payloads.schema import schema
from notifications.payloads.templates import Filled, Template, Unfilled, compiled

__all__ = [
    "Filled",
    "Message",
    "PayloadError",
    "Problem",
    "Template",
    "Unfilled",
    "compiled",
    "judge",
    "parse",
    "parse_json",
    "schema",
    "warnings_of",
]
