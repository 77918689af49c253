"""The work-injury fund by hand, met moments, and what each lever may move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rssim.axes import FLEXIBLE
from rssim.cohorts.calibration import calibrate
from rssim.cohorts.funds import work_injury as fund
from rssim.cohorts.funds import work_injury_tail as tail
from rssim.cohorts.funds.account import EMPLOYERS, HOUSEHOLDS
from rssim.cohorts.funds.work_injury_opening import PINS
from rssim.errors import CalibrationError, ParameterError
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import load_scenario
from rssim.study.run import simulate
from tests.cohorts.cells import one
from tests.cohorts.funds import one_cell
from tests.cohorts.funds.moves import headline, moved
from tests.laws.worlds import PLACES, calibrated

POOL = 9_000.0
INCOME = 50_000.0
GRANT = 20 * INCOME + 6 * POOL
CLASS_3 = np.eye(8)[2]


def grades(**shares: float) -> np.ndarray:
    """A table of ten grades, zero but for those given, as g5=0.1."""
    out = np.zeros(10)
    for name, share in shares.items():
        out[int(name[1:]) - 1] = share
    return out


LAW = {
    "class_shares": CLASS_3,
    "class_rates": np.full(8, 0.01),
    "rate_factor": 1.0,
    "relief_share": 0.0,
    "floating_in_force": 0.0,
    "cut_in_force": 0.0,
    "national_income": INCOME,
    "adjustment_wage_share": 1.0,
    "platform_coverage": 0.0,
    "nansha_share": 0.0,
}
BEHAVIOUR = {
    "coverage_factor": 1.0,
    "injury_frequency": 1.0,
    "frequency_by_sex": 1.0,
    "class_frequency": np.ones(8),
    "class_severity": np.ones(8),
    "grade_shares": np.zeros(10),
    "death_share": 0.0,
    "nursing_need": np.zeros(3),
    "mortality_ratio": 1.0,
    "pension_share": 0.0,
    "improper_share": 0.0,
    "fund_return": 0.0,
}
CONSTANTS = fund.WorkInjuryConstants(
    coverage=one(0.9), declared_share=one(0.8), frequency=one(0.01), treatment_scale=one(1.0)
)


def nothing(balance=0.0, spent=1e6, premiums=1e6):
    return fund.WorkInjuryStocks(
        people=np.zeros((len(tail.KINDS), *one_cell.SHAPE)),
        amounts=np.zeros((len(tail.PAID), *one_cell.SHAPE)),
        balance=one(balance),
        spent=one(spent),
        premiums=one(premiums),
    )


def with_tail(kind, age, people, amount=0.0, **rest):
    """The stocks with people of one kind and age; amount is of all of them [yuan/year]."""
    found = nothing(**rest)
    found.people[kind] = one_cell.at_age(age, people)
    if kind in tail.PAID:
        found.amounts[tail.PAID.index(kind)] = one_cell.at_age(age, amount)
    return found


def done(stocks=None, age=40, formal=1_000.0, law=None, behaviour=None, **work):
    """A year of men of one age, all paid 10,000 yuan; nine injuries of 900 insured."""
    year = one_cell.year(
        62, WorkInjuryTerms=LAW | (law or {}), WorkInjuryBehaviour=BEHAVIOUR | (behaviour or {})
    )
    year = replace(
        year,
        earnings=replace(year.earnings, log_sd=one(0.0)),
        labour=replace(year.labour, formal_to_flexible_rate=one(0.0)),
        economy=replace(year.economy, wage_growth=one(0.05)),
    )
    flexible = work.pop("flexible", 0.0)
    happened = one_cell.work(age, formal, **work)
    happened.people[0, 0, 0, FLEXIBLE, age] = flexible
    happened = replace(happened, references=replace(happened.references, base_wage_m=one(POOL)))
    return fund.year(stocks or nothing(), happened, year, one_cell.inputs(), CONSTANTS)


def paid(found, name):
    return float(found.account.amount(name)[0])


def measure(found, name):
    return float(found.measures[name][0])


# -- Premiums ------------------------------------------------------------------------------------


def test_premiums_by_hand():
    """900 insured, 10,000 yuan a month, 80 % of it declared, 1 %: 864,000 yuan."""
    found = done()
    assert paid(found, "premiums") == pytest.approx(900 * 10_000 * 12 * 0.8 * 0.01, rel=1e-12)
    item = found.account.payments["premiums"]
    assert (item.payer, item.payee) == (EMPLOYERS, fund.FUND)
    assert measure(found, "premium_rate") == pytest.approx(0.01, rel=1e-12)
    assert measure(found, "insured") == pytest.approx(900)


def test_payroll_has_a_floor_and_no_cap():
    rich = done(wage_m=200_000.0)
    assert paid(rich, "premiums") == pytest.approx(900 * 200_000 * 12 * 0.008, rel=1e-12)
    poor = done(wage_m=100.0)
    year = one_cell.year(62)
    floor = float((year.labour_law.minimum_wage_m * year.labour_law.minimum_wage_factor).item())
    assert paid(poor, "premiums") == pytest.approx(900 * floor * 12 * 0.008, rel=1e-12)


def test_half_of_the_premiums_is_waived_and_the_float_of_the_next_year_does_not_see_it():
    found, half = done(), done(law={"relief_share": 0.5})
    assert paid(half, "premiums") == pytest.approx(0.5 * paid(found, "premiums"), rel=1e-12)
    assert half.stocks.premiums.item() == pytest.approx(found.stocks.premiums.item(), rel=1e-12)


@pytest.mark.parametrize(
    ("months", "cut"), [(6, 0.0), (17.9, 0.0), (18, 0.2), (23.9, 0.2), (24, 0.5), (60, 0.5)]
)
def test_cut_follows_the_months_of_the_own_reserve(months, cut):
    """Opening balance over last year's spending; 20 % from 18 months on, 50 % from 24."""
    found = done(nothing(balance=months * 1e5, spent=1.2e6), law={"cut_in_force": 1.0})
    assert measure(found, "reserve_cut") == pytest.approx(cut)
    assert measure(found, "premium_rate") == pytest.approx(0.01 * (1 - cut), rel=1e-12)
    ended = done(nothing(balance=months * 1e5, spent=1.2e6))
    assert measure(ended, "reserve_cut") == 0.0


