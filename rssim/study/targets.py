"""The numeric targets of a plan: what was set, what came out, what the model says, met or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rssim.errors import ParameterError, nearest
from rssim.inputs.place import Place, load_place
from rssim.inputs.scenario import DEFAULT_PLACE, Scenario, load_scenario, value_on
from rssim.study.target_file import NOT_MODELLED, Outcome, Target, load_targets

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

DEFAULT_YEAR = 2024


@dataclass(frozen=True)
class Score:
    """One target in one year: official outcome and model value, in the unit of the target.

    pinned  the model was calibrated to a count of this series, so its value is no forecast
    """

    target: Target
    outcome: Outcome | None
    model: float | None
    pinned: bool = False

    @property
    def met(self) -> str:
        """Whether the published outcome meets the target; an assumption is no answer."""
        if self.outcome is None or self.outcome.assumed:
            return "not known"
        return "met" if self.target.met_by(self.outcome.value) else "missed"

    @property
    def met_in_model(self) -> str:
        """Whether the value of the run meets the target; says where it is calibrated to."""
        if self.model is None:
            return NOT_MODELLED if not self.target.modelled else "before the run"
        found = "met" if self.target.met_by(self.model) else "missed"
        return f"{found} (calibrated to)" if self.pinned else found

    @property
    def outcome_gap(self) -> float | None:
        """Published or assumed outcome less target, in the unit of the target."""
        return None if self.outcome is None else self.outcome.value - self.target.value

    @property
    def model_gap(self) -> float | None:
        """Model value less target, in the unit of the target."""
        return None if self.model is None else self.model - self.target.value

    def record(self) -> dict[str, Any]:
        """The score as plain data."""
        target, outcome = self.target, self.outcome
        return {
            "target": target.key,
            "systems": " ".join(target.systems),
            "name": target.name,
            "zh": target.zh,
            "unit": target.unit,
            "year": target.year,
            "meets": target.meets,
            "value": target.value,
            "outcome": outcome.value if outcome else None,
            "outcome_kind": outcome.kind if outcome else "",
            "outcome_evidence": outcome.evidence if outcome else "",
            "outcome_low": outcome.low if outcome else None,
            "outcome_high": outcome.high if outcome else None,
            "outcome_source": outcome.source if outcome else "",
            "outcome_gap": self.outcome_gap,
            "met": self.met,
            "model": self.model,
            "model_gap": self.model_gap,
            "met_in_model": self.met_in_model,
            "measured_by": target.measured_by,
        }


@dataclass(frozen=True)
class Scoreboard(Sequence[Score]):
    """The targets of one year beside what came out and what a run of the model says."""

    place: Place
    year: int
    scenario: str
    scores: tuple[Score, ...]

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, at: Any) -> Any:
        return self.scores[at]

    def __iter__(self) -> Iterator[Score]:
        return iter(self.scores)

    def score(self, key: str) -> Score:
        """The score of one target."""
        found = {item.target.key: item for item in self.scores}
        if key not in found:
            raise ParameterError(f"{key}: there is no such target." + nearest(key, found))
        return found[key]

    @property
    def records(self) -> list[dict[str, Any]]:
        return [item.record() for item in self.scores]

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each target, plain units."""
        import pandas as pd

        return pd.DataFrame(self.records).set_index("target")

    def rows(self) -> list[tuple[str, ...]]:
        """The scoreboard as text, the first row the header."""
        out: list[tuple[str, ...]] = [
            ("Target", "Set", "Outcome", "Met?", "Model (less target)", "Met in the model?")
        ]
        for item in self.scores:
            target = item.target
            model = figure(item.model, target.unit)
            if item.model_gap is not None:
                model += f" ({figure(item.model_gap, target.unit, signed=True)})"
            out.append(
                (
                    f"{target.name} ({' '.join(target.systems)})",
                    f"{SIGNS[target.meets]} {figure(target.value, target.unit)} "
                    + ("%" if target.unit == "share" else target.unit),
                    outcome_text(item.outcome, target.unit),
                    item.met,
                    model,
                    item.met_in_model,
                )
            )
        return out

    def counts(self) -> dict[str, int]:
        """How many targets there are, how many have a published outcome, and so on."""
        return {
            "in all": len(self.scores),
            "with a published outcome": sum(
                1 for item in self.scores if item.outcome and not item.outcome.assumed
            ),
            "with an assumed outcome": sum(
                1 for item in self.scores if item.outcome and item.outcome.assumed
            ),
            "without an outcome": sum(1 for item in self.scores if item.outcome is None),
            "measured by the model": sum(1 for item in self.scores if item.target.modelled),
            NOT_MODELLED: sum(1 for item in self.scores if not item.target.modelled),
        }

    def text(self) -> str:
        """The scoreboard for a terminal."""
        from rssim.study.headline import text_table

        counts = self.counts()
        lines = [
            f"Targets of {self.year} · {self.place.name} {self.place.zh} · model: {self.scenario}",
            "",
            text_table(self.rows()),
            "",
            "Targets: " + ", ".join(f"{number} {name}" for name, number in counts.items()) + ".",
            "An assumed outcome answers nothing. 'Calibrated to': the run opens on a count of it.",
            "The model has no draws yet: a target is met or missed, without a probability.",
        ]
        return "\n".join(lines)

    __repr__ = text

    def _repr_html_(self) -> str:
        from rssim.study.pages import table

        caption = f"Targets of {self.year} in {self.place.name}; model: {self.scenario}"
        return table(self.rows(), caption)._repr_html_()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Outcome and model over target, one line for each target."""
        from rssim.study.target_plot import scoreboard

        return scoreboard(self, ax)


SIGNS = {"at least": "≥", "at most": "≤", "exactly": "="}


def figure(value: float | None, unit: str, signed: bool = False) -> str:
    """A value for reading; shares in per cent."""
    if value is None:
        return "–"
    text = f"{100 * value:.4g}" if unit == "share" else f"{round(value) + 0.0:,.0f}"
    return f"+{text}" if signed and value > 0 and text != "0" else text


def outcome_text(outcome: Outcome | None, unit: str) -> str:
    """An outcome for reading, with its evidence, or its range where it is assumed."""
    if outcome is None:
        return "none found"
    text = figure(outcome.value, unit)
    if outcome.low is not None and outcome.high is not None:
        text += f" [{figure(outcome.low, unit)} to {figure(outcome.high, unit)}]"
    return f"{text} {'assumed' if outcome.assumed else outcome.evidence}"


def targets(
    place: str | Path = DEFAULT_PLACE,
    year: int = DEFAULT_YEAR,
    scenario: str | Scenario = "baseline",
) -> Scoreboard:
    """The numeric targets that a place set itself for a year: outcome, model value, met or not.

    place     a packaged place or a folder that has a targets.yaml, or whose parent has one
    year      the year for which targets were set
    scenario  the run that is compared, a name, a file or a scenario
    Raises    PlaceError with all faults of the file; ParameterError where the year has no target.
    Limits:   one run, no draws: met or missed, and no probability.
    """
    found = load_place(place)
    known = load_targets(found)
    chosen = [item for item in known.values() if item.year == year]
    if not chosen:
        years = sorted({item.year for item in known.values()})
        raise ParameterError(
            f"targets: no target of {found.key} is set for {year!r}; there are targets for "
            f"{', '.join(map(str, years))}."
        )
    base = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, place=found)
    values = model_values(chosen, base, year)
    moments = found.calibration.get(base.opening, {})
    scores = tuple(
        Score(
            item,
            item.outcome(year),
            values.get(item.key),
            pinned=item.series in moments and year <= base.opening.year,
        )
        for item in chosen
    )
    return Scoreboard(found, year, base.name, scores)


def model_values(chosen: Sequence[Target], scenario: Scenario, year: int) -> dict[str, float]:
    """Target -> value of the run in a year, in the unit of the target; the first draw's."""
    from rssim.study.run import simulate

    out = {}
    for item in chosen:
        found = [value_on(scenario, lever, date(year, 12, 31)) for lever in item.levers]
        if found and all(isinstance(value, int | float) for value in found):
            out[item.key] = float(sum(found))
    measured = [item for item in chosen if item.series]
    if measured and year >= scenario.opening.year:
        dated = [step.since.year for steps in scenario.changes.values() for step in steps]
        end = max(year, *dated) if dated else year  # a change after the last year is refused
        headline = simulate(scenario.until(end), keep=False, trace=False).headline
        for item in measured:
            out[item.key] = float(headline[item.series][0, year - scenario.opening.year])
    return out
