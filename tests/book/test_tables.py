"""The tables of the book: numbers are those of results and of places, put where they belong."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import rssim
from rssim.study import pages
from rssim.study.result import Result
from rssim.study.variants import Envelope

FUND = "employee_pension"


@pytest.fixture(scope="module")
def found() -> Envelope:
    names = ("baseline", "employer_rate_20")
    return rssim.envelope([rssim.load(name, place="guangdong", end=2030) for name in names])


@pytest.fixture(scope="module")
def past() -> Result:
    return rssim.run(rssim.load("baseline", place="china", opening=date(2016, 1, 1), end=2017))


def column(table: pages.Table, name: str) -> dict[str, str]:
    header, *body = table.rows
    return {row[0]: row[header.index(name)] for row in body}


def test_a_range_stands_below_its_number_and_text_is_escaped() -> None:
    made = pages.table([["a < b", "2024"], ["x", "-1.5 [-2 – +3]"], ["day", "2024-01-01"]])
    html = made._repr_html_()
    assert '<td>−1.5<br><span class="rs-range">[−2 – +3]</span></td>' in html
    assert "<td>2024-01-01</td>" in html
    words = pages.table([["", "Source"], ["y", "the law <of> 2010"]])._repr_html_()
    assert '<td class="rs-text">the law &lt;of&gt; 2010</td>' in words
    assert "a &lt; b" in html and '<th scope="row">x</th>' in html


def test_a_table_of_levels_holds_the_lowest_and_highest_of_three_runs(found: Envelope) -> None:
    table = pages.levels(found, "baseline", ["balance"], [2030])
    low, high = sorted(
        float(item.series(f"{FUND}.balance", "baseline")[2030]) / 1e8 for item in found.results
    )[:: len(found.results) - 1]
    central = float(found.central.series(f"{FUND}.balance", "baseline")[2030]) / 1e8
    assert table.rows[1] == ("Balance [亿元]", f"{central:,.0f} [{low:,.0f} – {high:,.0f}]")


def test_fine_differences_are_told_in_thousands_and_hundredths(found: Envelope) -> None:
    """The same difference in both tables: millions, and thousands with one decimal."""
    keys = ["employed", "unemployment_rate"]
    table = pages.differences(found, "employer_rate_20", keys, [2027], fine=True)
    gaps = []
    for item in found.results:
        after, before = (item.series("employed", n)[2027] for n in ("employer_rate_20", "baseline"))
        gaps.append((float(after) - float(before)) / 1e3)
    after, before = (
        float(found.central.series("unemployment_rate", name)[2027])
        for name in ("employer_rate_20", "baseline")
    )
    assert table.rows[1][0] == "Employed persons [thousand]"
    assert table.rows[1][1].split(" [")[1] == f"{min(gaps):+,.1f} – {max(gaps):+,.1f}]"
    assert table.rows[2][1].startswith(f"{100 * (after - before):+.2f} [")


def test_who_pays_what_the_employer_rate_adds_by_hand() -> None:
    """From 16 to 20 % at unchanged jobs and wages employers pay a quarter more each year."""
    base = rssim.load("baseline", place="guangdong", end=2030)
    still = base.change("job_market.closure", "exogenous", name="still")
    rate = {"2026-01-01": 0.2}
    up = still.change("employee_pension.employer_rate", rate, name="up")
    result = rssim.run([still, up], bite="off")
    table = pages.who_pays(result, ["up"], [(2026, 2030)], against="still")
    before = result.series(f"{FUND}.employer_contributions", "still").loc[2026:]
    # The public sector has a rate of its own.
    before = before - result.series("public_pension.employer_contributions", "still").loc[2026:]
    price = result.series("price_index", "still").loc[2026:]
    expected = float((0.25 * before / price).sum()) / 1e8
    paid = column(table, "2026 to 2030")
    assert paid["Employers pay"] == f"{expected:+,.0f}"
    assert paid["Workers pay"] == paid["Pensioners receive"] == "0"
    assert table.rows[0][0] == "亿元, prices of 2023"


def test_every_payment_of_the_ledger_is_on_one_side_of_the_table() -> None:
    from rssim.study.measures import LEDGER_KEYS

    named = [key for _, parts in pages.PAYERS for key in parts] + list(pages.GRANTS)
    assert sorted(named) == sorted([*LEDGER_KEYS, "other_income", "other_expenditure"])


def test_the_rows_of_who_pays_add_up_to_the_change_of_the_balance() -> None:
    """Every yuan that enters or leaves the fund is in one row: what is left is the balance."""
    base = rssim.load("baseline", place="guangdong", end=2030)
    up = base.change("employee_pension.employer_rate", {"2026-01-01": 0.2}, name="up")
    result = rssim.run([base, up], bite="off")
    first = result.years[0] - 1
    paid = column(pages.who_pays(result, ["up"], [(first + 1, 2030)]), f"{first + 1} to 2030")
    signs = {name: -1 if "receive" in name else 1 for name, _ in pages.PAYERS}
    left = sum(signs[name] * float(paid[name].replace(",", "")) for name in signs)
    change = 0.0
    for name, sign in (("up", 1), ("baseline", -1)):
        balance = result.series(f"{FUND}.balance", name)
        flow = balance.diff() / result.series("price_index", name)
        change += sign * float(flow.loc[2026:].sum())
    assert left == pytest.approx(change / 1e8, abs=len(signs))


def test_a_turning_point_that_does_not_come_is_said(found: Envelope) -> None:
    assert pages.event_year(found.central, "depletion_year", "baseline") == "no year to 2030"
    assert pages.event_year(found.central, "peak_year", "baseline") == "2030"


def test_gaps_are_model_over_published_less_one(past: Result) -> None:
    scores = pages.scores(past).set_index(["series", "year"])
    # Bulletin of 2016: 278.26 million insured workers, expenditure of 3,185.4 billion yuan.
    people = float(past.series(f"{FUND}.insured_workers")[2016])
    spent = float(past.series(f"{FUND}.expenditure")[2016])
    assert scores.loc[("contributors", 2016), "gap"] == pytest.approx(people / 278.26e6 - 1)
    assert scores.loc[("expenditure", 2016), "gap"] == pytest.approx(spent / 3185.4e9 - 1)
    assert set(scores.index.get_level_values("year")) == {2016, 2017}
    table = pages.gap_table(past)
    assert column(table, "Expenditure")["2016"] == f"{spent / 3185.4e9 - 1:+.1%}"


def test_calibrated_moments_are_met_as_the_page_says(past: Result) -> None:
    table = pages.pins(past)
    observed, model = column(table, "Observed"), column(table, "Model")
    assert observed == model and observed["retirees"] == "91.420 million"


@pytest.mark.parametrize("name", ["china", "guangdong", "guangzhou"])
def test_values_are_counted_once_by_kind_and_evidence(name: str) -> None:
    place = rssim.place(name)
    header, *body, total = pages.kinds(place).rows
    counts = np.array([[int(cell) for cell in row[1:-1]] for row in body])
    assert int(total[-1]) == counts.sum() == sum(int(row[-1].split()[0]) for row in body)
    assert [int(cell.split()[0]) for cell in total[1:-1]] == list(counts.sum(axis=0))
    levers = [list(map(int, row[1:])) for row in pages.layers(place).rows[1:]]
    assert sum(row[0] for row in levers) == len(rssim.levers())
    assert all(row[0] == row[1] + row[2] for row in levers)


def test_sources_count_each_value_and_moment_once() -> None:
    place = rssim.place("china")
    dated = sum(bool(step.source) for entry in place.entries.values() for step in entry.dated)
    moments = sum(len(found) for found in place.calibration.values()) + len(place.score)
    assert sum(int(row[-1]) for row in pages.sources(place).rows[1:]) == dated + moments
