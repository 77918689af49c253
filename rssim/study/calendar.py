"""Provisions that expire: what falls back to what, and what a renewal would do to the funds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from rssim.dated import Step
from rssim.errors import ParameterError
from rssim.inputs.place import Place, steps_text
from rssim.inputs.scenario import LAST_YEAR, Scenario, plain
from rssim.records import Array
from rssim.study.money import fund_names
from rssim.study.pages import Table, table
from rssim.study.run import simulate

YEARS = 5
"""Years after the expiry at which the effect is read."""
MONEY = 1e8
SMALL = 0.5
"""Yuan: an effect below this on a fund is none."""


COLUMNS = (
    "provision",
    "since",
    "expires",
    "value",
    "falls_back_to",
    "kind",
    "evidence",
    "source",
    "fund",
    "year",
    "effect",
)
"""Columns of the calendar as data; the effect is in yuan."""


@dataclass(frozen=True)
class Provision:
    """Levers that expire together: the same module, day and source.

    levers  lever -> the step that expires
    later   lever -> values that the place itself sets after the expiry
    assumed the place takes it as renewed: the next step is an assumption of the same value
    """

    levers: dict[str, Step]
    expires: date
    later: dict[str, dict[str, Any]]
    assumed: bool = False

    @property
    def day_after(self) -> date:
        """First day without it."""
        return self.expires + timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Effect:
    """A provision renewed against lapsed.

    year     the effect stands on 31 December of it
    by_fund  key of a fund -> change of the balance less the change of required subsidies since
             the expiry, mean over draws [yuan]; empty where the expiry lies before the opening
    """

    provision: Provision
    year: int
    by_fund: dict[str, float]

    @property
    def fund(self) -> str:
        """The fund that is moved most; empty where none is."""
        moved = {key: abs(value) for key, value in self.by_fund.items() if abs(value) > SMALL}
        return max(moved, key=lambda key: moved[key]) if moved else ""


def provisions(place: Place) -> list[Provision]:
    """Values of a place that expire and are not replaced before, by the day of their expiry.

    A value that goes on by assumption only is among them: the law lets it lapse. Levers of one
    module with one day and one source stand first alone, then together.
    """
    singles: list[Provision] = []
    for key, entry in place.entries.items():
        steps = entry.dated.steps
        for step, after in zip(steps, [*steps[1:], None][: len(steps)], strict=True):
            if step.expires is None:
                continue
            follows = after is not None and after.since <= step.expires + timedelta(days=1)
            assumed = follows and after is not None and is_renewal(step, after)
            if follows and not assumed:
                continue  # the next step follows without a gap: nothing lapses
            later = {
                item.since.isoformat(): item.value for item in steps if item.since > step.expires
            }
            singles.append(Provision({key: step}, step.expires, {key: later}, assumed))
    together: dict[tuple[str, date, str, bool], list[Provision]] = {}
    for item in singles:
        ((key, step),) = item.levers.items()
        kind = (key.partition(".")[0], item.expires, step.source, item.assumed)
        together.setdefault(kind, []).append(item)
    out = list(singles)
    for parts in together.values():
        if len(parts) > 1:
            levers = {key: step for part in parts for key, step in part.levers.items()}
            rest = {key: values for part in parts for key, values in part.later.items()}
            out.append(Provision(levers, parts[0].expires, rest, parts[0].assumed))
    return sorted(out, key=lambda item: (item.expires, next(iter(item.levers)), len(item.levers)))


def is_renewal(step: Step, after: Step) -> bool:
    """Whether the step after an expiry is no law but the assumption that nothing changes.

    Of several renewals in a row the last one counts: the step after it does not expire.
    """
    same = bool(after.value == step.value)
    return after.kind == "assumption" and after.expires is None and same


def lapsed(scenario: Scenario, provision: Provision) -> Scenario:
    """The scenario in which a provision that the place takes as renewed lapses."""
    out = scenario
    for key, step in provision.levers.items():
        values = {provision.day_after.isoformat(): step.fallback}
        out = out.change(key, values, because="lapsed", name="lapsed")
    return out


def renewed(scenario: Scenario, provision: Provision) -> Scenario:
    """The scenario with a provision going on until the place itself sets another value."""
    out = scenario
    for key, step in provision.levers.items():
        values = {provision.day_after.isoformat(): step.value} | provision.later[key]
        values = {day: value for day, value in values.items() if int(day[:4]) <= scenario.end}
        out = out.change(key, values, because="renewed", name="renewed")
    return out


def calendar(
    scenario: Scenario,
    years: int = YEARS,
    progress: Callable[[int, int], None] | None = None,
) -> list[Effect]:
    """Every provision that expires, and what renewal does to each fund `years` years later.

    One run of the scenario, and one for each provision in which it alone is renewed; where the
    place takes it as renewed, in which it alone lapses.
    A provision that a scenario changes after its expiry is left as the scenario has it.
    """
    if not isinstance(years, int) or isinstance(years, bool) or years < 1:
        raise ParameterError(
            f"calendar: years {years!r}: write 1 or more years after the expiry; renewal takes "
            "effect on the day after it."
        )
    found = [
        item for item in provisions(scenario.place) if not set(item.levers) & set(scenario.changes)
    ]
    ahead = [item for item in found if item.day_after > scenario.opening]
    if not ahead:
        return [Effect(item, item.expires.year + years, {}) for item in found]
    latest = max(item.expires.year for item in ahead)
    end = latest + years
    if end > LAST_YEAR:
        raise ParameterError(
            f"calendar: years {years}: the last provision expires in {latest} and the rate tables "
            f"reach to {LAST_YEAR}. Write at most {LAST_YEAR - latest}."
        )
    usual = simulate(scenario.until(end), keep=False, trace=False).headline
    out = []
    for at, item in enumerate(found):
        year = item.expires.year + years
        effect: dict[str, float] = {}
        if item in ahead:
            turned = (lapsed if item.assumed else renewed)(scenario.until(year), item)
            other = simulate(turned, keep=False, trace=False).headline
            going_on, ended = (usual, other) if item.assumed else (other, usual)
            count = year - scenario.opening.year + 1
            effect = {
                fund: float(np.mean(_worth(going_on, fund, count) - _worth(ended, fund, count)))
                for fund in fund_names()
                if f"{fund}.balance" in usual
            }
        out.append(Effect(item, year, effect))
        if progress is not None:
            progress(at + 1, len(found))
    return out


def _worth(headline: dict[str, Array], fund: str, years: int) -> Array:
    """Balance after some years less all that had to be put in to keep it at zero, (draw,)."""
    cover = headline[f"{fund}.required_subsidy"][:, :years].sum(axis=-1)
    return np.asarray(headline[f"{fund}.balance"][:, years - 1] - cover)


def rows(found: list[Effect]) -> list[dict[str, Any]]:
    """The calendar as plain rows: one for each provision and fund that it moves."""
    names = fund_names()
    out = []
    for item in found:
        levers = item.provision.levers
        first = next(iter(levers.values()))
        row: dict[str, Any] = {
            "provision": " + ".join(levers),
            "since": max(step.since for step in levers.values()).isoformat(),
            "expires": item.provision.expires.isoformat(),
            "value": ", ".join(plain(step.value) for step in levers.values()),
            "falls_back_to": ", ".join(plain(step.fallback) for step in levers.values()),
            "kind": first.kind,
            "evidence": first.evidence,
            "source": first.source,
        }
        moved = {key: value for key, value in item.by_fund.items() if abs(value) > SMALL}
        for fund, value in moved.items() or {"": float("nan")}.items():
            name = names[fund][0] if fund else ""
            out.append(row | {"fund": name, "year": item.year, "effect": value})
    return out


def calendar_table(found: list[Effect], caption: str = "") -> Table:
    """The calendar for a screen or a page: the fund that is moved most, in 亿元."""
    from rssim.inputs.place import PARAMS

    lines: list[tuple[str, ...]] = [
        (
            "Provision",
            "Since",
            "Expires",
            "Value",
            "Falls back to",
            "Balance if renewed, 亿元",
            "On 31 December",
            "Fund",
        )
    ]
    names = fund_names()
    for item in found:
        levers = item.provision.levers
        keys = list(levers)
        label = PARAMS[keys[0]].name if len(keys) == 1 else f"these {len(keys)} together"
        label += " (renewed in the baseline)" if item.provision.assumed else ""
        steps = levers.values()
        effect, fund = "before the run", ""
        if item.by_fund:
            fund = item.fund
            effect = _signed(item.by_fund[fund] / MONEY) if fund else "no effect"
        lines.append(
            (
                f"{label} [{keys[0]}]" if len(keys) == 1 else label,
                max(step.since for step in steps).isoformat(),
                item.provision.expires.isoformat(),
                _short(", ".join(plain(step.value) for step in steps)),
                _short(", ".join(plain(step.fallback) for step in steps)),
                effect,
                str(item.year) if item.by_fund else "–",
                names[fund][0] if fund else "",
            )
        )
    return table(lines, caption)


def published_ends(place: Place, caption: str = "") -> Table:
    """Amounts of law whose published values end: the last day, and how they go on."""
    lines: list[tuple[str, ...]] = [("Amount", "Published until", "Goes on by", "Source")]
    for key, entry in place.entries.items():
        index = entry.index
        if entry.param.layer != "law" or index.rule == "nominal" or index.last is None:
            continue
        rule = entry.param.formula if index.rule == "model" else f"{index.rule} {index.series}"
        source = entry.dated.steps[-1].source if entry.dated.steps else ""
        title = place.sources[source].title if source in place.sources else source
        lines.append((f"{entry.param.name} [{key}]", index.last.isoformat(), rule, title))
    return table(lines, caption)


def source_lines(place: Place, found: list[Effect]) -> list[str]:
    """The sources of the provisions, one line each."""
    steps = [step for item in found for step in item.provision.levers.values()]
    lines = {step.source: steps_text(step, place.sources) for step in steps if step.source}
    return [f"{key}: {text}" for key, text in lines.items()]


def _signed(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 3
    return f"{round(value, digits) + 0.0:+,.{digits}f}"


def _short(text: str) -> str:
    return text if len(text) <= 24 else "table"
