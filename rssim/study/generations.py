"""What the employee pension gives to people: replacement, adequacy, coverage, birth cohorts.

Net replacement takes tax and own contributions off the pay of workers; pensions bear neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from rssim.axes import OLDEST, SEXES
from rssim.errors import ParameterError
from rssim.records import Array
from rssim.rules.income_tax import income_tax, taxable_income
from rssim.rules.personal_pension_terms import PersonalPensionTerms
from rssim.study.indicators import internal_rate_of_return, settling_factors
from rssim.study.money import run_of
from rssim.study.series import FUND, MONTHS
from rssim.study.solvency import fund_return

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from rssim.study.result import Result

EMPLOYER = ("employer_contributions_by_age",)
WORKER = (
    "employee_contributions_by_age",
    "flexible_contributions_by_age",
    "back_payments_by_age",
)
BENEFITS = ("pensions_by_age", "other_benefits_by_age")
WHOLE_FIRST, WHOLE_LAST = 20, 90
"""A cohort is seen whole if the run opens before much is paid and ends when few are left."""
LINE_SHARE = 0.5
"""Low income as a share of the median wage: the OECD's relative line uses half the median."""


def replacement_rates(result: Result) -> xr.Dataset:
    """Gross and net replacement, (scenario, draw, year) [1].

    at_award, in_payment          mean new pension and mean pension on 31 December, over the mean
                                  wage of formal employees of the year
    at_award_net, in_payment_net  the same pensions over that wage less own contributions and
                                  income tax
    Source: Individual Income Tax Law, article 4 (a basic pension is free of tax); Social Insurance
    Law, article 27 (who has the years of medical contributions pays none as a pensioner).
    Limits: tax and contributions at the mean wage, not the mean of those of all; brackets and
    allowances stay nominal after the last published ones, so tax grows with pay.
    """
    gross = result.flows["average_wage_m"]
    net = net_wage_m(result)
    awarded, paid = (
        result.flows[f"{FUND}.{name}"] for name in ("mean_new_pension_m", "mean_pension_m")
    )
    found = {
        "at_award": awarded / gross,
        "in_payment": paid / gross,
        "at_award_net": awarded / net,
        "in_payment_net": paid / net,
    }
    return _dataset(found)


def net_wage_m(result: Result) -> xr.DataArray:
    """Mean wage of formal employees less own contributions and tax, (scenario, draw, year).

    In yuan/month. The share of own contributions and the deductions are those of the levers of
    the income tax, which stand with the personal pension.
    """
    gross = result.flows["average_wage_m"].transpose("scenario", "draw", "year")
    values = np.empty(gross.shape)
    for at, run in enumerate(result.runs):
        for year, inputs in enumerate(run.inputs.years):
            law = inputs.terms(PersonalPensionTerms)
            allowance, share, others = (
                np.reshape(part, -1)
                for part in (law.tax_allowance, law.deducted_share, law.other_deductions)
            )
            pay = MONTHS * np.asarray(gross[at, :, year])
            taxable = taxable_income(pay, allowance, share, others)
            tax = income_tax(taxable, law.tax_limits, law.tax_rates)
            values[at, :, year] = (pay * (1.0 - share) - tax) / MONTHS
    return gross.copy(data=values).rename("net_wage_m")


def replacement_through_retirement(
    result: Result, births: Iterable[int], scenario: str | None = None
) -> pd.DataFrame:
    """Mean pension of birth cohorts over the year's mean gross wage, in a result with ages.

    Rows (birth, sex, year): age reached in the year, replacement [1]; people who draw on
    1 January; means over draws.
    """
    import pandas as pd

    name = run_of(result, scenario).scenario.name
    stocks = _ages(result, result.stocks, f"{FUND}.pensions_in_payment_by_age").sel(scenario=name)
    people = result.stocks[f"{FUND}.retirees_by_age"].sel(scenario=name)
    pensions = np.asarray(stocks.sum("group").transpose("draw", "date", "sex", "age"))
    drawing = np.asarray(people.sum("group").transpose("draw", "date", "sex", "age"))
    wage = np.asarray(result.flows["average_wage_m"].sel(scenario=name).transpose("draw", "year"))
    rows = []
    for birth in births:
        for at, year in enumerate(result.years):
            age = year - birth - 1
            if not 0 <= age < OLDEST:
                continue
            for sex, label in enumerate(SEXES):
                number = drawing[:, at, sex, age]
                if (number > 0.5).all():
                    share = pensions[:, at, sex, age] / number / MONTHS / wage[:, at]
                    rows.append((birth, label, year, age + 1, float(share.mean())))
    out = pd.DataFrame(rows, columns=["birth", "sex", "year", "age", "replacement"])
    return out.set_index(["birth", "sex", "year"])


