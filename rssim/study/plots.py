"""Pictures of results: each takes a result and an Axes and returns the Axes; nothing is saved.

Units and names come from the result's own metadata. Without an Axes a new figure in the house style
is made. ``language("zh")`` switches labels to Chinese where a font for it is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from html import escape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np

from rssim.errors import RssimError, nearest
from rssim.records import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from rssim.inputs.scenario import Scenario
    from rssim.study.result import Result

P = ParamSpec("P")
STYLE = Path(__file__).resolve().parent / "rssim.mplstyle"
GREY = "#767676"
CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
)
SCALES = {
    "yuan": (1e8, "100 million yuan", "亿元"),
    "yuan/year": (1e8, "100 million yuan a year", "亿元/年"),
    "yuan/month": (1.0, "yuan a month", "元/月"),
    "persons": (1e4, "10,000 persons", "万人"),
    "person-years": (1e4, "10,000 person-years", "万人年"),
    "persons/year": (1e4, "10,000 persons a year", "万人/年"),
    "share": (0.01, "%", "%"),
    "share/year": (0.01, "% a year", "%/年"),
    "months": (1.0, "months", "月"),
    "ratio": (1.0, "ratio", "比值"),
}
"""Unit of a series -> what a picture divides by, and the unit that it then names."""
INCOME: dict[str, tuple[str, ...]] = {
    "employer_contributions": ("employer_contributions",),
    "employee_contributions": ("employee_contributions",),
    "flexible_contributions": ("flexible_contributions",),
    "subsidy": ("subsidy", "deficit_subsidy", "shortfall_payments"),
    "interest": ("interest",),
    "required_subsidy": ("required_subsidy", "province_aid"),
    "back_payments": ("back_payments", "recoveries", "other_income"),
}
INCOME_YELLOW = "#f0e442"
"""The seventh colour of the same colour-blind-safe set; lines do without it on white."""
OUTGO: dict[str, tuple[str, ...]] = {
    "pensions": ("pensions",),
    "others": (
        "funeral_grants",
        "survivor_grants",
        "inheritances",
        "refunds",
        "moved_to_residents",
        "transfers_out",
        "arrears_interest",
        "other_expenditure",
    ),
    "remittance": ("remittance", "province_transfer"),
}
OUTGO_GREYS: tuple[str, ...] = ("#9a9a9a", "#c8c8c8", "#5a5a5a")
"""Outgo is grey, so that no colour means one thing above zero and another below."""
FUND = "employee_pension"
WORDS = {
    "source": ("Source: rssim", "来源：rssim"),
    "male": ("Men", "男"),
    "female": ("Women", "女"),
    "male, cadre": ("Men", "男性"),
    "female, cadre": ("Women, 55 before", "女干部"),
    "female, worker": ("Women, 50 before", "女工人"),
    "birth": ("Year of birth", "出生年份"),
    "age": ("Age", "年龄"),
    "statutory": ("Retirement age [years]", "法定退休年龄［岁］"),
    "income": ("Income", "收入"),
    "outgo": ("outgo", "支出"),
    "others": ("Grants, refunds and transfers", "丧抚、退付和转移"),
    "difference": ("difference from", "与基准之差："),
    "money": ("100 million yuan a year", "亿元/年"),
    "people": ("10,000 persons", "万人"),
}

_state = {"language": "en", "font": ""}


def language(name: str) -> str:
    """The language of labels from now on, ``en`` or ``zh``; says so where no font is found."""
    if name not in ("en", "zh"):
        raise RssimError(f"language: {name!r} is not one of en, zh.")
    if name == "zh":
        font = chinese_font()
        if not font:
            print(
                "No Chinese font was found, labels stay English. Install one of "
                f"{', '.join(CHINESE_FONTS[:5])} and delete matplotlib's font cache."
            )
            name = "en"
        _state["font"] = font
    _state["language"] = name
    return name


def chinese_font() -> str:
    """The name of a font with Chinese characters on this machine, or an empty text."""
    from matplotlib import font_manager

    have = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in have), "")


@contextmanager
def house() -> Iterator[None]:
    """The house style, for as long as the block lasts."""
    from matplotlib import rc_context, style

    # A label with mathematics uses the first family only, so the Chinese font comes first.
    fonts: Any = (
        {"font.family": [_state["font"], "sans-serif"]} if _state["language"] == "zh" else {}
    )
    with rc_context(), style.context(str(STYLE)), rc_context(fonts):
        yield


def styled(draw: Callable[P, Axes]) -> Callable[P, Axes]:
    """The same function, drawing in the house style and the language in force."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Axes:
        with house():
            return draw(*args, **kwargs)

    return drawn


