"""The public pension by hand, its place within the published series, and what a lever may move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rssim.cohorts import engine
from rssim.cohorts.calibration import calibrate
from rssim.cohorts.funds import public_pension as fund
from rssim.cohorts.funds import public_staff as public
from rssim.errors import CalibrationError, LedgerError
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import load_scenario
from rssim.study.measures import published_balance
from rssim.study.run import simulate
from tests.cohorts.cells import number, one
from tests.cohorts.funds import one_cell
from tests.cohorts.funds.moves import headline, moved
from tests.laws.worlds import PLACES, baseline, calibrated

OPENINGS = [*((place, None) for place in PLACES), ("china", date(2016, 1, 1))]
AGE = 59
PLAIN = {
    "window_share": 0.0,
    "service_limits": np.array([10.0, 20.0, 30.0, 35.0]),
    "service_shares": np.ones(5),
    "old_subsidy_m": 0.0,
    "old_increase_m": 0.0,
    "old_uprating": 1.0,
}
SURE = {"benefit_log_sd": 0.0, "pay_log_sd": 0.0, "waiting_share": 1.0}


def rights(cohort=public.MIDDLE, age=AGE, **amounts):
    """Rights of men of one age: totals by name."""
    out = np.zeros((len(public.QUANTITIES), 2, *one_cell.SHAPE))
    for name, value in amounts.items():
        out[(public.QUANTITIES.index(name), cohort, *one_cell.MEN, age)] = value
    return out


def pensioners(cohort, age=70, **amounts):
    """Pensioners of one age: totals by name."""
    out = np.zeros((len(fund.PENSIONER_QUANTITIES), 3, *one_cell.SHAPE))
    for name, value in amounts.items():
        out[(fund.PENSIONER_QUANTITIES.index(name), cohort, *one_cell.MEN, age)] = value
    return out


def a_year(law=None, behaviour=None, annuity=None):
    return one_cell.year(
        AGE,
        PublicPensionTerms=PLAIN | (law or {}),
        PublicPensionBehaviour=SURE | (behaviour or {}),
        OccupationalAnnuityTerms=annuity or {},
    )


def still(work):
    """The work of a year without an increase of pensions."""
    return replace(work, references=replace(work.references, increase=one(0.0)))


# -- Awards --------------------------------------------------------------------------------------


def test_new_formula_by_hand():
    """Ten people with 35 years, 24 of them deemed at 1.3, and an index of 1.1 since.

    Basic P (1 + I) / 2 x 35 %, I = (11 x 1.1 + 24 x 1.3) / 35; account 139,000 / 139 = 1,000;
    transitional P x 1.3 x 24 x 1.2 %. The annuity is paid elsewhere.
    """
    work, year = (
        one_cell.work(AGE),
        a_year({"deemed_index": 1.3, "transitional_coefficient": 0.012}),
    )
    base = number(work.references.calculation_base_m)
    many = rights(
        people=10,
        years=110,
        index_years=121,
        deemed_years=240,
        account=1_390_000,
        notional=1_000_000,
        funded=500_000,
    )
    found = fund.awards(many, work, year)
    index = (11 * 1.1 + 24 * 1.3) / 35
    month = base * (1 + index) / 2 * 0.35 + 1_000 + base * 1.3 * 24 * 0.012
    assert found.pension.sum() == pytest.approx(10 * 12 * month, rel=1e-12)
    assert found.people.sum() == 10
    assert found.shortfall.sum() == 0.0


@pytest.mark.parametrize(
    ("window", "excess", "new", "expected"),
    [(1.0, 0.9, 7_000, 6_900), (0.0, 0.9, 7_000, 7_000), (0.0, 1.0, 5_500, 5_500)]
    + [(1.0, 0.9, 5_500, 6_000), (0.75, 1.0, 5_500, 0.75 * 6_000 + 0.25 * 5_500)],
)
def test_the_ten_years_of_comparison(window, excess, new, expected):
    """Old 6,000: of 7,000 in 2023 nine tenths of the gain; after the ten years the new amount."""
    law = {"window_share": window, "excess_share": excess, "old_basic_pay_m": 6_000.0}
    found = fund.awards(rights(people=2, account=2 * new * 139.0), one_cell.work(AGE), a_year(law))
    assert found.pension.sum() == pytest.approx(2 * 12 * expected, rel=1e-12)
    gain = window * excess * max(new - 6_000, 0)
    assert found.shortfall.sum() == pytest.approx(2 * 12 * gain, abs=1e-9)


def test_the_annuity_counts_in_the_comparison_and_is_paid_elsewhere():
    """New 6,000 with an annuity of 1,000 in it, old 6,500: the fund pays 5,500."""
    law = {"window_share": 1.0, "excess_share": 1.0, "old_basic_pay_m": 6_500.0}
    many = rights(people=1, account=5_000 * 139.0, notional=600 * 139.0, funded=400 * 139.0)
    found = fund.awards(many, one_cell.work(AGE), a_year(law))
    assert found.pension.sum() == pytest.approx(12 * 5_500)


def test_who_entered_later_is_not_compared():
    law = {"window_share": 1.0, "excess_share": 1.0, "old_basic_pay_m": 6_000.0}
    many = rights(public.NEW, people=1, account=3_000 * 139.0)
    assert fund.awards(many, one_cell.work(AGE), a_year(law)).pension.sum() == pytest.approx(36_000)


def test_old_formula_by_band_of_service():
    """Thirty years exactly, no spread: 85 % of 2,000, subsidy 500, increase 300, raised by half."""
    law = PLAIN | {
        "service_shares": np.array([0.6, 0.7, 0.8, 0.85, 0.9]),
        "old_basic_pay_m": 2_000.0,
        "old_subsidy_m": 500.0,
        "old_increase_m": 300.0,
        "old_uprating": 1.5,
    }
    year = a_year(law)
    year = replace(year, behaviour=replace(year.behaviour, years_sd=one(0.0)))
    found = fund.old_amounts(np.full((1, 1, 1, 1), 30.0), one_cell.work(AGE), year)
    assert number(found) == pytest.approx((1_700 + 500 + 300) * 1.5)


# -- Payments ------------------------------------------------------------------------------------


def nobody():
    none = np.zeros((2, *one_cell.SHAPE))
    return fund.Awarded(none, none, none)


def test_arrears_of_a_recalculation_over_the_year():
    """120 short a year and 300 owed; half is recalculated evenly: 180 paid, 210 owed after."""
    stock = pensioners(fund.MIDDLE_P, people=1, pension=1_000, shortfall=120, owed=300)
    year = a_year(behaviour={"recalculated_share": 0.5})
    found = fund.pay(stock, nobody(), one(0.0), still(one_cell.work(70)), year)
    assert found.pensions.sum() == pytest.approx(1_000 - 120 * 0.75)
    assert found.arrears.sum() == pytest.approx(0.5 * (300 + 60))
    assert found.end[fund.OWED].sum() == pytest.approx(0.5 * (300 + 120))
    assert found.end[fund.SHORTFALL].sum() == pytest.approx(60)


def test_heirs_get_what_is_owed():
    """Nobody lives to the end of the year: nothing is owed any more."""
    stock = pensioners(fund.MIDDLE_P, people=1, pension=1_000, shortfall=0, owed=300)
    work = still(one_cell.work(70, survival=0.0))
    found = fund.pay(stock, nobody(), one(0.0), work, a_year(behaviour={"recalculated_share": 0.0}))
    assert found.arrears.sum() == pytest.approx(300)
    assert found.end.sum() == 0.0


def test_contributions_and_subsidy_by_hand():
    """A hundred at 40 on 1.2 base wages; pensions of 50 million: the budget pays the gap."""
    work, year = still(one_cell.work(40)), a_year({"employer_rate": 0.16, "employee_rate": 0.08})
    wage = number(work.references.base_wage_m)
    stocks = fund.PublicPensionStocks(
        rights(age=40, people=100),
        pensioners(fund.OLD_P, people=500, pension=5e7),
        one(1.0),
        one(1e6),
    )
    found = fund.PublicPensionConstants(one(1.2), one(1.0), one(1.0), one(1.0))
    done = fund.year(stocks, work, year, one_cell.inputs(), found)
    base = 100 * 1.2 * wage * 12
    account = done.account
    assert number(account.amount("employer_contributions")) == pytest.approx(0.16 * base)
    assert number(account.amount("employee_contributions")) == pytest.approx(0.08 * base)
    assert number(account.amount("pensions")) == pytest.approx(5e7)
    assert number(account.amount("subsidy")) == pytest.approx(5e7 - 0.24 * base)
    interest = 1e6 * number(year.economy.fund_return)
    assert number(account.closing) == pytest.approx(1e6 + interest)
    # The account of a hundred grows by 8 % of the base, half a year's interest on it.
    rate = number(year.pension.account_interest_rate)
    half = rate * number(year.pension.mid_year_factor) / 2
    grown = done.stocks.staff[public.ACCOUNT].sum()
    assert grown == pytest.approx(0.08 * base * (1 + half))
    assert done.stocks.staff[public.YEARS].sum() == pytest.approx(100)


def test_pay_beyond_the_reference_wage():
    """Two per cent more pay a year: after one year the base is 2 % higher, at the same law."""
    year = a_year(behaviour={"pay_growth": 0.02})
    staff, work = rights(age=40, people=1), one_cell.work(40)
    done = public.staff_year(staff, one(1.0), one(1.0), work, year, one_cell.inputs())
    assert number(done.pay_index) == pytest.approx(1.02)
    later = public.credits(one(1.0), done.pay_index, work, year)
    assert number(later.base_m) == pytest.approx(1.02 * number(done.credits.base_m))


def test_those_who_leave_are_replaced_and_nobody_is_dismissed():
    staff = np.zeros(one_cell.SHAPE)
    staff[(*one_cell.MEN, 40)] = 100.0
    left = 0.9 * staff
    work = one_cell.work(25, formal=1_000.0)
    year = a_year(behaviour={"staff_growth": 0.05, "entry_first_age": 22, "entry_last_age": 30})
    entered = public.hires(staff, left, work, year)
    assert entered.sum() == pytest.approx(15.0)
    assert entered[(*one_cell.MEN, 25)] == pytest.approx(15.0)
    fewer = a_year(behaviour={"staff_growth": -0.2})
    assert public.hires(staff, left, work, fewer).sum() == 0.0


# -- Within the published series -----------------------------------------------------------------


@pytest.mark.parametrize(("place", "opening"), OPENINGS)
def test_moments_are_met(place, opening):
    lines = [line for line in calibrated(place, opening).lines if line.moment.startswith(fund.KEY)]
    assert {line.moment for line in lines} == {f"{fund.KEY}.{name}" for name in fund.MOMENTS}
    for line in lines:
        assert line.model == pytest.approx(line.observed, rel=1e-8), line.moment


@pytest.mark.parametrize(("place", "opening"), OPENINGS)
def test_both_funds_together_give_the_published_totals(place, opening):
    """What the calibration met before the public part was carved out is still met by the sum."""
    found = calibrated(place, opening)
    inputs = baseline(place, 2026 if opening is None else 2018, opening)
    first = engine.run(replace(inputs, years=inputs.years[:1]), found.opening, found.constants)
    money = first.flows[0].ledger
    parts = [money.accounts[key] for key in ("employee_pension", fund.KEY)]
    for line in found.lines:
        if line.moment in ("expenditure", "revenue") and line.at == "first_year":
            total = sum(number(getattr(part, line.moment)) for part in parts)
            assert total == pytest.approx(line.observed, rel=1e-9), line.moment
    booked = sum(number(part) for name, part in money.booked.items() if name in fund.OUTGO)
    assert booked == pytest.approx(number(parts[1].expenditure), rel=1e-12)
    assert number(sum(part.opening for part in parts)) == pytest.approx(
        number(published_balance(found.opening))
    )


def test_a_part_larger_than_the_whole_is_named():
    from rssim.cohorts.funds.account import EXPENDITURE, Payment
    from rssim.cohorts.ledger import carved

    whole = {"pensions": Payment(np.array([[6.0, 4.0]]), "a", "b", EXPENDITURE)}
    left = carved(whole, {"pensions": np.array([5.0])}, 2030)
    assert left["pensions"].amount.tolist() == [[3.0, 2.0]]
    with pytest.raises(LedgerError, match=r"2030: pensions: .*11 yuan.*more than the whole, 10"):
        carved(whole, {"pensions": np.array([11.0])}, 2030)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("contributions", 1e9, r"guangdong: public_pension\.contributions: .* the law allows"),
        ("expenditure", 1e9, r"guangdong: public_pension\.expenditure: .* is less than new"),
        ("balance", 1e13, r"guangdong.*balance: .* less than the balances of the schemes within"),
    ],
)
def test_a_moment_that_cannot_be_met_is_named(name, value, message):
    scenario = load_scenario("baseline", place="guangdong", end=2025)
    moments = scenario.place.calibration[scenario.opening]
    key = f"{fund.KEY}.{name}"
    changed = moments | {key: moments[key] | {"value": value}}
    place = replace(scenario.place, calibration={scenario.opening: changed})
    with pytest.raises(CalibrationError, match=message):
        calibrate(assemble(replace(scenario, place=place), trace=False))


def test_opening_staff_by_hand():
    """Ages 22 to 30 are those of entry: at 45 all have entered, nine and a quarter years ago all
    had; the mean entry at 26 leaves 19.5 years, 10.25 of them before October 2014."""
    inputs = baseline("guangdong", 2026)
    share, years = public.passed(inputs, 9.25)
    assert share[0, 0, 0, 45] == 1.0
    assert years[0, 0, 0, 45] == pytest.approx(45.5 - 9.25 - 26)
    assert share[0, 0, 0, 35] == pytest.approx(5 / 9)
    assert share[0, 0, 0, 31] == pytest.approx(1 / 9)


# -- Levers --------------------------------------------------------------------------------------

OWN = "public_pension."
COMMON = "employee_pension."
GAP = {OWN + name for name in ("revenue", "subsidy", "current_balance")} | {
    COMMON + name for name in ("revenue", "subsidy", "current_balance")
}
"""The budget pays the gap, so a fund's balance does not move."""
BALANCES = {
    key + name for key in (OWN, COMMON) for name in ("balance", "reserve_months", "interest")
}
SPENDING = (
    GAP
    | {OWN + name for name in ("expenditure", "reserve_months")}
    | {COMMON + name for name in ("expenditure", "reserve_months", "balanced_rate")}
)
PENSIONS = SPENDING | {OWN + "pensions", COMMON + "pensions"}
BASES = {OWN + name for name in ("contributions", *fund.CONTRIBUTIONS)} | {
    COMMON + name for name in ("contributions", *fund.CONTRIBUTIONS)
}
LEVERS = {
    "public_pension.employer_rate": (
        0.165,
        GAP | BASES - {OWN + "employee_contributions", COMMON + "employee_contributions"},
    ),
    "public_pension.deemed_index": (
        1.5,
        PENSIONS | {OWN + "mean_pension_m", OWN + "mean_new_pension_m"},
    ),
    "public_pension.gap_share": (
        0.9,
        GAP | BALANCES | {OWN + "required_subsidy", COMMON + "required_subsidy"},
    ),
    "public_pension_behaviour.recalculated_share": (
        0.3,
        PENSIONS | {OWN + "arrears", OWN + "arrears_owed", COMMON + "other_expenditure"},
    ),
    "public_pension_behaviour.pay_growth": (
        0.01,
        PENSIONS
        | BASES
        | {OWN + name for name in ("base_m", "mean_pension_m", "mean_new_pension_m")}
        | {OWN + "inheritances", COMMON + "inheritances"},
    ),
}


