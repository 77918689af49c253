"""The one way in: what comes out is what the engine made, and a first year by hand."""

from __future__ import annotations

import numpy as np
import pytest

from rssim.axes import FLEXIBLE, FORMAL, UNEMPLOYED
from rssim.cohorts import engine
from rssim.errors import ParameterError, ScenarioError
from rssim.inputs.scenario import load_scenario
from rssim.study.record import AGE_FLOWS
from rssim.study.run import calibrated, prepare, run
from rssim.study.series import SERIES

FUND = "employee_pension"


@pytest.fixture(scope="module")
def direct(base):
    inputs, calibration = prepare(base)
    return inputs, engine.run(inputs, calibration.opening, calibration.constants)


@pytest.fixture(scope="module")
def aged(base):
    return run(base, record="ages")


def test_money_is_the_ledgers_to_the_bit(pair, direct):
    _, found = direct
    for key in ("pensions", "remittance", "interest", "refunds", "employer_contributions"):
        engines = np.stack([item.ledger.pension.amount(key) for item in found.flows], axis=-1)
        assert pair.flows[f"{FUND}.{key}"].values[0].tobytes() == engines.tobytes()
    closing = np.stack([item.ledger.pension.closing for item in found.flows], axis=-1)
    assert pair.flows[f"{FUND}.balance"].values[0].tobytes() == closing.tobytes()


def test_people_are_the_engines(pair, direct):
    _, found = direct
    for at, (flows, after) in enumerate(zip(found.flows, found.stocks[1:], strict=True)):
        year = pair.flows.isel(scenario=0, draw=0, year=at)
        assert float(year["population"]) == pytest.approx(after.people.sum(), rel=1e-14)
        assert float(year["births"]) == flows.births[0]
        states = after.people.sum(axis=(0, 1, 2, 4))
        assert float(year["formal_employed"]) == pytest.approx(states[FORMAL], rel=1e-14)
        working = states[FORMAL] + states[FLEXIBLE] + flows.working_pensioners.sum()
        assert float(year["employed"]) == pytest.approx(working, rel=1e-14)
        rate = states[UNEMPLOYED] / (working + states[UNEMPLOYED])
        assert float(year["unemployment_rate"]) == pytest.approx(rate, rel=1e-14)
        ages = after.people.sum(axis=(0, 1, 2, 3))
        assert float(year["old_age_dependency"]) == pytest.approx(
            ages[65:].sum() / ages[15:65].sum(), rel=1e-14
        )


def test_balanced_rate_pays_the_expenditure(pair, direct):
    """Contributions over their rates give the assessed bases by another way than the series."""
    inputs, found = direct
    for at, (flows, year) in enumerate(zip(found.flows, inputs.years, strict=True)):
        law, pension = year.pension, flows.pension
        formal = (pension.employer_contributions + pension.relief).sum() / law.employer_rate.item()
        own = pension.flexible_contributions.sum() / law.flexible_rate.item()
        rate = float(pair.flows[f"{FUND}.balanced_rate"][0, 0, at])
        assert rate * (formal + own) == pytest.approx(
            flows.ledger.pension.expenditure[0], rel=1e-12
        )


def test_means_and_ratios_of_the_fund(pair, direct):
    _, found = direct
    for at, (flows, after) in enumerate(zip(found.flows, found.stocks[1:], strict=True)):
        year = pair.flows.isel(scenario=0, draw=0, year=at)
        people, yearly = after.pension.pensioners[0].sum(), after.pension.pensioners[1].sum()
        mean = yearly / people / 12
        assert float(year[f"{FUND}.mean_pension_m"]) == pytest.approx(mean, rel=1e-13)
        wage = flows.references.wage_m.item()
        assert float(year[f"{FUND}.benefit_ratio"]) == pytest.approx(mean / wage, rel=1e-13)
        new = flows.pension.new_pensions.sum() / flows.pension.new_pensioners.sum() / 12
        assert float(year[f"{FUND}.mean_new_pension_m"]) == pytest.approx(new, rel=1e-13)
        workers = flows.insured_workers.sum()
        assert float(year[f"{FUND}.support_ratio"]) == pytest.approx(workers / people, rel=1e-13)
        bases = (flows.earnings.base_m * flows.pension.contributors).sum()
        ratio = bases / flows.pension.contributors.sum() / flows.references.base_wage_m.item()
        assert float(year[f"{FUND}.mean_base_ratio"]) == pytest.approx(ratio, rel=1e-13)
        assert 0.0 < float(year[f"{FUND}.share_at_floor"]) < 1.0


