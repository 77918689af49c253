"""What a scheme besides the employee pension is to the year: the form that all of them have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from rssim.cohorts.funds.account import Account
from rssim.cohorts.funds.work import Work
from rssim.cohorts.moments import Line
from rssim.inputs.assemble import Inputs, Year
from rssim.records import Array, Series


@dataclass(frozen=True, eq=False)
class Opened:
    """A scheme on the opening day.

    stocks     its stocks, a frozen record of arrays that lead with (quantity,) draw, group
    constants  what its calibration found, a frozen record; frozen in scenarios
    lines      the report: which observed moment pinned which constant
    taken      (draw, 1, 1, 1) [yuan] of the employee pension fund's opening balance, where the
               published series of that fund contain this one
    """

    stocks: Any
    constants: Any
    lines: tuple[Line, ...] = ()
    taken: Array | None = None


@dataclass(frozen=True, eq=False)
class SchemeYear:
    """A scheme's year.

    account   its fund in money
    stocks    what stands on the next 1 January
    measures  name of one of the scheme's SERIES -> (draw,)
    gaps      largest relative gap over draws of each identity of its own [1]
    booked    payment of the employee pension fund -> (draw,) [yuan/year] of it that belongs
              to this scheme: the published series of that fund contain it, so the common engine
              has booked it, and it is taken out there
    """

    account: Account
    stocks: Any
    measures: dict[str, Array]
    gaps: dict[str, float] = field(default_factory=dict)
    booked: dict[str, Array] = field(default_factory=dict)


class Scheme(Protocol):
    """A module of cohorts/funds.

    KEY       module of its levers and prefix of its series
    FUND      name of the fund's sector in the ledger
    NAME, ZH  what it is called
    PAYMENTS  name of each payment of its account (besides interest, remittance and required
              subsidy, which all have) -> English and Chinese label
    SERIES    its own headline series, keys without the prefix
    """

    KEY: str
    FUND: str
    NAME: str
    ZH: str
    PAYMENTS: dict[str, tuple[str, str]]
    SERIES: tuple[Series, ...]

    def open(self, inputs: Inputs, work: Work) -> Opened:
        """Stocks and constants of the opening day, from the baseline's first year."""
        ...

    def year(self, stocks: Any, work: Work, year: Year, inputs: Inputs, found: Any) -> SchemeYear:
        """One year; found are the constants of the opening."""
        ...
