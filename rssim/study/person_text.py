"""A person as text and as HTML: the facts, what the life comes to, the years, the steps."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from rssim.study import html
from rssim.study.headline import text_table, width
from rssim.study.person_file import month_text
from rssim.study.person_life import Life
from rssim.study.person_steps import Step, age_text, amount

if TYPE_CHECKING:
    from rssim.study.person import Person

EVERY = 5
LAST_AGE = 90
PARTS = {
    "retirement": "When 退休时间",
    "moving": "Moving between places 关系转移",
    "record": "The record at award 缴费记录",
    "exemption": "Exemption 免参保",
    "unemployment": "Unemployment insurance 失业保险",
    "residents": "Residents' scheme 城乡居民养老保险",
    "award": "The award 待遇核定",
    "public": "Government and public institutions 机关事业单位",
    "death": "At death 遗属待遇",
}
SEXES = {"male": "man 男", "female": "woman 女"}
TRACKS = {"cadre": "cadre post 干部岗位", "worker": "worker post 工人岗位"}
YEARS = (
    ("year", "Year", ""),
    ("age", "Age", ""),
    ("status", "Status", ""),
    ("pay_m", "Pay/month", "money"),
    ("base_m", "Base/month", "money"),
    ("index", "Index", "index"),
    ("own", "Own/year", "own"),
    ("employer", "Employer/year", "employer"),
    ("account", "Account", "money"),
    ("both_m", "Pension/month", "money"),
    ("ratio", "of wage", "share"),
)
TITLES_ZH = {
    "year": "年份",
    "age": "年龄",
    "status": "状态",
    "pay_m": "月工资",
    "base_m": "缴费基数",
    "index": "缴费指数",
    "own": "个人缴费",
    "employer": "单位缴费",
    "account": "账户余额",
    "both_m": "月养老金",
    "ratio": "替代率",
}
OWN = ("own", "flexible", "annuity_own", "residents_own", "paid_at_once")
BY_EMPLOYER = ("employer", "annuity_employer", "by_unemployment_fund")


def heading(person: Person) -> str:
    """Who the person is, in a line."""
    file = person.file
    named = f"{file.name} {file.zh}".rstrip()
    return (
        f"{named} · {SEXES[file.sex]}, {TRACKS[file.track]}, born {month_text(file.birth)} · "
        f"{person.place.name} {person.place.zh}"
    )


def measure_rows(person: Person) -> list[list[str]]:
    """Measures by scenario and the difference of the last one from the first."""
    from rssim.study.person import MEASURES

    many = len(person.lives) == 2
    head = ["", *person.scenarios, *(["difference"] if many else []), "unit"]
    rows = [head]  # a difference only where there is one scenario to compare
    for key, (name, zh, unit) in MEASURES.items():
        values = [life.measures[key] for life in person.lives]
        if not any(np.isfinite(value) and value for value in values):
            continue
        cells = [_value(value, unit) for value in values]
        if many:
            change = values[-1] - values[0]
            sign = "+" if change > 0 else ""
            points = unit == "share"
            cells.append(
                f"{sign}{100 * change:.2f} points" if points else f"{sign}{_value(change, unit)}"
            )
        rows.append([f"{name} {zh}", *cells, "" if unit == "share" else unit])
    return rows


def _value(value: float, unit: str) -> str:
    if not np.isfinite(value):
        return "–"
    if unit == "yuan":
        return f"{value:,.0f}"
    return amount(value, unit)


def shown_years(life: Life, thin: bool = True) -> list[dict[str, Any]]:
    """Rows of the table: every fifth year, the first one, and those around the award."""
    rows = list(life.rows)
    if not rows or not thin:
        return rows
    start = life.retire // 12
    keep = {int(rows[0]["year"]), start - 1, start, start + 1}
    return [
        row
        for row in rows
        if (row["year"] % EVERY == 0 or row["year"] in keep) and row["age"] <= LAST_AGE
    ]


def year_rows(life: Life, thin: bool = True) -> list[list[str]]:
    """The table of years as text."""
    out = [[title for _, title, _ in YEARS], [TITLES_ZH[key] for key, _, _ in YEARS]]
    for row in shown_years(life, thin):
        cells = []
        for key, _, kind in YEARS:
            cells.append(_cell(row, key, kind))
        out.append(cells)
    return out


def _cell(row: dict[str, Any], key: str, kind: str) -> str:
    if key == "status":
        words = str(row["status"]).split(" + ")
        return " + ".join(words) if row["status"] else "–"
    if kind == "own":
        value = sum(row[name] for name in OWN)
    elif kind == "employer":
        value = sum(row[name] for name in BY_EMPLOYER)
    elif kind == "share":
        value = row["both_m"] / row["reference_wage_m"]
        return f"{100 * value:.1f} %" if value else "–"
    else:
        value = row[key]
    if kind == "index":
        return f"{value:.3f}" if value else "–"
    if kind == "":
        return str(value)
    return f"{value:,.0f}" if value else "–"


def person_text(person: Person, steps: bool = False) -> str:
    """The life as text, columns aligned, Chinese terms beside the English ones."""
    life = person.life
    lines = [heading(person)]
    if person.file.about:
        lines += _wrapped(person.file.about)
    lines += [
        f"Pensioner 退休 from {month_text(life.retire)} at "
        f"{age_text(life.retire - person.file.birth)}; first pension "
        f"{month_text(life.retire + 1)}.",
        "",
        text_table(measure_rows(person)),
        "",
        f"Year by year under {life.scenario.name} (every fifth year)",
        text_table(year_rows(life)),
    ]
    if steps:
        lines += ["", *step_lines(person)]
    lines += [
        "",
        "Nominal yuan unless a line says otherwise; the pension of a year holds the annuity.",
        "Present values at 2026-01-01, discounted at the return of the fund; payments weighted",
        "with the chance to live, heirs included.",
        "Future wages, bases and increases are those of the run of the scenario in this place.",
        *life.notes,
    ]
    return "\n".join(lines)


def _wrapped(text: str, size: int = 96) -> list[str]:
    import textwrap

    return textwrap.wrap(text, size)


def step_lines(person: Person) -> list[str]:
    """The arithmetic of the last scenario with what the baseline has where they differ."""
    life = person.life
    before = {step.name: step for step in person.lives[0].steps} if len(person.lives) > 1 else {}
    lines = [f"Step by step under {life.scenario.name}"]
    parts = [part for part in PARTS if any(step.part == part for step in life.steps)]
    for part in parts:
        lines += ["", PARTS[part]]
        for step in life.steps:
            if step.part == part:
                lines += _step_text(step, before.get(step.name))
    return [*lines, "", "Sources", *source_lines(person)]


def _step_text(step: Step, before: Step | None) -> list[str]:
    label = f"  {step.name} {step.zh}"
    unit = "" if step.unit in ("", "share") else f" {step.unit}"
    result = f"{step.text}{unit}"
    gap = max(2, 58 - width(label))
    changed = ""
    if before is not None and before.text != step.text:
        changed = f"   (baseline {before.text})"
    law = ", ".join(part for part in (step.article, f"[{'; '.join(step.sources)}]") if part)
    return [
        f"{label}{' ' * gap}{result}{changed}",
        f"      {step.formula}",
        f"      = {step.numbers}",
        f"      {law}",
    ]


def source_lines(person: Person) -> list[str]:
    """Every source that the steps cite, once."""
    keys = dict.fromkeys(key for step in person.life.steps for key in step.sources)
    known = person.place.sources
    return [
        f"  {key}: {known[key].text() if key in known else 'set by the scenario'}" for key in keys
    ]


def person_html(person: Person) -> str:
    """The life for a notebook: measures, years on a click, steps on a click."""
    life = person.life
    measures = measure_rows(person)
    years = year_rows(life, thin=False)
    steps = [
        (
            f"{step.name} {step.zh}",
            f"{step.formula} = {step.numbers}",
            f"{step.text} {step.unit if step.unit != 'share' else ''}".strip(),
            f"{step.article} [{'; '.join(step.sources)}]",
        )
        for step in life.steps
    ]
    about = f"<p>{escape(person.file.about)}</p>" if person.file.about else ""
    return html.card(
        html.title(person.file.name, person.file.zh),
        f"<div>{escape(heading(person))}</div>",
        about,
        html.table(["What", *measures[0][1:]], _numbers(measures[1:])),
        html.details(
            "Step by step, with the law behind each line",
            html.table(("Line", "Formula and numbers", "Result", "Law"), steps),
        ),
        html.details(f"{len(years) - 2} years", html.table(years[0], _numbers(years[2:]))),
        html.details("Sources", "<br>".join(escape(line) for line in source_lines(person))),
    )


def _numbers(rows: Sequence[Sequence[str]]) -> list[list[Any]]:
    """Rows whose numbers stand to the right."""
    return [[row[0], *(html.Html(escape(cell)) for cell in row[1:])] for row in rows]
