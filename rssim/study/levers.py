"""Lever cards: what a lever is, its dated values in a place, the law behind them, who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from rssim.dated import Step
from rssim.errors import ParameterError, nearest
from rssim.inputs.place import LAYERS, PARAMS, Entry, Place, load_place
from rssim.inputs.scenario import DEFAULT_PLACE, Scenario, plain, value_on
from rssim.records import UNITS, Param

AS_OF = date(2026, 1, 1)
"""The day for which a card says what is in force: the first one after the years that are known.

Not the day of the clock, so that the same release prints the same card at any time.
"""
ALL_PAGE = "levers/all"
TRACED_YEARS = 3


@dataclass(frozen=True)
class Lever:
    """One number of the law, the outlook or behaviour, as one place has it.

    Cheap to make: the place is read when a value is asked for, a run is made (once for each place)
    when the readers are asked for.
    """

    param: Param
    place: str | Path = DEFAULT_PLACE

    @property
    def key(self) -> str:
        return self.param.key

    @property
    def name(self) -> str:
        return self.param.name

    @property
    def zh(self) -> str:
        return self.param.zh

    @property
    def unit(self) -> str:
        return self.param.unit

    @property
    def module(self) -> str:
        return self.param.module

    @property
    def layer(self) -> str:
        return self.param.layer

    @property
    def bounds(self) -> tuple[float, float]:
        return self.param.bounds

    @property
    def choices(self) -> tuple[str, ...]:
        return self.param.choices

    @property
    def dims(self) -> tuple[str, ...]:
        return self.param.dims

    @property
    def about(self) -> str:
        return self.param.about

    @property
    def formula(self) -> str:
        return self.param.formula

    @property
    def page(self) -> str:
        """The page of the book that explains the lever."""
        return self.param.page or ALL_PAGE

    @property
    def entry(self) -> Entry:
        """The dated values and the index rule of the place."""
        return self._place.entry(self.key)

    @property
    def _place(self) -> Place:
        return load_place(self.place)

    @property
    def place_name(self) -> str:
        return self._place.name

    @property
    def steps(self) -> tuple[Step, ...]:
        """The dated values, an expiry written out as a step of its own."""
        return self.entry.dated.effective().steps

    def on(self, day: date) -> Any:
        """The value in force on a day in the unit of the lever, or the word 'formula'."""
        return value_on(_baseline(self._place), self.key, day)

    @property
    def value(self) -> Any:
        """The value in force on :data:`AS_OF`, or the word 'formula'."""
        return self.on(AS_OF)

    @property
    def index_text(self) -> str:
        """What the value does after the last published one, in words."""
        index = self.entry.index
        tail = f" {index.note}" if index.note else ""
        if index.rule == "model":
            return f"after {index.last}: {self.formula}.{tail}"
        if index.rule == "series":
            rounded = f", rounded to {index.rounding:g}" if index.rounding else ""
            lag = f" of {index.lag} year{'s' if index.lag > 1 else ''} before" if index.lag else ""
            return f"after {index.last}: grows with {index.series}{lag}{rounded}.{tail}"
        if index.rule == "value_of":
            return f"after {index.last}: takes the value of {index.series}.{tail}"
        return f"the last value stays.{tail}"

    def source_text(self, step: Step) -> str:
        """Issuer, title, number, date and address of the source of a step."""
        source = self._place.sources.get(step.source)
        return source.text() if source else step.source

    @cached_property
    def readers(self) -> tuple[str, ...]:
        """The functions that read the lever in the first years of the baseline of the place."""
        return _readers(self.place).get(self.key, ())

    @property
    def limits_text(self) -> str:
        """What is allowed, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        low, high = self.bounds
        if low == -float("inf") and high == float("inf"):
            return "any number"
        if high == float("inf"):
            return f"{low:g} or more"
        return f"{low:g} to {high:g}"

    def to_text(self, readers: bool = True) -> str:
        """The card as plain text; readers=False leaves out what needs a run."""
        unit = f"{self.unit} ({UNITS[self.unit]})" if UNITS[self.unit] != self.unit else self.unit
        rows = [
            ("Unit", unit),
            ("Allowed", self.limits_text),
            *([("Differs by", ", ".join(self.dims))] if self.dims else []),
            ("Part of", f"{self.layer}: {self.module.replace('_', ' ')}"),
            ("Place", f"{self.place_name} (values of {self.entry.place})"),
            (f"On {AS_OF}", plain(self.value)),
            ("Afterwards", self.index_text),
            *([("Read by", ", ".join(self.readers) or _NOT_READ)] if readers else []),
            ("Page", f"book/{self.page}.md"),
        ]
        lines = [self.key, f"  {self.name} · {self.zh}"]
        lines += [f"  {self.about}"] if self.about else []
        lines += [f"  {label:<14} {text}" for label, text in rows]
        lines += ["  Values (since, value, kind, evidence, source):"]
        for step in self.steps:
            lines.append(
                f"    {step.since}  {plain(step.value):<10}  {step.kind}, {step.evidence}: "
                f"{step.source or 'no source'}{_range_text(step)}"
            )
            lines += [f"      {step.note}"] if step.note else []
        lines += ["  Sources:"]
        for key in dict.fromkeys(step.source for step in self.steps if step.source):
            source = self._place.sources.get(key)
            lines.append(f"    {key}: {source.text() if source else 'unknown'}")
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """The card as Markdown without headings, for a page of the book."""
        rows = [
            ("Key", f"`{self.key}`"),
            ("Unit", f"{self.unit}: {UNITS[self.unit]}"),
            ("Allowed", self.limits_text),
            ("Part of", f"{self.layer}: {self.module.replace('_', ' ')}"),
            (f"In {self.place_name} on {AS_OF}", plain(self.value)),
            ("Afterwards", self.index_text),
            ("Read by", ", ".join(f"`{name}`" for name in self.readers) or _NOT_READ),
        ]
        lines = [f"**{_cell(self.name)}** · {_cell(self.zh)}", ""]
        lines += [_cell(self.about), ""] if self.about else []
        lines += ["| What | Says |", "|---|---|"]
        lines += [f"| {label} | {_cell(text)} |" for label, text in rows]
        lines += ["", "| Since | Value | Kind | Evidence | Source |", "|---|---|---|---|---|"]
        above = ""
        for step in self.steps:
            source = _cell(self.source_text(step))
            shown = "the same" if source and source == above else source
            lines.append(
                f"| {step.since} | {_cell(plain(step.value) + _range_text(step))} | {step.kind} | "
                f"{step.evidence} | {shown} |"
            )
            above = source
        return "\n".join(lines)

    def __repr__(self) -> str:
        return (
            f"Lever {self.key} · {self.zh}: {plain(self.value)} {self.unit} in {self.place_name} "
            f"on {AS_OF}, allowed {self.limits_text}"
        )

    def _repr_html_(self) -> str:
        from rssim.study.html import lever_html

        return lever_html(self)