@pytest.mark.parametrize(
    ("ratio", "factor"), [(0.1, 0.5), (0.3, 0.8), (0.7, 1.0), (1.2, 1.2), (3.0, 1.5)]
)
def test_floating_without_spread_reads_the_step_of_the_ratio(ratio, factor):
    """All firms alike: one class has the ratio of all. Limits 0.2, 0.5, 1 and 1.5."""
    found = done(
        nothing(spent=ratio * 1e6),
        law={"floating_in_force": 1.0},
        behaviour={"floating_spread": 0.0},
    )
    assert measure(found, "premium_rate") == pytest.approx(0.01 * factor, rel=1e-12)


def test_class_1_does_not_float_down():
    law = {"floating_in_force": 1.0, "class_shares": np.eye(8)[0]}
    low = done(nothing(spent=1e4), law=law, behaviour={"floating_spread": 0.0})
    assert measure(low, "premium_rate") == pytest.approx(0.01, rel=1e-12)
    high = done(nothing(spent=3e6), law=law, behaviour={"floating_spread": 0.0})
    assert measure(high, "premium_rate") == pytest.approx(0.015, rel=1e-12)


def test_two_classes_float_by_their_own_costs():
    """Half of the payroll each, the same rate; the second class has four times the injuries.

    Cost shares 0.2 and 0.8 over premium shares 0.5: ratios 0.4 and 1.6 of an overall 1.
    """
    shares, frequency = np.zeros(8), np.ones(8)
    shares[[2, 3]], frequency[3] = 0.5, 4.0
    found = done(
        law={"floating_in_force": 1.0, "class_shares": shares},
        behaviour={"class_frequency": frequency, "floating_spread": 0.0},
    )
    assert measure(found, "premium_rate") == pytest.approx(0.01 * (0.8 + 1.5) / 2, rel=1e-12)


# -- Benefits ------------------------------------------------------------------------------------


def test_lump_sums_and_treatment_by_hand():
    """Nine injuries; a tenth of grade 9, nine months of 8,000; 1.5 months of 9,000 a treatment."""
    found = done(behaviour={"grade_shares": grades(g9=0.1), "treatment_months": 1.5})
    assert measure(found, "injuries") == pytest.approx(9.0, rel=1e-12)
    assert paid(found, "disability_lump_sums") == pytest.approx(0.9 * 9 * 8_000, rel=1e-12)
    assert paid(found, "treatment") == pytest.approx(9 * 1.5 * POOL, rel=1e-12)
    assert found.account.payments["treatment"].payee == HOUSEHOLDS


