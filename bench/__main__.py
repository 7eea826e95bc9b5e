"""Measures, prints the table of goals and writes `bench/out/results.json`."""

import argparse
import getpass
import platform
import re
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from bench.lab import Lab
from bench.measures import MEASURES
from bench.rows import Row, table, write
from bench.stack.processes import ROOT

OUT = ROOT / "bench" / "out" / "results.json"


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        lab = Lab(
            quick=options.quick,
            server=options.postgres,
            broker=options.broker,
            name=options.name,
            folder=Path(folder),
        )
        rows = _measured(lab, options.only)
    print(f"{_machine()}\n\n{table(rows)}")
    write(rows, options.out)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--only", action="append", choices=sorted(MEASURES), help="this measure; may be repeated")
    parser.add_argument("--postgres", default="postgres://postgres@127.0.0.1:5432", help="the server, without a name")
    parser.add_argument("--broker", default="amqp://guest:guest@127.0.0.1:5672//", help="RabbitMQ or Redis")
    parser.add_argument("--name", default=f"bench_{getpass.getuser()}", help="how its databases' names begin")
    parser.add_argument("--out", type=Path, default=OUT, help="where the results go, as JSON")
    return parser.parse_args()


def _machine() -> str:
    """What the figures were measured on, and when."""
    models = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    model = models[0] if models else platform.machine()
    today = datetime.now().astimezone().date().isoformat()
    return f"{len(models)} × {model}, Python {platform.python_version()}, {today}"


def _measured(lab: Lab, only: list[str] | None) -> list[Row]:
    rows: list[Row] = []
    lab.make_template()
    try:
        for name in only or MEASURES:
            began = time.monotonic()
            lab.say(f"{name} ...")
            rows += MEASURES[name](lab)
            lab.say(f"{name}: {time.monotonic() - began:.0f} s")
    finally:
        lab.drop_template()
    return rows


if __name__ == "__main__":
    sys.exit(main())
