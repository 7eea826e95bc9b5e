"""`make bench` and what it runs: every measure by name, and addresses like the product's own."""

import subprocess
import sys

import pytest

from bench.measures import MEASURES
from bench.stack.processes import cpu_seconds, free_ports, peak_megabytes
from tests.support.processes import ROOT


@pytest.mark.parametrize(("target", "command"), [("bench", "-m bench"), ("bench-quick", "-m bench --quick")])
def test_make_runs_it(target: str, command: str) -> None:
    lines = (ROOT / "Makefile").read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{target}: "))

    assert command in lines[at + 1]


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_each_measure_can_be_asked_for_alone(measure: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert measure in done.stdout


def test_what_it_writes_is_no_part_of_the_project() -> None:
    assert "/bench/out/" in (ROOT / ".gitignore").read_text().splitlines()


def test_a_process_is_measured_with_all_below_it() -> None:
    work = "subprocess.run([sys.executable, '-c', 'sum(range(40_000_000))'])"
    busy = f"import time, subprocess, sys; {work}; time.sleep(30)"
    process = subprocess.Popen([sys.executable, "-c", busy])
    try:
        while cpu_seconds(process.pid) < 0.1:
            assert process.poll() is None
        assert peak_megabytes(process.pid) > 1
    finally:
        process.kill()
        process.wait()


def test_ports_are_given_in_a_row() -> None:
    first, second = free_ports(2)

    assert second == first + 1
