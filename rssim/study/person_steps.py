"""The award of a person step by step: each line with its formula, numbers, result and law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rssim.rules import retirement
from rssim.rules.elementwise import half_up
from rssim.study.person_file import MONTHS, PersonFile, month_text
from rssim.study.person_outlook import Outlook

CENTS = 2


@dataclass(frozen=True)
class Step:
    """One line of the arithmetic.

    part     what it belongs to: retirement, record, award, ...
    name     what is found, with the Chinese term
    formula  in words or letters, numbers the same with the numbers put in
    result   value or words, unit of it
    article  the law behind the line, sources the keys of the place
    """

    part: str
    name: str
    zh: str
    formula: str
    numbers: str
    result: float | str
    unit: str
    article: str
    sources: tuple[str, ...]

    @property
    def text(self) -> str:
        """The result for reading."""
        return self.result if isinstance(self.result, str) else amount(self.result, self.unit)


@dataclass
class Steps:
    """The lines in order, and their results by name of the code."""

    outlook: Outlook
    month: int
    lines: list[Step] = field(default_factory=list)

    def add(
        self,
        part: str,
        name: str,
        zh: str,
        formula: str,
        numbers: str,
        result: float | str,
        unit: str = "",
        *,
        law: tuple[str, str] = ("", ""),
        levers: Sequence[str] = (),
    ) -> float:
        """Adds a line and gives its result back.

        law     key of the source of the formula and its article
        levers  values that the line reads; the sources of those in force are added
        """
        found = [law[0], *(self.outlook.source(key, self.month) for key in levers)]
        self.lines.append(
            Step(
                part=part,
                name=name,
                zh=zh,
                formula=formula,
                numbers=numbers,
                result=result if isinstance(result, str) else float(result),
                unit=unit,
                article=law[1],
                sources=tuple(dict.fromkeys(key for key in found if key)),
            )
        )
        return 0.0 if isinstance(result, str) else float(result)


def amount(value: float, unit: str = "") -> str:
    """A number for reading: money with two decimals, shares in per cent."""
    if unit == "share":
        return f"{100 * value:.2f} %"
    if unit.startswith("yuan"):
        return f"{value:,.2f}"
    if unit in ("months", "month of age"):
        return f"{value:,.1f}".removesuffix(".0")
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def age_text(months: float) -> str:
    """An age in months as years and months."""
    return f"{int(months) // MONTHS}y{int(months) % MONTHS}m"


def cents(value: float) -> float:
    """A part of a pension as offices round it: half up to the fen."""
    return float(half_up(value, CENTS))


# Retirement -------------------------------------------------------------------------------------


def retirement_steps(
    steps: Steps, file: PersonFile, dates: dict[str, float], chosen: int, words: str
) -> None:
    """Statutory age, the window around it and the month that is chosen."""
    law = ("npc-2024-delay", "Measures of 2024-09-13, articles 1 and 2")
    part = "retirement"
    born = month_text(file.birth)
    steps.add(
        part,
        "age of the old law",
        "原法定退休年龄",
        "by sex and post",
        f"{file.sex}, {file.track}",
        age_text(dates["original"]),
        law=("retirement-rules-1978", "rules of 1978"),
        levers=["retirement.original_age"],
    )
    steps.add(
        part,
        "delay",
        "延迟月数",
        "one month per step begun, at most the cap",
        f"born {born}, old age reached {month_text(file.birth + dates['original'])}",
        dates["delay"],
        "months",
        law=law,
        levers=["retirement.delay_step_months", "retirement.delay_cap_months"],
    )
    steps.add(
        part,
        "statutory age",
        "法定退休年龄",
        "old age + delay",
        f"{age_text(dates['original'])} + {dates['delay']:g} months",
        f"{age_text(dates['statutory'])} in {month_text(file.birth + dates['statutory'])}",
        law=law,
    )
    earliest = month_text(file.birth + dates["earliest"])
    latest = month_text(file.birth + dates["latest"])
    steps.add(
        part,
        "window of flexible retirement",
        "弹性退休",
        "statutory age − early limit, not below the old age; + late limit by agreement",
        f"{age_text(dates['earliest'])} to {age_text(dates['latest'])}",
        f"{earliest} to {latest}",
        law=("npc-2024-delay", "Decision of 2024-09-13, on flexible retirement"),
        levers=["retirement.early_max_months", "retirement.late_max_months"],
    )
    age = float(chosen - retirement.month_index(file.birth_year, file.birth_month))
    steps.add(
        part,
        "retirement",
        "退休时间",
        words,
        f"at {age_text(age)}",
        f"{month_text(chosen)}, first pension {month_text(chosen + 1)}",
        law=("npc-2024-delay", "Decision of 2024-09-13"),
    )
