"""The social budget: revenue by source and expenditure by function of all schemes together.

The form is that of the social budget model of the International Labour Office: accounts of the
schemes are added up, payments between schemes cancel, and totals stand beside the wage bill.
Source: W. Scholz, M. Cichon, K. Hagemejer, Social Budgeting, ILO and ISSA, Geneva 2000, part II;
functions are the branches of ILO Convention No. 102 (1952). Limits: only what the ledger holds:
health care and social assistance are no schemes of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rssim.cohorts.funds.account import (
    CAPITAL_MARKET,
    EMPLOYERS,
    GOVERNMENTS,
    HOUSEHOLDS,
    REMITTANCE,
)
from rssim.cohorts.funds.registry import SCHEMES
from rssim.records import Array
from rssim.study.money import Flow, Money, divisor, fund_names, run_of, sector_of, year_index
from rssim.study.series import FUND

if TYPE_CHECKING:
    import pandas as pd

    from rssim.study.result import Result

OLD_AGE, SURVIVORS = "Old age", "Survivors"
UNEMPLOYMENT, INJURY = "Unemployment", "Employment injury"
INVALIDITY, MATERNITY, HEALTH = "Invalidity", "Maternity", "Health care"
WORK, MOBILITY, OTHER = "Employment promotion", "Rights paid out or moved", "Other"
FUNCTIONS = (
    OLD_AGE,
    SURVIVORS,
    INVALIDITY,
    INJURY,
    UNEMPLOYMENT,
    MATERNITY,
    HEALTH,
    WORK,
    MOBILITY,
    OTHER,
)
FUNCTION_OF_SCHEME = {
    FUND: OLD_AGE,
    "public_pension": OLD_AGE,
    "occupational_annuity": OLD_AGE,
    "residents_pension": OLD_AGE,
    "enterprise_annuity": OLD_AGE,
    "personal_pension": OLD_AGE,
    "unemployment_insurance": UNEMPLOYMENT,
    "work_injury": INJURY,
    "": WORK,
}
"""Key of a scheme -> the branch that its payments belong to where nothing else is said."""
FUNCTION_OF_PAYMENT = {
    OLD_AGE: {
        "funeral_grants": SURVIVORS,
        "funeral_aid": SURVIVORS,
        "survivor_grants": SURVIVORS,
        "inheritances": SURVIVORS,
        "refunds": MOBILITY,
        "moved_to_residents": MOBILITY,
        "settlements": MOBILITY,
        "transfers_out": MOBILITY,
    },
    UNEMPLOYMENT: {
        "death_grants": SURVIVORS,
        "retention_refunds": WORK,
        "hiring_grants": WORK,
        "skill_grants": WORK,
    },
}
"""Branch of a scheme -> payments of it that belong to another one."""
SOURCES = (
    "Employers",
    "Insured persons",
    "Government",
    "Investment income",
    "Other",
)
RECEIVED, SPENT = "Total revenue", "Total expenditure"
REMITTED, CHANGE, RESERVES = "Remitted to the national pool", "Change of reserves", "Reserves"
WAGE_BILL, SHARE = "Wage bill", "Expenditure over the wage bill [%]"


def source_of(payer: str) -> str:
    """Source of revenue in the social budget, by the sector that pays."""
    if payer in GOVERNMENTS.values():
        return "Government"
    known = {EMPLOYERS: SOURCES[0], HOUSEHOLDS: SOURCES[1], CAPITAL_MARKET: SOURCES[3]}
    return known.get(payer, SOURCES[4])


def function_of(scheme: str, payment: str) -> str:
    """Function of an expenditure in the social budget.

    A scheme may say its own by a mapping ``FUNCTIONS`` of payments, with the word of all others
    under an empty name; else the tables above tell.
    """
    own = next((item for item in SCHEMES if item.KEY == scheme), None)
    said: dict[str, str] = getattr(own, "FUNCTIONS", {})
    if payment in said:
        return said[payment]
    default = said.get("", FUNCTION_OF_SCHEME.get(scheme, OTHER))
    return FUNCTION_OF_PAYMENT.get(default, {}).get(payment, default)


def social_budget(
    result: Result,
    year: int,
    scenario: str | None = None,
    basis: str = "nominal",
    unit: str = "亿元",
) -> pd.DataFrame:
    """The social budget of a year: a column for each scheme and one for all, means over draws.

    Rows (part, item): revenue by source, expenditure by function, and below them the remittance,
    the change of reserves, the reserves, the wage bill and expenditure in per cent of it.
    scenario  the first one without
    basis     nominal, real or wage_share; the last row is a share in each of them
    Payments between schemes stand in their columns under "Other" revenue and their function, and
    the column "Transfers" takes them off, so that "All schemes" is consolidated. Subsidies that
    pass through no fund (to employers) are revenue from government and expenditure at once.
    The unit is in ``.attrs["unit"]``.
    """
    import pandas as pd

    item, at = run_of(result, scenario), year_index(result, year)
    scale, named = divisor(result, item, basis, unit)

    def mean(values: Array) -> float:
        return float((values[:, at] / scale[:, at]).mean())

    names = fund_names()
    sectors = {sector_of(key): key for key in names if sector_of(key) in item.money.balances}
    direct = [""] if _has_outside(item.money.flows, sectors) else []
    columns = [*sectors.values(), *direct, "transfers"]
    rows = _rows(_cells(item.money, sectors, mean), columns)
    bill = mean(item.money.wage_bill)
    rows["below", WAGE_BILL] = [*(float("nan") for _ in columns), bill]
    rows["below", SHARE] = [100.0 * spent / bill for spent in rows["expenditure", SPENT]]
    labels = {key: names[key][0].capitalize() for key in sectors.values()}
    labels |= {"": "No scheme", "transfers": "Transfers"}
    index = pd.MultiIndex.from_tuples(list(rows), names=["part", "item"])
    heads = [*(labels[key] for key in columns), "All schemes"]
    table = pd.DataFrame(list(rows.values()), index=index, columns=heads)
    table.attrs["unit"] = named
    return table


def _has_outside(flows: tuple[Flow, ...], sectors: Mapping[str, str]) -> bool:
    """Whether any payment touches no fund."""
    return any(not {flow.payer, flow.payee} & set(sectors) and flow.amount.any() for flow in flows)


def _cells(
    money: Money, sectors: Mapping[str, str], mean: Callable[[Array], float]
) -> dict[tuple[str, str, str], float]:
    """Amount of each (part, item, column); a payment between funds is taken off as a transfer."""
    out: dict[tuple[str, str, str], float] = {}

    def add(part: str, what: str, column: str, value: float) -> None:
        out[part, what, column] = out.get((part, what, column), 0.0) + value

    for flow in money.flows:
        value = mean(flow.total)
        into, out_of = sectors.get(flow.payee), sectors.get(flow.payer)
        source, function = source_of(flow.payer), function_of(flow.scheme, flow.name)
        if flow.kind == REMITTANCE:
            add("below", REMITTED, out_of or "", value)
            continue
        if into is not None or out_of is None:
            add("revenue", source, into or "", value)
        if out_of is not None or into is None:
            add("expenditure", function, out_of or "", value)
        if into is not None and out_of is not None:
            add("revenue", source, "transfers", -value)
            add("expenditure", function, "transfers", -value)
    for sector, key in sectors.items():
        path = money.balances[sector]
        add("below", CHANGE, key, mean(path[:, 1:] - path[:, :-1]))
        add("below", RESERVES, key, mean(path[:, 1:]))
    return out


def _rows(
    cells: dict[tuple[str, str, str], float], columns: list[str]
) -> dict[tuple[str, str], list[float]]:
    """Rows in the order of the social budget, without sources and functions that are empty.

    The last number of a row is the sum of the others.
    """
    parts = (
        ("revenue", SOURCES, RECEIVED),
        ("expenditure", FUNCTIONS, SPENT),
        ("below", (REMITTED, CHANGE, RESERVES), ""),
    )
    rows: dict[tuple[str, str], list[float]] = {}
    for part, items, whole in parts:
        found = {
            what: [cells.get((part, what, column), 0.0) for column in columns] for what in items
        }
        kept = {what: values for what, values in found.items() if any(values) or part == "below"}
        if whole:
            kept[whole] = [float(sum(column)) for column in zip(*found.values(), strict=True)]
        rows |= {(part, what): [*values, float(sum(values))] for what, values in kept.items()}
    return rows
