"""How far the outlook may lie from the central one: all variants low, and all high.

Not a range of probability: all five uncertain paths go one way at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rssim.inputs.scenario import Scenario, load_scenario
from rssim.records import Array
from rssim.study.result import Result
from rssim.study.run import Progress, run

if TYPE_CHECKING:
    import pandas as pd

SIDES = ("low", "high")


@dataclass(frozen=True, eq=False)
class Envelope:
    """Results of the same scenarios: central, and with all variants low and high (or none)."""

    central: Result
    low: Result | None = None
    high: Result | None = None

    @property
    def results(self) -> tuple[Result, ...]:
        """The results that there are: central, low, high."""
        return tuple(item for item in (self.central, self.low, self.high) if item is not None)

    def paths(self, key: str, scenario: str) -> Array:
        """Central, low and high path of a series in its own unit, (run, year)."""
        found = [item.series(key, scenario).to_numpy(dtype=float) for item in self.results]
        return np.stack(found)

    def table(
        self,
        keys: str | Iterable[str],
        years: int | Iterable[int] | None = None,
        basis: str = "nominal",
        unit: str = "亿元",
    ) -> pd.DataFrame:
        """Central value and range: rows (scenario, key, year), columns central, low, high, unit.

        low and high are the smallest and largest of the runs in that year, whichever run they
        come from: high growth may make a ratio low. Basis and unit are those of Result.table.
        """
        import pandas as pd

        wanted = [keys] if isinstance(keys, str) else list(keys)
        tables = [item.table(wanted, years, None, basis, unit) for item in self.results]
        units = tables[0].attrs["units"]
        span = list(tables[0].index.unique("year"))
        names = self.central.scenarios
        shape = (len(tables), len(names), len(span), len(wanted))
        stack = np.stack([table.to_numpy(dtype=float) for table in tables]).reshape(shape)
        stack = np.swapaxes(stack, 2, 3)
        rows = pd.MultiIndex.from_product([names, wanted, span], names=["scenario", "key", "year"])
        columns = {
            "central": stack[0].ravel(),
            "low": stack.min(axis=0).ravel(),
            "high": stack.max(axis=0).ravel(),
            "unit": [units[key] for key in rows.get_level_values("key")],
        }
        return pd.DataFrame(columns, index=rows)


def variant(scenario: Scenario, name: str) -> Scenario:
    """The scenario under a variant of the outlook; what the scenario itself changes stays.

    name  ``low``, ``high``, or a single one such as ``fertility_low``
    """
    outlook = load_scenario(f"variants/{name}", place=scenario.place, opening=scenario.opening)
    # Paths of the outlook go on after the end of a short run.
    in_run = {
        lever: kept
        for lever, steps in outlook.changes.items()
        if (kept := tuple(step for step in steps if step.since.year <= scenario.end))
    }
    return replace(scenario, changes=in_run | scenario.changes)


def envelope(
    scenarios: Scenario | str | Sequence[Scenario | str],
    variants: bool = True,
    progress: Progress | None = None,
) -> Envelope:
    """Results of scenarios under the central outlook, and with all five variants low and high.

    variants  without, only the central result
    The bite of the variants is not tried: only the scenarios' own changes are in question.
    """
    listed = [scenarios] if isinstance(scenarios, Scenario | str) else list(scenarios)
    chosen = [item if isinstance(item, Scenario) else load_scenario(item) for item in listed]
    central = run(chosen, progress=progress)
    if not variants:
        return Envelope(central)
    low, high = (
        run([variant(item, side) for item in chosen], bite="off", progress=progress)
        for side in SIDES
    )
    return Envelope(central, low, high)
