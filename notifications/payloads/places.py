"""Where pydantic found an error: its location, tags of unions and all, followed through the schema of a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from notifications.payloads.problems import under
from notifications.payloads.schema import TEMPLATE, schema


@dataclass(frozen=True, slots=True)
class Place:
    """`node` is what the schema says about the value at `path`."""

    path: str
    node: Mapping[str, Any]

    @property
    def keys(self) -> list[str]:
        return list(self.node.get("properties", ()))

    @property
    def choices(self) -> list[str]:
        """The values that a closed field may have, or the kinds that an object may be of."""
        if "const" in self.node:
            return [self.node["const"]]
        return list(self.node.get("enum", self.node.get("discriminator", {}).get("mapping", ())))

    @property
    def tag(self) -> str:
        """The key that tells of which kind an object is."""
        name: str = self.node["discriminator"]["propertyName"]
        return name


def place_of(steps: Sequence[str | int]) -> Place:
    place = Place("", _schema())
    for step in steps:
        place = _next(place, step)
    return place


def _next(place: Place, step: str | int) -> Place:
    if isinstance(step, int):
        return Place(under(place.path, step), _followed(place.node["items"]))
    if "discriminator" in place.node:
        # The tag of a union, which is no step in the message.
        return Place(place.path, _followed({"$ref": place.node["discriminator"]["mapping"][step]}))
    return Place(under(place.path, step), _followed(place.node["properties"][step]))


def _followed(node: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in node:
        return node
    name = node["$ref"].removeprefix(TEMPLATE.format(model=""))
    definition: Mapping[str, Any] = _schema()["$defs"][name]
    return definition


@cache
def _schema() -> Mapping[str, Any]:
    return schema()
