"""One life: a typical person through the rules, year by year and step by step.

The rules are those of the engine; a person only supplies birth, post, record and spells. Amounts
are nominal yuan; the steps round as offices do, half up to the fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rssim.errors import ScenarioError
from rssim.inputs.place import Place, load_place
from rssim.inputs.scenario import DEFAULT_PLACE, Scenario, load_scenario
from rssim.study.person_award import death_steps
from rssim.study.person_file import PersonFile, list_persons, load_person
from rssim.study.person_life import Life, life_of
from rssim.study.person_steps import Steps

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BASELINE = "baseline"
MEASURES: dict[str, tuple[str, str, str]] = {
    "retirement_age": ("Age at the start of the pension", "领取年龄", "years"),
    "contribution_years": ("Contribution years", "缴费年限", "years"),
    "index": ("Average contribution index", "平均缴费工资指数", "index"),
    "account": ("Account at award", "个人账户储存额", "yuan"),
    "pension_m": ("Pension at award", "基本养老金", "yuan/month"),
    "annuity_m": ("Occupational annuity at award", "职业年金", "yuan/month"),
    "refund": ("Refund of the account", "一次性支付", "yuan"),
    "pension_m_real": ("Both in prices of 2026", "2026年价格", "yuan/month"),
    "replacement": ("Gross replacement of own last pay", "总替代率", "share"),
    "of_reference_wage": ("Pension over the reference wage, at award", "相对平均工资", "share"),
    "of_reference_wage_later": ("The same 20 years later", "二十年后", "share"),
    "of_reference_wage_mean": ("The same, mean through retirement", "退休期平均", "share"),
    "own_contributions": ("Own contributions, present value", "个人缴费现值", "yuan"),
    "other_contributions": ("Employer and budgets, present value", "单位和财政缴费现值", "yuan"),
    "benefits": ("Benefits, present value", "待遇现值", "yuan"),
    "net_present_value_own": ("Benefits less own contributions", "净现值(个人)", "yuan"),
    "net_present_value": ("Benefits less all contributions", "净现值(全部)", "yuan"),
    "real_return_own": ("Real return on own contributions", "实际收益率(个人)", "share"),
    "real_return_all": ("Real return on all contributions", "实际收益率(全部)", "share"),
}
"""Measure -> name, Chinese name, unit. Present values are at 1 January 2026."""


@dataclass(frozen=True, eq=False)
class Person:
    """A person's life under one scenario or several, the baseline first.

    In a notebook it shows itself; in a terminal ``print`` shows the text.
    """

    file: PersonFile
    place: Place
    lives: tuple[Life, ...]

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def life(self) -> Life:
        """The life under the last scenario, the one that was asked for."""
        return self.lives[-1]

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios in their order."""
        return [life.scenario.name for life in self.lives]

    @property
    def pension_m(self) -> float:
        """Basic pension at award [yuan/month], without an occupational annuity."""
        return self.life.measures["pension_m"]

    @property
    def years(self) -> pd.DataFrame:
        """One row for each scenario and calendar year; money in yuan/year, `_m` yuan/month."""
        import pandas as pd

        frames = []
        for life in self.lives:
            frame = pd.DataFrame(list(life.rows))
            frame.insert(0, "scenario", life.scenario.name)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    @property
    def steps(self) -> pd.DataFrame:
        """The arithmetic line by line: formula, numbers, result, article and source keys."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "scenario": life.scenario.name,
                    "part": step.part,
                    "line": step.name,
                    "zh": step.zh,
                    "formula": step.formula,
                    "numbers": step.numbers,
                    "result": step.result,
                    "unit": step.unit,
                    "article": step.article,
                    "source": ", ".join(step.sources),
                }
                for life in self.lives
                for step in life.steps
            ]
        )

    @property
    def measures(self) -> pd.DataFrame:
        """What the life comes to: a row for each measure, a column for each scenario."""
        import pandas as pd

        rows = {
            key: {"name": name, "zh": zh, "unit": unit}
            | {life.scenario.name: life.measures[key] for life in self.lives}
            for key, (name, zh, unit) in MEASURES.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index")

    def result(self, line: str) -> float | str:
        """The result of a step by its English or Chinese name, under the last scenario."""
        from rssim.errors import ParameterError, nearest

        for step in self.life.steps:
            if line in (step.name, step.zh):
                return step.result
        names = [step.name for step in self.life.steps]
        raise ParameterError(f"{line}: {self.name} has no such step." + nearest(line, names))

    def death(self, year: int, month: int = 1) -> dict[str, float]:
        """Funeral and survivors' grant if the person dies in a month [yuan].

        Before the award the record is that of the award: give the month of retirement.
        """
        outlook = self.life.outlook
        at = year * 12 + month - 1
        since = self.life.retire
        received = (at - since) / 12 if self.life.parts and at >= since else None
        return death_steps(Steps(outlook, at), self.life.record, outlook, at, received)

    def text(self, steps: bool = False) -> str:
        """The life as text; steps adds the arithmetic with the article behind each line."""
        from rssim.study.person_text import person_text

        return person_text(self, steps)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Contributions below the line of zero, pension above it, over the years of the life."""
        from rssim.study.person_plot import life_line

        return life_line(self, ax)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from rssim.study.person_text import person_html

        return person_html(self)


def person(
    name: str | Path | dict[str, Any],
    place: str | Path | None = None,
    retire: str | int | None = None,
    scenario: str | Scenario | Sequence[str | Scenario] = BASELINE,
) -> Person:
    """The life of a person: contributions, account, award step by step, and what it is worth.

    name      a person that the place knows (``rssim.persons()``), a YAML file, or its mapping
    place     where the person is insured; of the scenario, or Guangzhou, where it is not given
    retire    statutory, early, late, a year or a year-month; wins over the file
    scenario  one or several; all but the baseline are shown beside it
    Raises PersonError, PlaceError or ScenarioError with every fault that was found.
    """
    given = [scenario] if isinstance(scenario, str | Scenario | Path) else list(scenario)
    if not given:
        raise ScenarioError("person: an empty list of scenarios was given. Give at least one.")
    found = next((item.place for item in given if isinstance(item, Scenario)), None)
    where = load_place(place) if place is not None else found or load_place(DEFAULT_PLACE)
    chosen = [
        item if isinstance(item, Scenario) else load_scenario(str(item), place=where)
        for item in given
    ]
    faults = [
        f"person: the scenario {item.name} is of {item.place.key}, the person of {where.key}."
        for item in chosen
        if item.place.key != where.key
    ]
    if faults:
        raise ScenarioError(faults)
    if chosen[0].changes:
        base = replace(chosen[0], name=BASELINE, title="Baseline", zh="基准", changes={}, parts=())
        chosen.insert(0, base)
    file = load_person(name, where, retire)
    return Person(file, where, tuple(life_of(file, item) for item in chosen))


def persons(place: str | Path = DEFAULT_PLACE) -> list[str]:
    """Names of the persons that come with a place."""
    return list(list_persons(load_place(place)))