_NOT_READ = "nothing in the first years of the baseline; a rule that is not in force reads it"


def lever(key: str, place: str | Path = DEFAULT_PLACE) -> Lever:
    """The card of one lever in a place; an unknown key names the nearest ones."""
    if key not in PARAMS:
        raise ParameterError(f"{key}: there is no such lever." + nearest(key, PARAMS))
    return Lever(PARAMS[key], place)


def levers(layer: str | None = None, place: str | Path = DEFAULT_PLACE) -> list[Lever]:
    """All levers in the order of the records, or those of one layer: law, economy, behaviour."""
    if layer is not None and layer not in LAYERS:
        raise ParameterError(
            f"{layer!r} is not a layer; there are {', '.join(LAYERS)}." + nearest(layer, LAYERS)
        )
    return [Lever(item, place) for item in PARAMS.values() if layer in (None, item.layer)]


def _baseline(place: Place) -> Scenario:
    opening = max(place.openings)
    return Scenario("baseline", place, opening, opening.year + TRACED_YEARS - 1)


@cache
def _readers(place: str | Path) -> dict[str, tuple[str, ...]]:
    """Lever -> the functions that read it in a traced run of the first years of the baseline."""
    from rssim.cohorts.calibration import calibrate
    from rssim.cohorts.engine import run
    from rssim.inputs.assemble import assemble

    scenario = _baseline(load_place(place))
    found = calibrate(assemble(scenario.until(scenario.opening.year + 1)))
    inputs = assemble(scenario)
    run(inputs, found.opening, found.constants)
    return {key: tuple(sorted(readers)) for key, readers in inputs.trace.reads.items()}


def _range_text(step: Step) -> str:
    if step.low is None and step.high is None:
        return ""
    return f" (range {plain(step.low)} to {plain(step.high)})"


def _cell(text: str) -> str:
    """A text that may stand in a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", r"\|")
