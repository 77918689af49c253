"""Stocks, flows and job search at given rates: the lake model and McCall's seeker."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from rssim.errors import ParameterError
from rssim.rules.elementwise import Array
from rssim.rules.worker_flows import (
    acceptance_probability,
    lake_growth,
    lake_persistence,
    lake_step,
    lake_unemployment_rate,
    reservation_wage,
)


@dataclass(frozen=True)
class Lake:
    """A labour force with entry and exit at constant probabilities of one period.

    separation_rate s, finding_rate f, exit_rate d; entry_rate b, all entrants unemployed.
    """

    separation_rate: float
    finding_rate: float
    entry_rate: float
    exit_rate: float

    def __post_init__(self) -> None:
        faults = [
            f"Lake.{field.name}: {getattr(self, field.name):g}. It must be between 0 and 1."
            for field in fields(self)
            if not 0.0 <= getattr(self, field.name) <= 1.0
        ]
        if faults:
            raise ParameterError(faults)

    def path(self, unemployed: float, employed: float, periods: int) -> Any:
        """Stocks [persons] and unemployment rate [1] as a data frame, row 0 the start."""
        import pandas as pd

        stocks = [(unemployed, employed)]
        for _ in range(periods):
            later = lake_step(*stocks[-1], *self._rates())
            stocks.append((float(later[0]), float(later[1])))
        frame = pd.DataFrame(stocks, columns=["unemployed", "employed"])
        frame.index.name = "period"
        frame["labour_force"] = frame["unemployed"] + frame["employed"]
        frame["unemployment_rate"] = frame["unemployed"] / frame["labour_force"]
        return frame

    @property
    def unemployment_rate(self) -> float:
        """Unemployment rate in the long run [1]."""
        return float(lake_unemployment_rate(*self._rates()))

    @property
    def growth(self) -> float:
        """Growth of the labour force [1/period]."""
        return float(lake_growth(self.entry_rate, self.exit_rate))

    @property
    def persistence(self) -> float:
        """Share of a gap of the unemployment rate that is left after a period [1]."""
        return float(lake_persistence(*self._rates()))

    def _rates(self) -> tuple[float, float, float, float]:
        return self.separation_rate, self.finding_rate, self.entry_rate, self.exit_rate


@dataclass(frozen=True, eq=False)
class JobSearch:
    """A seeker who sees one offer a period and keeps a job for ever (McCall 1970).

    offers, probabilities  (n,)  wages [money/period] and how often they are offered
    """

    offers: Array
    probabilities: Array

    def __post_init__(self) -> None:
        total = float(np.sum(self.probabilities))
        if len(self.offers) != len(self.probabilities) or not np.isclose(total, 1.0, atol=1e-9):
            raise ParameterError(
                f"JobSearch: {len(self.offers)} offers, {len(self.probabilities)} probabilities "
                f"that sum to {total:g}. One probability per offer, with sum 1, is needed."
            )

    def reservation_wage(self, benefit: float, discount_factor: float) -> float:
        """Lowest wage worth taking [money/period]."""
        if not 0.0 <= discount_factor < 1.0:
            raise ParameterError(
                f"JobSearch.discount_factor: {discount_factor:g}. It must be 0 or more, below 1."
            )
        return float(reservation_wage(self.offers, self.probabilities, benefit, discount_factor))

    def acceptance_probability(self, benefit: float, discount_factor: float) -> float:
        """Probability that an offer is taken [1]."""
        lowest = self.reservation_wage(benefit, discount_factor)
        return float(acceptance_probability(self.offers, self.probabilities, lowest))
