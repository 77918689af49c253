"""Pictures: the numbers drawn are those of the result, and what stands around them is right."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from rssim.errors import RssimError
from rssim.inputs.scenario import load_scenario
from rssim.study import plots
from rssim.study.result import Result
from rssim.study.run import run
from rssim.study.variants import Envelope, envelope

FUND = "employee_pension"


@pytest.fixture(scope="module")
def found() -> Envelope:
    names = ("baseline", "employer_rate_20")
    return envelope([load_scenario(name, "guangzhou", end=2032) for name in names])


@pytest.fixture(scope="module")
def ages() -> Result:
    return run(load_scenario("baseline", "guangzhou", end=2026), record="ages")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    from matplotlib import pyplot

    pyplot.close("all")
    plots.language("en")


def test_lines_draws_the_series_in_the_unit_that_it_names(found: Envelope) -> None:
    assert found.low is not None and found.high is not None
    ax = plots.lines(found.central, f"{FUND}.balance", band=(found.low, found.high))
    first, second = ax.lines
    expected = found.central.series(f"{FUND}.balance", "baseline") / 1e8
    np.testing.assert_allclose(first.get_ydata(), expected, rtol=1e-12)
    np.testing.assert_array_equal(first.get_xdata(), np.arange(2024, 2033))
    assert ax.get_ylabel() == "100 million yuan"
    assert ax.get_title(loc="left") == "Balance · Guangzhou"
    texts = [text.get_text() for text in ax.texts]
    assert "Baseline" in texts and "Employer rate 20 %" in texts
    assert any(text.startswith("Source: rssim") for text in texts)
    assert not ax.spines["top"].get_visible() and not ax.spines["right"].get_visible()
    assert first.get_color() != second.get_color()
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    at_end = corners[np.isclose(corners[:, 0], 2032)][:, 1]
    paths = found.paths(f"{FUND}.balance", "baseline")[:, -1] / 1e8
    assert at_end.min() == pytest.approx(paths.min())
    assert at_end.max() == pytest.approx(paths.max())


def test_an_own_axes_is_used_and_given_back(found: Envelope) -> None:
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2)
    assert plots.lines(found.central, "population", ax=left) is left
    assert plots.difference(found.central, f"{FUND}.balance", ax=right) is right
    assert pyplot.get_fignums() == [figure.number]


def test_difference_is_scenario_less_baseline(found: Envelope) -> None:
    ax = plots.difference(found.central, f"{FUND}.balance")
    drawn = ax.lines[-1].get_ydata()
    a = found.central.series(f"{FUND}.balance", "employer_rate_20")
    b = found.central.series(f"{FUND}.balance", "baseline")
    np.testing.assert_allclose(drawn, (a - b) / 1e8, rtol=1e-12)
    # The rate is higher from 2026 on, so the balance is the same until then and higher after.
    assert not np.any(drawn[:2]) and np.all(drawn[2:] > 0)
    assert "difference from Baseline" in ax.get_title(loc="left")


def test_fan_of_one_draw_is_a_line(found: Envelope) -> None:
    ax = plots.fan(found.central, "unemployment_rate")
    assert len(ax.lines) == 1 and len(ax.collections) == 0
    expected = found.central.series("unemployment_rate", "baseline") * 100
    np.testing.assert_allclose(ax.lines[0].get_ydata(), expected, rtol=1e-12)
    assert ax.get_ylabel() == "%"


def test_flows_stack_to_income_and_outgo(found: Envelope) -> None:
    ax = plots.flows(found.central, "baseline")
    edges = np.concatenate([path.vertices for part in ax.collections for path in part.get_paths()])
    last = edges[np.isclose(edges[:, 0], 2032)][:, 1]
    table = found.central.table(
        [
            f"{FUND}.{key}"
            for key in (
                "revenue",
                "required_subsidy",
                "expenditure",
                "remittance",
            )
        ],
        2032,
        "baseline",
    )
    revenue, required, spent, remitted = table.to_numpy()[0]
    assert last.max() == pytest.approx(revenue + required)
    assert last.min() == pytest.approx(-(spent + remitted))


def test_flows_draws_every_entry_of_the_ledger() -> None:
    from rssim.study.measures import LEDGER_KEYS

    drawn = {
        side: {key for keys in parts.values() for key in keys}
        for side, parts in (
            ("in", plots.INCOME),
            ("out", plots.OUTGO),
        )
    }
    assert not drawn["in"] & drawn["out"]
    assert drawn["in"] | drawn["out"] == {*LEDGER_KEYS, "other_income", "other_expenditure"}


def test_pyramid_counts_everyone(ages: Result) -> None:
    ax = plots.pyramid(ages, 2025)
    drawn = sum(abs(bar.get_width()) for bar in ax.patches) * 1e4
    stock = ages.stocks["population"].sel(scenario="baseline", date="2025-01-01")
    assert drawn == pytest.approx(float(stock.squeeze()), rel=1e-9)
    assert min(bar.get_width() for bar in ax.patches) < 0


def test_pyramid_without_ages_says_how_to_get_them(found: Envelope) -> None:
    with pytest.raises(RssimError, match='record="ages"'):
        plots.pyramid(found.central, 2025)


def test_pyramid_of_another_day(ages: Result) -> None:
    with pytest.raises(RssimError, match="2024-01-01 to 2027-01-01"):
        plots.pyramid(ages, 2050)


def test_retirement_ages_are_those_of_the_decision() -> None:
    """Men 60 to 63, women 55 to 58 and 50 to 55 (decision of 2024-09-13)."""
    ax = plots.retirement_ages(load_scenario("baseline"))
    ends = {line.get_label(): (line.get_ydata()[0], line.get_ydata()[-1]) for line in ax.lines}
    assert ends == {
        "Men": (60.0, 63.0),
        "Women, 55 before": (55.0, 58.0),
        "Women, 50 before": (50.0, 55.0),
    }


def test_unknown_series_and_scenarios_name_the_nearest(found: Envelope) -> None:
    with pytest.raises(RssimError, match="Did you mean employee_pension.balance"):
        plots.lines(found.central, f"{FUND}.balanc")
    with pytest.raises(RssimError, match="Did you mean employer_rate_20"):
        plots.difference(found.central, "population", against="employer_rate_2")


def test_svg_takes_the_colour_of_the_text(found: Envelope) -> None:
    drawn = plots.svg(plots.lines(found.central, "population"), alt='People < "all"')
    html = drawn._repr_html_()
    assert 'role="img"' in html and 'aria-label="People &lt; &quot;all&quot;"' in html
    assert "currentColor" in html and "#767676" not in html.lower()
    assert "<script" not in html and "<image" not in html
    assert set(re.findall(r'https?://[^"\s]+', html)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_svg_is_the_same_each_time(found: Envelope) -> None:
    one, two = (plots.svg(plots.lines(found.central, "population")).text for _ in range(2))
    assert one == two


def test_nothing_is_left_of_the_style(found: Envelope) -> None:
    from matplotlib import rcParams

    before = dict(rcParams)
    plots.svg(plots.lines(found.central, "population"))
    assert dict(rcParams) == before


def test_chinese_where_there_is_a_font(
    found: Envelope, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if plots.chinese_font():
        assert plots.language("zh") == "zh"
        ax = plots.lines(found.central, f"{FUND}.balance")
        assert ax.get_title(loc="left") == "累计结余 · 广州" and ax.get_ylabel() == "亿元"
        plots.svg(ax)  # a missing glyph would be a warning, and warnings are errors
    monkeypatch.setattr(plots, "chinese_font", lambda: "")
    assert plots.language("zh") == "en"
    assert "No Chinese font" in capsys.readouterr().out
    assert plots.lines(found.central, f"{FUND}.balance").get_ylabel() == "100 million yuan"


def test_an_unknown_language() -> None:
    with pytest.raises(RssimError, match="en, zh"):
        plots.language("fr")


def test_result_and_scenario_as_html(found: Envelope) -> None:
    from rssim.study.html import result_html, scenario_html

    html = result_html(found.central)
    assert html.count("<style>") == 1 and "<script" not in html
    assert 'class="dataframe rs-table"' in html
    assert html.count('role="img"') == 10  # five indicators of two scenarios
    scenario = load_scenario("employer_rate_20")
    html = scenario_html(scenario)
    assert "0.16 → 0.2" in html and "2026-01-01" in html
    assert f"{len(scenario.place.entries) - 1} levers as Guangzhou has them" in html
