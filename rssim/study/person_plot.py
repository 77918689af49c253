"""The line of a life: what is paid in below zero, what is received above it, in prices of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rssim.study import plots
from rssim.study.person_text import BY_EMPLOYER, OWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rssim.study.person import Person

WORDS = {
    "own": ("Own contributions", "个人缴费"),
    "employer": ("Employer's contributions", "单位缴费"),
    "received": ("Pension and annuity", "养老金"),
    "benefit": ("Unemployment benefit", "失业保险金"),
    "money": ("thousand yuan a year, prices of 2026", "千元/年（2026年价格）"),
}
LAST_AGE = 90
THOUSAND = 1e3


@plots.styled
def life_line(person: Person, ax: Axes | None = None) -> Axes:
    """Contributions (below zero) and pension (above) by calendar year, in prices of 2026.

    A second scenario is a line over the bars of the first one. Saves nothing, returns the Axes.
    """
    from matplotlib import pyplot

    if ax is None:
        _, ax = pyplot.subplots()
    first = person.lives[0]
    outlook = first.outlook
    colours = plots._cycle()
    rows = [row for row in first.rows if row["age"] <= LAST_AGE]
    years = np.array([row["year"] for row in rows])
    prices = np.array([outlook.price(int(year)) for year in years])

    def real(names: tuple[str, ...]) -> np.ndarray:
        total = np.array([sum(row[name] for name in names) for row in rows])
        return np.asarray(total / prices / THOUSAND)

    own, employer = real(OWN), real(BY_EMPLOYER)
    received, benefit = real(("pension", "annuity")), real(("unemployment_benefit",))
    bars = (
        ("own", -own, np.zeros(len(rows)), colours[1]),
        ("employer", -employer, -own, colours[5]),
        ("received", received, np.zeros(len(rows)), colours[0]),
        ("benefit", benefit, received, colours[2]),
    )
    for name, height, bottom, colour in bars:
        if np.any(height):
            ax.bar(years, height, bottom=bottom, width=1.0, color=colour, label=_word(name))
    for at, life in enumerate(person.lives[1:], start=1):
        also = life.outlook
        later = [row for row in life.rows if row["age"] <= LAST_AGE and row["both_m"]]
        at_year = [row["year"] for row in later]
        values = [
            (row["pension"] + row["annuity"]) / also.price(int(row["year"])) / THOUSAND
            for row in later
        ]
        ax.step(
            at_year,
            values,
            where="mid",
            color=colours[(2 + at) % len(colours)],
            label=life.scenario.title or life.scenario.name,
        )
    ax.axhline(0.0, color=plots.GREY, linewidth=1.0)
    ax.set_ylabel(_word("money"))
    chinese = plots._state["language"] == "zh" and person.file.zh
    name = person.file.zh if chinese else person.file.name
    place = person.place.zh if chinese else person.place.name
    plots._title(ax, f"{name} · {place}")
    ax.legend(
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        frameon=False,
        labelcolor=plots.GREY,
        fontsize=9,
    )
    plots._finish(ax, place)
    return ax


def _word(key: str) -> str:
    return WORDS[key][1 if plots._state["language"] == "zh" else 0]
