"""How long many draws take, and which part of it the labour block is.

Every draw runs the same baseline with its own demand for labour (a random path around one), in
blocks of draws that are spread over processes. Prints the wall time, the time of the engine and of
the labour block within it, both for so many draws as are asked for, and the most memory.

    python benchmarks/run_draws.py [--place guangzhou] [--years 75] [--draws 40] [--block 10]
                                   [--workers 2] [--of 500]
"""

from __future__ import annotations

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from rssim.cohorts import engine
from rssim.cohorts import year as year_module
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import load_scenario
from rssim.study.run import calibrated

CELL = 4
"""Axes from the draw to age in the stocks of a scheme: draw, group, sex, age."""
LEADING = {"rights": 3, "deemed": 2, "pensioners": 1}
"""Axes before the draw in the stocks of the pension; people and wages lead with it."""
LABOUR = ("participation", "natural_attrition", "job_finding", "labour_year")
"""The functions of the year that make up the labour block."""
SPREAD = 0.01
"""Standard deviation of the logarithm of demand in a year."""


def repeated(value: Any, draws: int, name: str = "", scheme: bool = False) -> Any:
    """Stocks of one draw as stocks of many."""
    if isinstance(value, np.ndarray):
        axis = max(value.ndim - CELL, 0) if scheme else LEADING.get(name, 0)
        return np.repeat(value, draws, axis=axis)
    if is_dataclass(value):
        parts = {
            f.name: repeated(getattr(value, f.name), draws, f.name, scheme) for f in fields(value)
        }
        return type(value)(**parts)
    if isinstance(value, dict):
        return {key: repeated(item, draws, key, True) for key, item in value.items()}
    return value


def timed_labour() -> list[float]:
    """From now on adds the seconds of every call of the labour block to the list returned."""
    spent: list[float] = []
    for name in LABOUR:
        work = getattr(year_module, name)

        def measured(*args: Any, _work: Any = work, **kwargs: Any) -> Any:
            start = time.perf_counter()
            out = _work(*args, **kwargs)
            spent.append(time.perf_counter() - start)
            return out

        setattr(year_module, name, measured)
    return spent


def run_block(place: str, years: int, first: int, draws: int) -> tuple[float, float, float]:
    """Seconds of a block of draws, of the labour block within it, and the most memory [GB]."""
    base = load_scenario("baseline", place=place)
    base = base.until(base.opening.year + years - 1)
    found = calibrated(base)
    inputs = assemble(base, trace=False)
    shocks = [np.random.default_rng([first + draw, 1]) for draw in range(draws)]
    paths = np.stack([np.exp(SPREAD * rng.standard_normal(years)) for rng in shocks])
    shocked = tuple(
        replace(item, jobs=replace(item.jobs, demand=paths[:, at, None, None, None]))
        for at, item in enumerate(inputs.years)
    )
    inputs = replace(inputs, years=shocked)
    stocks = repeated(found.opening, draws)
    spent = timed_labour()
    start = time.perf_counter()
    for _ in engine.steps(inputs, stocks, found.constants):
        pass
    seconds = time.perf_counter() - start
    return seconds, sum(spent), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--place", default="guangzhou")
    parser.add_argument("--years", type=int, default=75)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--block", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--of", type=int, default=500)
    options = parser.parse_args()
    starts = range(0, options.draws, options.block)
    with ProcessPoolExecutor(options.workers, max_tasks_per_child=1) as pool:
        begin = time.perf_counter()
        jobs = [
            pool.submit(
                run_block,
                options.place,
                options.years,
                first,
                min(options.block, options.draws - first),
            )
            for first in starts
        ]
        parts = [job.result() for job in jobs]
        wall = time.perf_counter() - begin
    whole, labour = (sum(part[at] for part in parts) for at in (0, 1))
    scale = options.of / options.draws / options.workers
    print(f"{options.draws} draws, {options.years} years, {options.workers} processes")
    print(f"{'':34s} {'seconds':>9s} {f'of {options.of} draws':>14s}")
    print(f"{'wall time with start-up':34s} {wall:9.1f}")
    print(f"{'engine, sum over processes':34s} {whole:9.1f} {whole * scale:14.1f}")
    print(f"{'labour block, sum over processes':34s} {labour:9.1f} {labour * scale:14.1f}")
    print(f"{'labour block over the rest':34s} {labour / (whole - labour):9.2f}")
    memory = max(part[2] for part in parts)
    print(f"{'most memory of a process [GB]':34s} {memory:9.2f}")


if __name__ == "__main__":
    main()
