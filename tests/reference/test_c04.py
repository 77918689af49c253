"""Trust fund ratio of the United States from published cost and income rates, 2024 to 2046.

The fund in shares of payroll: A(t+1) = [A(t) (1 + i) + (I - C) (1 + i / 2)] / (1 + g). With payroll
rising at g this is `fund_path` on amounts. Interest is inferred from the two published paths, so
the test of levels has 22 free rates against 34 ratios; the difference of the paths does not depend
on them.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from rssim.cohorts.funds.account import CONTRIBUTION, EXPENDITURE, HOUSEHOLDS, Payment, settled
from rssim.study.indicators import depletion_index, fund_path, trust_fund_ratio

DATA = Path(__file__).parent / "data"
GROWTH = 0.04
FIRST, LAST = 2024, 2046
YEARS = np.arange(FIRST, LAST + 1)
SCENARIOS = ("current_law", "revenue_option_1")


def read(name):
    with open(DATA / name, encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="module")
def published():
    """Arrays (scenario, year): cost and income in shares of payroll, ratio in per cent."""
    rows = read("c04_oasdi.csv")
    table = {(row["scenario"], int(row["year"])): row for row in rows}

    def column(name):
        return np.array(
            [[float(table[s, y][name] or "nan") for y in YEARS.tolist()] for s in SCENARIOS]
        )

    return {
        "cost": column("cost_rate") / 100,
        "income": column("income_rate") / 100,
        "ratio": column("trust_fund_ratio_jan1"),
    }


@pytest.fixture(scope="module")
def interest():
    rates = {int(row["year"]): float(row["interest"]) for row in read("c04_interest.csv")}
    assert sorted(rates) == YEARS[:-1].tolist()
    # No rate is known for the last year, and none is needed for its first day.
    return np.array([*(rates[year] for year in YEARS[:-1].tolist()), 0.0])


def paths(published, rates):
    payroll = (1 + GROWTH) ** (YEARS - FIRST)
    cost, income = published["cost"] * payroll, published["income"] * payroll
    path = fund_path(1.88 * cost[:, 0], income, cost, rates, 0.5)
    return path, 100 * trust_fund_ratio(path, cost)


def test_ratios_within_one_point(published, interest):
    _, ours = paths(published, interest)
    known = ~np.isnan(published["ratio"])
    assert known.sum(axis=-1).tolist() == [12, 23]
    assert np.abs(ours - published["ratio"])[known].max() <= 1.0


def test_depletion(published, interest):
    """Current law: during 2035. The option: at the start of 2046, when the ratio is 0."""
    path, ours = paths(published, interest)
    assert depletion_index(path)[0] + FIRST == 2035
    assert ours[1, -1] == pytest.approx(0.0, abs=0.5)


@pytest.mark.parametrize("rate", [0.02, 0.05])
def test_difference_of_the_paths_with_any_interest(published, rate):
    """More revenue with the same cost: no inferred rate is used, only 2 or 5 % in every year."""
    _, ours = paths(published, rate)
    both = ~np.isnan(published["ratio"]).any(axis=0)
    gain = ours[1, both] - ours[0, both]
    expected = published["ratio"][1, both] - published["ratio"][0, both]
    assert expected[-1] == 68
    # Both ratios are whole per cents; up to three points of interest are missing or too much, for
    # half of eleven years on average.
    assert (np.abs(gain - expected) <= 1.0 + 0.1 * expected).all()


def test_the_account_of_every_fund_gives_the_same_path(published, interest):
    """The fund code of a run on both scenarios as two draws, until the first runs dry."""
    fund = "old-age, survivors and disability trust funds"
    expected, ours = paths(published, interest)
    payroll = (1 + GROWTH) ** (YEARS - FIRST)
    balance = 1.88 * published["cost"][:, 0] * payroll[0]
    ratios = []
    for at in range(2035 - FIRST):
        spent, earned = (published[key][:, at] * payroll[at] for key in ("cost", "income"))
        ratios.append(100 * balance / spent)
        flows = {
            "income": Payment(earned[:, None], HOUSEHOLDS, fund, CONTRIBUTION),
            "cost": Payment(spent[:, None], fund, HOUSEHOLDS, EXPENDITURE),
        }
        account = settled(fund, balance, flows, np.full(2, interest[at]), "central budget")
        assert account.amount("required_subsidy").tolist() == [0.0, 0.0]
        balance = account.closing
    found = np.stack(ratios, axis=-1)
    years = slice(0, 2035 - FIRST)
    known = ~np.isnan(published["ratio"][:, years])
    assert np.abs(found - published["ratio"][:, years])[known].max() <= 1.0
    assert found == pytest.approx(ours[:, years], rel=1e-12)
    assert balance == pytest.approx(expected[:, 2035 - FIRST], rel=1e-12)
    # During 2035 the fund of current law runs dry, and the account books what is missing.
    spent, earned = (published[key][:, 11] * payroll[11] for key in ("cost", "income"))
    flows = {
        "income": Payment(earned[:, None], HOUSEHOLDS, fund, CONTRIBUTION),
        "cost": Payment(spent[:, None], fund, HOUSEHOLDS, EXPENDITURE),
    }
    account = settled(fund, balance, flows, np.full(2, interest[11]), "central budget")
    cover = account.amount("required_subsidy")
    assert cover[0] > 0 and cover[1] == 0.0 and account.closing[0] == 0.0
