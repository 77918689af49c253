"""A picture of a year's ledger: who pays, through which fund, to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rssim.records import Array
from rssim.study import money
from rssim.study.plots import (
    GREY,
    INCOME_YELLOW,
    _called,
    _cycle,
    _finish,
    _place_of,
    _scale,
    _title,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rssim.study.result import Result

SOURCE, FUND, USE = range(3)
OTHER_FUNDS, DIRECT = "other funds", "without a fund"
DRAWN, ADDED = "reserves drawn", "reserves added"
GAP = 0.03
"""Space between two nodes, as a share of all that flows."""
LABEL = 0.035
"""Least distance of two labels, as a share of the height of the picture."""
NAMED = 0.005
"""Least amount of a box that gets its label [亿元]: below it the label would read 0.00."""
NODE_WIDTH = 0.03
BAND_GREY = "#9a9a9a"
POINTS = 40
SIZE = (9.0, 5.5)


@dataclass(frozen=True)
class Band:
    """A flow between two nodes of neighbouring columns [亿元/year]."""

    start: str
    end: str
    column: int
    amount: float


@dataclass(frozen=True)
class Node:
    """A box: its column, lower edge and height in the unit of amounts."""

    name: str
    column: int
    low: float
    height: float


def bands(result: Result, year: int, scenario: str | None = None) -> list[Band]:
    """What flows from sources to funds and from funds to uses in a year [亿元/year].

    Each fund takes as much as it gives: what it keeps goes to reserves, what it lacks comes from
    them. Payments between funds leave by one node and come in by another.
    """
    table = money.ledger(result, year, scenario)
    run = money.run_of(result, scenario)
    funds = set(run.money.balances)
    found: dict[tuple[str, str, int], float] = {}

    def add(start: str, end: str, column: int, amount: float) -> None:
        # A negative interest is a payment the other way round.
        found[start, end, column] = found.get((start, end, column), 0.0) + amount

    for row in table.itertuples():
        payer, payee, amount = str(row.payer), str(row.payee), float(str(row.amount))
        if amount < 0:
            payer, payee, amount = payee, payer, -amount
        if payer not in funds and payee not in funds:
            add(payer, DIRECT, SOURCE, amount)
            add(DIRECT, payee, FUND, amount)
            continue
        if payee in funds:
            add(OTHER_FUNDS if payer in funds else payer, payee, SOURCE, amount)
        if payer in funds:
            add(payer, OTHER_FUNDS if payee in funds else payee, FUND, amount)
    for fund in run.money.balances:
        kept = sum(
            amount * (1.0 if column == SOURCE else -1.0)
            for (start, end, column), amount in found.items()
            if fund in (start, end)
        )
        if kept > 0:
            add(fund, ADDED, FUND, kept)
        elif kept < 0:
            add(DRAWN, fund, SOURCE, -kept)
    return [Band(*key, amount) for key, amount in found.items()]


def nodes(flows: Sequence[Band]) -> dict[tuple[str, int], Node]:
    """Boxes of the three columns, the largest on top; every column is as high as all that flows."""
    sizes: dict[tuple[str, int], list[float]] = {}
    for band in flows:
        sizes.setdefault((band.start, band.column), [0.0, 0.0])[1] += band.amount
        sizes.setdefault((band.end, band.column + 1), [0.0, 0.0])[0] += band.amount
    whole = sum(band.amount for band in flows if band.column == SOURCE)
    out = {}
    for column in (SOURCE, FUND, USE):
        own = sorted(
            (max(size), name) for (name, at), size in sizes.items() if at == column
        )  # from the bottom up
        height = sum(size for size, _ in own) + GAP * whole * (len(own) - 1)
        low = -0.5 * height
        for size, name in own:
            out[name, column] = Node(name, column, low, size)
            low += size + GAP * whole
    return out


@styled
def sankey(result: Result, year: int, scenario: str | None = None, ax: Axes | None = None) -> Axes:
    """Payers, funds and payees of a year, joined by bands as wide as what is paid.

    Coloured bands are paid into funds, grey ones by funds. Amounts are nominal, in 亿元.
    """
    flows = bands(result, year, scenario)
    boxes = nodes(flows)
    name = scenario or result.scenarios[0]
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=SIZE)
    colours = _colours(boxes)
    used: dict[tuple[str, int, str], float] = {}
    # Bands leave and arrive in the order of the nodes at their other end, so that few cross.
    order = sorted(
        flows,
        key=lambda item: (
            item.column,
            boxes[item.start, item.column].low,
            boxes[item.end, item.column + 1].low,
        ),
    )
    for band in order:
        start, end = boxes[band.start, band.column], boxes[band.end, band.column + 1]
        bottoms = []
        for node, side in ((start, "right"), (end, "left")):
            key = (node.name, node.column, side)
            bottoms.append(node.low + used.get(key, 0.0))
            used[key] = used.get(key, 0.0) + band.amount
        x, path = _curve(float(band.column), bottoms[0], bottoms[1])
        colour, alpha = (colours[band.start], 0.55) if band.column == SOURCE else (BAND_GREY, 0.35)
        ax.fill_between(x, path, path + band.amount, color=colour, alpha=alpha, linewidth=0)
    for node in boxes.values():
        colour = colours.get(node.name, GREY) if node.column == SOURCE else GREY
        ax.bar(node.column, node.height, NODE_WIDTH, node.low, color=colour, linewidth=0)
    _labels(ax, {key: box for key, box in boxes.items() if box.height >= NAMED})
    ax.set_xlim(-0.75, 2.75)
    ax.set_axis_off()
    unit = _scale("yuan/year")[1]
    _title(ax, f"{year} · {_place_of(result)} · {_called(result, name)} · {unit}")
    _finish(ax, _place_of(result), years=False)
    return ax


def _curve(column: float, start: float, end: float) -> tuple[Array, Array]:
    """Lower edge of a band: flat at both ends."""
    t = np.linspace(0.0, 1.0, POINTS)
    x = column + 0.5 * NODE_WIDTH + t * (1.0 - NODE_WIDTH)
    return np.asarray(x), np.asarray(start + (end - start) * t * t * (3.0 - 2.0 * t))


def _colours(boxes: dict[tuple[str, int], Node]) -> dict[str, str]:
    """A colour for each source, the largest first."""
    sources = sorted(
        (node for node in boxes.values() if node.column == SOURCE), key=lambda node: -node.height
    )
    cycle = [*_cycle(), INCOME_YELLOW]
    return {node.name: cycle[at % len(cycle)] for at, node in enumerate(sources)}


def _labels(ax: Axes, boxes: dict[tuple[str, int], Node]) -> None:
    """Name and amount beside each box, moved apart where two would meet."""
    low = min(node.low for node in boxes.values())
    high = max(node.low + node.height for node in boxes.values())
    apart = LABEL * (high - low)
    sides = {SOURCE: (-0.03, "right"), FUND: (0.03, "left"), USE: (0.03, "left")}
    for column, (shift, side) in sides.items():
        at = -np.inf
        for node in sorted(
            (node for node in boxes.values() if node.column == column), key=lambda node: node.low
        ):
            at = max(node.low + 0.5 * node.height, at + apart)
            digits = 0 if node.height >= 10 else 1 if node.height >= 1 else 2
            ax.annotate(
                f"{node.name} {node.height:,.{digits}f}",
                (column + shift, at),
                ha="right" if side == "right" else "left",
                va="center",
                fontsize=9,
                color=GREY,
                annotation_clip=False,
            )
