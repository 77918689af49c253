"""The ledger of a run and the social budget, by hand and in runs."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from rssim.errors import ParameterError
from rssim.inputs.scenario import load_scenario
from rssim.study import budget, money, sankey
from rssim.study.money import Flow, Money
from rssim.study.run import run

OTHER = "other insurance fund"
PENSION = "employee pension fund"
KEY = "other_insurance"


def flow(scheme, name, payer, payee, kind, *amounts):
    """Two years, one draw; one number, or one for each of two groups."""
    return Flow(scheme, name, payer, payee, kind, np.array([[amounts, np.multiply(amounts, 2)]]))


@pytest.fixture
def two_funds(monkeypatch):
    """Pension fund: +60 +40 (employers 50, households 30 + 20, from the other fund 5, interest 4),
    −70; the other fund: employers 12, households 8, budget 3; −15 and −5 to the pension fund."""
    scheme = SimpleNamespace(
        KEY=KEY,
        FUND=OTHER,
        NAME="other insurance",
        ZH="其他保险",
        PAYMENTS={"premium": ("Premium", ""), "share": ("Share", ""), "benefit": ("Benefit", "")},
        FUNCTIONS={"": "Maternity", "to_pension": "Old age"},
    )
    for module in (money, budget):
        monkeypatch.setattr(module, "SCHEMES", (scheme,))
    pension = "employee_pension"
    flows = (
        flow(pension, "employer_contributions", "employers", PENSION, "contribution", 50.0),
        flow(pension, "employee_contributions", "households", PENSION, "contribution", 30.0, 20.0),
        flow(pension, "interest", "capital market", PENSION, "interest", 4.0),
        flow(pension, "pensions", PENSION, "households", "expenditure", 40.0, 30.0),
        flow(pension, "funeral_grants", PENSION, "households", "expenditure", 1.0, 0.0),
        flow(pension, "remittance", PENSION, "national pool", "remittance", 10.0),
        flow(KEY, "premium", "employers", OTHER, "contribution", 12.0),
        flow(KEY, "share", "households", OTHER, "contribution", 5.0, 3.0),
        flow(KEY, "required_subsidy", "city budget", OTHER, "cover", 3.0),
        flow(KEY, "benefit", OTHER, "households", "expenditure", 10.0, 5.0),
        flow(KEY, "to_pension", OTHER, PENSION, "expenditure", 5.0),
        flow("", "hiring_subsidies", "city budget", "employers", "expenditure", 2.0),
    )
    # +50 +50 +4 +5 −70 −1 −10 = +28, twice as much in the second year; +12 +8 +3 −15 −5 = +3.
    balances = {
        PENSION: np.array([[100.0, 128.0, 184.0]]),
        OTHER: np.array([[0.0, 3.0, 9.0]]),
    }
    item = SimpleNamespace(
        scenario=SimpleNamespace(name="baseline"),
        inputs=SimpleNamespace(axes=SimpleNamespace(group_names=("local", "migrant"))),
        money=Money(flows, balances, np.array([[1000.0, 2000.0]])),
        headline={"price_index": np.array([[1.0, 1.25]])},
    )
    return SimpleNamespace(runs=(item,), scenarios=["baseline"], years=[2030, 2031])


def test_every_payment_once_and_sectors_sum_to_zero(two_funds):
    found = money.ledger(two_funds, 2030, unit="yuan")
    assert len(found) == 12
    assert found.set_index("flow")["amount"]["Premium"] == 12.0
    assert found.attrs["unit"] == "yuan/year"
    balances = money.sector_balances(two_funds, 2030, unit="yuan")["balance"]
    expected = {
        "employers": -50.0 - 12.0 + 2.0,
        "households": -50.0 - 8.0 + 71.0 + 15.0,
        PENSION: 28.0,
        OTHER: 3.0,
        "capital market": -4.0,
        "national pool": 10.0,
        "city budget": -5.0,
    }
    assert balances.to_dict() == pytest.approx(expected, rel=1e-14)
    assert balances.sum() == pytest.approx(0.0, abs=1e-12)


def test_groups_of_households(two_funds):
    found = money.sector_balances(two_funds, 2030, unit="yuan", by_group=True)["balance"]
    assert found["households: local"] == pytest.approx(-30.0 - 5.0 + 40.0 + 1.0 + 10.0)
    assert found["households: migrant"] == pytest.approx(-20.0 - 3.0 + 30.0 + 5.0)
    assert "households" not in found.index
    assert found.sum() == pytest.approx(0.0, abs=1e-12)


def test_real_and_share_of_the_wage_bill(two_funds):
    real = money.ledger(two_funds, 2031, basis="real", unit="yuan").set_index("flow")["amount"]
    assert real["Premium"] == pytest.approx(24.0 / 1.25, rel=1e-14)
    assert money.ledger(two_funds, 2031, basis="real").attrs["unit"].endswith("prices of 2029")
    share = money.ledger(two_funds, 2031, basis="wage_share").set_index("flow")["amount"]
    assert share["Premium"] == pytest.approx(24.0 / 2000.0, rel=1e-14)


def test_social_budget_by_hand(two_funds):
    found = budget.social_budget(two_funds, 2030, unit="yuan")
    whole = found["All schemes"]
    assert whole["revenue"].to_dict() == pytest.approx(
        {
            "Employers": 62.0,
            "Insured persons": 58.0,
            "Government": 5.0,
            "Investment income": 4.0,
            "Other": 0.0,
            "Total revenue": 129.0,
        }
    )
    assert whole["expenditure"].to_dict() == pytest.approx(
        {
            "Old age": 70.0,
            "Survivors": 1.0,
            "Maternity": 15.0,
            "Employment promotion": 2.0,
            "Total expenditure": 88.0,
        }
    )
    assert found.loc[("revenue", "Other"), "Employee pension"] == 5.0
    assert found.loc[("expenditure", "Old age"), "Other insurance"] == 5.0
    assert found.loc[("expenditure", "Old age"), "Transfers"] == -5.0
    below = whole["below"]
    assert below["Change of reserves"] == pytest.approx(129.0 - 88.0 - 10.0)
    assert below["Reserves"] == pytest.approx(131.0)
    assert below["Expenditure over the wage bill [%]"] == pytest.approx(8.8)


def test_bands_of_the_picture_balance_in_every_node(two_funds):
    found = sankey.bands(two_funds, 2030)
    size = {(band.start, band.end, band.column): 1e8 * band.amount for band in found}
    assert size["other funds", PENSION, 0] == size[OTHER, "other funds", 1] == pytest.approx(5.0)
    assert size["city budget", "without a fund", 0] == pytest.approx(2.0)
    assert size[PENSION, "reserves added", 1] == pytest.approx(28.0)
    for fund in (PENSION, OTHER, "without a fund"):
        into = sum(amount for (_, end, _), amount in size.items() if end == fund)
        out = sum(amount for (start, _, _), amount in size.items() if start == fund)
        assert into == pytest.approx(out, rel=1e-12)
    boxes = sankey.nodes(found)
    assert 1e8 * boxes["employers", 0].height == pytest.approx(62.0)
    assert 1e8 * boxes["households", 2].height == pytest.approx(86.0)


def test_a_payment_that_changes_its_payer_is_two_flows():
    scenario = load_scenario("baseline", "guangdong", end=2027)
    key = "employee_pension.dry_fund_payer"
    found = run(scenario.change(key, {"2026-01-01": "nation"}), bite="off")
    flows = [flow for flow in found.runs[0].money.flows if flow.scheme == "employee_pension"]
    payers = [flow.payer for flow in flows if flow.name == "required_subsidy"]
    assert payers == ["provincial budget", "central budget"]


# In runs ------------------------------------------------------------------------------------------


def test_ledger_of_a_run_closes(pair):
    item = pair.runs[1]
    assert set(money.fund_gaps(item)) == set(item.money.balances)
    assert max(money.fund_gaps(item).values()) < 1e-12
    for year in (2024, 2028):
        for by_group in (False, True):
            found = pair.sector_balances(year, "higher", by_group=by_group)
            assert abs(found["balance"].sum()) < 1e-9 * found["pays"].sum()
    # Cells of groups add up to the sector.
    one = pair.sector_balances(2027, "higher").loc["households", "balance"]
    groups = pair.sector_balances(2027, "higher", by_group=True)["balance"]
    split = groups[groups.index.str.startswith("households")]
    assert split.sum() == pytest.approx(one, rel=1e-12)
    assert len(split) == len(item.inputs.axes.group_names)


def test_ledger_of_a_run_is_that_of_the_series(pair):
    table = pair.ledger(2027, "higher", unit="yuan")
    # The published series are those of the fund and of the public part within it.
    within = table[table["scheme"].isin(["employee_pension", "public_pension"])]
    pension = within.groupby("flow")["amount"].sum()
    public = {"employer_contributions": "Contributions of the units"}
    for key in ("employer_contributions", "pensions", "interest", "remittance"):
        series = pair.flows[f"employee_pension.{key}"].sel(scenario="higher", year=2027)
        amount = pension[series.attrs["long_name"]] + pension.get(public.get(key), 0.0)
        assert amount == pytest.approx(float(series[0]), rel=1e-12)


def test_social_budget_of_a_run_is_the_sum_of_funds(pair):
    for basis in ("nominal", "real", "wage_share"):
        found = pair.social_budget(2026, basis=basis)
        whole = found["All schemes"]
        change = (
            whole["revenue", "Total revenue"]
            - whole["expenditure", "Total expenditure"]
            - whole["below", "Remitted to the national pool"]
        )
        assert whole["below", "Change of reserves"] == pytest.approx(change, rel=1e-9)
        assert whole["below", "Wage bill"] > whole["expenditure", "Total expenditure"] > 0


def test_what_is_not_known_is_named(pair):
    with pytest.raises(ParameterError, match="2060: the result holds no such year. It holds 2024"):
        pair.ledger(2060)
    with pytest.raises(ParameterError, match="Did you mean baseline"):
        pair.ledger(2026, "baselin")
    with pytest.raises(ParameterError, match="basis: 'Real' is not one of nominal, real"):
        pair.social_budget(2026, basis="Real")
    with pytest.raises(ParameterError, match="unemploymnt: there is no such fund"):
        pair.events("unemploymnt")


def test_picture_shows_the_amounts(pair):
    ax = sankey.sankey(pair, 2026, "higher")
    texts = [text.get_text() for text in ax.texts]
    paid = pair.sector_balances(2026, "higher").loc["employers", "pays"]
    assert f"employers {paid:,.0f}" in texts
    assert ax.get_title(loc="left").startswith("2026 · Guangzhou")
    from matplotlib import pyplot

    pyplot.close("all")


@pytest.mark.parametrize(
    ("scheme", "payment", "function"),
    [
        ("employee_pension", "pensions", "Old age"),
        ("residents_pension", "inheritances", "Survivors"),
        ("enterprise_annuity", "transfers_out", "Rights paid out or moved"),
        ("unemployment_insurance", "benefits", "Unemployment"),
        ("unemployment_insurance", "retention_refunds", "Employment promotion"),
        ("work_injury", "dependants_pensions", "Employment injury"),
        ("", "job_subsidies", "Employment promotion"),
        ("unknown_scheme", "pensions", "Other"),
    ],
)
def test_functions_are_branches_of_social_security(scheme, payment, function):
    """Benefits of work injury are one branch of Convention 102, dependants' pensions included."""
    assert budget.function_of(scheme, payment) == function
    assert function in budget.FUNCTIONS
