"""A place: its groups, dated values with sources, tables and opening stocks. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from rssim.axes import Axes, Group
from rssim.dated import Dated, Step
from rssim.errors import PlaceError, nearest
from rssim.inputs.assumptions import ASSUMPTIONS
from rssim.inputs.schema import (
    as_day,
    checked_step,
    dated_from,
    read_yaml,
    unknown_keys,
)
from rssim.records import UNITS, Param, params
from rssim.rules.law import LAWS
from rssim.rules.schemes import SCHEME_TERMS

RECORDS = LAWS + ASSUMPTIONS + SCHEME_TERMS
PARAMS: dict[str, Param] = {item.key: item for record in RECORDS for item in params(record)}
LAYERS = ("law", "economy", "behaviour")
PLACES = Path(__file__).resolve().parent.parent / "places"
PLACE_KEYS = (
    "name",
    "zh",
    "level",
    "extends",
    "opening",
    "groups",
    "group_axes",
    "conversion",
    "upgrade",
    "fund",
    "scope",
    "scope_zh",
    "licence",
    "bounds",
)


@dataclass(frozen=True)
class Index:
    """What a value does after the last published one.

    rule     nominal (stays), model (the year's formula), series (grows with another value),
             value_of (takes another value)
    last     last day for which the last published value holds
    """

    rule: str = "nominal"
    series: str = ""
    lag: int = 0
    rounding: float = 0.0
    last: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """A lever's dated values in a place."""

    param: Param
    dated: Dated
    index: Index
    file: str
    place: str


@dataclass(frozen=True)
class Source:
    """Where a value comes from."""

    key: str
    title: str
    issuer: str = ""
    number: str = ""
    date: str = ""
    url: str = ""
    licence: str = ""
    note: str = ""

    def text(self) -> str:
        """One line: issuer, title, number, date, address."""
        parts = [self.issuer, self.title, self.number, self.date, self.url]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Place:
    """Everything that is known of a place; children inherit what they do not say themselves."""

    key: str
    name: str
    zh: str
    level: str
    folders: tuple[Path, ...]
    axes: Axes
    group_axes: tuple[str, ...]
    conversion: dict[str, str]
    upgrade: dict[str, str]
    openings: dict[date, Path]
    entries: dict[str, Entry]
    sources: dict[str, Source]
    calibration: dict[date, dict[str, Any]]
    score: list[dict[str, Any]]
    fund: dict[str, Any]
    about: dict[str, Any] = field(default_factory=dict)

    def file(self, name: str) -> Path:
        """The file of a table in the place's own folder or the nearest parent's (.gz allowed)."""
        for folder in self.folders:
            for candidate in (folder / name, folder / f"{name}.gz"):
                if candidate.exists():
                    return candidate
        raise PlaceError(
            f"{self.folders[0]}: the table {name} is missing, also in "
            f"{', '.join(folder.name for folder in self.folders[1:]) or 'no parent place'}."
        )

    def has(self, name: str) -> bool:
        """Whether the place's own folder holds a table."""
        folder = self.folders[0]
        return (folder / name).exists() or (folder / f"{name}.gz").exists()

    def entry(self, key: str) -> Entry:
        """The dated values of a lever; an unknown key names the nearest ones."""
        if key not in PARAMS:
            from rssim.errors import ParameterError

            raise ParameterError(f"{key}: there is no such lever." + nearest(key, PARAMS))
        return self.entries[key]


def place_folder(name: str | Path) -> Path:
    """The folder of a place: a packaged name, a path, or an entry point of ``rssim.places``."""
    packaged = PLACES / str(name)
    if not str(name).strip():
        raise PlaceError(
            "an empty name of a place was given; known are "
            f"{', '.join(packaged_places())}, or give a folder."
        )
    if "/" not in str(name) and packaged.is_dir():
        return packaged
    if Path(name).is_dir():
        return Path(name)
    from importlib.metadata import entry_points

    found = {point.name: point for point in entry_points(group="rssim.places")}
    if str(name) in found:
        return Path(str(found[str(name)].load()))
    known = [*packaged_places(), *found]
    raise PlaceError(
        f"{name}: there is no such place; known are {', '.join(known)}, or give a folder."
        + nearest(str(name), known)
    )


def packaged_places() -> list[str]:
    """The names of the places that come with rssim."""
    return sorted(folder.name for folder in PLACES.iterdir() if (folder / "place.yaml").exists())


def load_place(name: str | Path) -> Place:
    """A place with everything it inherits; all faults of its files in one error."""
    return _load(place_folder(name).resolve())


@cache
def _load(folder: Path) -> Place:
    faults: list[str] = []
    about = read_yaml(folder / "place.yaml", PlaceError)
    where = str(folder / "place.yaml")
    faults += unknown_keys(where, about, PLACE_KEYS)
    parent = None
    if about.get("extends"):
        beside = folder.parent / str(about["extends"])
        parent = _load(beside.resolve() if beside.is_dir() else place_folder(about["extends"]))
    groups = _groups(where, about, faults)
    entries = dict(parent.entries) if parent else {}
    sources = dict(parent.sources) if parent else {}
    sources |= _sources(folder / "sources.yaml", faults)
    for layer in LAYERS:
        entries |= _entries(folder, layer, groups, sources, faults)
    missing = [key for key in PARAMS if key not in entries]
    faults += [f"{folder}: the lever {key} has no value." for key in missing]
    calibration, score = _calibration(folder / "calibration.yaml", faults)
    openings = {}
    for day, file in (about.get("opening") or {}).items():
        opening = as_day(f"{where}: opening", day, faults)
        if opening is not None:
            openings[opening] = folder / str(file)
    if faults:
        raise PlaceError(faults)
    return Place(
        key=folder.name,
        name=str(about.get("name", folder.name)),
        zh=str(about.get("zh", "")),
        level=str(about.get("level", "")),
        folders=(folder, *(parent.folders if parent else ())),
        axes=Axes(groups=groups),
        group_axes=tuple(about.get("group_axes") or ()),
        conversion=dict(about.get("conversion") or {}),
        upgrade=dict(about.get("upgrade") or {}),
        openings=openings,
        entries=entries,
        sources=sources,
        calibration=calibration,
        score=score,
        fund=dict(about.get("fund") or {}),
        about={key: about.get(key) for key in ("scope", "scope_zh", "licence", "bounds")},
    )


def _groups(where: str, about: dict[str, Any], faults: list[str]) -> tuple[Group, ...]:
    out = []
    for raw in about.get("groups") or [{"name": "all"}]:
        if not isinstance(raw, dict) or "name" not in raw:
            faults.append(f"{where}: each group needs a name, found {raw!r}.")
            continue
        rest = {str(key): str(value) for key, value in raw.items() if key != "name"}
        out.append(Group(str(raw["name"]), rest))
    return tuple(out)


def _sources(path: Path, faults: list[str]) -> dict[str, Source]:
    if not path.exists():
        return {}
    out = {}
    allowed = ("title", "issuer", "number", "date", "url", "licence", "note", "accessed")
    for key, raw in read_yaml(path, PlaceError).items():
        if not isinstance(raw, dict) or not raw.get("title"):
            faults.append(f"{path}: source {key!r} needs a title.")
            continue
        faults += unknown_keys(f"{path}: {key}", raw, allowed)
        known = {name: str(raw.get(name) or "") for name in allowed if name != "accessed"}
        out[key] = Source(key=key, **known)
    return out


def _entries(
    folder: Path,
    layer: str,
    groups: tuple[Group, ...],
    sources: dict[str, Source],
    faults: list[str],
) -> dict[str, Entry]:
    out: dict[str, Entry] = {}
    names = [group.name for group in groups]
    for path in sorted((folder / layer).glob("*.yaml")):
        try:
            content = read_yaml(path, PlaceError)
        except PlaceError as fault:
            faults += fault.faults
            continue
        for name, raw in content.items():
            key, where = f"{path.stem}.{name}", f"{path}: {name}"
            item = PARAMS.get(key)
            if item is None or item.layer != layer:
                known = [word for word in PARAMS if PARAMS[word].layer == layer]
                faults.append(f"{where}: {key} is not a lever of {layer}." + nearest(key, known))
                continue
            entry = _entry(where, raw, item, names, sources, path, folder.name, faults)
            if entry is not None:
                out[key] = entry
    return out


def _entry(
    where: str,
    raw: Any,
    item: Param,
    groups: list[str],
    sources: dict[str, Source],
    path: Path,
    place: str,
    faults: list[str],
) -> Entry | None:
    if not isinstance(raw, dict):
        faults.append(f"{where}: needs the keys unit and values.")
        return None
    before = len(faults)
    faults += unknown_keys(where, raw, ("unit", "values", "index", "index_note", "last", "note"))
    if raw.get("unit") != item.unit:
        faults.append(
            f"{where}: unit {raw.get('unit')!r} is given, the model reads {item.unit!r} "
            f"({UNITS[item.unit]})."
        )
    steps = []
    for number, step in enumerate(raw.get("values") or [], start=1):
        found = checked_step(f"{where}: step {number}", step, item, groups, str(path), faults)
        if found is not None:
            steps.append(found)
            if found.source and found.source not in sources:
                faults.append(
                    f"{where}: step {number}: source {found.source!r} is not in sources.yaml."
                    + nearest(found.source, sources)
                )
    index = _index(where, raw, item, faults)
    dated = dated_from(where, steps, faults)
    if dated is None or len(faults) > before:
        return None
    if not steps and index.rule != "model":
        faults.append(f"{where}: has no values.")
        return None
    return Entry(item, dated, index, str(path), place)


def _index(where: str, raw: dict[str, Any], item: Param, faults: list[str]) -> Index:
    given = raw.get("index")
    note = str(raw.get("index_note") or "")
    if given is None:
        if item.unit.startswith("yuan"):
            faults.append(
                f"{where}: an amount of money must say how it goes on (index: nominal, model or "
                "{series: ...})."
            )
        return Index(note=note)
    if isinstance(given, str):
        given = {"rule": given}
    allowed = ("rule", "series", "value_of", "lag", "rounding", "last", "note")
    faults += unknown_keys(f"{where}: index", given, allowed)
    last_raw = given.get("last", raw.get("last"))
    last = as_day(f"{where}: index: last", last_raw, faults) if last_raw else None
    rule = str(given.get("rule") or "")
    series = str(given.get("series") or given.get("value_of") or "")
    if not rule:
        rule = "series" if given.get("series") else "value_of" if given.get("value_of") else ""
    if rule not in ("nominal", "model", "series", "value_of"):
        faults.append(f"{where}: index {rule!r} is not one of nominal, model, series, value_of.")
    if rule == "model" and not item.formula:
        faults.append(f"{where}: index model, but no formula of the model continues {item.key}.")
    if rule in ("series", "value_of") and series not in PARAMS:
        faults.append(
            f"{where}: index names {series!r}, which is no lever." + nearest(series, PARAMS)
        )
    if rule != "nominal" and last is None:
        faults.append(f"{where}: index {rule} needs last, the last day of the published value.")
    return Index(
        rule,
        series,
        int(given.get("lag") or 0),
        float(given.get("rounding") or 0),
        last,
        str(given.get("note") or note),
    )


def _calibration(
    path: Path, faults: list[str]
) -> tuple[dict[date, dict[str, Any]], list[dict[str, Any]]]:
    if not path.exists():
        faults.append(f"{path}: there is no such file.")
        return {}, []
    out: dict[date, dict[str, Any]] = {}
    content = read_yaml(path, PlaceError)
    score = content.pop("score", []) or []
    for day, moments in content.items():
        opening = as_day(f"{path}: {day}", day, faults)
        if not isinstance(moments, dict):
            faults.append(f"{path}: {day}: a mapping of moments to their values is needed.")
        elif opening is not None:
            for name, entry in moments.items():
                _check_moment(f"{path}: {day}: {name}", entry, faults)
            out[opening] = moments
    return out, list(score)


def _check_moment(where: str, entry: Any, faults: list[str]) -> None:
    """Adds a fault where a moment has no finite value, or one that no count or share can have."""
    value = entry.get("value") if isinstance(entry, dict) else entry
    unit = entry.get("unit") if isinstance(entry, dict) else None
    if (
        not isinstance(entry, dict)
        or not isinstance(value, int | float)
        or isinstance(value, bool)
        or not isfinite(value)
    ):
        faults.append(f"{where}: {value!r} is not a number; write it as 'value: number'.")
    elif value < 0 and unit in ("persons", "share"):
        faults.append(f"{where}: {value:g} is below 0, which no {unit} can be.")
    elif value > 1 and unit == "share":
        faults.append(f"{where}: {value:g} is above 1; a share is needed.")


def steps_text(step: Step, sources: dict[str, Source]) -> str:
    """The source of a step in words."""
    return sources[step.source].text() if step.source in sources else step.source