@pytest.fixture(scope="module")
def base():
    return headline()


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_its_own_series_and_nothing_else(base, lever):
    value, may_move = LEVERS[lever]
    changed = headline(lever, value)
    found = moved(base, changed, rtol=1e-12, atol=1e-6)
    found = {key for key in found if not key.startswith("occupational_annuity.")}
    assert found
    assert found <= may_move


@pytest.mark.parametrize(
    ("lever", "value", "series", "sign"),
    [
        ("public_pension.employer_rate", 0.2, "subsidy", -1),
        ("public_pension.deemed_index", 1.5, "expenditure", 1),
        ("public_pension.transitional_coefficient", 0.014, "mean_new_pension_m", 1),
        ("public_pension_behaviour.pay_growth", 0.02, "contributions", 1),
        ("public_pension_behaviour.staff_growth", 0.01, "staff", 1),
        ("public_pension_behaviour.recalculated_share", 0.2, "arrears_owed", 1),
    ],
)
def test_direction(base, lever, value, series, sign):
    key = OWN + series
    assert np.sign(headline(lever, value)[key][0, -1] - base[key][0, -1]) == sign


def test_employee_rates_do_not_move_the_public_fund(base):
    """The common engine's rate moves the enterprise fund; the public one has its own."""
    rate = {"employee_pension.employer_rate": 0.2, "job_market.closure": "exogenous"}
    scenario = load_scenario("baseline", place="guangdong", end=2028)
    still_jobs = scenario.change("job_market.closure", "exogenous")
    changed = scenario
    for lever, value in rate.items():
        day = {"2026-01-01": value} if lever != "job_market.closure" else value
        changed = changed.change(lever, day)
    before, after = (simulate(item, keep=False, trace=False) for item in (still_jobs, changed))
    for name in fund.CONTRIBUTIONS:
        np.testing.assert_allclose(
            after.headline[OWN + name], before.headline[OWN + name], rtol=1e-12
        )
    gain = after.headline[COMMON + "employer_contributions"][0, -1]
    assert gain > before.headline[COMMON + "employer_contributions"][0, -1]


def test_the_comparison_ended_early_costs_those_whose_new_amount_is_low():
    """In the nation from 2018: without a floor and a cap; contributions stay."""
    base = load_scenario("baseline", place="china", opening=date(2016, 1, 1), end=2022)
    ended = base.change("public_pension.window_share", {"2018-01-01": 0.0})
    one_, other = (simulate(item, keep=False, trace=False).headline for item in (base, ended))
    key = OWN + "mean_new_pension_m"
    assert (one_[key][0, :2] == other[key][0, :2]).all()
    assert (one_[key][0, 2:] != other[key][0, 2:]).all()
    np.testing.assert_array_equal(one_[OWN + "contributions"], other[OWN + "contributions"])
