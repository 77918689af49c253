"""What an employee costs beyond the wage, from the payments of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rssim.cohorts.funds.account import CONTRIBUTION, EMPLOYERS
from rssim.study.money import run_of

if TYPE_CHECKING:
    import pandas as pd

    from rssim.study.result import Result

BY_LAW = ("employee_pension", "public_pension", "unemployment_insurance", "work_injury")
"""Schemes that every employer of a formal employee must pay into and that have a fund here."""


def employer_charges(result: Result, scenario: str | None = None) -> pd.Series:
    """Employers' charges as a share of formal pay, by year [1]; means over draws.

    What employers paid into the funds of the schemes that the law makes them pay into, over the
    pay of formal employees, and `labour_law.other_employer_rate` for schemes without a fund here.
    """
    import pandas as pd

    item = run_of(result, scenario)
    paid = np.zeros_like(item.money.wage_bill)
    for flow in item.money.flows:
        if flow.scheme in BY_LAW and flow.payer == EMPLOYERS and flow.kind == CONTRIBUTION:
            paid = paid + flow.total
    other = np.stack(
        [
            np.reshape(np.broadcast_to(year.labour_law.other_employer_rate, (1, 1, 1, 1)), -1)
            for year in item.inputs.years
        ],
        axis=-1,
    )
    shares = (paid / item.money.wage_bill + other).mean(axis=0)
    return pd.Series(shares, index=pd.Index(result.years, name="year"), name="employer_charges")