def test_benefit_wage_has_limits():
    """Declared 80,000 counts as 27,000 and declared 800 as 5,400: 300 and 60 % of 9,000."""
    change = {"grade_shares": grades(g9=0.1)}
    assert paid(done(wage_m=100_000.0, behaviour=change), "disability_lump_sums") == pytest.approx(
        0.9 * 9 * 27_000, rel=1e-12
    )
    assert paid(done(wage_m=1_000.0, behaviour=change), "disability_lump_sums") == pytest.approx(
        0.9 * 9 * 5_400, rel=1e-12
    )


def test_allowance_and_nursing_of_a_new_case():
    """0.9 people of grade 1: 90 % of 8,000 for half a year, full nursing at half of 9,000."""
    change = {"grade_shares": grades(g1=0.1), "nursing_need": np.array([1.0, 0.0, 0.0])}
    found = done(behaviour=change)
    assert paid(found, "allowances") == pytest.approx(0.9 * 7_200 * 6, rel=1e-12)
    assert paid(found, "nursing") == pytest.approx(0.9 * 4_500 * 6, rel=1e-12)
    assert measure(found, "disabled") == pytest.approx(0.9, rel=1e-12)
    assert measure(found, "mean_allowance_m") == pytest.approx(7_200, rel=1e-12)


def test_severity_of_a_class_scales_deaths_and_grades_1_to_6_only():
    change = {"grade_shares": grades(g1=0.1, g9=0.1), "death_share": 0.01}
    mild = done(behaviour=change)
    severe = done(behaviour=change | {"class_severity": np.full(8, 2.0)})
    assert measure(severe, "deaths") == pytest.approx(2 * measure(mild, "deaths"), rel=1e-12)
    assert measure(severe, "disabled") == pytest.approx(2 * measure(mild, "disabled"), rel=1e-12)
    # 27 and 9 months of 8,000 for 0.9 people each.
    more = paid(severe, "disability_lump_sums") - paid(mild, "disability_lump_sums")
    assert more == pytest.approx(0.9 * 27 * 8_000, rel=1e-12)


def test_death_by_hand():
    """0.09 deaths: grants, and one child each with 30 % of 8,000, in the first year half of it."""
    change = {
        "death_share": 0.01,
        "spouses_per_death": 0.0,
        "children_per_death": 1.0,
        "parents_per_death": 0.0,
        "alone_per_death": 0.0,
    }
    found = done(behaviour=change)
    assert paid(found, "death_grants") == pytest.approx(0.09 * GRANT, rel=1e-12)
    assert paid(found, "dependants_pensions") == pytest.approx(0.09 * 2_400 * 6, rel=1e-12)
    # Of eighteen ages the oldest is past it on 1 January; children do not die in this world.
    assert measure(found, "dependants") == pytest.approx(0.09 * 17 / 18, rel=1e-12)


def test_dependants_together_have_at_most_the_wage():
    change = {
        "death_share": 0.01,
        "spouses_per_death": 1.0,
        "children_per_death": 3.0,
        "parents_per_death": 0.0,
        "alone_per_death": 0.0,
    }
    # 0.4 + 3 times 0.3 is above 1.
    assert paid(done(behaviour=change), "dependants_pensions") == pytest.approx(0.09 * 8_000 * 6)


def test_end_of_the_contract_by_hand():
    """Ten of grade 5 among 1,000 of whom 100 lose the job: 1 - exp(-0.1) of them get ten months."""
    found = done(with_tail(4, 40, 10.0), separations=100.0)
    ended = 10 * (1 - np.exp(-0.1))
    assert paid(found, "medical_lump_sums") == pytest.approx(ended * 10 * 8_000, rel=1e-12)
    assert found.stocks.people[4].sum() == pytest.approx(10 - ended, rel=1e-12)
    # At the pension date the contract ends without a lump sum.
    retired = done(with_tail(4, 62, 10.0), age=40)
    assert paid(retired, "medical_lump_sums") == 0.0
    assert retired.stocks.people[4].sum() == 0.0


