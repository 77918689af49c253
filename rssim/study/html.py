"""HTML of scenarios, results and levers for notebooks and the book: no scripts, escaped text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from rssim.inputs.scenario import plain, value_on

if TYPE_CHECKING:
    from rssim.inputs.scenario import Scenario
    from rssim.study.levers import Lever
    from rssim.study.result import Result

CSS = (
    "<style>.rs-card{font-size:.9em;line-height:1.4;max-width:60em}"
    ".rs-card .rs-title{font-weight:600}.rs-card .rs-zh{opacity:.8;margin-left:.5em}"
    ".rs-card table.rs-table{border-collapse:collapse;margin:.4em 0}"
    ".rs-card table.rs-table th,.rs-card table.rs-table td{padding:.15em .6em;text-align:left;"
    "vertical-align:top;border-bottom:1px solid currentColor}"
    ".rs-card table.rs-table td.rs-number{text-align:right;font-variant-numeric:tabular-nums}"
    ".rs-card .rs-flow{white-space:normal;overflow-wrap:anywhere;min-width:8em}"
    ".rs-card details{margin:.4em 0}.rs-card svg{vertical-align:middle}</style>"
)
"""Scoped by class and sent once with each output."""

HEADLINE = (
    "population",
    "employee_pension.contributors",
    "employee_pension.retirees",
    "employee_pension.balance",
    "employee_pension.reserve_months",
)
TOTALS = ("yuan", "yuan/year")
MONEY = "亿元"
SPARK_WIDTH, SPARK_HEIGHT = 120, 24


def card(*parts: str) -> str:
    """One output: the style and the parts in a box."""
    return f'{CSS}<div class="rs-card">{"".join(parts)}</div>'


def title(name: str, zh: str = "") -> str:
    """A name with its Chinese name, escaped."""
    chinese = f'<span class="rs-zh" lang="zh">{escape(zh)}</span>' if zh else ""
    return f'<div><span class="rs-title">{escape(name)}</span>{chinese}</div>'


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; numbers stand to the right, text is escaped, ready HTML is passed as Html."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join("<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in rows)
    return (
        f'<table class="dataframe rs-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def details(summary: str, content: str) -> str:
    """A part that opens on a click."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


class Html(str):
    """Text that is HTML already."""


def flowing(*lines: str) -> Html:
    """Lines of ready HTML that wrap inside their cell."""
    return Html(f'<div class="rs-flow">{"<br>".join(line for line in lines if line)}</div>')


def code(text: str) -> str:
    """A key, escaped."""
    return f"<code>{escape(text)}</code>"


def _cell(value: Any) -> str:
    if isinstance(value, Html):
        return f"<td>{value}</td>"
    if isinstance(value, float | int | np.floating) and not isinstance(value, bool):
        return f'<td class="rs-number">{escape(number(float(value)))}</td>'
    return f"<td>{escape(str(value))}</td>"


def number(value: float) -> str:
    """A number for reading: four significant digits, thousands set off."""
    if not np.isfinite(value):
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def scenario_html(scenario: Scenario) -> str:
    """A scenario: only its changed levers, old → new; the rest opens on a click."""
    rows = [
        (
            row["lever"],
            str(row["since"]),
            f"{plain(row['from'])} → {plain(row['to'])}",
            row["unit"],
            row["because"],
        )
        for row in scenario.diff(replace(scenario, changes={}))
    ]
    changed = (
        table(("Lever", "Since", "Old → new", "Unit", "Why"), rows)
        if rows
        else "<p>No changes.</p>"
    )
    others = [
        (key, plain(value_on(scenario, key, scenario.opening)), entry.param.unit, entry.param.name)
        for key, entry in scenario.place.entries.items()
        if key not in scenario.changes
    ]
    rest = details(
        f"{len(others)} levers as {scenario.place.name} has them on {scenario.opening}",
        table(("Lever", "Value", "Unit", "Name"), others),
    )
    question = f"<p>{escape(scenario.question)}</p>" if scenario.question else ""
    where = f"{scenario.name} · {scenario.place.name} · {scenario.opening.year} to {scenario.end}"
    return card(
        title(scenario.title or scenario.name, scenario.zh),
        f"<div>{escape(where)}</div>",
        question,
        changed,
        rest,
    )


def lever_html(lever: Lever) -> str:
    """A lever: names, value, unit, limits, sources; every dated value opens on a click."""
    rows = [
        ("Key", lever.key),
        ("Unit", lever.unit),
        ("Allowed", lever.limits_text),
        (f"In {lever.place_name}", f"{plain(lever.value)} (on {_as_of()})"),
        ("Afterwards", lever.index_text),
        ("Page of the book", lever.page),
    ]
    steps = [
        (
            str(step.since),
            plain(step.value),
            step.kind,
            step.evidence,
            lever.source_text(step),
            step.note,
        )
        for step in lever.steps
    ]
    about = f"<p>{escape(lever.about)}</p>" if lever.about else ""
    plural = "value" if len(steps) == 1 else "values"
    return card(
        title(lever.name, lever.zh),
        about,
        table(("What", "Says"), rows),
        details(
            f"{len(steps)} dated {plural} with their sources",
            table(("Since", "Value", "Kind", "Evidence", "Source", "Note"), steps),
        ),
    )


def _as_of() -> str:
    from rssim.study.levers import AS_OF

    return str(AS_OF)


def sparkline(values: Sequence[float], label: str) -> Html:
    """A small line drawing of a series, in the colour of the text."""
    array = np.asarray(values, dtype=float)
    finite = array[np.isfinite(array)]
    if finite.size < 2:
        return Html("")
    low, high = float(finite.min()), float(finite.max())
    span = high - low if high > low else 1.0
    x = np.linspace(1, SPARK_WIDTH - 1, array.size)
    y = SPARK_HEIGHT - 2 - (array - low) / span * (SPARK_HEIGHT - 4)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True) if np.isfinite(b))
    return Html(
        f'<svg role="img" aria-label="{escape(label, quote=True)}" width="{SPARK_WIDTH}" '
        f'height="{SPARK_HEIGHT}" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}">'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
    )


def result_html(result: Result) -> str:
    """A result: five headline numbers of each scenario in the last year, then tables on a click."""
    names = list(result.scenarios)
    rows: list[list[Any]] = []
    last = 0
    for key in HEADLINE:
        about = result.flows[key].attrs
        name = str(about.get("long_name", key))
        unit = str(about.get("unit", ""))
        row: list[Any] = [name, unit.replace("yuan", MONEY, 1) if unit in TOTALS else unit]
        for scenario in names:
            series = result.series(key, scenario=scenario, unit=MONEY)
            last = int(series.index[-1])
            values = [float(value) for value in series]
            first_year = int(series.index[0])
            row += [values[-1], sparkline(values, f"{name}, {scenario}, {first_year} to {last}")]
        rows.append(row)
    header = ["Indicator", "Unit"]
    for scenario in names:
        header += [f"{scenario} {last}", "Path"]
    gap = float(np.nanmax(np.asarray(result.identities.select_dtypes("number"), dtype=float)))
    vintage = [
        (key, str(result.manifest[key]))
        for key in (
            "rssim",
            "python",
            "numpy",
            "place",
            "opening",
            "end",
            "seed",
            "data_hash",
            "code_hash",
            "result_hash",
        )
        if key in result.manifest
    ]
    return card(
        title(f"Result · {', '.join(names)}"),
        table(header, rows),
        f"<div>Largest relative gap of an accounting identity: {gap:.1e}</div>",
        details("Versions and data", table(("What", "Value"), vintage)),
    )
