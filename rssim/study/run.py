"""The one way in: scenarios go in, a result comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rssim.cohorts import engine
from rssim.cohorts.calibration import Calibration, calibrate, with_composition
from rssim.errors import ParameterError, ScenarioError, nearest
from rssim.inputs.assemble import Inputs, assemble
from rssim.inputs.scenario import Scenario, load_scenario
from rssim.records import Array
from rssim.study import bite as bites
from rssim.study import market
from rssim.study.record import (
    Recorder,
    Simulated,
    check_alike,
    flows_dataset,
    stocks_dataset,
)
from rssim.study.result import Result

Progress = Callable[[int, int], None]
RECORDS = ("headline", "ages")
BITES = ("auto", "off")
USUAL_END = 2060

_calibrations: dict[tuple[Path, date], Calibration] = {}


def calibrated(scenario: Scenario) -> Calibration:
    """Constants and opening stocks of the scenario's place and opening, without its changes.

    Calibrated once in a process for each place and opening; every scenario shares them.
    """
    key = (scenario.place.folders[0], scenario.opening)
    baseline = replace(scenario, name="baseline", changes={})
    if key not in _calibrations:
        _calibrations[key] = calibrate(
            assemble(baseline.until(scenario.opening.year + 1), trace=False)
        )
    known = _calibrations[key].constants.composition or {}
    if scenario.end not in known:
        # A run of the baseline: who works in it is what the outlook of wages is about.
        horizon = baseline.until(max(scenario.end, USUAL_END))
        _calibrations[key] = with_composition(_calibrations[key], assemble(horizon, trace=False))
    return _calibrations[key]


def prepare(scenario: Scenario, trace: bool = True) -> tuple[Inputs, Calibration]:
    """What an engine needs: the arrays of every year, and the frozen calibration."""
    return assemble(scenario, trace=trace), calibrated(scenario)


def simulate(
    scenario: Scenario,
    *,
    record: str = "headline",
    keep: bool = True,
    trace: bool = True,
    progress: Progress | None = None,
) -> Simulated:
    """One scenario, run.

    record  headline, or ages to keep arrays by group, sex and age
    keep    without, only the headline series of the years are kept, and no stocks
    trace   whether reads of levers are noted
    """
    inputs, calibration = prepare(scenario, trace)
    recorder = Recorder(inputs, calibration, record, keep)
    years = engine.steps(inputs, calibration.opening, calibration.constants)
    for at, (item, step) in enumerate(zip(inputs.years, years, strict=True)):
        recorder.note(item, step)
        if progress is not None:
            progress(at + 1, len(inputs.years))
    return recorder.done(scenario)


def run(
    scenarios: Scenario | str | Sequence[Scenario | str],
    *,
    record: str = "headline",
    bite: str = "auto",
    progress: Progress | None = None,
) -> Result:
    """Results of one scenario or several, with a scenario axis in the order given.

    scenarios  scenarios, or names that :func:`rssim.load` knows; they need different names, one
               opening year and one last year
    record     ``headline``, or ``ages`` to keep arrays by group, sex and age as well
    bite       ``auto`` runs a scenario again without each of its changes (up to twelve) and warns
               of a change that moves nothing; ``off`` does not. A change that nothing reads is
               an error in both
    progress   called with the years done and all years to do
    Raises ParameterError, ScenarioError, PlaceError, CalibrationError or LedgerError.
    """
    _check_word("record", record, RECORDS)
    _check_word("bite", bite, BITES)
    chosen = _chosen(scenarios)
    check_alike(chosen, record)
    trials = [
        bites.without(scenario, lever)
        for scenario in chosen
        if bite == "auto" and len(scenario.changes) <= bites.MOST_CHANGES
        for lever in scenario.changes
    ]
    wanted = {_identity(item) for item in chosen}
    extra = {_identity(item): item for item in trials if _identity(item) not in wanted}
    steps = _Steps([*chosen, *extra.values()], progress)
    runs = []
    reads: list[list[bites.Read]] = []
    for scenario in chosen:
        runs.append(simulate(scenario, record=record, progress=steps))
        reads.append(bites.reads_of(runs[-1].inputs))
        market.tell(scenario.name, runs[-1].faults)
    headlines = {_identity(item.scenario): item.headline for item in runs}
    for identity, trial in extra.items():
        headlines[identity] = simulate(trial, keep=False, trace=False, progress=steps).headline
    return Result(
        flows=flows_dataset(runs, record),
        stocks=stocks_dataset(runs, record),
        runs=tuple(replace(item, kept={}) for item in runs),
        read_list=tuple(
            read
            for item, found in zip(runs, reads, strict=True)
            for read in _with_moves(item, found, headlines)
        ),
    )


def _with_moves(
    item: Simulated, found: list[bites.Read], headlines: dict[str, dict[str, Array]]
) -> list[bites.Read]:
    """The reads of a scenario with what each of its changes moved."""
    moves: dict[str, tuple[float, str]] = {}
    for lever in item.scenario.changes:
        other = headlines.get(_identity(bites.without(item.scenario, lever)))
        if other is not None:
            moves[lever] = bites.moved(item.scenario, lever, item.headline, other)
    out = []
    for read in found:
        change, series = moves.get(read.lever, (read.moved, ""))
        out.append(replace(read, moved=change, series=series))
    return out


def _chosen(scenarios: Scenario | str | Sequence[Scenario | str]) -> list[Scenario]:
    given: list[object] = (
        [scenarios]
        if isinstance(scenarios, Scenario | str) or not isinstance(scenarios, Iterable)
        else list(scenarios)
    )
    if not given:
        raise ScenarioError("run: an empty list of scenarios was given. Give at least one.")
    out = []
    for item in given:
        if isinstance(item, Scenario):
            out.append(item)
        elif isinstance(item, str | Path):
            out.append(load_scenario(item))
        else:
            raise ScenarioError(
                f"run: {item!r} is a {type(item).__name__}. Give a Scenario or the name of one."
            )
    return out


def _identity(scenario: Scenario) -> str:
    """What decides a run, as text: place, opening, end, seed and values, not names."""
    values = {
        lever: [(step.since, step.value) for step in steps]
        for lever, steps in sorted(scenario.changes.items())
    }
    place = scenario.place.folders[0]
    return repr((str(place), scenario.opening, scenario.end, scenario.seed, values))


def _check_word(name: str, word: str, allowed: tuple[str, ...]) -> None:
    if word not in allowed:
        raise ParameterError(
            f"run: {name}: {word!r} is not one of {', '.join(allowed)}."
            + nearest(str(word), allowed)
        )


class _Steps:
    """Progress over several runs: years done and all years to do."""

    def __init__(self, scenarios: list[Scenario], progress: Progress | None) -> None:
        self.all = sum(item.end - item.opening.year + 1 for item in scenarios)
        self.done = 0
        self.progress = progress

    def __call__(self, done: int, of: int) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.all)