def adequacy(result: Result, line_share: float = LINE_SHARE) -> xr.Dataset:
    """Mean pensions against two yardsticks, (scenario, draw, year) [1]: 1 is as high as it.

    over_minimum_wage      mean pension over the minimum wage
    over_low_income        mean pension over `line_share` of the median wage of formal employees
    new_over_minimum_wage, new_over_low_income  the same of pensions that start in the year
    Limits: means of all pensioners; how many lie below a line cells cannot tell. The line is
    relative; the subsistence allowance of a place is no part of its data.
    """
    if not line_share > 0:
        raise ParameterError(f"line_share: {line_share} is not above 0.")
    like = result.flows["median_wage_m"].transpose("scenario", "draw", "year")
    minimum = np.stack(
        [
            np.stack(
                [np.asarray(y.labour_law.minimum_wage_m).reshape(-1) for y in run.inputs.years]
            )
            for run in result.runs
        ]
    ).transpose(0, 2, 1)
    line = like.copy(data=np.broadcast_to(minimum, like.shape))
    pension, new = (
        result.flows[f"{FUND}.{name}"] for name in ("mean_pension_m", "mean_new_pension_m")
    )
    found = {
        "over_minimum_wage": pension / line,
        "over_low_income": pension / (line_share * like),
        "new_over_minimum_wage": new / line,
        "new_over_low_income": new / (line_share * like),
    }
    return _dataset(found)


def coverage_gap(result: Result) -> xr.DataArray:
    """Share of employed people who do not pay into the employee pension, (…, year) [1].

    1 − insured workers / employed people, both on 31 December
    Limits: pensioners who work are employed and need not pay, so the gap is a little too high; a
    place that insures people who work elsewhere may show a gap below zero.
    """
    insured, employed = result.flows[f"{FUND}.insured_workers"], result.flows["employed"]
    return (1.0 - insured / employed).rename("coverage_gap").assign_attrs(unit="share")


def cohorts(
    result: Result,
    births: Iterable[int] | None = None,
    scenario: str | None = None,
    basis: str = "real",
    employer: bool = True,
) -> pd.DataFrame:
    """What birth cohorts pay and get within a run that recorded ages: rows (birth, sex).

    first_age, last_age  ages reached on 1 January of the first and the last year
    paid, received       present values on the opening day at the returns of the fund [yuan]
    net_transfer         received less paid
    internal_rate        rate at which both are worth the same [1/year]; only of cohorts that are
                         seen from 20 to 90, NaN for all others
    births    all that are between 0 and 99 in some year without
    basis     of the internal rate: real (deflated by the price index) or nominal
    employer  whether the employer's part counts as paid by the cohort
    Benefits are pensions, grants, inheritances and refunds; transfers to other places are left out.
    Limits: a cohort of a place is not closed: people come with rights and leave with them. What an
    old cohort paid before the opening is not seen, so its net transfer is that of the rest of its
    life. Means over draws.
    """
    import pandas as pd

    if basis not in ("real", "nominal"):
        raise ParameterError(f"basis: {basis!r} is not one of real, nominal.")
    first, last = result.years[0], result.years[-1]
    chosen = list(range(first - OLDEST, last) if births is None else births)
    name = run_of(result, scenario).scenario.name
    paid = _diagonals(result, name, (*(EMPLOYER if employer else ()), *WORKER), chosen)
    received = _diagonals(result, name, BENEFITS, chosen)
    rates = np.asarray(fund_return(result).sel(scenario=name).mean("draw"), dtype=float)
    prices = np.ones_like(rates)
    if basis == "real":
        prices = np.asarray(result.flows["price_index"].sel(scenario=name).mean("draw"))
    weights = settling_factors(rates)
    birth = np.array(chosen)
    whole = (first - birth - 1 <= WHOLE_FIRST) & (last - birth - 1 >= WHOLE_LAST)
    internal = internal_rate_of_return((received - paid) / prices)
    columns = {
        "first_age": np.broadcast_to((first - birth - 1)[:, None], internal.shape),
        "last_age": np.broadcast_to((last - birth - 1)[:, None], internal.shape),
        "paid": (paid * weights).sum(axis=-1),
        "received": (received * weights).sum(axis=-1),
        "net_transfer": ((received - paid) * weights).sum(axis=-1),
        "internal_rate": np.where(whole[:, None], internal, np.nan),
    }
    index = pd.MultiIndex.from_product([chosen, SEXES], names=["birth", "sex"])
    return pd.DataFrame({key: value.ravel() for key, value in columns.items()}, index=index)


def _diagonals(result: Result, name: str, keys: tuple[str, ...], births: list[int]) -> Array:
    """Flows of cohorts by year, (birth, sex, year) [yuan/year]; zero outside ages 0 to 99."""
    whole = np.asarray(
        sum(
            _ages(result, result.flows, f"{FUND}.{key}")
            .sel(scenario=name)
            .sum("group")
            .mean("draw")
            .transpose("sex", "year", "age")
            .values
            for key in keys
        )
    )
    ages = np.array(result.years)[None, :] - np.array(births)[:, None] - 1
    # The open group at the end holds several cohorts.
    is_seen = (ages >= 0) & (ages < OLDEST)
    at_year = np.arange(len(result.years))[None, :]
    found = whole[:, at_year, np.where(is_seen, ages, 0)]
    return np.asarray(np.where(is_seen, found, 0.0).transpose(1, 0, 2))


def _ages(result: Result, part: xr.Dataset, key: str) -> xr.DataArray:
    if key not in part:
        raise ParameterError(f'{key}: the result has no ages. Run with record="ages".')
    return part[key]


def _dataset(parts: dict[str, xr.DataArray]) -> xr.Dataset:
    import xarray as xr

    return xr.Dataset({name: part.assign_attrs(unit="share") for name, part in parts.items()})
