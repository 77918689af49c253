"""Is this installation in order? Versions, data, law by hand, short runs, every identity."""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from rssim.errors import RssimError
from rssim.inputs.place import load_place, packaged_places
from rssim.inputs.scenario import Scenario, list_scenarios, load_scenario

PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "xarray",
    "matplotlib",
    "pydantic",
    "PyYAML",
    "openpyxl",
    "netCDF4",
)
YEARS = 3
LONG_PLACE, LONG_END = "guangdong", 2035
"""The run of the report of funds: long enough for every rule with a date in this decade."""
SHOWN = 12
"""Digits of a hash that a screen shows."""
Say = Callable[[str], None]


def doctor(say: Say) -> int:
    """Exit code: 0 where all is in order, 2 where something is not; says what it finds."""
    started = time.perf_counter()
    faults = [*_versions(say), *_data(say), *_scenarios(say), *_law(say), *_runs(say), *_funds(say)]
    for fault in faults:
        say(f"FAULT {fault}")
    taken = time.perf_counter() - started
    say(f"{len(faults)} faults." if faults else f"All in order, {taken:.0f} seconds.")
    if not faults:
        say("Next: rssim demo")
    return 2 if faults else 0


def _versions(say: Say) -> list[str]:
    from rssim import __version__
    from rssim.study.plots import chinese_font

    say(f"rssim {__version__}, Python {platform.python_version()}, {platform.system()}")
    faults, found = [], []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            faults.append(f"{package} is not installed: pip install rssim again.")
    say("packages: " + ", ".join(found))
    say(f"Chinese font for figures: {chinese_font() or 'none found, figures stay English'}")
    encoding = str(getattr(sys.stdout, "encoding", "") or "")
    if encoding.lower().replace("-", "") not in ("utf8", "gb18030", "cp65001"):
        say(f"note: this terminal writes {encoding or 'an unknown encoding'}; PYTHONUTF8=1 helps.")
    return faults


def _data(say: Say) -> list[str]:
    from rssim.study.check import check

    faults = []
    for name in packaged_places():
        report = check(name)
        openings = "unreadable"
        if not report.faults:
            openings = ", ".join(str(day) for day in sorted(load_place(name).openings))
        say(f"place {name}: openings {openings}; {len(report.faults)} faults")
        faults += report.faults
    return faults


def _scenarios(say: Say) -> list[str]:
    """Every packaged scenario can be read."""
    faults: list[str] = []
    names = list_scenarios()
    for name in names:
        try:
            load_scenario(name)
        except RssimError as fault:
            faults += fault.faults
    if "baseline" not in names:
        faults.append("the packaged scenario baseline is missing: install rssim again.")
    say(f"scenarios: {len(names)} packaged, {len(faults)} faults")
    return faults


def _law(say: Say) -> list[str]:
    """The law's own numbers, by hand: what a person is told at the counter.

    Source: decision of 2024-09-13, annexes; State Council 2005 No. 38, article 6 and annex.
    """
    from rssim.inputs.schedule import statutory_path

    place = load_place("china")
    scenario = Scenario("baseline", place, max(place.openings), max(place.openings).year)
    path = statutory_path(scenario, [1960, 1980, 1990])
    expected = {
        ("male, worker", 0): 60.0,
        ("female, worker", 0): 50.0,
        ("male, worker", 1): 63.0,
        ("female, cadre", 2): 58.0,
        ("female, worker", 2): 55.0,
    }
    faults = [
        f"self-test: retirement age of {track}: {path[track][at]} and not {age}."
        for (track, at), age in expected.items()
        if abs(path[track][at] - age) > 1e-9
    ]
    divisor = place.entry("employee_pension.annuity_divisor").dated.steps[-1].value
    faults += [
        f"self-test: divisor at {age}: {divisor[age]} and not {months}."
        for age, months in ((50, 195), (55, 170), (60, 139))
        if divisor[age] != months
    ]
    say(f"self-test of the law: {len(expected) + 3} values by hand, {len(faults)} faults")
    return faults


def _runs(say: Say) -> list[str]:
    """A short run in each place: identities hold and a changed rate changes contributions."""
    from rssim.study.run import simulate

    faults = []
    key = "employee_pension.employer_contributions"
    public = "public_pension.employer_contributions"
    for name in packaged_places():
        place = load_place(name)
        opening = max(place.openings)
        base = Scenario("baseline", place, opening, opening.year + YEARS - 1)
        base = base.change("job_market.closure", "exogenous", name="baseline")
        try:
            found = simulate(base, keep=False)
            rate = found.inputs.years[-1].pension.employer_rate.item()
            lever = "employee_pension.employer_rate"
            more = base.change(lever, {f"{base.end}-01-01": 1.1 * rate})
            other = simulate(more, keep=False)
        except RssimError as fault:
            faults += fault.faults
            continue
        gap = max(found.identities.values())
        count = len(found.identities)
        say(f"run {name}: {YEARS} years, largest gap of {count} identities {gap:.1e}")
        paid = [item.headline[key] - item.headline[public] for item in (found, other)]
        ratio = float(paid[1][0, -1] / paid[0][0, -1])
        # Contributions are rate x base, and no job depends on the rate here. The public sector
        # has a rate of its own.
        if abs(ratio - 1.1) > 1e-9:
            faults.append(f"self-test {name}: a rate 10 % higher gives {ratio:.6f} times as much.")
    return faults


def _funds(say: Say) -> list[str]:
    """The baseline of a place over a decade: each fund, each identity, and hashes to compare."""
    from rssim.cohorts.ledger import TOLERANCE
    from rssim.study.manifest import law_hash, result_hash
    from rssim.study.money import fund_gaps
    from rssim.study.run import simulate

    try:
        found = simulate(load_scenario("baseline", place=LONG_PLACE, end=LONG_END), trace=False)
    except RssimError as fault:
        return list(fault.faults)
    gaps = {f"opening + in − out = closing, {fund}": gap for fund, gap in fund_gaps(found).items()}
    gaps |= found.identities
    say(f"identities, {LONG_PLACE} to {LONG_END}, largest relative gap of any year:")
    for name, gap in gaps.items():
        say(f"  {name}: {gap:.1e}")
    laws = law_hash(load_place(name) for name in packaged_places())
    say(f"hashes: law files {laws[:SHOWN]}, result {result_hash([found])[:SHOWN]}")
    return [
        f"{LONG_PLACE}: identity {name}: gap {gap:.1e}, allowed {TOLERANCE:.0e}."
        for name, gap in gaps.items()
        if not gap <= TOLERANCE
    ]
