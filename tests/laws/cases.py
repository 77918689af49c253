"""Every module of the engine as a case: what it is called with in a year of a world.

The arguments are those that the year itself passes, noted while it runs, so a case follows the
engine when a signature changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np

from rssim.cohorts import ledger, references
from rssim.cohorts import year as years
from rssim.cohorts.funds import employee_pension as fund
from rssim.cohorts.funds import pension_claims
from rssim.cohorts.state import PensionStocks
from tests.laws.worlds import World, mapped

Result = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """A module: where the year calls it, and how its bare arrays are labelled."""

    name: str
    module: ModuleType
    function: str
    labelled: Result = lambda result: result

    def arguments(self, world: World) -> tuple[Any, ...]:
        """What the year of a world calls the module with, as it was at that moment."""
        if self.function == "year" and self.module is years:
            return world.stocks, world.year, world.survival, world.inputs, world.constants
        called = getattr(self.module, self.function)
        noted: list[tuple[Any, ...]] = []

        def note(*arguments: Any) -> Any:
            noted.append(mapped(arguments, lambda _owner, _name, item: item.copy()))
            return called(*arguments)

        with patch.object(self.module, self.function, note):
            years.year(world.stocks, world.year, world.survival, world.inputs, world.constants)
        return noted[0]

    def call(self, *arguments: Any) -> Any:
        return self.labelled(getattr(self.module, self.function)(*arguments))


def _pensioners(pensioners: np.ndarray) -> PensionStocks:
    return PensionStocks(np.zeros((1,) * 8), np.zeros((1,) * 7), pensioners, np.zeros((1,) * 4))


def _members(result: tuple[np.ndarray, ...]) -> tuple[Any, ...]:
    rights, deemed, new = result
    return PensionStocks(rights, deemed, np.zeros((1,) * 6), np.zeros((1,) * 4)), new


def _aged(result: tuple[np.ndarray, ...]) -> tuple[Any, ...]:
    rights, oldest = result
    deemed = np.zeros((1,) * 7)
    # Those who leave by age have no axis of years, like a sum over it.
    return PensionStocks(rights, deemed, oldest, np.zeros((1,) * 4)), ()


CASES = {
    case.name: case
    for case in (
        Case("references", references, "reference_amounts"),
        Case("claims", pension_claims, "claims"),
        Case("leave_for_pension", years, "leave_for_pension"),
        Case("participation", years, "participation"),
        Case("jobs_year", years, "jobs_year"),
        Case("labour_year", years, "labour_year"),
        Case("earnings_year", years, "earnings_year"),
        Case("award", fund, "award"),
        Case("raised_pensions", fund, "raised_pensions", _pensioners),
        Case("move_members", fund, "move_members", _members),
        Case("accrue_and_age", fund, "accrue_and_age", _aged),
        Case("employee_pension.year", fund, "year"),
        Case("ledger.settle", ledger, "settle"),
        Case("movement.moved", years, "moved"),
        Case("movement.joined", years, "joined"),
        Case("births_of", years, "births_of"),
        Case("year", years, "year"),
    )
}
