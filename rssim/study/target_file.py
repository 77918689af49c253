"""The file of the numeric targets of a plan, read and checked: what was set, what came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rssim.dated import EVIDENCE, KINDS
from rssim.errors import PlaceError, nearest
from rssim.inputs.place import PARAMS, Place, load_place, packaged_places
from rssim.inputs.scenario import DEFAULT_PLACE
from rssim.inputs.schema import read_yaml, unknown_keys

FILE = "targets.yaml"
MEETS = ("at least", "at most", "exactly")
NOT_MODELLED = "reported, not modelled"
KEYS = (
    "name",
    "zh",
    "systems",
    "definition",
    "unit",
    "year",
    "meets",
    "value",
    "evidence",
    "source",
    "note",
    "measured_by",
    "because",
    "outcomes",
)
NEEDED = tuple(key for key in KEYS if key not in ("note", "outcomes"))
OUTCOME_KEYS = ("year", "value", "kind", "evidence", "source", "low", "high", "note")
MEASURES = ("series", "levers")
NEAR = 1e-9
"""Relative gap up to which two values are the same."""


@dataclass(frozen=True)
class Outcome:
    """What came out in a year, or what is assumed of it, in the unit of the target."""

    year: int
    value: float
    kind: str
    evidence: str
    source: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def assumed(self) -> bool:
        """Whether it is an assumption of this project and no published figure."""
        return self.kind == "assumption"


@dataclass(frozen=True)
class Target:
    """One number that a plan set itself, in its unit.

    meets        at least, at most or exactly
    series       series of a run that measures it, or empty
    levers       levers whose sum on 31 December measures it, or none
    because      how far the model measures it, or why it does not
    """

    key: str
    name: str
    zh: str
    systems: tuple[str, ...]
    definition: str
    unit: str
    year: int
    meets: str
    value: float
    evidence: str
    source: str
    note: str
    series: str
    levers: tuple[str, ...]
    because: str
    outcomes: tuple[Outcome, ...]

    @property
    def modelled(self) -> bool:
        return bool(self.series or self.levers)

    @property
    def measured_by(self) -> str:
        """Series, levers, or the words 'reported, not modelled'."""
        return self.series or " + ".join(self.levers) or NOT_MODELLED

    def outcome(self, year: int) -> Outcome | None:
        """What is known or assumed of a year."""
        return next((item for item in self.outcomes if item.year == year), None)

    def met_by(self, value: float) -> bool:
        """Whether a value meets the target."""
        same = abs(value - self.value) <= NEAR * max(abs(value), abs(self.value))
        if self.meets == "exactly":
            return same
        return same or (value > self.value if self.meets == "at least" else value < self.value)


def load_targets(place: str | Path | Place = DEFAULT_PLACE) -> dict[str, Target]:
    """The targets of a place or of the nearest parent that has some, by key.

    Raises PlaceError with all faults of the file at once.
    """
    found = place if isinstance(place, Place) else load_place(place)
    path = plan_file(found, FILE)
    faults: list[str] = []
    raw = read_yaml(path, PlaceError)
    shared = _outcomes_by_name(path, raw, faults)
    out = {}
    for key, item in raw.items():
        where = f"{path}: {key}"
        if not isinstance(item, dict):
            faults.append(f"{where}: a target needs the keys {', '.join(NEEDED)}.")
            continue
        target = _target(where, str(key), item, shared.get(str(key), []), found, faults)
        if target is not None:
            out[target.key] = target
    if faults:
        raise PlaceError(faults)
    return out


def plan_file(place: Place, name: str) -> Path:
    """A file of the plan in the folder of a place or of its nearest parent."""
    for folder in place.folders:
        if (folder / name).exists():
            return folder / name
    have = [key for key in packaged_places() if (load_place(key).folders[0] / name).exists()]
    raise PlaceError(
        f"{place.key}: there is no {name} here nor in a parent; places with one: "
        f"{', '.join(have) or 'none'}."
    )


def _outcomes_by_name(path: Path, raw: Mapping[str, Any], faults: list[str]) -> dict[str, Any]:
    """The outcomes of each target, those taken from another target looked up."""
    lists = {key: item.get("outcomes") or [] for key, item in raw.items() if isinstance(item, dict)}
    for key, found in list(lists.items()):
        if isinstance(found, str):
            if not isinstance(lists.get(found), list):
                faults.append(
                    f"{path}: {key}: outcomes: {found!r} is no target with outcomes of its own."
                    + nearest(found, [name for name in lists if name != key])
                )
            lists[key] = lists.get(found) if isinstance(lists.get(found), list) else []
        elif not isinstance(found, list):
            faults.append(f"{path}: {key}: outcomes must be a list or the key of a target.")
            lists[key] = []
    return lists


def _target(
    where: str,
    key: str,
    raw: dict[str, Any],
    outcomes: Sequence[Any],
    place: Place,
    faults: list[str],
) -> Target | None:
    before = len(faults)
    faults += unknown_keys(where, raw, KEYS)
    faults += [f"{where}: the key {name!r} is missing." for name in NEEDED if name not in raw]
    if len(faults) > before:
        return None
    _one_of(f"{where}: meets", raw["meets"], MEETS, faults)
    _one_of(f"{where}: evidence", raw["evidence"], EVIDENCE, faults)
    _source(f"{where}: source", raw["source"], place, faults)
    value = _number(f"{where}: value", raw["value"], faults)
    year = _year(f"{where}: year", raw["year"], faults)
    systems = raw["systems"]
    if not isinstance(systems, list) or not systems:
        faults.append(f"{where}: systems must be a list of ids of the register, like [S3-01].")
        systems = []
    series, levers = _measure(f"{where}: measured_by", raw["measured_by"], faults)
    known = [
        _outcome(f"{where}: outcomes: {at + 1}", item, place, faults)
        for at, item in enumerate(outcomes)
    ]
    years = [item.year for item in known if item is not None]
    for twice in sorted({y for y in years if years.count(y) > 1}):
        faults.append(f"{where}: outcomes: the year {twice} is given twice.")
    if len(faults) > before:
        return None
    return Target(
        key=key,
        name=str(raw["name"]),
        zh=str(raw["zh"]),
        systems=tuple(map(str, systems)),
        definition=" ".join(str(raw["definition"]).split()),
        unit=str(raw["unit"]),
        year=year,
        meets=str(raw["meets"]),
        value=value,
        evidence=str(raw["evidence"]),
        source=str(raw["source"]),
        note=str(raw.get("note") or ""),
        series=series,
        levers=levers,
        because=" ".join(str(raw["because"]).split()),
        outcomes=tuple(item for item in known if item is not None),
    )


def _measure(where: str, raw: Any, faults: list[str]) -> tuple[str, tuple[str, ...]]:
    """The series and the levers that measure a target; none where it is only reported."""
    from rssim.study.series import SERIES

    if raw == NOT_MODELLED:
        return "", ()
    if not isinstance(raw, dict) or len(raw) != 1 or next(iter(raw)) not in MEASURES:
        faults.append(
            f"{where}: {raw!r} is neither 'series: KEY', 'levers: [KEY, KEY]' nor the words "
            f"{NOT_MODELLED!r}."
        )
        return "", ()
    if "series" in raw:
        series = str(raw["series"])
        if series not in SERIES:
            faults.append(f"{where}: {series}: there is no such series." + nearest(series, SERIES))
        return series, ()
    levers = raw["levers"] if isinstance(raw["levers"], list) else [raw["levers"]]
    for lever in levers:
        if lever not in PARAMS:
            faults.append(
                f"{where}: {lever}: there is no such lever." + nearest(str(lever), PARAMS)
            )
        elif PARAMS[lever].dims or PARAMS[lever].choices:
            faults.append(f"{where}: {lever} is a table or a word; a single number is needed.")
    return "", tuple(map(str, levers))


def _outcome(where: str, raw: Any, place: Place, faults: list[str]) -> Outcome | None:
    before = len(faults)
    if not isinstance(raw, dict):
        faults.append(f"{where}: {raw!r} needs the keys year, value, kind, evidence.")
        return None
    faults += unknown_keys(where, raw, OUTCOME_KEYS)
    for key in ("year", "value", "kind", "evidence"):
        if key not in raw:
            faults.append(f"{where}: the key {key!r} is missing.")
    if len(faults) > before:
        return None
    year = _year(f"{where}: year", raw["year"], faults)
    value = _number(f"{where}: value", raw["value"], faults)
    _one_of(f"{where}: kind", raw["kind"], KINDS, faults)
    _one_of(f"{where}: evidence", raw["evidence"], EVIDENCE, faults)
    bounds: dict[str, float | None] = {
        key: _number(f"{where}: {key}", raw[key], faults) if key in raw else None
        for key in ("low", "high")
    }
    if raw["kind"] == "assumption":
        faults += [
            f"{where}: an assumption needs a range ({key!r} is missing)."
            for key, found in bounds.items()
            if found is None
        ]
    elif not raw.get("source"):
        faults.append(f"{where}: a {raw['kind']} needs a source.")
    if raw.get("source"):
        _source(f"{where}: source", raw["source"], place, faults)
    low, high = bounds["low"], bounds["high"]
    if low is not None and high is not None and not low <= value <= high:
        faults.append(f"{where}: the value {value:g} lies outside its range {low:g} to {high:g}.")
    if len(faults) > before:
        return None
    return Outcome(
        year,
        value,
        str(raw["kind"]),
        str(raw["evidence"]),
        str(raw.get("source") or ""),
        low,
        high,
        str(raw.get("note") or ""),
    )


def _one_of(where: str, value: Any, allowed: Sequence[str], faults: list[str]) -> None:
    if value not in allowed:
        faults.append(
            f"{where}: {value!r} is not one of {', '.join(allowed)}." + nearest(str(value), allowed)
        )


def _source(where: str, value: Any, place: Place, faults: list[str]) -> None:
    if value not in place.sources:
        faults.append(
            f"{where}: {value!r} is not in sources.yaml." + nearest(str(value), place.sources)
        )


def _number(where: str, value: Any, faults: list[str]) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value < 0:
        faults.append(f"{where}: {value!r} is not a number of zero or more.")
        return float("nan")
    return float(value)


def _year(where: str, value: Any, faults: list[str]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1950 <= value <= 2200:
        faults.append(f"{where}: {value!r} is not a year.")
        return 0
    return value
