"""Dated values: steps in force, the value on a day and the mean over a year.

A step holds from its day (inclusive) until the day before the next step. A step may say when it
expires (the last day on which it is in force) and what holds afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

Value = Any  # a number, a word (for choices) or a table {label: number}

KINDS = ("law", "statistic", "estimate", "assumption")
EVIDENCE = ("official", "secondary", "recalled", "none")


@dataclass(frozen=True)
class Step:
    """A value that holds from a day on, with where it comes from."""

    since: date
    value: Value
    kind: str = "assumption"
    evidence: str = "none"
    source: str = ""
    note: str = ""
    low: Value = None
    high: Value = None
    expires: date | None = None
    fallback: Value = None
    because: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Dated:
    """The steps of one value in the order of their days."""

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        days = [step.since for step in self.steps]
        if days != sorted(set(days)):
            raise ValueError("steps must have different days in ascending order")

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def effective(self) -> Dated:
        """The same value with every expiry written out as a step of its own."""
        out: list[Step] = []
        for number, step in enumerate(self.steps):
            out.append(step)
            later = self.steps[number + 1].since if number + 1 < len(self.steps) else None
            if step.expires is None:
                continue
            day_after = step.expires + timedelta(days=1)
            if later is None or day_after < later:
                out.append(
                    replace(
                        step,
                        since=day_after,
                        value=step.fallback,
                        expires=None,
                        note=f"fall-back after the expiry on {step.expires}",
                    )
                )
        return Dated(tuple(out))

    def step_on(self, day: date) -> Step:
        """The step in force on a day; the first one before its own start (KeyError if none)."""
        found = None
        for step in self.effective():
            if step.since <= day:
                found = step
        if found is None:
            raise KeyError(day)
        return found

    def on(self, day: date) -> Value:
        """The value in force on a day."""
        return self.step_on(day).value

    def shares(self, year: int) -> list[tuple[float, Step]]:
        """The steps in force in a year with the share of its days that each holds."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        days = (last - first).days + 1
        steps = [step for step in self.effective() if step.since <= last]
        out = []
        for number, step in enumerate(steps):
            start = max(step.since, first)
            end = steps[number + 1].since if number + 1 < len(steps) else date(year + 1, 1, 1)
            length = (min(end, date(year + 1, 1, 1)) - start).days
            if length > 0:
                out.append((length / days, step))
        return out

    def replaced_from(self, steps: tuple[Step, ...]) -> Dated:
        """The value with everything from the first new day on replaced by the new steps.

        An expiry that lies on or after that day is cut off with the step that carried it.
        """
        first = steps[0].since
        kept = [
            replace(step, expires=None, fallback=None)
            if step.expires is not None and step.expires >= first
            else step
            for step in self.steps
            if step.since < first
        ]
        return Dated(tuple(kept) + steps)
