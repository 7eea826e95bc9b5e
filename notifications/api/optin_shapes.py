"""Opt-ins as the API takes and tells them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, WithJsonSchema

from notifications.api.asking import Asked
from notifications.api.evidence import LONGEST, MOST_NAMES
from optins import attributes
from optins.customer_ids import MAX_LENGTH

Lifetimes = Literal["durable", "temporary"]
States = Literal["active", "revoked", "expired"]
Purposes = Literal["transactional", "alert", "marketing"]

# Judged by optins/attributes.py and by evidence.py, whose words name the place better than pydantic's.
Attributes = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": f"^{attributes.NAME}$"},
            "maxProperties": attributes.MOST_NAMES,
            "additionalProperties": {
                "anyOf": [
                    {"type": "string", "maxLength": attributes.LONGEST_VALUE, "pattern": r"\S"},
                    {"type": "number"},
                ]
            },
            "examples": [{"first_name": "Marie", "points": 120}],
        }
    ),
]
Evidence = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": LONGEST, "pattern": r"\S"},
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": MOST_NAMES,
                    "additionalProperties": {
                        "anyOf": [{"type": "string", "maxLength": LONGEST, "pattern": r"\S"}, {"type": "number"}]
                    },
                },
            ],
            "examples": [{"form": "https://shop.example/account", "wording": "Tell me on Messenger"}],
        }
    ),
]

_ATTRIBUTES = "What is known of the customer, for placeholders such as {{ first_name }}: names, and texts or numbers."


class NewOptIn(Asked):
    customer_id: str = Field(description="The shop's own name for the customer, unique on the page.", min_length=1)
    evidence: Evidence = Field(
        description="How the person agreed: the form, its wording, the time; a text, or names with texts or numbers. "
        "It is kept as proof."
    )
    lifetime: Lifetimes | None = Field(
        None, description="temporary stands for one request. Left out: temporary for a stock alert, else durable."
    )
    expires_at: str | None = Field(
        None,
        description="When a temporary agreement ends, with its distance from UTC.",
        json_schema_extra={"format": "date-time"},
    )
    purpose: Purposes | None = Field(
        None,
        description="What the person agreed to; marketing is all of it. Left out: what the site's pattern for such a "
        "customer_id says, else marketing. No wider than the pattern; told again with another one, the agreement is "
        "renewed.",
    )
    attributes: Attributes | None = Field(
        None, description=f"{_ATTRIBUTES} They are added to those that are known already."
    )
    psid: str | None = Field(
        None,
        description="The person's page-scoped Facebook id, where it is known: then nobody else's agreement is renewed.",
        pattern="^[0-9]{1,64}$",
    )


class ChangedAttributes(Asked):
    attributes: Attributes | None = Field(None, description=f"{_ATTRIBUTES} Those not named stay as they are.")
    remove: list[str] | None = Field(None, description="Names of attributes to forget.", max_length=200)


class Revocation(Asked):
    evidence: Evidence | None = Field(None, description="How the person took the agreement back, as in an opt-in.")


class OptInEntry(Schema):
    """`state` is what holds now: an agreement whose time is over is expired."""

    customer_id: str = Field(max_length=MAX_LENGTH)
    page_id: str
    state: States
    lifetime: Lifetimes
    purpose: Purposes = Field(description="What it may be used for; marketing is all of it.")
    used_up: bool = Field(description="Whether the first message ends it, as with a stock alert.")
    source: Literal["button", "api", "import", "staff"] = Field(description="How the agreement reached us.")
    agreed_at: datetime
    expires_at: datetime | None = Field(description="When it ends by itself; null: when somebody ends it.")
    ended_at: datetime | None
    psid: str | None = Field(description="The person's page-scoped Facebook id, where it is known.")
    attributes: dict[str, Any]
    link: str = Field(alias="_link", serialization_alias="_link")


class Proof(Schema):
    """One event of an agreement's history."""

    event: Literal["granted", "renewed", "revoked", "expired", "conflict"]
    at: datetime
    evidence: dict[str, Any]


class OptInTold(OptInEntry):
    proof: list[Proof] = Field(description="The latest events of the agreement, newest first.")
