"""How far the outlook may lie from the central one: the low and the high variant of a scenario.

Not a range of probability: all five uncertain paths go one way at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rssim.inputs.scenario import Scenario, load_scenario
from rssim.study.result import Result
from rssim.study.run import Progress, run

if TYPE_CHECKING:
    import pandas as pd

LOW, HIGH = "low", "high"


@dataclass(frozen=True, eq=False)
class Envelope:
    """A scenario under the low, the central and the high outlook, as three results."""

    low: Result
    central: Result
    high: Result

    def table(
        self,
        keys: str | Iterable[str],
        years: int | Iterable[int] | None = None,
        basis: str = "nominal",
        unit: str = "亿元",
    ) -> pd.DataFrame:
        """Central value and range: rows (key, year), columns central, low, high, unit.

        low and high are the smallest and largest of the three runs in that year, whichever run
        they come from: high growth may make a ratio low.
        """
        import pandas as pd

        wanted = [keys] if isinstance(keys, str) else list(keys)
        tables = [item.table(wanted, years, None, basis, unit) for item in self.results]
        stack = np.stack([table.to_numpy(dtype=float) for table in tables])
        units = tables[1].attrs["units"]
        span = [int(year) for year in tables[1].index.get_level_values("year")]
        rows = pd.MultiIndex.from_product([wanted, span], names=["key", "year"])
        return pd.DataFrame(
            {
                "central": stack[1].T.ravel(),
                "low": stack.min(axis=0).T.ravel(),
                "high": stack.max(axis=0).T.ravel(),
                "unit": np.repeat([units[key] for key in wanted], len(span)),
            },
            index=rows,
        )

    @property
    def results(self) -> tuple[Result, Result, Result]:
        """The three results, low, central and high."""
        return self.low, self.central, self.high


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
    return replace(scenario, name=f"{scenario.name} ({name})", changes=in_run | scenario.changes)


def envelope(scenario: Scenario | str, progress: Progress | None = None) -> Envelope:
    """A scenario under the low, the central and the high variant of the outlook.

    The bite of the variants is not tried: only the scenario's own changes are in question.
    """
    central = load_scenario(scenario) if isinstance(scenario, str) else scenario
    trio = [variant(central, LOW), central, variant(central, HIGH)]
    low, middle, high = (run(item, bite="off", progress=progress) for item in trio)
    return Envelope(low, middle, high)
