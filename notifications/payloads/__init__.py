"""The messages of the guide, pure: one module per kind. A payload that exists is valid."""

from notifications.payloads.message import Message, warnings_of
from notifications.payloads.parsing import parse, parse_json
from notifications.payloads.problems import PayloadError, Problem
from notifications.payloads.schema import schema

__all__ = ["Message", "PayloadError", "Problem", "parse", "parse_json", "schema", "warnings_of"]
