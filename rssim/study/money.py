"""The ledger of a run: every payment of every year, with payer, payee and group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rssim.axes import FORMAL
from rssim.cohorts.funds.account import HOUSEHOLDS
from rssim.cohorts.funds.registry import SCHEMES
from rssim.cohorts.ledger import FUND as PENSION_FUND
from rssim.cohorts.ledger import LedgerYear, total
from rssim.cohorts.year import Flows
from rssim.errors import ParameterError, nearest
from rssim.records import Array
from rssim.study.compare import BASES, MONEY_UNITS
from rssim.study.series import FUND, MONTHS, SERIES

if TYPE_CHECKING:
    import pandas as pd

    from rssim.study.record import Simulated
    from rssim.study.result import Result

PENSION_NAME, PENSION_ZH = "employee pension", "企业职工基本养老保险"
NO_SCHEME = "no scheme"
OUTSIDE = {
    "hiring_subsidies": ("Hiring subsidies", "招用补贴"),
    "job_subsidies": ("Job subsidies", "岗位补贴"),
}
"""Name of a payment that passes through no fund -> English and Chinese label."""
LEDGER_COLUMNS = ("scheme", "flow", "payer", "payee", "kind", "amount")


@dataclass(frozen=True, eq=False)
class Flow:
    """One payment of a run.

    scheme  key of the scheme, empty where the payment passes through no fund
    name    of the payment in the scheme's account
    payer, payee, kind  as in :class:`rssim.cohorts.funds.account.Payment`
    amount  (draw, year, group) [yuan/year]; one column where the group is not known
    """

    scheme: str
    name: str
    payer: str
    payee: str
    kind: str
    amount: Array

    @property
    def total(self) -> Array:
        """Over groups, (draw, year) [yuan/year]."""
        return np.asarray(self.amount.sum(axis=-1))


@dataclass(frozen=True, eq=False)
class Money:
    """The ledger of a run.

    flows      every payment once; a payment whose payer changes is two flows
    balances   sector of a fund -> (draw, year + 1) [yuan], from the first 1 January on
    wage_bill  (draw, year) [yuan/year]  pay of formal employees
    """

    flows: tuple[Flow, ...]
    balances: dict[str, Array]
    wage_bill: Array


@dataclass(frozen=True, eq=False)
class MoneyYear:
    """The ledger of one year, and the pay of formal employees (draw,) [yuan/year]."""

    ledger: LedgerYear
    wage_bill: Array


def money_year(flows: Flows) -> MoneyYear:
    """What is kept of a year's money."""
    pay = flows.work.labour.person_years[..., FORMAL, :] * flows.work.wage_m
    return MoneyYear(flows.ledger, MONTHS * total(pay))


def money_of(years: Sequence[MoneyYear]) -> Money:
    """The ledger of a run as it is recorded."""
    rows: dict[tuple[str, str, str, str, str], list[tuple[int, Array]]] = {}
    for at, year in enumerate(years):
        for scheme, name, item in year.ledger.payments():
            key = (scheme, name, item.payer, item.payee, item.kind)
            rows.setdefault(key, []).append((at, item.amount))
    accounts = [year.ledger.accounts for year in years]
    balances = {
        first.fund: np.stack(
            [first.opening, *(year[key].closing for year in accounts)],
            axis=-1,
        )
        for key, first in accounts[0].items()
    }
    return Money(
        flows=tuple(Flow(*key, _over_years(found, len(years))) for key, found in rows.items()),
        balances=balances,
        wage_bill=np.stack([year.wage_bill for year in years], axis=-1),
    )


def _over_years(found: list[tuple[int, Array]], years: int) -> Array:
    """(draw, year, group) from the years in which a payment has this payer; zero in the others."""
    draws, groups = found[0][1].shape
    out = np.zeros((draws, years, groups))
    for at, amount in found:
        out[:, at] = amount
    return out


def fund_names() -> dict[str, tuple[str, str]]:
    """Key of each scheme with a fund -> English and Chinese name, in the order of tables."""
    known = {FUND: (PENSION_NAME, PENSION_ZH)}
    return known | {scheme.KEY: (scheme.NAME, scheme.ZH) for scheme in SCHEMES}


def sector_of(key: str) -> str:
    """The sector of a scheme's fund in the ledger."""
    if key == FUND:
        return PENSION_FUND
    sectors = {scheme.KEY: scheme.FUND for scheme in SCHEMES}
    if key not in sectors:
        known = list(fund_names())
        raise ParameterError(f"{key}: there is no such fund." + nearest(key, known))
    return sectors[key]


def flow_label(flow: Flow) -> str:
    """What a payment is called in English."""
    if flow.name in OUTSIDE:
        return OUTSIDE[flow.name][0]
    for scheme in SCHEMES:
        if scheme.KEY == flow.scheme and flow.name in scheme.PAYMENTS:
            return scheme.PAYMENTS[flow.name][0]
    found = SERIES.get(f"{FUND}.{flow.name}")
    return found.name if found is not None else flow.name.replace("_", " ").capitalize()


