"""What a stack costs that has nothing to do: the share of a core of all its processes."""

import time
from contextlib import ExitStack

from bench.lab import Lab
from bench.rows import Row
from bench.stack.processes import cpu_seconds, wait_for

SECONDS = 30.0
QUICK_SECONDS = 5.0
# After the worker's first sign of life: until all parts have found out that there is nothing to do.
SETTLING = 5.0


def measure(lab: Lab) -> list[Row]:
    seconds = QUICK_SECONDS if lab.quick else SECONDS
    with ExitStack() as stack:
        embedded = stack.enter_context(lab.installed(embedded=True))
        served = stack.enter_context(lab.installed())
        stacks = {
            "embedded": [stack.enter_context(embedded.up())],
            "PostgreSQL": [stack.enter_context(part) for part in (served.web(), served.worker(), served.beat())],
        }
        for installation in (embedded, served):
            with installation.inside() as inside:
                wait_for(lambda: inside.do("works"), "the worker's first sign of life", every=0.2)
        time.sleep(SETTLING)
        before = {name: sum(cpu_seconds(part.pid) for part in parts) for name, parts in stacks.items()}
        time.sleep(seconds)
        after = {name: sum(cpu_seconds(part.pid) for part in parts) for name, parts in stacks.items()}
    shares = {name: 100 * (after[name] - before[name]) / seconds for name in stacks}
    lab.say(f"{shares} of a core")
    return [
        Row(name=f"nothing to do, {name}", value=share, most=1, unit="% of a core", detail={"seconds": seconds})
        for name, share in shares.items()
    ]
