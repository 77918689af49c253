"""The residents' pension by hand, met moments, and what each lever may move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from rssim.axes import FORMAL, OUT
from rssim.cohorts.funds import residents_pension as scheme
from rssim.cohorts.funds.residents_stocks import (
    ABSENT,
    ABSENT_BALANCE,
    ACCOUNT_PENSION,
    BALANCE,
    EXTRA_YEARS,
    MEMBERS,
    OUTSIDE,
    QUANTITIES,
    RECIPIENT_BALANCE,
    RECIPIENTS,
    YEARS,
    ResidentsConstants,
    ResidentsStocks,
)
from rssim.errors import CalibrationError, ParameterError
from rssim.inputs.assemble import assemble
from rssim.inputs.scenario import load_scenario
from rssim.study.run import simulate
from tests.cohorts.cells import one
from tests.cohorts.funds import one_cell
from tests.cohorts.funds.one_cell import MEN, SHAPE, at_age
from tests.laws.worlds import PLACES, calibrated

ALL_AGES = np.ones((1, 1, 1, 101))
LAW = {
    "tiers": np.array([100.0, 500.0, 1000.0]),
    "subsidies": np.array([30.0, 60.0, 60.0]),
    "tier_level": 1.0,
    "minimum_tier": 100.0,
    "subsidy_factor": 1.0,
    "subsidy_province_share": 0.25,
    "basic_national_m": 143.0,
    "basic_provincial_m": 240.0,
    "basic_city_m": 291.0,
    "basic_factor": 1.0,
    "nation_share": 0.5,
    "province_share": 0.5,
    "age_supplement_m": 0.0 * ALL_AGES,
    "account_interest_rate": 0.0,
    "funeral_months": 0.0,
    "scheme_start": 2000.0,
}
BEHAVIOUR = {
    "take_up_profile": ALL_AGES,
    "paying_share": 1.0,
    "willingness_log_sd": 1e-4,
    "minimum_tier_stretch": 100.0,
    "years_spread": 0.0,
    "exit_ratio": 1.0,
}
ECONOMY_RETURN = 0.0


def stocks(age, **quantities):
    """Everything of men of one age; money is of all of them together."""
    cells = np.zeros((len(QUANTITIES), *SHAPE))
    for name, value in quantities.items():
        cells[QUANTITIES.index(name)] = at_age(age, value)
    return ResidentsStocks(cells, one(1.0), np.array([0.0]))


def world(age, outside=0.0, formal=0.0, survival=1.0, after=None, leaving=0.0, **pension):
    """Men of one age out of work or contributing employees, and how many there are a year later.

    after  (outside, formal) at the end of the year; the survivors without
    """
    real = one_cell.work(age, survival=survival, leaving=leaving)
    people, end = np.zeros((1, 1, 2, 5, 101)), np.zeros((1, 1, 2, 5, 101))
    people[0, 0, 0, OUT, age], people[0, 0, 0, FORMAL, age] = outside, formal
    later = (outside * survival, formal * survival) if after is None else after
    end[0, 0, 0, OUT, age + 1], end[0, 0, 0, FORMAL, age + 1] = later
    flows = {
        name: at_age(age, pension.get(name, 0.0))
        for name in (
            "moved_to_residents",
            "short_people",
            "short_years",
            "short_balances",
            "joined_pensioners",
        )
    }
    rate = np.zeros(SHAPE)
    rate[(*MEN, age)] = formal
    # Who is contributing at the age reached: a share of one, as those of that age now.
    rate[(*MEN, age + 1)] = 0.0
    flows["contributing_members"] = rate
    return replace(real, people=people, people_end=end, pension=replace(real.pension, **flows))


def done(given, work, level=0.0, local=0.0, willing=510.0, law=None, behaviour=None):
    year = one_cell.year(
        ResidentsPensionTerms=LAW | (law or {}),
        ResidentsPensionBehaviour=BEHAVIOUR | (behaviour or {}),
    )
    year = replace(year, economy=replace(year.economy, fund_return=one(ECONOMY_RETURN)))
    constants = ResidentsConstants(one(level), one(local), one(willing))
    found = scheme.year(given, work, year, one_cell.inputs(), constants)
    assert max(found.gaps.values()) < 1e-12
    return found


def paid(found, name):
    return float(found.account.amount(name)[0])


def cell(found, quantity, age):
    return float(found.stocks.cells[(quantity, *MEN, age)])


def members(age, people, years, money, fund=0.0):
    given = stocks(age, members=people, years=people * years, outside=people)
    given.cells[(BALANCE, *MEN, age)] = money
    return replace(given, balance=np.array([fund]))


def recipients(age, people, money, pension, extra=0.0):
    given = stocks(
        age, recipients=people, recipient_balance=money, account_pension=pension, extra_years=extra
    )
    return replace(given, balance=np.array([money]))


# -- Paying ----------------------------------------------------------------------------------------


def test_a_year_of_contributions():
    """100 members pay 500 and get 60; half a year's interest of 4 % on it, a year's on the rest."""
    found = done(
        members(40, 100, 5, 1_000_000),
        world(40, outside=100),
        law={"account_interest_rate": 0.04},
    )
    assert paid(found, "own_contributions") == pytest.approx(50_000)
    assert paid(found, "account_subsidy_province") == pytest.approx(1_500)
    assert paid(found, "account_subsidy_city") == pytest.approx(4_500)
    assert cell(found, BALANCE, 41) == pytest.approx(1_000_000 * 1.04 + 56_000 * 1.02)
    assert cell(found, YEARS, 41) == pytest.approx(600)
    assert cell(found, MEMBERS, 41) == pytest.approx(100)


def test_members_who_interrupt_pay_nothing_and_gain_no_year():
    found = done(members(40, 100, 5, 0.0), world(40, outside=100), behaviour={"paying_share": 0.75})
    assert paid(found, "own_contributions") == pytest.approx(37_500)
    assert cell(found, YEARS, 41) == pytest.approx(575)


@pytest.mark.parametrize(("stretch", "payers"), [(10.0, 100), (5.0, 0)])
def test_a_higher_minimum_tier(stretch, payers):
    """All would pay 110, so 100; the lowest is now 1000: a ratio of 10 bears it, one of 5 not."""
    found = done(
        members(40, 100, 5, 0.0),
        world(40, outside=100),
        willing=110.0,
        law={"minimum_tier": 1_000.0},
        behaviour={"minimum_tier_stretch": stretch},
    )
    assert paid(found, "own_contributions") == pytest.approx(payers * 1_000)
    subsidy = paid(found, "account_subsidy_province") + paid(found, "account_subsidy_city")
    assert subsidy == pytest.approx(payers * 60)
    assert cell(found, YEARS, 41) == pytest.approx(500 + payers)


def test_willingness_follows_subsidies_and_incomes():
    """490 pays 100. Twice the subsidy lifts it by 10 % to 539, so 500 is paid, with 120 on top."""
    given, work = members(40, 100, 5, 0.0), world(40, outside=100)
    assert paid(done(given, work, willing=480.0), "own_contributions") == pytest.approx(10_000)
    more = done(
        given,
        work,
        willing=490.0,
        law={"subsidy_factor": 2.0},
        behaviour={"subsidy_response": 0.1},
    )
    assert paid(more, "own_contributions") == pytest.approx(50_000)
    subsidy = paid(more, "account_subsidy_province") + paid(more, "account_subsidy_city")
    assert subsidy == pytest.approx(12_000)
    richer = done(replace(given, income_level=one(1.1)), work, willing=480.0)
    assert paid(richer, "own_contributions") == pytest.approx(50_000)


def test_tiers_that_do_not_fit_are_named():
    law = {"tiers": np.array([100.0, 100.0, 90.0]), "subsidies": np.array([30.0, 60.0])}
    with pytest.raises(ParameterError) as caught:
        done(members(40, 1, 5, 0.0), world(40, outside=1), law=law)
    assert caught.value.faults == [
        "residents_pension.subsidies: 2 amounts are given for 3 tiers; each tier needs one.",
        "residents_pension.tiers: tier 2 (100 yuan) is not above tier 1 (100 yuan); tiers must "
        "rise.",
        "residents_pension.tiers: tier 3 (90 yuan) is not above tier 2 (100 yuan); tiers must "
        "rise.",
    ]


# -- Claims and pensions ---------------------------------------------------------------------------


def test_worked_example_of_a_pension():
    """Example D: an account of 16,767.70 over 139 and 240 basic are 360.63; half a year of it."""
    found = done(
        members(59, 100, 15, 1_676_770.0, fund=1_676_770.0),
        world(59, outside=100),
        law={"basic_national_m": 0.0, "basic_city_m": 0.0},
        behaviour={"paying_share": 0.0},
    )
    both = paid(found, "basic_pensions") + paid(found, "account_pensions")
    assert both == pytest.approx(100 * 6 * 360.63, abs=100 * 6 * 0.005)
    assert cell(found, RECIPIENTS, 60) == pytest.approx(100)
    assert cell(found, MEMBERS, 60) == 0.0
    assert cell(found, ACCOUNT_PENSION, 60) == pytest.approx(1_676_770 * 12 / 139)
    left = 1_676_770 * (1 - 6 / 139)
    assert cell(found, RECIPIENT_BALANCE, 60) == pytest.approx(left)
    assert float(found.account.closing[0]) == pytest.approx(left)


def test_nobody_claims_before_the_age():
    found = done(members(58, 100, 40, 1e6, fund=1e6), world(58, outside=100))
    assert cell(found, RECIPIENTS, 59) == 0.0
    assert found.account.expenditure[0] == 0.0


def test_short_of_the_years_half_pays_up():
    """Between 9 and 21 years around 15: half have 15; the others miss 3 each, and pay 100 for each.

    Who pays up claims; who does not stays a member with 12 years, and the years make 1500 together.
    """
    given = members(59, 100, 15, 150_000.0, fund=150_000.0)
    work = world(59, outside=100)
    spread = {"years_spread": 0.4, "paying_share": 0.0}
    all_pay = done(given, work, behaviour=spread | {"pay_up_share": 1.0})
    assert paid(all_pay, "back_payments") == pytest.approx(50 * 3 * 100)
    assert cell(all_pay, RECIPIENTS, 60) == pytest.approx(100)
    none = done(given, work, behaviour=spread | {"pay_up_share": 0.0})
    assert paid(none, "back_payments") == 0.0
    assert cell(none, RECIPIENTS, 60) == pytest.approx(50)
    assert cell(none, MEMBERS, 60) == pytest.approx(50)
    assert cell(none, YEARS, 60) == pytest.approx(50 * 12)
    # The account goes with the years: 18 of 15 to those who claim.
    assert cell(none, BALANCE, 60) == pytest.approx(150_000 * 12 / 30)
    assert cell(none, ACCOUNT_PENSION, 60) == pytest.approx(150_000 * 18 / 30 * 12 / 139)


def test_the_old_of_the_start_need_fewer_years():
    """The scheme began 10 years ago: who turns 60 in 2026 was 50 then and needs 10."""
    given, work = members(59, 100, 10, 0.0), world(59, outside=100)
    rest = {"paying_share": 0.0, "pay_up_share": 0.0}
    assert cell(done(given, work, behaviour=rest), RECIPIENTS, 60) == 0.0
    young = done(given, work, law={"scheme_start": 2016.0}, behaviour=rest)
    assert cell(young, RECIPIENTS, 60) == pytest.approx(100)


def test_who_pays_the_basic_pension():
    """143 of the nation (half), 240 of the province (half of the rest), 291 of the city.

    71.50, 84.25 and 135.25 as in the rule; the local part of 9 is the city's.
    """
    found = done(recipients(70, 100, 0.0, 0.0), world(70), local=9.0)
    assert paid(found, "basic_nation") == pytest.approx(100 * 12 * 71.5)
    assert paid(found, "basic_province") == pytest.approx(100 * 12 * 84.25)
    assert paid(found, "basic_city") == pytest.approx(100 * 12 * (135.25 + 9.0))
    assert paid(found, "basic_pensions") == pytest.approx(100 * 12 * 300)
    assert found.measures["mean_pension_m"][0] == pytest.approx(300)
    assert found.measures["subsidies"][0] == pytest.approx(100 * 12 * 300)
    payments = found.account.payments
    payers = {name: payments[name].payer for name in payments if name.startswith("basic_")}
    assert payers == {
        "basic_nation": "central budget",
        "basic_province": "provincial budget",
        "basic_city": "city budget",
        "basic_pensions": scheme.FUND,
    }


def test_supplements_for_age_and_years():
    """20 from 65 on and 3 for each of 200 years beyond the minimum of 100 people."""
    table = np.where(np.arange(101) >= 65, 20.0, 0.0).reshape(1, 1, 1, 101)
    extra = {"age_supplement_m": table, "long_years_supplement_m": 3.0}
    old = done(recipients(70, 100, 0.0, 0.0, extra=200.0), world(70), law=extra)
    assert paid(old, "basic_pensions") == pytest.approx(12 * (100 * 311 + 600))
    young = done(recipients(64, 100, 0.0, 0.0), world(64), law=extra)
    assert paid(young, "basic_pensions") == pytest.approx(12 * 100 * 291)
    assert paid(old, "basic_nation") == pytest.approx(100 * 12 * 71.5)


def test_years_beyond_the_minimum_are_kept():
    """20 years each: 5 beyond the 15; after a spread of 40 % the upper part is counted exactly.

    Between 12 and 28 years: 13 of 16 are above 15, by 6.5 in the mean, so 5.28125.
    """
    given, work = members(59, 100, 20, 0.0), world(59, outside=100)
    rest = {"paying_share": 0.0, "pay_up_share": 1.0}
    assert cell(done(given, work, behaviour=rest), EXTRA_YEARS, 60) == pytest.approx(500)
    spread = done(given, work, behaviour=rest | {"years_spread": 0.4})
    assert cell(spread, EXTRA_YEARS, 60) == pytest.approx(100 * 13 / 16 * 6.5)


def test_a_pension_goes_on_when_the_account_is_empty():
    """1,000 are left of what pays 12,000 a year: the city adds 11,000, the fund ends at nought."""
    given = recipients(75, 10, 1_000.0, 12_000.0)
    found = done(given, world(75), law=NO_BASIC)
    assert paid(found, "account_pensions") == pytest.approx(12_000)
    assert paid(found, "basic_city") == pytest.approx(11_000)
    assert float(found.account.closing[0]) == pytest.approx(0.0, abs=1e-9)
    assert cell(found, RECIPIENT_BALANCE, 76) == pytest.approx(0.0)
    assert cell(found, ACCOUNT_PENSION, 76) == pytest.approx(12_000)


NO_BASIC = {"basic_national_m": 0.0, "basic_provincial_m": 0.0, "basic_city_m": 0.0}


def test_heirs_get_what_is_left_and_the_city_pays_the_funeral():
    """Half of 100 members die; nothing is paid in or earned: heirs get half of the accounts."""
    found = done(
        members(40, 100, 5, 800_000.0, fund=800_000.0),
        world(40, outside=100, survival=0.5),
        behaviour={"paying_share": 0.0},
    )
    assert paid(found, "inheritances") == pytest.approx(400_000)
    assert paid(found, "funeral_aid") == 0.0
    old = done(recipients(80, 100, 0.0, 0.0), world(80, survival=0.5), law={"funeral_months": 6.0})
    assert paid(old, "funeral_aid") == pytest.approx(50 * 6 * 291)
    assert cell(old, RECIPIENTS, 81) == pytest.approx(50)


# -- Joining, leaving, coming back -----------------------------------------------------------------


def test_take_up_and_outreach():
    """Of 1000 people 60 % are members; a contact that closes a quarter of the gap to 90 %."""
    given = stocks(39, outside=1000)
    work = world(39, outside=1000)
    assert done(given, work, level=0.6).measures["members"][0] == pytest.approx(600)
    reach = {"outreach": 1.0, "outreach_response": 0.25, "take_up_ceiling": 0.9}
    more = done(given, work, level=0.6, behaviour=reach)
    assert more.measures["members"][0] == pytest.approx(675)
    assert more.measures["take_up"][0] == pytest.approx(0.675)
    assert more.measures["joined"][0] == pytest.approx(675)
    twice = done(given, work, level=0.6, behaviour=reach | {"outreach": 2.0})
    assert twice.measures["members"][0] == pytest.approx(900 - 300 * 0.75**2)


def test_nobody_joins_too_young_too_old_or_without_right():
    none = done(stocks(14, outside=100), world(14, outside=100), level=0.6)
    assert none.measures["members"][0] == 0.0
    first = done(stocks(15, outside=100), world(15, outside=100), level=0.6)
    assert first.measures["members"][0] == pytest.approx(60)
    last = done(stocks(59, outside=100), world(59, outside=100), level=0.6)
    assert last.measures["members"][0] == 0.0
    stranger = done(
        stocks(30, outside=100), world(30, outside=100), level=0.6, law={"eligible_share": 0.0}
    )
    assert stranger.measures["members"][0] == 0.0


def test_members_who_start_in_the_employee_scheme_leave_their_account_behind():
    """Of 1000 people outside, 600 of them members, half start there: so do half of the members.

    At an exit ratio of 0.4, a fifth of the members. Later they come back and find the account.
    """
    given = members(40, 600, 5, 60_000.0, fund=60_000.0)
    given.cells[(OUTSIDE, *MEN, 40)] = 1000.0
    gone = world(40, outside=1000, after=(500.0, 0.0))
    rest = {"paying_share": 0.0}
    found = done(given, gone, level=0.0, behaviour=rest)
    assert cell(found, MEMBERS, 41) == pytest.approx(300)
    assert cell(found, ABSENT, 41) == pytest.approx(300)
    assert cell(found, ABSENT_BALANCE, 41) == pytest.approx(30_000)
    few = done(given, gone, level=0.0, behaviour=rest | {"exit_ratio": 0.4})
    assert cell(few, MEMBERS, 41) == pytest.approx(480)
    back = done(
        replace(found.stocks, balance=np.array([60_000.0])),
        world(41, outside=500, after=(700.0, 0.0)),
        level=0.6,
        behaviour=rest,
    )
    # 420 of 700 are members: 120 of the 300 are back, with their part of the account.
    assert cell(back, MEMBERS, 42) == pytest.approx(420)
    assert cell(back, BALANCE, 42) == pytest.approx(30_000 * (1 + 0.4))
    assert cell(back, ABSENT, 42) == pytest.approx(180)
    assert back.measures["joined"][0] == pytest.approx(0.0, abs=1e-9)


def test_accounts_of_absent_people_are_paid_out_at_the_age():
    given = stocks(59, absent=10, absent_years=50, absent_balance=20_000)
    given = replace(given, balance=np.array([20_000.0]))
    found = done(given, world(59))
    assert paid(found, "settlements") == pytest.approx(20_000)
    assert cell(found, ABSENT, 60) == 0.0
    waiting = done(replace(given, cells=np.roll(given.cells, -1, axis=-1)), world(58))
    assert paid(waiting, "settlements") == 0.0
    assert cell(waiting, ABSENT_BALANCE, 59) == pytest.approx(20_000)


def test_who_leaves_the_place_takes_the_account_along():
    found = done(
        members(40, 100, 5, 50_000.0, fund=50_000.0),
        world(40, outside=100, leaving=0.2, after=(80.0, 0.0)),
        behaviour={"paying_share": 0.0},
    )
    assert paid(found, "transfers_out") == pytest.approx(10_000)
    assert cell(found, MEMBERS, 41) == pytest.approx(80)


def test_leavers_of_the_employee_scheme_bring_account_and_years():
    """10 people of 55 with 12 years each and 400,000: half move, with all or half of the years."""
    work = world(
        55,
        outside=10,
        moved_to_residents=200_000.0,
        short_people=10,
        short_years=120,
        short_balances=400_000,
    )
    share = {"short_leavers_share": 0.5}
    found = done(stocks(55, outside=10), work, behaviour=share)
    item = found.account.payments["employee_accounts"]
    assert (item.payer, item.payee) == ("employee pension fund", scheme.FUND)
    assert paid(found, "employee_accounts") == pytest.approx(200_000)
    assert cell(found, MEMBERS, 56) == pytest.approx(5)
    assert cell(found, YEARS, 56) == pytest.approx(60)
    assert cell(found, BALANCE, 56) == pytest.approx(200_000)
    half = done(stocks(55, outside=10), work, behaviour=share, law={"employee_years_counted": 0.5})
    assert cell(half, YEARS, 56) == pytest.approx(30)


def test_land_credits_go_to_accounts():
    """50 people at 120 for 180 months are 1,080,000, over 75 members and 25 recipients alike."""
    given = members(50, 75, 5, 0.0)
    given.cells[(RECIPIENTS, *MEN, 70)] = 25.0
    work = world(50, outside=75)
    found = done(
        given,
        work,
        law=NO_BASIC | {"land_amount_m": 120.0, "land_months": 180.0},
        behaviour={"land_persons": 50.0, "paying_share": 0.0},
    )
    assert paid(found, "land_credits") == pytest.approx(1_080_000)
    assert found.account.payments["land_credits"].payer == "land users"
    assert cell(found, BALANCE, 51) == pytest.approx(810_000)
    assert cell(found, RECIPIENT_BALANCE, 71) == pytest.approx(270_000)
    assert cell(found, ACCOUNT_PENSION, 71) == pytest.approx(270_000 * 12 / 139)


# -- Opening ---------------------------------------------------------------------------------------

OPENINGS = [(place, None) for place in PLACES] + [("china", date(2016, 1, 1))]


@pytest.mark.parametrize(("place", "opening"), OPENINGS)
def test_every_moment_is_met(place, opening):
    lines = [
        line
        for line in calibrated(place, opening).lines
        if line.moment.startswith("residents_pension.")
    ]
    assert len(lines) == 7
    for line in lines:
        assert line.model == pytest.approx(line.observed, rel=1e-8), line.moment


def test_members_and_recipients_of_a_city_are_registered_there():
    found = calibrated("guangzhou").opening.schemes["residents_pension"].cells
    names = load_scenario("baseline", place="guangzhou").place.axes.group_names
    people = found[MEMBERS].sum(axis=(0, 2, 3)) + found[RECIPIENTS].sum(axis=(0, 2, 3))
    for name, count in zip(names, people, strict=True):
        assert (count > 0) == name.startswith("registered"), name


def test_people_of_guangzhou_are_the_published_counts_carried_on():
    """Yearbook: 1,400,947 and 578,030 in 2019, 1,395,680 and 584,761 in 2021; two years more."""
    scenario = load_scenario("baseline", place="guangzhou")
    moments = scenario.place.calibration[scenario.opening]
    for name, earlier, later in (
        ("insured", 1_400_947, 1_395_680),
        ("recipients", 578_030, 584_761),
    ):
        found = moments[f"residents_pension.{name}"]["value"]
        assert found == pytest.approx(later * later / earlier, rel=2e-4)


def test_a_moment_that_cannot_be_met_is_named():
    scenario = load_scenario("baseline", place="guangdong")
    moments = dict(scenario.place.calibration[scenario.opening])
    for name, value in (("insured", 80e6), ("expenditure", 1e10)):
        key = f"residents_pension.{name}"
        moments[key] = moments[key] | {"value": value}
    place = replace(scenario.place, calibration={scenario.opening: moments})
    inputs = assemble(replace(scenario, place=place).until(2025), trace=False)
    work = _first_year_of("guangdong")
    with pytest.raises(CalibrationError) as caught:
        scheme.open(inputs, work)
    assert "residents_pension.insured cannot be met: take_up_level" in str(caught.value)
    assert "residents_pension.expenditure cannot be met: local_m" in str(caught.value)


def _first_year_of(place):
    from rssim.cohorts.engine import survival_of
    from rssim.cohorts.year import year

    inputs = assemble(load_scenario("baseline", place=place, end=2025), trace=False)
    found = calibrated(place)
    return year(found.opening, inputs.years[0], survival_of(inputs)[0], inputs, found.constants)[
        0
    ].work


# -- Levers ----------------------------------------------------------------------------------------

MEMBERSHIP = {
    "members",
    "insured",
    "take_up",
    "joined",
}
ACCOUNT = {
    "contributions",
    "revenue",
    "current_balance",
    "interest",
    "balance",
    "reserve_months",
    "accounts",
}
AWARDS = {
    "expenditure",
    "account_pensions",
    "inheritances",
    "mean_pension_m",
    "transfers_out",
    "settlements",
}
BASIC = {"basic_nation", "basic_province", "basic_city", "basic_pensions", "basic_pension_m"}
MONEY_OF_BASIC = {
    "subsidies",
    "revenue",
    "expenditure",
    "mean_pension_m",
    "reserve_months",
    "interest",
    "current_balance",
    "balance",
}
SUBSIDY = {"account_subsidy_province", "account_subsidy_city", "subsidies"}
PAYING = {"own_contributions", "mean_contribution"} | SUBSIDY | ACCOUNT | AWARDS
# Years paid decide who claims, so a change of payers moves people of the pension age as well.
CLAIMING = {"recipients", "new_recipients", "back_payments", "funeral_aid"} | MEMBERSHIP | BASIC
LAW_KEY, BEHAVIOUR_KEY = "residents_pension", "residents_pension_behaviour"
LEVERS = {
    f"{LAW_KEY}.basic_factor": (
        1.2,
        "basic_pensions",
        +1,
        BASIC | MONEY_OF_BASIC | {"funeral_aid"},
    ),
    f"{LAW_KEY}.basic_national_m": (180.0, "basic_nation", +1, BASIC | MONEY_OF_BASIC),
    f"{LAW_KEY}.basic_provincial_m": (
        300.0,
        "basic_province",
        +1,
        BASIC | MONEY_OF_BASIC | {"funeral_aid"},
    ),
    f"{LAW_KEY}.basic_city_m": (400.0, "basic_city", +1, BASIC | MONEY_OF_BASIC | {"funeral_aid"}),
    f"{LAW_KEY}.nation_share": (1.0, "basic_city", -1, BASIC),
    f"{LAW_KEY}.province_share": (1.0, "basic_city", -1, BASIC),
    f"{LAW_KEY}.age_supplement_m": ({0: 0, 65: 30}, "basic_city", +1, BASIC | MONEY_OF_BASIC),
    f"{LAW_KEY}.subsidy_factor": (3.0, "account_subsidy_city", +1, PAYING | CLAIMING),
    f"{LAW_KEY}.subsidy_province_share": (0.0, "account_subsidy_city", +1, SUBSIDY),
    f"{LAW_KEY}.minimum_tier": (600.0, "mean_contribution", +1, PAYING | CLAIMING),
    f"{LAW_KEY}.tier_level": (2.0, "mean_contribution", +1, PAYING | CLAIMING),
    f"{LAW_KEY}.account_divisor": (
        120.0,
        "account_pensions",
        +1,
        AWARDS | ACCOUNT | {"basic_city", "subsidies"},
    ),
    f"{LAW_KEY}.account_interest_rate": (
        0.05,
        "accounts",
        +1,
        AWARDS | ACCOUNT | {"basic_city", "subsidies"},
    ),
    f"{LAW_KEY}.funeral_months": (
        12.0,
        "funeral_aid",
        +1,
        {"funeral_aid", "basic_city"} | MONEY_OF_BASIC,
    ),
    f"{LAW_KEY}.pension_age": (
        63.0,
        "recipients",
        -1,
        PAYING | CLAIMING | {"basic_pension_m"},
    ),
    f"{LAW_KEY}.minimum_years": (20.0, "back_payments", +1, PAYING | CLAIMING),
    f"{BEHAVIOUR_KEY}.outreach": (1.0, "members", +1, PAYING | CLAIMING),
    f"{BEHAVIOUR_KEY}.exit_ratio": (1.0, "members", -1, PAYING | CLAIMING),
    f"{BEHAVIOUR_KEY}.pay_up_share": (0.0, "back_payments", -1, PAYING | CLAIMING),
    f"{BEHAVIOUR_KEY}.land_persons": (
        100_000.0,
        "land_credits",
        +1,
        {"land_credits", "basic_city", "subsidies"} | ACCOUNT | AWARDS,
    ),
}


@pytest.fixture(scope="module")
def base():
    return load_scenario("baseline", place="guangdong", end=2028)


@pytest.fixture(scope="module")
def centre(base):
    return simulate(base, keep=False, trace=False).headline


@pytest.mark.parametrize("lever", LEVERS)
def test_what_a_lever_moves_and_what_not(base, centre, lever):
    value, series, sign, allowed = LEVERS[lever]
    moved = simulate(base.change(lever, {"2026-01-01": value}), keep=False, trace=False).headline
    changed = {
        key
        for key, values in centre.items()
        if not np.allclose(values, moved[key], rtol=1e-12, atol=1e-9)
    }
    assert f"{LAW_KEY}.{series}" in changed
    gap = moved[f"{LAW_KEY}.{series}"][:, -1] - centre[f"{LAW_KEY}.{series}"][:, -1]
    assert np.sign(gap) == sign
    assert changed <= {f"{LAW_KEY}.{name}" for name in allowed}


def test_moving_leavers_shifts_refunds_and_nothing_else_of_the_employee_fund(base, centre):
    lever = f"{BEHAVIOUR_KEY}.short_leavers_share"
    moved = simulate(base.change(lever, {"2026-01-01": 0.5}), keep=False, trace=False).headline
    changed = {key for key, values in centre.items() if not np.allclose(values, moved[key])}
    theirs = {key for key in changed if key.startswith("employee_pension.")}
    assert theirs == {"employee_pension.refunds", "employee_pension.moved_to_residents"}
    assert {key for key in changed - theirs if not key.startswith(LAW_KEY)} == set()
    gone = centre["employee_pension.refunds"] - moved["employee_pension.refunds"]
    arrived = moved["residents_pension.employee_accounts"]
    np.testing.assert_allclose(moved["employee_pension.moved_to_residents"], arrived, rtol=1e-12)
    np.testing.assert_allclose(gone, arrived, rtol=1e-9, atol=1.0)
    assert (arrived[:, 2:] > 0).all()
    assert (arrived[:, :2] == 0).all()
