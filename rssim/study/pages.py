"""Small tables for pages and notebooks: levels, differences, who pays, calibration, sources.

Each function returns a :class:`Table`, which a notebook shows as HTML and a terminal as text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from rssim.dated import EVIDENCE, KINDS
from rssim.inputs.place import LAYERS, PARAMS, Place
from rssim.inputs.scenario import plain
from rssim.study import headline
from rssim.study.check import in_force
from rssim.study.series import FUND

if TYPE_CHECKING:
    import pandas as pd

    from rssim.study.result import Result
    from rssim.study.variants import Envelope

MONEY = "亿元"
MONEY_KEYS = ("revenue", "expenditure", "balance")
BACKCAST = ("contributors", "retirees", *MONEY_KEYS)
INSURED = "insured_workers"
"""Official statistics count contributors on 31 December: this series, not the person-years."""
PAYERS = (
    ("Employers pay", ("employer_contributions",)),
    (
        "Workers pay",
        ("employee_contributions", "flexible_contributions", "back_payments", "recoveries"),
    ),
    ("Budgets pay: subsidy in law", ("subsidy", "deficit_subsidy", "shortfall_payments")),
    ("Budgets pay: required subsidy", ("required_subsidy",)),
    ("Other funds pay", ("other_income", "province_aid")),
    ("The fund earns interest", ("interest",)),
    ("Pensioners receive", ("pensions",)),
    ("Survivors, heirs and leavers receive", ()),
    ("The pools of nation and province receive", ("remittance", "province_transfer")),
)
GRANTS = (
    "funeral_grants",
    "survivor_grants",
    "inheritances",
    "refunds",
    "moved_to_residents",
    "transfers_out",
    "arrears_interest",
    "other_expenditure",
)
EVENTS = (
    ("first_gap_year", "First year with expenditure above revenue"),
    ("first_gap_year_before_interest", "The same, interest left out"),
    ("peak_year", "Year of the highest balance"),
    ("depletion_year", "Year in which the balance is used up"),
)


@dataclass(frozen=True)
class Table:
    """Rows of text, the first one the header; the first column names the row."""

    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __repr__(self) -> str:
        text = headline.text_table(self.rows)
        return f"{self.caption}\n{text}" if self.caption else text

    def _repr_html_(self) -> str:
        header, *body = self.rows
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
        lines = [
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(_cell(cell) for cell in row[1:])
            + "</tr>"
            for row in body
        ]
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return (
            f'<table class="dataframe rs-table">{caption}<thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(lines)}</tbody></table>"
        )


def _cell(text: str) -> str:
    """A cell: a range stands below its number, minus signs are minus signs, text is marked."""
    if not headline.NUMBER.match(text):
        return f'<td class="rs-text">{escape(text)}</td>'
    value, bracket, rest = escape(re.sub(r"(?<![\w-])-(?=\d)", "−", text)).partition(" [")
    below = f'<br><span class="rs-range">[{rest}</span>' if bracket else ""
    return f"<td>{value}{below}</td>"


def table(rows: Iterable[Sequence[object]], caption: str = "") -> Table:
    """A table of any rows, the first one the header."""
    return Table(tuple(tuple(str(cell) for cell in row) for row in rows), caption)


def levels(
    found: Envelope, scenario: str, keys: Sequence[str], years: Sequence[int], caption: str = ""
) -> Table:
    """Levels of one scenario: a row for each series, a column for each year, with ranges."""
    return table(headline.level_rows(found, scenario, headline.known_keys(keys), years), caption)


def differences(
    found: Envelope,
    scenario: str,
    keys: Sequence[str],
    years: Sequence[int],
    against: str = "baseline",
    caption: str = "",
    fine: bool = False,
) -> Table:
    """One scenario less another: a row for each series, a column for each year, with ranges.

    fine  in thousands of persons and hundredths of points, for small effects
    """
    names = headline.known_keys(keys)
    return table(headline.difference_rows(found, scenario, against, names, years, fine), caption)


def side_by_side(
    result: Result, key: str, years: Sequence[int], caption: str = "", basis: str = "nominal"
) -> Table:
    """One series of every scenario: a row for each scenario, a column for each year."""
    (name,) = headline.known_keys([key])
    frame = result.table(name, years, None, basis, "yuan")
    unit = frame.attrs["units"][name]
    rows: list[list[str]] = [[f"[{headline.unit_text(unit)}]", *map(str, years)]]
    for scenario in result.scenarios:
        values = frame[name].xs(scenario, level="scenario")
        cells = [headline.value_text(np.array([values[year]]), unit) for year in years]
        rows.append([titled(result, scenario), *cells])
    return table(rows, caption)


def titled(result: Result, scenario: str) -> str:
    """The title of a scenario of a result, or its name."""
    found = next(item.scenario for item in result.runs if item.scenario.name == scenario)
    return found.title or found.name


def event_year(result: Result, event: str, scenario: str) -> str:
    """The year of a turning point of the fund as text; says so where it does not come."""
    import pandas as pd

    value = result.events()[event].to_dict()[scenario, 0]
    return f"no year to {result.years[-1]}" if pd.isna(value) else str(int(value))


def events(result: Result, caption: str = "") -> Table:
    """Turning points of the fund: a row for each, a column for each scenario."""
    rows: list[list[str]] = [["", *(titled(result, name) for name in result.scenarios)]]
    for event, label in EVENTS:
        rows.append([label, *(event_year(result, event, name) for name in result.scenarios)])
    return table(rows, caption)


def who_pays(
    result: Result,
    scenarios: Sequence[str],
    spans: Sequence[tuple[int, int]],
    against: str = "baseline",
    caption: str = "",
) -> Table:
    """Payments of each side less those of another scenario, summed over spans of years.

    In 100 million yuan at the prices of the year before the run: a column for each scenario and
    span. What is paid in less what is received is left in the fund.
    """
    before = result.years[0] - 1
    keys = [f"{FUND}.{key}" for _, parts in PAYERS for key in parts]
    keys += [f"{FUND}.{key}" for key in GRANTS]
    header = [f"亿元, prices of {before}"]
    columns = []
    for scenario in scenarios:
        gap = {
            key: result.series(key, scenario, "real", MONEY)
            - result.series(key, against, "real", MONEY)
            for key in keys
        }
        for first, last in spans:
            label = f"{first} to {last}"
            header.append(label if len(scenarios) == 1 else f"{titled(result, scenario)}, {label}")
            columns.append({key: float(gap[key].loc[first:last].sum()) for key in keys})
    rows: list[list[str]] = [header]
    for name, parts in PAYERS:
        chosen = [f"{FUND}.{key}" for key in (parts or GRANTS)]
        rows.append([name, *(_signed(sum(column[key] for key in chosen)) for column in columns)])
    return table(rows, caption)


def _signed(value: float) -> str:
    rounded = round(value) + 0.0
    return f"{rounded:+,.0f}" if rounded else "0"


# Calibration and published figures ----------------------------------------------------------------


def pins(result: Result, caption: str = "") -> Table:
    """Each calibrated moment: observed, model, the constant that it pins, how it is known."""
    rows = [("Moment", "Belongs to", "Observed", "Model", "Constant", "Known as")]
    for line in result.runs[0].calibration.lines:
        rows.append(
            (
                line.moment.replace("_", " "),
                line.at.replace("_", " "),
                amount(line.observed, line.unit),
                amount(line.model, line.unit),
                f"{line.constant.replace('_', ' ')}"
                + ("" if line.constant == "opening balance" else f" = {line.value:.4g}"),
                f"{line.kind}, {line.evidence}",
            )
        )
    return table(rows, caption)


def amount(value: float, unit: str) -> str:
    """A figure with its unit, short: persons in millions, yuan in 亿元, shares in per cent."""
    if unit.startswith("yuan") and abs(value) >= 1e6:
        return f"{value / 1e8:,.1f} 亿元"
    if unit.startswith("persons"):
        return f"{value / 1e6:,.3f} million"
    if unit in ("share", "share/year", "index"):
        return f"{100 * value:.2f} %"
    return f"{value:,.4g} {unit}"


def scores(result: Result) -> pd.DataFrame:
    """The model beside published figures that the calibration did not use.

    Columns series, year, published, model, gap (model / published − 1), unit, kind, evidence;
    figures of years outside the run, or that no headline series holds, are left out.
    """
    import pandas as pd

    rows = []
    for item in result.runs[0].scenario.place.score:
        name, year = str(item["name"]), int(item["year"])
        key = series_of(result, name)
        if not key or year not in result.years:
            continue
        model, value = float(result.series(key)[year]), float(item["value"])
        known = {word: str(item.get(word, "")) for word in ("unit", "kind", "evidence")}
        rows.append({"series": name, "year": year, "published": value, "model": model} | known)
    frame = pd.DataFrame(
        rows, columns=["series", "year", "published", "model", "unit", "kind", "evidence"]
    )
    frame["gap"] = frame["model"] / frame["published"] - 1.0
    return frame


def series_of(result: Result, name: str) -> str:
    """The headline series that a published figure is compared with, or an empty text."""
    found = INSURED if name == "contributors" else name
    return next((key for key in (found, f"{FUND}.{found}") if key in result.flows), "")


def score_table(result: Result, caption: str = "") -> Table:
    """Published figures that were not used in the calibration, the model and the gap."""
    rows: list[tuple[str, ...]] = [("Series", "Year", "Published", "Model", "Gap", "Known as")]
    for row in scores(result).to_dict("records"):
        rows.append(
            (
                str(row["series"]).replace("_", " "),
                str(row["year"]),
                amount(float(row["published"]), str(row["unit"])),
                amount(float(row["model"]), str(row["unit"])),
                f"{row['gap']:+.1%}",
                f"{row['kind']}, {row['evidence']}",
            )
        )
    return table(rows, caption)


def gap_table(result: Result, caption: str = "") -> Table:
    """Gaps to the published series of the fund: a row for each year, a column for each series."""
    frame = scores(result)
    wide = frame[frame["series"].isin(BACKCAST)].pivot(index="year", columns="series", values="gap")
    rows: list[list[str]] = [["Year", *(name.capitalize() for name in BACKCAST)]]
    for year, row in wide.iterrows():
        rows.append([str(year), *(f"{row[name]:+.1%}" for name in BACKCAST)])
    return table(rows, caption)


# Places and sources -------------------------------------------------------------------------------


def kinds(place: Place, day: date | None = None, caption: str = "") -> Table:
    """How many values in force on a day are of each kind and evidence: kinds down, evidence across.

    day  the latest opening of the place without
    """
    steps = in_force(place, day or max(place.openings)).values()
    counts = Counter((step.kind, step.evidence) for step in steps)
    whole = max(sum(counts.values()), 1)
    rows: list[list[str]] = [["Kind", *EVIDENCE, "all"]]
    for kind in KINDS:
        cells = [counts[kind, evidence] for evidence in EVIDENCE]
        share = f"{sum(cells)} ({sum(cells) / whole:.0%})"
        rows.append([kind, *(str(cell) for cell in cells), share])
    sums = [sum(counts[kind, evidence] for kind in KINDS) for evidence in EVIDENCE]
    rows.append(["all", *(f"{cell} ({cell / whole:.0%})" for cell in sums), str(whole)])
    return table(rows, caption)


def layers(place: Place, caption: str = "") -> Table:
    """Levers of each layer: how many there are, and how many the place sets itself."""
    rows = [("Layer", "Levers", "Set by the place itself", "Inherited")]
    for layer in LAYERS:
        keys = [key for key, param in PARAMS.items() if param.layer == layer]
        own = sum(place.entries[key].place == place.key for key in keys)
        rows.append((layer, str(len(keys)), str(own), str(len(keys) - own)))
    return table(rows, caption)


def moments(place: Place, caption: str = "") -> Table:
    """Moments of the latest opening that the model is made to meet, with their source."""
    rows = [("Moment", "Value", "Belongs to", "Known as", "Source")]
    for name, item in place.calibration[max(place.openings)].items():
        source = place.sources.get(str(item.get("source", "")))
        rows.append(
            (
                name.replace("_", " "),
                amount(float(item["value"]), str(item.get("unit", ""))),
                str(item.get("at", "opening")).replace("_", " "),
                f"{item.get('kind', '')}, {item.get('evidence', '')}",
                source.title if source else plain(item.get("source", "")),
            )
        )
    return table(rows, caption)


def sources(place: Place, caption: str = "") -> Table:
    """Sources of a place, the one with most values first: title, issuer, licence, values."""
    counts: Counter[str] = Counter()
    for entry in place.entries.values():
        counts.update(step.source for step in entry.dated if step.source)
    for observed in place.calibration.values():
        counts.update(str(item.get("source", "")) for item in observed.values())
    counts.update(str(item.get("source", "")) for item in place.score)
    rows = [("Source", "Issuer", "Number, date", "Licence", "Values")]
    for key, number in counts.most_common():
        if (source := place.sources.get(key)) is not None:
            when = ", ".join(part for part in (source.number, source.date) if part)
            rows.append((source.title, source.issuer, when, source.licence, str(number)))
    return table(rows, caption)
