"""What is measured, a module for each scenario; each gives rows of the table."""

from collections.abc import Callable, Mapping

from bench.lab import Lab
from bench.measures import (
    api,
    conversations,
    embedded,
    expansion,
    idle,
    imports,
    latency,
    million,
    throughput,
    webhooks,
)
from bench.rows import Row

MEASURES: Mapping[str, Callable[[Lab], list[Row]]] = {
    "throughput": throughput.measure,
    "latency": latency.measure,
    "embedded": embedded.measure,
    "api": api.measure,
    "webhooks": webhooks.measure,
    "expansion": expansion.measure,
    "imports": imports.measure,
    "million": million.measure,
    "conversations": conversations.measure,
    "idle": idle.measure,
}
