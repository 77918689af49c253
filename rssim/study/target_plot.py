"""A picture of a scoreboard: outcome and model value over target, one line for each target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rssim.study.plots import GREY, _cycle, _finish, _title, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rssim.study.targets import Scoreboard

ROW = 0.3
"""Height of a line [inch]."""
MARGIN = 1.3
WIDTH = 8.0


@styled
def scoreboard(board: Scoreboard, ax: Axes | None = None) -> Axes:
    """Outcome and model value as a multiple of the target; 1 is the target.

    A full dot is a published figure, a hollow one with a range an assumption, a diamond the model.
    Targets of zero have no multiple and are left out, the others without any value are named.
    """
    shown = [item for item in board if item.target.value > 0]
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(WIDTH, MARGIN + ROW * len(shown)))
    published, assumed, model = _cycle()[0], GREY, _cycle()[1]
    for line, item in enumerate(reversed(shown)):
        target, outcome = item.target, item.outcome
        if outcome is not None and outcome.assumed:
            if outcome.low is not None and outcome.high is not None:
                ends = [outcome.low / target.value, outcome.high / target.value]
                ax.plot(ends, [line, line], color=assumed, linewidth=1.5, zorder=2)
            ax.plot(
                outcome.value / target.value,
                line,
                "o",
                color=assumed,
                markerfacecolor="none",
                zorder=3,
                label="assumed outcome and range",
            )
        elif outcome is not None:
            ax.plot(
                outcome.value / target.value,
                line,
                "o",
                color=published,
                zorder=3,
                label="published outcome",
            )
        if item.model is not None:
            ax.plot(
                item.model / target.value,
                line,
                "D",
                color=model,
                markersize=5,
                zorder=4,
                label=f"model, {board.scenario}",
            )
        if outcome is None and item.model is None:
            ax.annotate("no outcome found", (1.03, line), va="center", fontsize=8, color=GREY)
    ax.axvline(1.0, color=GREY, linewidth=1.2, linestyle="--", zorder=1)
    ax.set_yticks(range(len(shown)), [item.target.name for item in reversed(shown)])
    ax.set_ylim(-0.7, len(shown) - 0.3)
    ax.grid(False, axis="y")
    ax.set_xlabel("outcome over target (1 = the target)")
    _title(ax, f"Targets of {board.year} · {board.place.name}")
    handles, labels = ax.get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    ax.legend(list(once.values()), list(once), loc="best")
    names = [label.get_text() for label in ax.get_yticklabels()]
    _finish(ax, board.place.name, years=False)
    ax.set_yticks(range(len(shown)), names)  # the shared finish formats numbers
    return ax