@styled
def lines(
    result: Result,
    key: str,
    ax: Axes | None = None,
    band: tuple[Result, Result] | None = None,
    scenarios: Sequence[str] | None = None,
) -> Axes:
    """One line for each scenario of a headline series, named at its right end.

    band  two results whose paths bound the range of the first scenario (all variants low and high)
    """
    about, ax = _about(result, key), _axes(ax)
    scale = _scale(about["unit"])[0]
    ends = []
    names = list(scenarios or result.scenarios)
    for at, name in enumerate(names):
        years, values = _series(result, key, name)
        (line,) = ax.plot(years, values / scale, label=_called(result, name))
        ends.append((float(values[-1] / scale), _called(result, name), _hex(line)))
        if band is not None and at == 0:
            paths = [values, *(_series(side, key, side.scenarios[0])[1] for side in band)]
            ax.fill_between(
                years,
                np.min(paths, axis=0) / scale,
                np.max(paths, axis=0) / scale,
                color=line.get_color(),
                alpha=0.18,
                linewidth=0,
            )
    _label(ax, about, _place_of(result))
    _name_ends(ax, ends, float(_series(result, key, names[0])[0][-1]))
    return ax


@styled
def fan(
    result: Result,
    key: str,
    ax: Axes | None = None,
    scenario: str | None = None,
    quantiles: tuple[float, ...] = (0.05, 0.25, 0.75, 0.95),
) -> Axes:
    """Median and bands over the draws of one scenario; a single line where there is one draw."""
    about, ax = _about(result, key), _axes(ax)
    scale = _scale(about["unit"])[0]
    name = scenario or result.scenarios[0]
    found = result.flows[key].sel(scenario=name).transpose("draw", "year")
    years, values = np.asarray(found["year"]), np.asarray(found, dtype=float) / scale
    (line,) = ax.plot(years, np.median(values, axis=0), label=_called(result, name))
    if values.shape[0] > 1:
        edges = np.quantile(values, quantiles, axis=0)
        for at in range(len(quantiles) // 2):
            ax.fill_between(
                years, edges[at], edges[-1 - at], color=line.get_color(), alpha=0.18, linewidth=0
            )
    _label(ax, about, _place_of(result))
    _name_ends(
        ax,
        [(float(np.median(values[:, -1])), _called(result, name), _hex(line))],
        float(years[-1]),
    )
    return ax


@styled
def difference(result: Result, key: str, against: str = "baseline", ax: Axes | None = None) -> Axes:
    """Each other scenario less one of them, year by year, with a line at zero."""
    about, ax = _about(result, key), _axes(ax)
    _known_scenario(result, against)
    scale = _scale(about["unit"])[0]
    years, base = _series(result, key, against)
    ax.axhline(0.0, color=GREY, linewidth=1.0)
    ends = []
    colours = _cycle()
    for at, name in enumerate(result.scenarios):
        if name != against:
            values = (_series(result, key, name)[1] - base) / scale
            # A scenario has the same colour here as among the levels.
            colour = colours[at % len(colours)]
            (line,) = ax.plot(years, values, label=_called(result, name), color=colour)
            ends.append((float(values[-1]), _called(result, name), _hex(line)))
    _label(ax, about, _place_of(result), tail=f"{word('difference')} {_called(result, against)}")
    _name_ends(ax, ends, float(years[-1]))
    return ax


@styled
def flows(result: Result, scenario: str | None = None, ax: Axes | None = None) -> Axes:
    """What comes into the fund (above zero) and what goes out (below), stacked by entry."""
    ax = _axes(ax)
    name = scenario or result.scenarios[0]
    reach = [0.0, 0.0]
    sides = [(INCOME, 1.0, (*_cycle(), INCOME_YELLOW)), (OUTGO, -1.0, OUTGO_GREYS)]
    for side, (parts, sign, colours) in enumerate(sides):
        below: Any = 0.0
        for at, (label, keys) in enumerate(parts.items()):
            found = [_series(result, f"{FUND}.{key}", name) for key in keys]
            years, values = found[0][0], np.sum([values for _, values in found], axis=0)
            if not np.any(values):
                continue
            named = word(label) if label in WORDS else _name(_about(result, f"{FUND}.{label}"))
            above = below + sign * values / 1e8
            ax.fill_between(years, below, above, label=named, color=colours[at], linewidth=0)
            below = above
        reach[side] = float(np.max(sign * below)) * sign
    ax.axhline(0.0, color=GREY, linewidth=1.0)
    ax.set_ylim(1.05 * reach[1], 1.05 * reach[0])
    ax.set_ylabel(word("money"))
    title = f"{word('income')} (+), {word('outgo')} (−)"
    _title(ax, " · ".join((title, _place_of(result), _called(result, name))))
    ax.legend(
        loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, labelcolor=GREY, fontsize=9
    )
    _finish(ax, _place_of(result))
    return ax


@styled
def pyramid(
    result: Result, date: str | int, scenario: str | None = None, ax: Axes | None = None
) -> Axes:
    """People by sex and age on a 1 January, from a result that recorded ages."""
    ax = _axes(ax)
    stock = _people_stock(result)
    name = scenario or result.scenarios[0]
    _known_scenario(result, name)
    found = stock.sel(scenario=name).isel(draw=0)
    days = [str(day)[:10] for day in np.asarray(found["date"])]
    wanted = f"{date}-01-01" if re.fullmatch(r"\d{4}", str(date)) else str(date)
    if wanted not in days:
        raise RssimError(f"pyramid: {wanted} is not recorded; there are {days[0]} to {days[-1]}.")
    found = found.isel(date=days.index(wanted))
    extra = [dim for dim in found.dims if dim not in ("sex", "age")]
    found = found.sum(extra) if extra else found
    ages = np.asarray(found["age"])
    men = np.asarray(found.sel(sex="male"), dtype=float) / 1e4
    women = np.asarray(found.sel(sex="female"), dtype=float) / 1e4
    colours = _cycle()
    ax.barh(ages, -men, height=1.0, color=colours[0], linewidth=0)
    ax.barh(ages, women, height=1.0, color=colours[1], linewidth=0)
    reach = 1.1 * float(max(men.max(), women.max()))
    ax.set_xlim(-reach, reach)
    ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    ax.set_xlabel(word("people"))
    ax.set_ylabel(word("age"))
    ax.text(0.02, 0.95, word("male"), transform=ax.transAxes, color=colours[0], va="top")
    label: dict[str, Any] = {"transform": ax.transAxes, "va": "top"}
    ax.text(0.98, 0.95, word("female"), color=colours[1], ha="right", **label)
    _title(ax, f"{_place_of(result)} · {wanted} · {_called(result, name)}")
    _finish(ax, "")
    return ax


@styled
def retirement_ages(
    scenario: Scenario, births: tuple[int, int] = (1955, 1995), ax: Axes | None = None
) -> Axes:
    """Mean statutory retirement age of each birth year under a scenario, by sex and track."""
    from rssim.inputs.schedule import statutory_path

    ax = _axes(ax)
    years = list(range(births[0], births[1] + 1))
    ends = []
    for track, ages in statutory_path(scenario, years).items():
        if track == "male, worker":
            continue  # men of both tracks have one age
        (line,) = ax.plot(years, ages, label=word(track))
        ends.append((ages[-1], word(track), _hex(line)))
    ax.set_xlabel(word("birth"))
    ax.set_ylabel(word("statutory"))
    _title(ax, scenario.zh if _state["language"] == "zh" and scenario.zh else scenario.title)
    _name_ends(ax, ends, float(years[-1]))
    _finish(ax, scenario.place.name, years=False)
    return ax


class Svg:
    """A figure as inline SVG in the colour of the surrounding text, with a name for readers."""

    def __init__(self, text: str, alt: str) -> None:
        self.text = text
        self.alt = alt

    def _repr_html_(self) -> str:
        return f'<div class="rs-fig">{self.text}</div>'

    def __repr__(self) -> str:
        return f"Svg({self.alt!r}, {len(self.text):,} characters)"


def svg(figure: Figure | Axes, alt: str = "") -> Svg:
    """A figure as inline SVG: sharp in light and dark pages, closed afterwards."""
    from matplotlib import pyplot

    drawing: Any = figure.get_figure() if hasattr(figure, "get_figure") else figure
    drawing = drawing if drawing is not None else figure
    text = alt or next((ax.get_title(loc="left") or ax.get_title() for ax in drawing.axes), "")
    out = StringIO()
    with house():
        drawing.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    pyplot.close(drawing)
    raw = out.getvalue()
    raw = raw[raw.index("<svg") :]
    raw = re.sub(r"#767676", "currentColor", raw, flags=re.IGNORECASE)
    raw = re.sub(r"<metadata>.*?</metadata>", "", raw, flags=re.DOTALL)
    label = f'<svg role="img" aria-label="{escape(text or "figure", quote=True)}" '
    raw = raw.replace("<svg ", label, 1)
    return Svg(raw, text)


def word(key: str) -> str:
    """A label in the language in force."""
    return WORDS[key][1 if _state["language"] == "zh" else 0]


def _about(result: Result, key: str) -> dict[str, Any]:
    if key not in result.flows:
        raise RssimError(
            f"{key}: there is no such series." + nearest(key, [str(name) for name in result.flows])
        )
    return dict(result.flows[key].attrs)


def _known_scenario(result: Result, name: str) -> None:
    if name not in result.scenarios:
        raise RssimError(
            f"{name}: the result has no such scenario; it has {', '.join(result.scenarios)}."
            + nearest(name, result.scenarios)
        )


def _series(result: Result, key: str, scenario: str) -> tuple[Array, Array]:
    _known_scenario(result, scenario)
    found = result.series(key, scenario=scenario)
    return np.asarray(found.index, dtype=float), np.asarray(found, dtype=float)


def _people_stock(result: Result) -> Any:
    for name in ("population", "people"):
        if name in result.stocks and {"sex", "age"} <= set(result.stocks[name].dims):
            return result.stocks[name]
    raise RssimError('pyramid: the result has no ages; run with record="ages".')


def _name(about: dict[str, Any]) -> str:
    zh = str(about.get("long_name_zh", ""))
    return zh if _state["language"] == "zh" and zh else str(about.get("long_name", ""))


def _hex(line: Line2D) -> str:
    from matplotlib.colors import to_hex

    return to_hex(line.get_color())


def _scale(unit: str) -> tuple[float, str]:
    factor, english, chinese = SCALES.get(unit, (1.0, unit, unit))
    return factor, chinese if _state["language"] == "zh" else english


def _place_of(result: Result) -> str:
    place = result.runs[0].scenario.place
    return place.zh if _state["language"] == "zh" and place.zh else place.name


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot

    _, made = pyplot.subplots()
    return made


def _cycle() -> list[str]:
    from matplotlib import rcParams

    with house():
        return [str(colour) for colour in rcParams["axes.prop_cycle"].by_key()["color"]]


def _label(ax: Axes, about: dict[str, Any], place: str, tail: str = "") -> None:
    ax.set_ylabel(_scale(str(about.get("unit", "")))[1])
    _title(ax, " · ".join(part for part in (_name(about), place, tail) if part))
    _finish(ax, place)


def _finish(ax: Axes, place: str, years: bool = True) -> None:
    """Spines, whole years and the line that says where the numbers come from."""
    from matplotlib.ticker import MaxNLocator

    ax.spines[["top", "right"]].set_visible(False)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
    if years and place:
        ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, steps=[1, 2, 5, 10]))
    from rssim import __version__

    note = " · ".join(part for part in (f"{word('source')} {__version__}", place) if part)
    ax.annotate(
        note,
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -34),
        textcoords="offset points",
        fontsize=8,
        color=GREY,
        va="top",
    )


def _title(ax: Axes, text: str) -> None:
    ax.set_title(text, loc="left", color=GREY, fontsize=12, pad=10)


def _called(result: Result, name: str) -> str:
    """What a scenario is called in a picture: its title, Chinese where that is the language."""
    scenario = next(item.scenario for item in result.runs if item.scenario.name == name)
    title = scenario.zh if _state["language"] == "zh" and scenario.zh else scenario.title
    return title or name


def _name_ends(ax: Axes, ends: list[tuple[float, str, str]], at: float) -> None:
    """Names at the right ends of lines, moved apart where they would meet."""
    ax.set_xlim(right=at)  # no grid line runs into a name
    low, high = ax.get_ylim()
    apart = 0.06 * (high - low)
    placed: list[tuple[float, float, str, str]] = []
    for value, name, colour in sorted(ends, key=lambda item: item[0]):
        height = max(value, placed[-1][0] + apart) if placed else value
        placed.append((height, value, name, colour))
    for height, _, name, colour in placed:
        ax.annotate(
            name,
            (at, height),
            xytext=(6, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            fontsize=9,
            annotation_clip=False,
        )