def test_what_employers_bear_outside_the_fund():
    """Nine workers 2.5 months at 10,000; ten of grade 5, 30 % without work, at 70 % of 8,000."""
    change = {"absence_months": 2.5, "idle_share": 0.3}
    found = done(with_tail(4, 40, 10.0), behaviour=change)
    expected = 9 * 2.5 * 10_000 + 10 * 0.3 * 0.7 * 8_000 * 12
    assert measure(found, "employer_costs") == pytest.approx(expected, rel=1e-12)


def test_bill_review_by_hand():
    """A tenth of the bills is improper: a ninth of what was due; half of it is found."""
    found = done(behaviour={"improper_share": 0.1, "detection_share": 0.5, "treatment_months": 1.5})
    proper = 9 * 1.5 * POOL
    assert paid(found, "improper_bills") == pytest.approx(proper / 18, rel=1e-12)
    assert measure(found, "refused_bills") == pytest.approx(proper / 18, rel=1e-12)
    assert found.account.payments["improper_bills"].payee == "medical providers"


# -- The long tail -------------------------------------------------------------------------------


def test_a_year_of_the_long_tail_by_hand():
    """Ten of grade 2 with 60,000 each, raised by 5 %; one in a hundred dies, at twice the rate."""
    found = done(
        with_tail(1, 50, 10.0, 600_000.0), survival=0.99, behaviour={"mortality_ratio": 2.0}
    )
    kept = 0.99**2
    lived = (1 - kept) / -np.log(kept)
    assert paid(found, "allowances") == pytest.approx(630_000 * lived, rel=1e-12)
    assert found.stocks.people[1, 0, 0, 0, 51] == pytest.approx(10 * kept, rel=1e-12)
    assert found.stocks.amounts[1, 0, 0, 0, 51] == pytest.approx(630_000 * kept, rel=1e-12)
    # Those who die get the funeral grant only.
    assert paid(found, "death_grants") == pytest.approx(10 * (1 - kept) * 6 * POOL, rel=1e-12)


def test_difference_to_a_basic_pension():
    """Past the date all draw the mean new pension; the fund pays what is missing."""
    pension = one_cell.work(40).pension
    mean = float(pension.new_pensions.sum() / pension.new_pensioners.sum())
    allowance = (mean + 10_000.0) / 1.05
    found = done(with_tail(0, 70, 1.0, allowance), behaviour={"pension_share": 1.0})
    assert paid(found, "allowances") == pytest.approx(10_000.0, rel=1e-9)
    young = done(with_tail(0, 50, 1.0, allowance), behaviour={"pension_share": 1.0})
    assert paid(young, "allowances") == pytest.approx(mean + 10_000.0, rel=1e-9)


def test_children_leave_at_the_end_age_and_are_paid_to_their_birthday():
    found = done(with_tail(tail.CHILDREN, 17, 2.0, 48_000.0))
    assert paid(found, "dependants_pensions") == pytest.approx(0.5 * 48_000 * 1.05, rel=1e-12)
    assert measure(found, "dependants") == 0.0


def test_who_leaves_the_place_keeps_the_benefit():
    found = done(with_tail(0, 50, 10.0, 600_000.0), age=50, leaving=0.5)
    assert measure(found, "disabled") == pytest.approx(10.0, rel=1e-12)


def test_liability_in_closed_form():
    """Survival 0.95 at every age, no growth, 3 %: s = 0.95 / 1.03, a half year first.

    a = (1 + 0.95) / 2 / sqrt(1.03) / (1 - s); the same at every age because the top is open.
    """
    change = {"benefit_growth": 0.0, "discount_rate": 0.03}
    found = done(with_tail(0, 40, 10.0, 600_000.0), survival=0.95, behaviour=change)
    factor = 0.975 / np.sqrt(1.03) / (1 - 0.95 / 1.03)
    owed = 630_000 * 0.95
    assert measure(found, "liability") == pytest.approx(owed * factor, rel=1e-10)


def test_balance_follows_from_payments():
    found = done(nothing(balance=5e6), behaviour={"death_share": 0.01, "fund_return": 0.02})
    spent, earned = float(found.account.expenditure[0]), paid(found, "premiums")
    interest = 0.02 * (5e6 + 0.5 * (earned - spent))
    assert paid(found, "interest") == pytest.approx(interest, rel=1e-12)
    assert found.stocks.balance.item() == pytest.approx(5e6 + earned + interest - spent, rel=1e-12)
    assert found.stocks.spent.item() == pytest.approx(spent)


