"""What the records of the schemes besides the employee pension have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssim.records import Array, Record


@dataclass(frozen=True)
class SchemeTerms(Record):
    """The numbers that a scheme reads in a year; a scheme's own record adds them."""

    def charges(self, assessed: Array, covered: Array) -> tuple[Array, Array]:
        """Employer's and employee's contributions as shares of the wage of a cell [1].

        assessed  assessed base over the wage, of all formal employees (those not covered count 0)
        covered   share of the wage bill of those who are covered, without floor and cap
        Both broadcast to (draw, group, sex, age). A scheme that formal employees do not pay into
        charges nothing.
        """
        nothing = np.zeros_like(assessed)
        return nothing, nothing