def test_account_liability_grows_by_credits_less_what_is_paid(pair, direct):
    _, found = direct
    owed = pair.stocks[f"{FUND}.account_liability"].values[0, 0]
    for at, flows in enumerate(found.flows):
        pension = flows.pension
        grown = pension.account_credits.sum() + pension.account_interest.sum()
        paid = (
            pension.account_pensions_paid.sum()
            + pension.inheritances.sum()
            + pension.refunds.sum()
            + pension.transferred_balances.sum()
        )
        assert owed[at + 1] - owed[at] == pytest.approx(grown - paid, rel=1e-9)


def test_the_accounts_of_the_fund_close(pair):
    money = pair.flows[[key for key in pair.flows.data_vars if str(key).startswith(FUND)]]
    money = money.rename({key: str(key).removeprefix(f"{FUND}.") for key in money.data_vars})
    parts = (
        money.employer_contributions
        + money.employee_contributions
        + money.flexible_contributions
        + money.back_payments
    )
    np.testing.assert_allclose(parts, money.contributions, rtol=1e-13)
    income = money.contributions + money.subsidy + money.interest + money.other_income
    np.testing.assert_allclose(income, money.revenue, rtol=1e-13)
    # The unemployment fund pays contributions for its recipients near their pension age.
    sent = pair.flows["unemployment_insurance.pension_contributions"]
    np.testing.assert_allclose(money.other_income, sent, rtol=1e-13)
    paid = (
        money.pensions
        + money.funeral_grants
        + money.survivor_grants
        + money.inheritances
        + money.refunds
        + money.transfers_out
        + money.other_expenditure
    )
    np.testing.assert_allclose(money.other_expenditure, pair.flows["public_pension.arrears"])
    np.testing.assert_allclose(paid, money.expenditure, rtol=1e-13)
    change = money.current_balance - money.remittance + money.required_subsidy
    opening = pair.stocks[f"{FUND}.balance"].isel(date=slice(0, -1)).values
    np.testing.assert_allclose(opening + change.values, money.balance, rtol=1e-13)


def test_stocks_of_new_year_are_those_of_the_day_before(pair):
    for key in ("population", f"{FUND}.retirees", f"{FUND}.balance", f"{FUND}.account_liability"):
        later = pair.stocks[key].isel(date=slice(1, None)).values
        np.testing.assert_array_equal(later, pair.flows[key].values)
    assert str(pair.stocks["date"].values[0])[:10] == "2024-01-01"
    assert str(pair.stocks["date"].values[-1])[:10] == "2029-01-01"


def test_ages_add_up_to_the_headline(aged):
    for key in AGE_FLOWS:
        whole = key.removesuffix("_by_age")
        if aged.flows[key].attrs["aggregates"] != "sum" or whole not in SERIES:
            continue
        summed = aged.flows[key].sum(["group", "sex", "age"])
        np.testing.assert_allclose(summed, aged.flows[whole], rtol=1e-12)
    assert aged.flows[f"{FUND}.pensions_by_age"].dims == (
        "scenario",
        "draw",
        "year",
        "group",
        "sex",
        "age",
    )
    people = aged.stocks["people"]
    assert people.dims == ("scenario", "draw", "date", "group", "sex", "status", "age")
    np.testing.assert_allclose(
        people.sum(["group", "sex", "status", "age"]), aged.stocks["population"], rtol=1e-13
    )
    pensioners = people.sel(status="pensioner").sum(["group", "sex", "age"])
    assert (pensioners <= aged.stocks[f"{FUND}.retirees"] * (1 + 1e-12)).all()


def test_every_series_has_all_its_attributes(pair):
    for found in (*pair.flows.data_vars.values(), *pair.stocks.data_vars.values()):
        for name in ("unit", "long_name", "long_name_zh", "aggregates", "timing"):
            assert found.attrs[name], f"{found.name}: {name}"
        is_money = found.attrs["unit"].startswith("yuan")
        assert found.attrs["price_basis"] == ("nominal yuan" if is_money else "")
        assert found.dims[:2] == ("scenario", "draw")


