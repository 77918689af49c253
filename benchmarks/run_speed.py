"""How long one run takes, and how long rssim takes to start.

Prints medians in seconds and, so that they mean something on another machine, their ratio to a
plain piece of work timed in the same process: see README.md beside this file.

    python benchmarks/run_speed.py [--place guangzhou] [--years 75] [--repeats 7]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

PASSES = 4
"""Times that the kernel goes over an array of the size of the pension rights in a year: the fund
takes out those who claim, moves the rest between states, credits a year and lets it survive."""
SQUARINGS = 6
TAYLOR_TERMS = 8
"""Products of 4 x 4 matrices in a year of the labour market, as in the model."""


def median_time(work: Callable[[], object], repeats: int) -> float:
    """Median wall time of a piece of work after one warm-up [s]."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def kernel(rights: np.ndarray, cells: tuple[int, ...], years: int) -> float:
    """The array work of so many years and nothing else: no law, no labels, no checks."""
    values = np.ones(rights.shape)
    factor = np.full(rights.shape[2:], 0.999)
    flows = np.full((*cells, 4, 4), 0.01)
    for _ in range(years):
        for _ in range(PASSES - 1):
            values = values * factor
        moved = np.zeros_like(values)
        moved[..., 1:, 1:] = (values * factor)[..., :-1, :-1]
        values = moved
        for _ in range(TAYLOR_TERMS + 2 * SQUARINGS):
            flows = 0.01 * (flows @ flows) + 0.01
    return float(values.sum() + flows.sum())


def started(*arguments: str, repeats: int) -> float:
    """Median wall time of a fresh interpreter with these arguments [s]."""

    def start() -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    return median_time(start, repeats)


def run_rows(place: str, years: int, repeats: int) -> list[tuple[str, float, float]]:
    """Name, seconds and ratio to the kernel of the parts of one run."""
    from rssim.cohorts import engine
    from rssim.cohorts.calibration import calibrate
    from rssim.inputs.assemble import assemble
    from rssim.inputs.scenario import load_scenario
    from rssim.study.run import calibrated, run

    base = load_scenario("baseline", place=place)
    base = base.until(base.opening.year + years - 1)
    first = base.until(base.opening.year + 1)
    inputs, calibration = assemble(base, trace=False), calibrated(base)
    opening, constants = calibration.opening, calibration.constants
    cells = (*opening.people.shape[:3], opening.people.shape[-1])

    plain = median_time(lambda: kernel(opening.pension.rights, cells, years), repeats)
    few = max(3, repeats // 2)
    parts = {
        f"numpy kernel, {years} years": plain,
        f"engine, {years} years": median_time(
            lambda: engine.run(inputs, opening, constants), repeats
        ),
        "inputs: dates to arrays": median_time(lambda: assemble(base, trace=False), few),
        f"rssim.run, {years} years": median_time(lambda: run(base), few),
        "calibration, once a process": median_time(
            lambda: calibrate(assemble(first, trace=False)), few
        ),
    }
    return [(name, seconds, seconds / plain) for name, seconds in parts.items()]


def start_rows(repeats: int) -> list[tuple[str, float, float]]:
    """Name, seconds and ratio to a bare interpreter of what starts before anything runs."""
    bare = started("-c", "pass", repeats=repeats)
    parts = {
        "bare Python": bare,
        "import rssim": started("-c", "import rssim", repeats=repeats),
        "rssim --help": started("-m", "rssim", "--help", repeats=repeats),
    }
    return [(name, seconds, seconds / bare) for name, seconds in parts.items()]


def show(title: str, rows: list[tuple[str, float, float]]) -> None:
    """Prints a table."""
    print(f"{title:32s} {'seconds':>9s} {'ratio':>7s}")
    for name, seconds, ratio in rows:
        print(f"{name:32s} {seconds:9.3f} {ratio:7.1f}")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--place", default="guangzhou")
    parser.add_argument("--years", type=int, default=75)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    show(f"One run of {options.place}", run_rows(options.place, options.years, options.repeats))
    show("Start", start_rows(options.repeats))


if __name__ == "__main__":
    main()
