"""What is measured, a module for each scenario; each gives rows of the table."""

from collections.abc import Callable, Mapping

from bench.lab import Lab
from bench.measures import api, embedded, expansion, idle, latency, million, throughput
from bench.rows import Row

MEASURES: Mapping[str, Callable[[Lab], list[Row]]] = {
    "throughput": throughput.measure,
    "latency": latency.measure,
    "embedded": embedded.measure,
    "api": api.measure,
    "expansion": expansion.measure,
    "million": million.measure,
    "idle": idle.measure,
}