def test_calibration_does_not_see_the_scenario(base, higher):
    assert calibrated(base) is calibrated(higher.until(2040))


# By hand ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first_year(base):
    """2024 with 16 % and with 20 % from the first day; return 2.5 %, remittance 30 %.

    Job finding is exogenous here, so that the base of contributions stays what it is.
    """
    short = base.until(2025).change("job_market.closure", "exogenous")
    short = short.change("economy.fund_return", 0.025, name="sixteen")
    short = short.change("employee_pension.remittance_share", 0.3)
    short = short.change("employee_pension.employer_rate", 0.16).named("sixteen")
    twenty = short.change("employee_pension.employer_rate", 0.20).named("twenty")
    return run([short, twenty], bite="off")


def test_a_quarter_more_rate_is_a_quarter_more_contributions(first_year):
    # The public sector within the published series has a rate of its own.
    flows = first_year.flows
    paid = flows[f"{FUND}.employer_contributions"] - flows["public_pension.employer_contributions"]
    paid = paid.sel(year=2024, draw=0)
    assert float(paid.sel(scenario="twenty") / paid.sel(scenario="sixteen")) == pytest.approx(
        1.25, rel=1e-14
    )
    for key in ("employee_contributions", "flexible_contributions", "expenditure", "subsidy"):
        change = first_year.difference(f"{FUND}.{key}", against="sixteen")
        assert (change == 0.0).all(), key


def test_balance_of_the_first_year_by_hand(first_year):
    """Extra contributions D are paid evenly, so they earn half a year's return, r/2.

    The surplus grows by D (1 + r/2); the remittance takes 30 % of it; no subsidy is needed. So
    the balance grows by D (1 + 0.025/2) (1 - 0.3) = 0.70875 D.
    """
    extra = first_year.difference(f"{FUND}.contributions", against="sixteen").sel(year=2024)
    grown = first_year.difference(f"{FUND}.balance", against="sixteen").sel(year=2024)
    remitted = first_year.difference(f"{FUND}.remittance", against="sixteen").sel(year=2024)
    assert (first_year.flows[f"{FUND}.current_balance"].sel(year=2024) > 0).all()
    assert (grown / extra).item() == pytest.approx(0.70875, rel=1e-9)
    assert (remitted / extra).item() == pytest.approx(0.30375, rel=1e-9)


# What is refused --------------------------------------------------------------------------------


def test_refuses_words_it_does_not_know(base):
    with pytest.raises(ParameterError, match="record: 'age' is not one of headline, ages"):
        run(base, record="age")
    with pytest.raises(ParameterError, match="bite: 'on' is not one of auto, off"):
        run(base, bite="on")


def test_refuses_scenarios_that_cannot_stand_side_by_side(base, higher):
    with pytest.raises(ScenarioError, match="two scenarios have this name"):
        run([base, higher.named("baseline")], bite="off")
    with pytest.raises(ScenarioError, match="ends in 2027, baseline in 2028"):
        run([base, higher.until(2027)], bite="off")
    province = load_scenario("baseline", place="guangdong", end=2028).named("province")
    with pytest.raises(ScenarioError, match="province: has other groups than baseline"):
        run([base, province], record="ages")
    with pytest.raises(ScenarioError, match="empty list"):
        run([])
    with pytest.raises(ScenarioError, match="7 is a int"):
        run([7])


def test_places_stand_side_by_side(base):
    province = load_scenario("baseline", place="guangdong", end=2028).named("province")
    found = run([base, province])
    assert found.scenarios == ["baseline", "province"]
    assert set(found.manifest["values"]) == {"guangzhou", "guangdong"}
    # The province holds the city, on the first day and after.
    people = found.flows["population"]
    assert (people.sel(scenario="province") > 5 * people.sel(scenario="baseline")).all()


def test_progress_counts_every_year_of_every_run(base, higher):
    seen = []
    run([base, higher], progress=lambda done, of: seen.append((done, of)))
    # Two scenarios of five years; the run without the one change is the baseline itself.
    assert seen == [(done, 10) for done in range(1, 11)]
