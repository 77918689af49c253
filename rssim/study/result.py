"""The result of a run: labelled series, what was read, and what is needed to run it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rssim.errors import ParameterError, nearest
from rssim.study import budget, compare, money
from rssim.study.bite import Read
from rssim.study.record import Simulated, dictionary_rows
from rssim.study.series import FUND, SERIES

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SHOWN = (
    "population",
    f"{FUND}.contributors",
    f"{FUND}.retirees",
    f"{FUND}.revenue",
    f"{FUND}.expenditure",
    f"{FUND}.balance",
    f"{FUND}.reserve_months",
)
SHOWN_YEARS = 8


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """Series of one or more scenarios.

    flows   dims (scenario, draw, year[, group, sex, age]); people and balances of 31 December
    stocks  dims (scenario, draw, date[, group, sex, status, age]); date is 1 January
    Every variable says its unit, English and Chinese name, timing, how cells are put together and
    its price basis: money is in nominal yuan.
    """

    flows: xr.Dataset
    stocks: xr.Dataset
    runs: tuple[Simulated, ...]
    read_list: tuple[Read, ...]

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order in which they were given."""
        return [item.scenario.name for item in self.runs]

    @property
    def years(self) -> list[int]:
        """Calendar years of the run."""
        return [int(year) for year in self.flows["year"].values]

    def table(
        self,
        keys: str | Iterable[str] | None = None,
        years: int | Iterable[int] | None = None,
        scenarios: str | Iterable[str] | None = None,
        basis: str = "nominal",
        unit: str = "亿元",
    ) -> pd.DataFrame:
        """Headline series: rows (scenario, year), one column for each key; means over draws.

        keys       series, in this order; all headline series without
        years      all years without
        basis      nominal, real (nominal / price index) or wage_share
        unit       of totals of money: 亿元 (1e8 yuan), yuan, 万元, million yuan, billion yuan
        The units of the columns are in ``.attrs["units"]``.
        """
        import pandas as pd

        chosen = _listed("series", keys, [str(key) for key in self.flows.data_vars], list(SERIES))
        names = _listed("scenario", scenarios, self.scenarios, self.scenarios)
        wanted = _listed("year", years, self.years, self.years)
        columns, units = {}, {}
        for key in chosen:
            series = compare.in_basis(self.flows, key, basis, unit)
            if "age" in series.dims:
                raise ParameterError(f"{key}: is by group, sex and age; read it from .flows.")
            means = series.mean("draw", keep_attrs=True).sel(scenario=names, year=wanted)
            columns[key] = means.transpose("scenario", "year").values.ravel()
            units[key] = str(series.attrs["unit"])
        rows = pd.MultiIndex.from_product([names, wanted], names=["scenario", "year"])
        out = pd.DataFrame(columns, index=rows)
        out.attrs["units"] = units
        return out

    def series(
        self, key: str, scenario: str | None = None, basis: str = "nominal", unit: str = "yuan"
    ) -> pd.Series[float]:
        """One series of one scenario over the years, the mean over draws.

        scenario  the first one without
        """
        name = self.scenarios[0] if scenario is None else scenario
        return self.table(key, None, name, basis, unit)[key].droplevel("scenario")

    def difference(
        self, key: str, against: str = "baseline", basis: str = "nominal", unit: str = "yuan"
    ) -> xr.DataArray:
        """The other scenarios less one of them, draw by draw: dims (scenario, draw, year)."""
        return compare.difference(self.flows, key, against, basis, unit)

    def events(self, fund: str = FUND) -> pd.DataFrame:
        """Gap, depletion, peak and lowest reserve of a fund, by scenario and draw.

        fund  key of its scheme, the employee pension without
        """
        return compare.events(self.flows, fund)

    def ledger(
        self,
        year: int,
        scenario: str | None = None,
        basis: str = "nominal",
        unit: str = "亿元",
        by_group: bool = False,
    ) -> pd.DataFrame:
        """Every payment of a year: scheme, flow, payer, payee, kind, amount; means over draws.

        scenario  the first one without
        basis     nominal, real (nominal / price index) or wage_share (of the pay of employees)
        by_group  households by group where the group is known
        """
        return money.ledger(self, year, scenario, basis, unit, by_group)

    def sector_balances(
        self,
        year: int,
        scenario: str | None = None,
        basis: str = "nominal",
        unit: str = "亿元",
        by_group: bool = False,
    ) -> pd.DataFrame:
        """What each sector pays and receives in a year, and the difference; the sum is zero."""
        return money.sector_balances(self, year, scenario, basis, unit, by_group)

    def social_budget(
        self,
        year: int,
        scenario: str | None = None,
        basis: str = "nominal",
        unit: str = "亿元",
    ) -> pd.DataFrame:
        """Revenue by source and expenditure by function, by scheme and consolidated.

        The form of the social budget of the International Labour Office; arguments as in `ledger`.
        """
        return budget.social_budget(self, year, scenario, basis, unit)

    @property
    def identities(self) -> pd.DataFrame:
        """Largest relative gap of each accounting identity over all years [1], by scenario."""
        import pandas as pd

        rows = {item.scenario.name: item.identities for item in self.runs}
        out = pd.DataFrame.from_dict(rows, orient="index")
        return out.rename_axis(index="scenario", columns="identity")

    @property
    def reads(self) -> pd.DataFrame:
        """What read each changed lever, in which years, and what the change moved.

        moved   largest change of a headline series, relative to the largest value of that series
                in the run [1]; NaN if not tried
        series  the series that moved so much
        """
        import pandas as pd

        names = {"first": "first_year", "last": "last_year"}
        columns = list(Read.__dataclass_fields__)
        rows = [asdict(item) for item in self.read_list]
        return pd.DataFrame(rows, columns=columns).rename(columns=names)

    @property
    def dictionary(self) -> pd.DataFrame:
        """Data dictionary of the flows: key, unit, names, timing, aggregation, price basis."""
        import pandas as pd

        return pd.DataFrame(dictionary_rows(self.flows.data_vars))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What is needed to run it again and to know that it is the same: plain JSON types."""
        from rssim.study.manifest import manifest_of

        return manifest_of(self.runs)

    def save(self, path: str | Path) -> list[Path]:
        """Writes the result, and returns the files that were written.

        path  .csv (long table), .xlsx, .dta (Stata) or .nc (netCDF), each with a data dictionary
              and the manifest; a path without suffix is a folder that gets the csv and netCDF
        Files are written under another name first, so that an error leaves no half-written file.
        """
        from rssim.study.export import save

        return save(self, Path(path))

    def __repr__(self) -> str:
        first, last = self.years[0], self.years[-1]
        scenario = self.runs[0].scenario
        lines = [
            f"Result · {scenario.place.name} · {first} to {last} · {', '.join(self.scenarios)}"
        ]
        if self.flows.sizes["draw"] > 1:
            lines[0] += f" · {self.flows.sizes['draw']} draws, means shown"
        table = self._shown()
        units = table.attrs["units"]
        table.columns = [key.removeprefix(f"{FUND}.") for key in table.columns]
        lines.append(table.to_string(float_format="{:,.4g}".format))
        lines += [f"  {key.removeprefix(f'{FUND}.')}: {unit}" for key, unit in units.items()]
        return "\n".join([*lines, "Nominal yuan; people and balances on 31 December."])

    def _repr_html_(self) -> str:
        from rssim.study.html import result_html

        return result_html(self)

    def _shown(self) -> pd.DataFrame:
        """A few series in a few years."""
        step = max(1, -(-(len(self.years) - 1) // (SHOWN_YEARS - 1)))
        years = self.years[::step]
        years = years if years[-1] == self.years[-1] else [*years, self.years[-1]]
        return self.table(SHOWN, years)


def _listed(kind: str, given: Any, allowed: Sequence[Any], default: list[Any]) -> list[Any]:
    """The chosen names, checked; one name or year counts as a list of one."""
    if given is None:
        return default
    alone = isinstance(given, str) or not isinstance(given, Iterable)
    chosen = [given] if alone else list(given)
    known = [str(name) for name in allowed]
    faults = []
    for name in chosen:
        if name not in allowed:
            hint = f" It holds {known[0]} to {known[-1]}."
            if kind == "year" and isinstance(name, str):
                hint = f" Years are numbers; {name!r} is text." + hint
            elif isinstance(name, str):
                hint = nearest(name, known) or f" It holds {', '.join(known[:5])} ..."
            faults.append(f"{name}: the result holds no such {kind}.{hint}")
    if faults:
        raise ParameterError(faults)
    return chosen
