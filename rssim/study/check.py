"""The audit of a place: labels, completeness, bounds, sums, sources, and what the model meets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from rssim.cohorts.calibration import Calibration
from rssim.dated import EVIDENCE, KINDS, Step
from rssim.errors import RssimError
from rssim.inputs.assemble import assemble, opening_population
from rssim.inputs.place import LAYERS, PARAMS, Place, load_place
from rssim.inputs.scenario import DEFAULT_END, Scenario, plain

TOLERANCE = 0.005
"""Largest relative gap between the opening population and a published total of the same day."""
POPULATION_NAMES = ("population", "population_before_opening")


@dataclass
class Report:
    """What an audit found: sections of lines, and faults that must be mended."""

    place: str
    sections: list[tuple[str, list[str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """Exit code of the command: 0 where all is well, 2 where there are faults."""
        return 2 if self.faults else 0

    def add(self, title: str, lines: list[str]) -> None:
        self.sections.append((title, lines))

    def text(self) -> str:
        """The report as plain text, faults last."""
        out = [f"Check of {self.place}"]
        for title, lines in self.sections:
            out += ["", title, *(f"  {line}" for line in lines)]
        out += [""]
        if self.faults:
            out += [f"{len(self.faults)} fault{'s' if len(self.faults) > 1 else ''}:"]
            out += [f"  {fault}" for fault in self.faults]
        else:
            out += ["No faults."]
        return "\n".join(out)


def check(name: str | Path, calibration: bool = False, end: int = DEFAULT_END) -> Report:
    """The audit of a place by name or folder; every fault is in the report, none is raised.

    calibration  adds which moment pinned which constant and the model against published figures
    end          last year for which tables and values must reach
    """
    try:
        place = load_place(name)
    except RssimError as fault:
        return Report(str(name), faults=list(fault.faults))
    report = Report(f"{place.name} ({place.key})")
    report.add("Place", _about(place))
    report.add("Values", _values(place, report.faults))
    report.add("Kinds and evidence of the values in force", _shares(place))
    report.add("Sources", _sources(place, report.faults))
    report.add("Persons", _persons(place, report.faults))
    report.add("Plan: systems and targets", _plan(place, report.faults))
    report.add("Population", _population(place, report.faults))
    report.add("Tables and values over the years", _years(place, end, report.faults))
    report.faults = list(dict.fromkeys(report.faults))
    if calibration and not report.faults:
        for opening in sorted(place.openings):
            _calibration(place, opening, report)
    return report


def _about(place: Place) -> list[str]:
    groups = ", ".join(place.axes.group_names)
    parents = ", ".join(folder.name for folder in place.folders[1:]) or "nothing"
    lines = [
        f"{place.level}; inherits from {parents}",
        f"groups: {groups}",
        "openings: " + ", ".join(str(day) for day in sorted(place.openings)),
    ]
    for key in ("scope", "licence"):
        text = " ".join(str(place.about.get(key) or "").split())
        lines += [f"{key}: {text}"] if text else []
    statement = " ".join(str(place.fund.get("statement") or "").split())
    return [*lines, f"fund: {statement}"] if statement else lines


def _persons(place: Place, faults: list[str]) -> list[str]:
    """The files of persons and the values of schemes without a fund, all of them read."""
    from rssim.study.person_file import list_persons, load_person
    from rssim.study.person_outlook import schemes_of

    lines = []
    for path in list_persons(place).values():
        try:
            load_person(path, place)
        except RssimError as fault:
            faults += fault.faults
    try:
        lines.append(f"values of schemes without a fund: {len(schemes_of(place.folders))}")
    except RssimError as fault:
        faults += fault.faults
    return [f"persons: {', '.join(list_persons(place)) or 'none'}", *lines]


def _plan(place: Place, faults: list[str]) -> list[str]:
    """The register of the plan with its links, and the targets."""
    from rssim.study.register import audit

    lines, found = audit(place)
    faults += found
    return lines


def _values(place: Place, faults: list[str]) -> list[str]:
    """How many levers have own values, and whether each value lies within its own range."""
    lines = []
    for layer in LAYERS:
        keys = [key for key, param in PARAMS.items() if param.layer == layer]
        own = [key for key in keys if place.entries[key].place == place.key]
        lines.append(
            f"{layer}: {len(keys)} levers, {len(own)} with own values, "
            f"{len(keys) - len(own)} inherited"
        )
    for key, entry in place.entries.items():
        for step in entry.dated:
            for where, low, value, high in _ranges(step):
                if not low <= value <= high:
                    faults.append(
                        f"{entry.file}: {key}: {step.since}{where}: the value {value:g} lies "
                        f"outside its own range {low:g} to {high:g}."
                    )
    return lines


def _ranges(step: Step) -> Iterator[tuple[str, float, float, float]]:
    """Low, value and high of a step, for each label of a table."""
    if step.low is None or step.high is None:
        return
    yield from _nested("", step.low, step.value, step.high)


def _nested(
    where: str, low: Any, value: Any, high: Any
) -> Iterator[tuple[str, float, float, float]]:
    tables = [item for item in (low, value, high) if isinstance(item, dict)]
    if not tables:
        if all(isinstance(item, int | float) for item in (low, value, high)):
            yield where, float(low), float(value), float(high)
        return
    for label in tables[0]:
        parts = [item.get(label) if isinstance(item, dict) else item for item in (low, value, high)]
        if all(part is not None for part in parts):
            yield from _nested(f": {label}", *parts)


def in_force(place: Place, day: date) -> dict[str, Step]:
    """The step of each lever that is in force on a day; levers without one are left out."""
    out = {}
    for key, entry in place.entries.items():
        try:
            out[key] = entry.dated.step_on(day)
        except KeyError:
            continue
    return out


def _shares(place: Place) -> list[str]:
    day = max(place.openings)
    steps = in_force(place, day)
    lines = [f"on {day}, {len(steps)} values:"]
    for title, words, attribute in (("kind", KINDS, "kind"), ("evidence", EVIDENCE, "evidence")):
        counts = Counter(getattr(step, attribute) for step in steps.values())
        parts = [f"{word} {counts[word]} ({counts[word] / len(steps):.0%})" for word in words]
        lines.append(f"by {title}: " + ", ".join(parts))
    assumed = [key for key, step in steps.items() if step.kind == "assumption"]
    lines.append("assumptions: " + (", ".join(sorted(assumed)) or "none"))
    return lines


def _sources(place: Place, faults: list[str]) -> list[str]:
    """Each source with the number of values that rest on it; moments and scores count too."""
    counts: Counter[str] = Counter()
    for entry in place.entries.values():
        counts.update(step.source for step in entry.dated if step.source)
    observed = [
        (f"calibration.yaml: {day}: {name}", item)
        for day, moments in place.calibration.items()
        for name, item in moments.items()
        if isinstance(item, dict)
    ]
    observed += [(f"calibration.yaml: score: {item.get('name')}", item) for item in place.score]
    for where, item in observed:
        source = str(item.get("source") or "")
        if not source:
            faults.append(f"{place.key}: {where}: the key 'source' is missing.")
        elif source not in place.sources:
            faults.append(f"{place.key}: {where}: source {source!r} is not in sources.yaml.")
        counts[source] += 1
    bare = []
    for key, entry in place.entries.items():
        for step in entry.dated:
            if not step.source and step.kind == "assumption":
                bare.append(f"{key} ({step.since})")
            elif not step.source:
                faults.append(f"{entry.file}: {key}: {step.since}: a {step.kind} needs a source.")
    lines = [f"{len(counts)} sources carry {sum(counts.values())} values and figures"]
    for key, number in counts.most_common():
        known = place.sources.get(key)
        lines.append(f"{number:4d}  {key}: {known.text() if known else 'unknown'}")
    return [*lines, "assumptions without a source: " + ", ".join(bare)] if bare else lines


def _population(place: Place, faults: list[str]) -> list[str]:
    """Opening people in total and by group, against published totals of the day before."""
    lines = []
    for opening in sorted(place.openings):
        try:
            people = opening_population(place, opening)[0]
        except RssimError as fault:
            faults += fault.faults
            continue
        total = float(people.sum())
        lines.append(f"{opening}: {total:,.0f} people")
        names = place.axes.group_names
        if len(names) > 1:
            lines += [
                f"  {name}: {float(people[at].sum()):,.0f} ({float(people[at].sum()) / total:.1%})"
                for at, name in enumerate(names)
            ]
        lines += _against_published(place, opening, total, faults)
    return lines


def _against_published(place: Place, opening: date, total: float, faults: list[str]) -> list[str]:
    moments = place.calibration.get(opening, {})
    found: list[tuple[str, float]] = [
        (f"calibration {name}", float(item["value"]))
        for name, item in moments.items()
        if name in POPULATION_NAMES and isinstance(item, dict)
    ]
    found += [
        ("score population", float(item["value"]))
        for item in place.score
        if item.get("name") == "population" and item.get("year") == opening.year - 1
    ]
    if not found:
        return ["  no published total of that day stands in calibration.yaml"]
    lines = []
    for where, published in found:
        gap = total / published - 1.0
        lines.append(f"  published {published:,.0f} ({where}): gap {gap:+.3%}")
        if abs(gap) > TOLERANCE:
            faults.append(
                f"{place.key}: the opening population {total:,.0f} of {opening} differs from the "
                f"published {published:,.0f} by {gap:+.2%}; up to {TOLERANCE:.1%} is allowed."
            )
    return lines


def _years(place: Place, end: int, faults: list[str]) -> list[str]:
    """Whether every table and value reaches from each opening to the last year."""
    lines = []
    for opening in sorted(place.openings):
        try:
            inputs = assemble(Scenario("baseline", place, opening, end), trace=False)
        except RssimError as fault:
            faults += fault.faults
            continue
        lines.append(
            f"{opening} to {end}: law, outlook, behaviour and rate tables of {len(inputs.years)} "
            "years are complete"
        )
        for year in inputs.years:
            for name in ("death_rates", "fertility", "net_migrants", "in_profile", "out_profile"):
                if not np.isfinite(getattr(year, name)).all():
                    faults.append(f"{place.key}: {name} of {year.year} holds a gap.")
    return lines


# The calibration report -------------------------------------------------------------------------


def _calibration(place: Place, opening: date, report: Report) -> None:
    from rssim.study.run import calibrated, simulate

    scenario = Scenario("baseline", place, opening, opening.year + 1)
    try:
        found = calibrated(scenario)
    except RssimError as fault:
        report.faults += fault.faults
        return
    report.add(f"Calibration {opening}: which moment pinned which constant", _pinned(found))
    report.add(f"Calibration {opening}: what the history gave", _history(found))
    unused = _unused(place, opening, {line.moment for line in found.lines})
    report.add(f"Calibration {opening}: figures that are not used", unused or ["none"])
    scored = [item for item in place.score if int(item.get("year", 0)) >= opening.year]
    if scored:
        end = min(max(int(item["year"]) for item in scored), DEFAULT_END)
        try:
            headline = simulate(scenario.until(end), keep=False, trace=False).headline
        except RssimError as fault:
            report.faults += fault.faults
            return
        report.add(
            f"Score {opening}: the model against figures that pin no constant (some are inputs)",
            _scored(scored, headline, opening.year),
        )


def _pinned(found: Calibration) -> list[str]:
    rows = [("moment", "at", "observed", "model", "unit", "constant", "value", "known as")]
    for line in found.lines:
        rows.append(
            (
                line.moment,
                line.at,
                _figure(line.observed),
                _figure(line.model),
                line.unit,
                line.constant,
                _figure(line.value),
                f"{line.kind}, {line.evidence}",
            )
        )
    lines = columns(rows)
    lines += [f"{line.moment}: {line.source}. {line.note}".strip() for line in found.lines]
    return lines


def _history(found: Calibration) -> list[str]:
    scales = found.scales
    return [
        f"pensioners: {scales['pensioners_of_history']:,.0f} from the history, "
        f"{scales['pensioners_at_opening']:,.0f} after the published number was met",
        f"mean pension: {scales['mean_pension_of_history_m']:,.0f} yuan a month from the history, "
        f"{scales['mean_pension_at_opening_m']:,.0f} after the published spending was met",
    ]


def _unused(place: Place, opening: date, pinned: set[str]) -> list[str]:
    lines = []
    for name, item in place.calibration.get(opening, {}).items():
        if not isinstance(item, dict):
            continue
        use = str(item.get("use", "calibration"))
        if use != "calibration" or name not in pinned:
            reason = f"use: {use}" if use != "calibration" else "no constant is pinned by it"
            lines.append(f"{name}: {plain(item.get('value'))} {item.get('unit', '')} ({reason})")
    return lines


def _scored(scored: list[dict[str, Any]], headline: dict[str, Any], first: int) -> list[str]:
    rows = [("series", "year", "published", "model", "model / published − 1", "known as")]
    for item in scored:
        name, year, value = str(item["name"]), int(item["year"]), float(item["value"])
        key = next((key for key in (name, f"employee_pension.{name}") if key in headline), "")
        known = f"{item.get('kind', '')}, {item.get('evidence', '')}"
        if not key:
            rows.append((name, str(year), _figure(value), "no such series", "", known))
            continue
        model = float(headline[key][:, year - first].mean())
        gap = f"{model / value - 1.0:+.1%}" if value else ""
        rows.append((name, str(year), _figure(value), _figure(model), gap, known))
    return columns(rows)


def _figure(value: float) -> str:
    """A figure for reading: whole and set off in thousands where it is large."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines of text with columns below one another."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