# -- Platforms and Nansha ------------------------------------------------------------------------


def test_platforms_by_hand():
    """500 flexible workers, a fifth on platforms, half covered: 50 people, 1,000 rides at 0.04."""
    found = done(
        flexible=500.0,
        law={"platform_coverage": 0.5, "platform_charges": np.array([0.04, 0.0, 0.0, 0.0])},
        behaviour={
            "platform_share": 0.2,
            "platform_orders": 1_000.0,
            "platform_mix": np.array([1.0, 0.0, 0.0, 0.0]),
            "platform_frequency": 0.02,
            "grade_shares": grades(g9=0.1),
            "death_share": 0.01,
        },
    )
    assert measure(found, "platform_workers") == pytest.approx(50.0)
    assert paid(found, "platform_charges") == pytest.approx(2_000.0)
    assert found.account.payments["platform_charges"].payer == "platform companies"
    # One injury: a tenth of nine months of the pool wage, a hundredth of the grants.
    assert paid(found, "platform_benefits") == pytest.approx(0.1 * 9 * POOL + 0.01 * GRANT)


def test_nansha_by_hand():
    """A hundredth of 900 insured at three times 10,000 in class 1."""
    found = done(
        law={"nansha_share": 0.01, "class_rates": np.array([0.002] + [0.01] * 7)},
        behaviour={"nansha_wage_ratio": 3.0},
    )
    assert paid(found, "nansha_premiums") == pytest.approx(9 * 30_000 * 12 * 0.002, rel=1e-12)


# -- The opening day -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "opening"), [*((place, None) for place in PLACES), ("china", date(2016, 1, 1))]
)
def test_moments_are_met(place, opening):
    lines = [
        line for line in calibrated(place, opening).lines if line.moment[:12] == "work_injury."
    ]
    assert {line.moment for line in lines} == {f"work_injury.{name}" for name in PINS}
    for line in lines:
        assert line.model == pytest.approx(line.observed, rel=1e-8), line.moment


def test_a_moment_that_leaves_nothing_is_named():
    scenario = load_scenario("baseline", place="guangdong", end=2025)
    moments = scenario.place.calibration[scenario.opening]
    few = moments["work_injury.beneficiaries"] | {"value": 30_000}
    place = replace(
        scenario.place,
        calibration={scenario.opening: moments | {"work_injury.beneficiaries": few}},
    )
    with pytest.raises(CalibrationError, match=r"guangdong.*work_injury\.beneficiaries.*frequency"):
        calibrate(assemble(replace(scenario, place=place), trace=False))


def test_standing_people_of_a_steady_inflow_by_hand():
    """Ten a year at age 40, all kept, none before: at 45 stand the inflows of five years ago."""
    new, shape = np.zeros((1, *one_cell.SHAPE)), (1, *one_cell.SHAPE)
    new[0, 0, 0, 0, 40] = 10.0
    kept = np.full(shape, 0.9)
    found = tail.Chances(kept, kept, kept[0], np.ones(shape), kept[0])
    people = tail.standing(new, found, one(0.02))
    assert people[0, 0, 0, 0, 40] == 0.0
    assert people[0, 0, 0, 0, 45] == pytest.approx(10 / 1.02**5 * 0.9**4, rel=1e-12)


def test_more_insured_than_employees_is_refused():
    with pytest.raises(ParameterError, match=r"coverage_factor: 1\.2 .*at most 1\.111 is possible"):
        done(behaviour={"coverage_factor": 1.2})


def test_the_nation_spends_what_is_published():
    """Flash figures of the ministry [1e8 yuan], not used by the opening of 2016.

    Premiums of 2018 and 2019 were cut province by province, so the revenue of those years and what
    follows in the balance are not held against the model here.
    """
    published = {
        2017: 661.7,
        2018: 738.6,
        2019: 817.4,
        2020: 818.7,
        2021: 988.2,
        2022: 1025.1,
        2023: 1237.1,
        2025: 1302.5,
    }
    scenario = load_scenario("baseline", place="china", opening=date(2016, 1, 1), end=2025)
    spent = simulate(scenario, keep=False, trace=False).headline[f"{fund.KEY}.expenditure"][0]
    for year, value in published.items():
        assert spent[year - 2016] / 1e8 == pytest.approx(value, rel=0.15), year


