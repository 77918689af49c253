"""Pooling, subsidy rules, supervision, late pensions and exempt workers: by hand and in runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rssim.cohorts import ledger
from rssim.cohorts.earnings import collected_share, covered_share, exempt_share
from rssim.cohorts.funds import pooling
from rssim.cohorts.funds.account import CONTRIBUTION, EXPENDITURE, SUBSIDY, TRANSFER_IN
from rssim.cohorts.funds.employee_pension import PensionFlows
from rssim.errors import ParameterError
from rssim.inputs.scenario import load_scenario
from rssim.study.run import run, simulate
from tests.cohorts.cells import constants, number, one
from tests.cohorts.cells import law as law_of

MONEY = {
    "economy__fund_return": 0.0,
    "pension__subsidy_share": 0.0,
    "pension__remittance_share": 0.0,
    "pension__dry_fund_payer": "province",
}


def year(money=None, **records):
    found = law_of(**(MONEY | (money or {})))
    schemes = dict(found.schemes)
    for kind, changes in records.items():
        values = {name: one(value) for name, value in changes.items()}
        schemes[kind] = replace(schemes[kind], **values)
    return replace(found, schemes=schemes)


def flows(**amounts):
    values = {}
    for name in PensionFlows.__dataclass_fields__:
        cells = np.zeros((1, 1, 2, 101))
        cells[0, 0, 0, 50] = amounts.get(name, 0.0)
        values[name] = cells
    return PensionFlows(**values)


def settled(found, opening=1_000.0, level="city", arrears=0.0, **amounts):
    return ledger.settle(flows(**amounts), one(opening), found, level, None, np.array([[arrears]]))


def amounts_of(account, *names):
    return [number(account.amount(name)) for name in names]


@pytest.mark.parametrize(
    ("income", "spent", "paid", "got"), [(300, 100, 200, 0), (100, 250, 0, 150), (100, 100, 0, 0)]
)
def test_the_province_takes_the_surplus_and_makes_up_the_deficit(income, spent, paid, got):
    account = settled(
        year(PoolingTerms={"pooled_share": 1.0}), employer_contributions=income, pensions_paid=spent
    )
    assert amounts_of(account, "province_transfer", "province_aid") == [paid, got]
    assert number(account.closing) == pytest.approx(1_000)
    assert account.payments["province_transfer"].payee == pooling.PROVINCE
    # A transfer between pools is no expenditure and aid no revenue.
    assert number(account.expenditure) == spent
    assert number(account.revenue) == income


def test_half_of_what_is_left_after_the_national_pool():
    """200 over, 30 % to the nation: half of 140 to the province."""
    account = settled(
        year({"pension__remittance_share": 0.3}, PoolingTerms={"pooled_share": 0.5}),
        employer_contributions=300,
        pensions_paid=100,
    )
    assert amounts_of(account, "remittance", "province_transfer") == pytest.approx([60, 70])
    assert number(account.closing) == pytest.approx(1_000 + 200 - 60 - 70)


@pytest.mark.parametrize("level", ["province", "nation"])
def test_only_a_city_pools(level):
    with pytest.raises(ParameterError, match=rf"only a city.*{level}"):
        settled(year(PoolingTerms={"pooled_share": 0.5}), level=level)


def test_effort_falls_with_pooling_and_an_assessment_brings_it_back():
    money = {"earnings__collection_rate": 0.95}
    law = {"pooled_share": 1.0}
    behaviour = {"collection_response": 0.1}
    weak = year(money, PoolingTerms=law, PoolingBehaviour=behaviour)
    assert number(collected_share(weak)) == pytest.approx(0.95 * np.exp(-0.1))
    half = year(money, PoolingTerms=law | {"assessment": 0.5}, PoolingBehaviour=behaviour)
    assert number(collected_share(half)) == pytest.approx(0.95 * np.exp(-0.05))
    full = year(money, PoolingTerms=law | {"assessment": 1.0}, PoolingBehaviour=behaviour)
    assert number(collected_share(full)) == 0.95


def test_the_budget_pays_its_share_of_what_was_not_collected():
    """900 of 1,000 assessed are collected, 950 are asked for: 40 % of 50; back payments apart."""
    account = settled(
        year(
            {"earnings__collection_rate": 0.9},
            PoolingTerms={"collection_target": 0.95, "shortfall_local_share": 0.4},
        ),
        employer_contributions=600,
        employee_contributions=300,
        back_payments=500,
    )
    assert amounts_of(account, "shortfall_payments") == pytest.approx([20.0])
    assert account.payments["shortfall_payments"].payer == "city budget"


@pytest.mark.parametrize(("spent", "expected"), [(300.0, 80.0), (50.0, 0.0)])
def test_a_current_deficit_is_subsidised_before_the_reserve(spent, expected):
    account = settled(
        year(PoolingTerms={"deficit_subsidy_share": 0.4}),
        employer_contributions=100,
        pensions_paid=spent,
    )
    assert amounts_of(account, "deficit_subsidy") == pytest.approx([expected])
    assert number(account.closing) == pytest.approx(1_000 + 100 + expected - spent)


def test_supervision_gets_back_a_share_of_improper_payments():
    account = settled(
        year(PoolingBehaviour={"improper_share": 0.002, "detection_share": 0.5}),
        pensions_paid=500_000,
        opening=1e6,
    )
    assert amounts_of(account, "recoveries") == pytest.approx([500.0])
    assert amounts_of(account, "pensions") == [500_000]


def test_a_delay_moves_pensions_into_the_next_year_and_is_settled_when_it_ends():
    """1,200 a year, two months late: 1,000 paid, 200 owed; then 1,320, 220; then on time."""
    late = year(PoolingTerms={"pension_delay_months": 2.0, "arrears_interest_rate": 0.03})
    first = settled(late, 1e4, pensions_paid=1_200)
    assert amounts_of(first, "pensions", "arrears_interest") == pytest.approx([1_000, 3.0])
    owed = number(pooling.owed(np.array([[1_200.0]]), late))
    assert owed == pytest.approx(200)
    second = settled(late, 1e4, arrears=owed, pensions_paid=1_320)
    assert amounts_of(second, "pensions", "arrears_interest") == pytest.approx([1_300, 6.3])
    last = settled(year(), 1e4, arrears=220.0, pensions_paid=1_400)
    assert amounts_of(last, "pensions") == pytest.approx([1_620])


def test_exempt_workers_lower_coverage_by_their_share():
    """A hundredth of employees, half of them exempt: 0.5 % fewer are covered."""
    found = year(
        {"labour__coverage_formal": 1.0},
        CrossBorderBehaviour={"employees_share": 0.01, "exempt_share": 0.5},
    )
    assert number(exempt_share(found)) == pytest.approx(0.005)
    assert number(covered_share(constants(coverage=0.8), found)) == pytest.approx(0.8 * 0.995)
    none = year(
        CrossBorderTerms={"pension_exemption": 0.0},
        CrossBorderBehaviour={"employees_share": 0.01, "exempt_share": 0.5},
    )
    assert number(exempt_share(none)) == 0.0


# In runs ------------------------------------------------------------------------------------------

FUND = "employee_pension."
ACCOUNT = {"current_balance", "balance", "interest", "remittance", "reserve_months", "revenue"}
DRY = {"required_subsidy"}
CASH = {"pensions", "expenditure", "balanced_rate", "subsidy"}
LEVERS = {
    "pooling.pooled_share": (1.0, {"province_transfer", "province_aid"} | ACCOUNT),
    "pooling.collection_target": (1.0, {"shortfall_payments"} | ACCOUNT),
    "pooling.deficit_subsidy_share": (1.0, {"deficit_subsidy"} | ACCOUNT | DRY),
    "pooling.pension_delay_months": (1.0, {"arrears"} | CASH | ACCOUNT),
}


def headline(changes, place="guangzhou", end=2032):
    scenario = load_scenario("baseline", place=place, end=end)
    for lever, value in changes.items():
        scenario = scenario.change(lever, {"2026-01-01": value})
    return simulate(scenario, keep=False, trace=False).headline


@pytest.fixture(scope="module")
def base():
    return headline({})


def moved(base, changed):
    return {
        key
        for key in base
        if not np.allclose(base[key], changed[key], rtol=1e-13, atol=0.0, equal_nan=True)
    }


@pytest.mark.parametrize("lever", [name for name in LEVERS if "deficit" not in name])
def test_a_lever_moves_its_own_series_and_nothing_else(base, lever):
    value, may_move = LEVERS[lever]
    found = moved(base, headline({lever: value}))
    assert found
    assert found <= {FUND + name for name in may_move}


def test_recoveries_add_to_revenue_and_nothing_else(base):
    found = moved(base, headline({"pooling_behaviour.detection_share": 0.5}))
    assert FUND + "recoveries" in found
    assert found <= {FUND + name for name in {"recoveries"} | ACCOUNT}


def test_baseline_books_none_of_it(base):
    names = (
        "arrears", "arrears_interest", "recoveries", "shortfall_payments", "deficit_subsidy",
        "province_transfer", "province_aid",
    )  # fmt: skip
    assert all((base[FUND + name] == 0.0).all() for name in names)


def test_weaker_collection_costs_contributions_and_reaches_the_job_market(base):
    """5 % less is collected; where jobs do not answer, contributions fall by just that."""
    weak = {"pooling.pooled_share": 1.0, "pooling_behaviour.collection_response": 0.05}
    still = {"job_market.closure": "exogenous"}
    name = FUND + "employer_contributions"
    # The public sector within the series pays all that is assessed.
    own = "public_pension.employer_contributions"
    collected, all_due = headline(weak | still), headline(still)
    share = (collected[name] - collected[own])[0, 2] / (all_due[name] - all_due[own])[0, 2]
    assert share == pytest.approx(np.exp(-0.05), rel=1e-10)
    assert headline(weak)["employed"][0, -1] > base["employed"][0, -1]


def test_the_exemption_costs_contributions_in_proportion(base):
    """A tenth of a per cent of employees, all exempt: contributions fall by their share.

    The exemption holds for the pension and for unemployment insurance, not for work injury.
    """
    changed = headline({"cross_border_behaviour.exempt_share": 1.0})
    wanted = (1 - 0.00117) / (1 - 0.00117 * 0.005)
    for name in (FUND + "employer_contributions", "unemployment_insurance.employer_contributions"):
        assert changed[name][0, 2] / base[name][0, 2] == pytest.approx(wanted, rel=1e-4)
    insured = "work_injury.insured"
    assert 0.0 <= changed[insured][0, 2] / base[insured][0, 2] - 1.0 < 1e-4


def test_a_pooled_city_stays_within_every_identity():
    scenario = load_scenario("baseline", place="guangzhou", end=2045)
    for lever, value in {
        "pooling.pooled_share": 1.0,
        "pooling.pension_delay_months": 1.5,
        "pooling.arrears_interest_rate": 0.02,
        "pooling.collection_target": 0.99,
        "pooling_behaviour.detection_share": 0.5,
    }.items():
        scenario = scenario.change(lever, {"2026-01-01": value})
    result = run(scenario, bite="off")
    assert float(np.nanmax(np.abs(result.identities.to_numpy(dtype=float)))) < 1e-9


def test_deficit_subsidy_in_a_run_with_a_deficit():
    """Pensions that rise by 10 % a year run the fund of Guangzhou into a deficit."""
    fast = {
        "employee_pension.indexation_rule": "nominal",
        "employee_pension.increase_nominal": 0.1,
    }
    scenario = load_scenario("baseline", place="guangzhou", end=2045)
    for lever, value in fast.items():
        scenario = scenario.change(lever, {"2026-01-01": value})
    subsidised = scenario.change("pooling.deficit_subsidy_share", {"2026-01-01": 0.5})
    plain, helped = (simulate(item, trace=False) for item in (scenario, subsidised))
    flows = [flow for flow in plain.money.flows if flow.scheme == "employee_pension"]
    income = sum(f.total for f in flows if f.kind in (CONTRIBUTION, SUBSIDY, TRANSFER_IN))
    received = [
        flow.total
        for flow in plain.money.flows
        if flow.payee == ledger.FUND and flow.scheme not in ("", "employee_pension")
    ]
    income = income + (sum(received) if received else 0.0)
    gap = sum(f.total for f in flows if f.kind == EXPENDITURE) - income
    since = np.arange(gap.shape[1]) >= 2
    paid = helped.headline[FUND + "deficit_subsidy"]
    assert gap[0, -1] > 0.0
    assert paid == pytest.approx(0.5 * np.maximum(gap, 0.0) * since, rel=1e-9)
    assert moved(plain.headline, helped.headline) <= {
        FUND + name for name in LEVERS["pooling.deficit_subsidy_share"][1]
    }
