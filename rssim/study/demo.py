"""The first look: the baseline and three reforms in Guangzhou, with tables and pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rssim.errors import RssimError
from rssim.inputs.scenario import Scenario, load_scenario
from rssim.study import headline
from rssim.study.series import FUND

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rssim.study.variants import Envelope

PLACE = "guangzhou"
SCENARIOS = ("baseline", "employer_rate_20", "retirement_faster", "indexation_wages")
KEYS = (
    f"{FUND}.insured_workers",
    f"{FUND}.retirees",
    f"{FUND}.benefit_ratio",
    f"{FUND}.expenditure",
    f"{FUND}.current_balance",
    f"{FUND}.balance",
    f"{FUND}.reserve_months",
    "unemployment_rate",
)


def demo(
    out: str | Path, end: int = 2060, progress: Callable[[int, int], None] | None = None
) -> int:
    """Exit code 0; runs, prints a table and writes pictures and tables into a folder."""
    from rssim.study.export import save
    from rssim.study.variants import envelope

    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise RssimError(f"{folder}: cannot be made ({fault.strerror}).") from None
    scenarios = [load_scenario(name, PLACE, end=end) for name in SCENARIOS]
    print(f"Running the baseline and three reforms in Guangzhou to {end}, each with its range ...")
    found = envelope(scenarios, progress=progress)
    if progress is not None:
        import sys

        print("\r\033[K", end="", file=sys.stderr, flush=True)
    years = headline.years_in(found.central, None)
    for scenario in scenarios:
        print(f"\n{scenario.title} {scenario.zh}")
        for line in headline.change_lines(scenario):
            print(f"  {line}")
        print(headline.text_table(headline.level_rows(found, scenario.name, KEYS, years)))
    print("\nNominal yuan; people and balances on 31 December. 亿元 is 100 million yuan.")
    print(headline.RANGE_NOTE)
    for line in headline.event_lines(found.central):
        print(line)
    print(headline.identity_line(found.central))
    written = [*pictures(found, scenarios, folder), *save(found.central, folder / "demo.csv")]
    print(f"\nWritten into {folder}/: " + ", ".join(path.name for path in written))
    print(headline.fund_line(scenarios[0]))
    print(
        "Next: rssim list levers; rssim run baseline --place guangdong; rssim compare baseline "
        "packages/reform --place guangdong"
    )
    return 0


def pictures(envelope: Envelope, scenarios: list[Scenario], folder: Path) -> list[Path]:
    """Four pictures, written as PNG on white; the paths."""
    from rssim.study import plots

    result = envelope.central
    low, high = envelope.low, envelope.high
    assert low is not None and high is not None
    faster = next(item for item in scenarios if item.name == "retirement_faster")
    makers: dict[str, Callable[[], Axes]] = {
        "reserve": lambda: plots.lines(
            result,
            f"{FUND}.reserve_months",
            band=(low, high),
        ),
        "difference": lambda: plots.difference(result, f"{FUND}.balance"),
        "flows": lambda: plots.flows(result, "baseline"),
        "retirement_ages": lambda: plots.retirement_ages(faster),
    }
    return [_save(makers[name](), folder / f"{name}.png") for name in makers]


def _save(ax: Axes, path: Path) -> Path:
    """A picture under its name, written under another one first."""
    from matplotlib import pyplot

    figure = ax.get_figure(root=True)
    assert figure is not None
    draft = path.with_name(f".{path.name}")
    figure.savefig(
        draft, format="png", dpi=150, facecolor="white", bbox_inches="tight", transparent=False
    )
    draft.replace(path)
    pyplot.close(figure)
    return path