# -- Levers --------------------------------------------------------------------------------------

MONEY = {
    "current_balance",
    "balance",
    "reserve_months",
    "funded_ratio",
    "revenue",
    "interest",
    "premium_rate",
    "reserve_cut",
    "premiums",
    "contributions",
    "nansha_premiums",
    "required_subsidy",
}
"""What follows from any change of spending or premiums by the float, the cut and interest."""
SPENDING = MONEY | {"expenditure"}
TAIL = {"allowances", "nursing", "liability"}
HURT = (
    SPENDING
    | TAIL
    | {
        "injuries",
        "deaths",
        "beneficiaries",
        "disabled",
        "dependants",
        "mean_allowance_m",
        "treatment",
        "improper_bills",
        "refused_bills",
        "disability_lump_sums",
        "medical_lump_sums",
        "death_grants",
        "dependants_pensions",
        "nansha_benefits",
        "employer_costs",
    }
)
LEVERS = {
    "work_injury.floating_in_force": (0.0, MONEY),
    "work_injury.cut_in_force": (1.0, MONEY),
    "work_injury.platform_coverage": (
        1.0,
        (HURT - {"employer_costs", "disability_lump_sums", "medical_lump_sums", "nansha_benefits"})
        | {"platform_workers", "platform_charges", "platform_benefits"},
    ),
    "work_injury.funeral_months": (
        12,
        SPENDING | {"death_grants", "platform_benefits", "nansha_benefits"},
    ),
    "work_injury.adjustment_wage_share": (
        1.0,
        SPENDING | {"allowances", "dependants_pensions", "mean_allowance_m", "liability"},
    ),
    "work_injury.nansha_share": (
        1e-3,
        SPENDING
        | {"nansha_benefits", "injuries", "beneficiaries", "treatment"}
        | {"improper_bills", "refused_bills"},
    ),
    "work_injury_behaviour.injury_frequency": (0.8, HURT),
    "work_injury_behaviour.detection_share": (
        0.8,
        SPENDING | {"improper_bills", "refused_bills"},
    ),
    "work_injury_behaviour.mortality_ratio": (
        3.0,
        SPENDING | TAIL | {"disabled", "beneficiaries", "death_grants", "mean_allowance_m"},
    ),
    "work_injury_behaviour.discount_rate": (0.02, {"liability", "funded_ratio"}),
    "work_injury_behaviour.absence_months": (5, {"employer_costs"}),
    "work_injury_behaviour.fund_return": (0.03, MONEY),
}


@pytest.fixture(scope="module")
def base():
    return headline()


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_its_own_series_and_nothing_else(base, lever):
    value, may_move = LEVERS[lever]
    changed = headline(lever, value)
    found = moved(base, changed)
    assert found
    assert found <= {f"{fund.KEY}.{name}" for name in may_move}


@pytest.mark.parametrize(
    ("lever", "value", "series", "sign"),
    [
        ("work_injury_behaviour.injury_frequency", 0.8, "expenditure", -1),
        ("work_injury_behaviour.detection_share", 0.8, "expenditure", -1),
        ("work_injury.floating_in_force", 0.0, "premium_rate", 1),
        ("work_injury.platform_coverage", 1.0, "platform_charges", 1),
        ("work_injury_behaviour.discount_rate", 0.02, "liability", 1),
        ("work_injury_behaviour.mortality_ratio", 3.0, "disabled", -1),
        ("work_injury_behaviour.coverage_factor", 1.05, "insured", 1),
        ("work_injury.rate_factor", 1.1, "premium_rate", 1),
    ],
)
def test_direction(base, lever, value, series, sign):
    key = f"{fund.KEY}.{series}"
    # The first year of the change: later the float and the cut answer.
    change = headline(lever, value)[key][:, 2] - base[key][:, 2]
    assert (sign * change > 0).all()


def test_rates_cost_labour(base):
    """A higher rate is a charge on labour: employers offer fewer jobs."""
    changed = headline("work_injury.rate_factor", 2.0)
    assert (changed["employed"][:, -1] < base["employed"][:, -1]).all()