def run_of(result: Result, scenario: str | None) -> Simulated:
    """The run of a scenario of a result; the first one without a name."""
    name = result.scenarios[0] if scenario is None else scenario
    for item in result.runs:
        if item.scenario.name == name:
            return item
    raise ParameterError(
        f"{name}: the result holds no such scenario, only {', '.join(result.scenarios)}."
        + nearest(name, result.scenarios)
    )


def year_index(result: Result, year: int) -> int:
    """Position of a calendar year in a result."""
    if year not in result.years:
        raise ParameterError(
            f"{year}: the result holds no such year. It holds {result.years[0]} to "
            f"{result.years[-1]}."
        )
    return result.years.index(year)


def divisor(result: Result, item: Simulated, basis: str, unit: str) -> tuple[Array, str]:
    """What amounts in yuan are divided by, (draw, year), and the unit that this gives.

    basis  nominal, real (prices of the year before the run) or wage_share (of the wage bill)
    """
    if basis not in BASES:
        raise ParameterError(f"basis: {basis!r} is not one of {', '.join(BASES)}.")
    if unit not in MONEY_UNITS:
        raise ParameterError(f"unit: {unit!r} is not one of {', '.join(MONEY_UNITS)}.")
    if basis == "wage_share":
        return item.money.wage_bill, "share of the wage bill"
    scale = np.full_like(item.money.wage_bill, MONEY_UNITS[unit])
    if basis == "real":
        before = result.years[0] - 1
        return scale * item.headline["price_index"], f"{unit}/year at prices of {before}"
    return scale, f"{unit}/year"


def ledger(
    result: Result,
    year: int,
    scenario: str | None = None,
    basis: str = "nominal",
    unit: str = "亿元",
    by_group: bool = False,
) -> pd.DataFrame:
    """Every payment of a year: scheme, flow, payer, payee, kind, amount; means over draws.

    scenario  the first one without
    basis     nominal, real (nominal / price index) or wage_share (of the pay of formal employees)
    by_group  households by group where the group is known
    Payments that are zero are left out. The unit of amounts is in ``.attrs["unit"]``.
    """
    import pandas as pd

    item, at = run_of(result, scenario), year_index(result, year)
    scale, named = divisor(result, item, basis, unit)
    rows = []
    for flow in item.money.flows:
        for payer, payee, amount in _parties(flow, item, by_group):
            value = float((amount[:, at] / scale[:, at]).mean())
            if value:
                rows.append(
                    (flow.scheme or NO_SCHEME, flow_label(flow), payer, payee, flow.kind, value)
                )
    out = pd.DataFrame(rows, columns=list(LEDGER_COLUMNS))
    out.attrs["unit"] = named
    return out


def _parties(flow: Flow, item: Simulated, by_group: bool) -> list[tuple[str, str, Array]]:
    """Payer, payee and amount (draw, year) of a payment, split by group if asked and known."""
    groups = item.inputs.axes.group_names
    is_split = by_group and HOUSEHOLDS in (flow.payer, flow.payee)
    if not is_split or flow.amount.shape[-1] != len(groups):
        return [(flow.payer, flow.payee, flow.total)]

    def named(sector: str, group: str) -> str:
        return f"{HOUSEHOLDS}: {group}" if sector == HOUSEHOLDS else sector

    return [
        (named(flow.payer, group), named(flow.payee, group), flow.amount[..., at])
        for at, group in enumerate(groups)
    ]


def sector_balances(
    result: Result,
    year: int,
    scenario: str | None = None,
    basis: str = "nominal",
    unit: str = "亿元",
    by_group: bool = False,
) -> pd.DataFrame:
    """What each sector pays, receives, and the difference: rows sectors, the sum is zero.

    The balance of a fund is the change of what it holds. Arguments as in :func:`ledger`.
    """
    import pandas as pd

    table = ledger(result, year, scenario, basis, unit, by_group)
    paid = table.groupby("payer", sort=False)["amount"].sum()
    received = table.groupby("payee", sort=False)["amount"].sum()
    sectors = list(dict.fromkeys([*paid.index, *received.index]))
    out = pd.DataFrame(
        {"pays": paid.reindex(sectors, fill_value=0.0)}
        | {"receives": received.reindex(sectors, fill_value=0.0)},
        index=pd.Index(sectors, name="sector"),
    )
    out["balance"] = out["receives"] - out["pays"]
    out.attrs["unit"] = table.attrs["unit"]
    return out


def fund_gaps(item: Simulated) -> dict[str, float]:
    """Largest relative gap of opening + in − out = closing of each fund over years and draws [1].

    From the recorded payments alone, so that the record is checked and not only the engine.
    """
    out = {}
    for fund, path in item.money.balances.items():
        change = np.zeros_like(path[:, 1:])
        turnover = np.ones_like(change)
        for flow in item.money.flows:
            if fund in (flow.payer, flow.payee):
                sign = 1.0 if flow.payee == fund else -1.0
                change += sign * flow.total
                turnover += np.abs(flow.total)
        gap = np.abs(path[:, 1:] - path[:, :-1] - change) / (turnover + np.abs(path[:, :-1]))
        out[fund] = float(gap.max())
    return out
