"""A scenario: only what differs from the law and outlook of a place. Data only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rssim.dated import Step
from rssim.errors import ScenarioError, nearest
from rssim.inputs.place import PARAMS, Place, load_place
from rssim.inputs.schema import as_day, checked_value, read_yaml, unknown_keys
from rssim.records import UNITS, Param

FORMAT = 1
DEFAULT_PLACE = "guangzhou"
DEFAULT_END = 2060
LAST_YEAR = 2099
"""Last year of the rate tables."""
KEYS = (
    "rssim",
    "name",
    "title",
    "zh",
    "question",
    "author",
    "place",
    "opening",
    "end",
    "seed",
    "changes",
    "note",
)
CHANGE_KEYS = ("unit", "because", "values", "value")


@dataclass(frozen=True)
class Scenario:
    """What a run is asked: a place, an opening day, a last year and the changed levers.

    changes  lever -> its new steps; from the first new day on they replace the place's own
    """

    name: str
    place: Place
    opening: date
    end: int
    title: str = ""
    zh: str = ""
    question: str = ""
    author: str = ""
    note: str = ""
    seed: int = 0
    changes: dict[str, tuple[Step, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    html: ClassVar[Callable[[Scenario], str] | None] = None
    """How a notebook shows a scenario; set by the study layer, which may know HTML."""

    def __post_init__(self) -> None:
        faults = []
        if self.opening not in self.place.openings:
            days = ", ".join(str(day) for day in sorted(self.place.openings))
            faults.append(
                f"{self.name}: opening {self.opening}: {self.place.key} has opening stocks for "
                f"{days} only."
            )
        if not isinstance(self.end, int) or isinstance(self.end, bool):
            raise ScenarioError([*faults, f"{self.name}: end: {self.end!r} is not a year."])
        if not self.name.strip():
            faults.append("a scenario needs a name; an empty one was given.")
        if self.end < self.opening.year:
            faults.append(f"{self.name}: end {self.end} lies before the opening {self.opening}.")
        if self.end > LAST_YEAR:
            faults.append(f"{self.name}: end {self.end}: the rate tables reach to {LAST_YEAR}.")
        for key, steps in self.changes.items():
            for step in steps:
                if step.since < self.opening:
                    faults.append(
                        f"{self.name}: {key}: the date {step.since} lies before the first step of "
                        f"the run ({self.opening}). A change cannot undo what has happened."
                    )
                if step.since.year > self.end:
                    faults.append(
                        f"{self.name}: {key}: the date {step.since} lies after the last year of "
                        f"the run ({self.end}), so nothing would read it."
                    )
        if faults:
            raise ScenarioError(faults)

    def change(
        self,
        lever: str,
        values: Any,
        *,
        because: str = "",
        unit: str | None = None,
        name: str | None = None,
    ) -> Scenario:
        """The scenario with one lever changed.

        lever    its key, for example ``employee_pension.employer_rate``
        values   a value (from the opening on) or a mapping of days to values
        because  why, for the record
        unit     checked against the unit that the model reads, where given
        Raises ScenarioError if the lever, a date, a unit or a value is not admissible.
        """
        faults: list[str] = []
        steps = _steps(
            f"{self.name}: {lever}",
            lever,
            _long_form(values, because, unit),
            self.place,
            self.opening,
            f"{self.name}",
            faults,
        )
        if faults:
            raise ScenarioError(faults)
        label = name or (self.name if lever in self.changes else f"{self.name}+{lever}")
        return replace(self.named(label), changes=self.changes | {lever: steps})

    def named(self, name: str, title: str = "") -> Scenario:
        """The same scenario under another name, which pictures and tables show if it has no title.

        Only the old name keeps its titles: else a picture would call every scenario the same.
        """
        if name == self.name:
            return replace(self, title=title or self.title)
        return replace(self, name=name, title=title, zh="")

    def until(self, end: int) -> Scenario:
        """The same scenario with another last year."""
        return replace(self, end=end)

    def stacked(self, others: Iterable[Scenario]) -> Scenario:
        """The scenario with the changes of others laid over it in their order."""
        out = self
        for other in others:
            title = " + ".join((out.title or out.name, other.title or other.name))
            name = other.name if out.name == "baseline" else f"{out.name}+{other.name}"
            out = replace(
                out,
                name=name,
                title=other.title if out.name == "baseline" else title,
                question=other.question or out.question,
                zh=other.zh
                if out.name == "baseline"
                else " + ".join(part for part in (out.zh, other.zh) if part),
                changes=out.changes | other.changes,
                files=out.files + other.files,
                parts=(*out.parts, other.name),
            )
        return out

    def diff(self, other: Scenario) -> list[dict[str, Any]]:
        """What differs: lever, from when, from which value to which, unit, why.

        Each row is one step of a lever that differs from the other scenario.
        """
        rows = []
        for key in sorted(set(self.changes) | set(other.changes)):
            mine, theirs = self.changes.get(key, ()), other.changes.get(key, ())
            if mine == theirs:
                continue
            days = sorted({step.since for step in (*mine, *theirs)})
            for day in days:
                rows.append(
                    {
                        "lever": key,
                        "since": day,
                        "from": value_on(other, key, day),
                        "to": value_on(self, key, day),
                        "unit": PARAMS[key].unit,
                        "because": next((s.because for s in mine if s.since == day), ""),
                    }
                )
        return rows

    def __getitem__(self, lever: str) -> Any:
        """The dated value of a lever under this scenario."""
        return effective(self, lever)

    def _ipython_key_completions_(self) -> list[str]:
        return sorted(PARAMS)

    def __repr__(self) -> str:
        lines = [f"Scenario {self.name} · {self.place.name} · {self.opening.year} to {self.end}"]
        for row in self.diff(replace(self, changes={})):
            lines.append(
                f"  {row['lever']}: {plain(row['from'])} → {plain(row['to'])} {row['unit']} "
                f"from {row['since']}"
            )
        return "\n".join(lines if len(lines) > 1 else [*lines, "  no changes"])

    def _repr_html_(self) -> str | None:
        show = type(self).html
        return None if show is None else show(self)


def plain(value: Any) -> str:
    """A value as short text."""
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {plain(item)}" for key, item in value.items()) + "}"
    return str(value)


def effective(scenario: Scenario, lever: str) -> Any:
    """The dated steps of a lever under a scenario."""
    dated = scenario.place.entry(lever).dated
    steps = scenario.changes.get(lever)
    return dated.replaced_from(steps) if steps else dated


def value_on(scenario: Scenario, lever: str, day: date) -> Any:
    """The value of a lever on a day under a scenario, or the word 'formula'."""
    entry = scenario.place.entry(lever)
    steps = scenario.changes.get(lever, ())
    changed = steps and steps[0].since <= day
    if not changed and entry.index.rule != "nominal" and entry.index.last:
        if day > entry.index.last:
            return "formula"
    try:
        return effective(scenario, lever).on(day)
    except KeyError:
        return None


def scenario_folders() -> list[Path]:
    """Where scenarios are looked for: the packaged folder, then the checkout's."""
    package = Path(__file__).resolve().parent.parent
    return [
        folder
        for folder in (package / "_scenarios", package.parent / "scenarios")
        if folder.is_dir()
    ]


def find_scenario(name: str) -> Path:
    """The file of a scenario by path or by packaged name."""
    given = Path(name)
    if given.suffix in (".yaml", ".yml") or os.sep in name:
        if given.exists():
            return given
        for folder in scenario_folders():
            for tail in (
                given,
                Path(*given.parts[1:]) if given.parts[:1] == ("scenarios",) else given,
            ):
                if (folder / tail).exists():
                    return folder / tail
    for folder in scenario_folders():
        for path in sorted(folder.rglob("*.yaml")):
            if path.stem == name or str(path.relative_to(folder).with_suffix("")) == name:
                return path
    known = list_scenarios()
    raise ScenarioError(
        f"{name}: there is no such scenario file; packaged are {', '.join(known)}."
        + nearest(given.stem, known)
    )


def list_scenarios() -> list[str]:
    """Names of the packaged scenarios."""
    found: dict[str, None] = {}
    for folder in scenario_folders():
        for path in sorted(folder.rglob("*.yaml")):
            found[str(path.relative_to(folder).with_suffix(""))] = None
    return list(found)


def load_scenario(
    name: str | Path,
    place: str | Path | Place | None = None,
    opening: date | str | None = None,
    end: int | None = None,
) -> Scenario:
    """A scenario from a packaged name or a file; ``a+b+c`` stacks several, later ones on top.

    Arguments win over what the file says: place, opening (a day) and end (a year).
    """
    parts = [part for part in str(name).split("+") if part.strip()]
    if not parts:
        raise ScenarioError("an empty scenario name was given.")
    paths = [find_scenario(part.strip()) for part in parts]
    raws = [read_yaml(path, ScenarioError) for path in paths]
    faults: list[str] = []
    own = {
        key: _agreed(key, paths, raws, given, faults)
        for key, given in (("place", place), ("opening", opening), ("end", end))
    }
    if faults:
        raise ScenarioError(faults)
    place_name = own["place"] if own["place"] is not None else DEFAULT_PLACE
    opening, end = own["opening"], own["end"]
    found = place_name if isinstance(place_name, Place) else load_place(place_name)
    loaded = [
        _from_raw(path, raw, found, opening, end) for path, raw in zip(paths, raws, strict=True)
    ]
    first, rest = loaded[0], loaded[1:]
    return first.stacked(rest) if rest else first


def _agreed(
    key: str, paths: list[Path], raws: list[dict[str, Any]], given: Any, faults: list[str]
) -> Any:
    """What stacked files say of their place, opening or end, which must be the same.

    An argument wins over the files; a file that does not say takes it from those that do.
    """
    if given is not None:
        return given
    said = [(path.stem, raw[key]) for path, raw in zip(paths, raws, strict=True) if raw.get(key)]
    if any(str(value) != str(said[0][1]) for _, value in said):
        each = ", ".join(f"{value} in {name}" for name, value in said)
        faults.append(
            f"{'+'.join(path.stem for path in paths)}: {key}: the stacked scenarios differ: "
            f"{each}. Say which one is meant."
        )
    return said[0][1] if said else None


def _from_raw(
    path: Path, raw: dict[str, Any], place: Place, opening: date | str | None, end: int | None
) -> Scenario:
    faults: list[str] = []
    where = str(path)
    version = raw.get("rssim")
    if version is None:
        faults.append(f"{where}: the key 'rssim' is missing; write 'rssim: {FORMAT}' (the format).")
    elif not isinstance(version, int) or isinstance(version, bool):
        faults.append(f"{where}: rssim: {version!r} is not a format number; write {FORMAT}.")
    elif version > FORMAT:
        raise ScenarioError(
            f"{where}: rssim: the file has format {version}, this release reads up to {FORMAT}. "
            "Install a newer rssim (pip install -U rssim)."
        )
    faults += unknown_keys(where, raw, KEYS)
    given = opening if opening is not None else raw.get("opening")
    day = as_day(f"{where}: opening", given, faults) if given is not None else None
    day = day or max(place.openings)
    last = end if end is not None else raw.get("end", DEFAULT_END)
    if not isinstance(last, int) or isinstance(last, bool):
        faults.append(f"{where}: end: {last!r} is not a year.")
        last = DEFAULT_END
    changes: dict[str, tuple[Step, ...]] = {}
    raw_changes = raw.get("changes") or {}
    if not isinstance(raw_changes, dict):
        faults.append(f"{where}: changes must be a mapping of levers to values.")
        raw_changes = {}
    for lever, value in raw_changes.items():
        steps = _steps(f"{where}: changes: {lever}", str(lever), value, place, day, where, faults)
        if steps:
            changes[str(lever)] = steps
    if faults:
        raise ScenarioError(faults)
    return Scenario(
        name=str(raw.get("name") or path.stem),
        place=place,
        opening=day,
        end=last,
        title=str(raw.get("title") or raw.get("name") or path.stem),
        zh=str(raw.get("zh") or ""),
        question=str(raw.get("question") or "").strip(),
        author=str(raw.get("author") or ""),
        note=str(raw.get("note") or ""),
        seed=int(raw.get("seed") or 0),
        changes=changes,
        files=(where,),
        parts=(path.stem,),
    )


def _long_form(values: Any, because: str, unit: str | None) -> dict[str, Any]:
    out: dict[str, Any] = {"values": values, "because": because}
    if unit is not None:
        out["unit"] = unit
    return out


def _looks_dated(value: Any) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    faults: list[str] = []
    return all(
        not (isinstance(key, int) and key < 1800) and as_day("", key, faults) is not None
        for key in value
    )


def _steps(
    where: str, lever: str, raw: Any, place: Place, opening: date, origin: str, faults: list[str]
) -> tuple[Step, ...]:
    param = PARAMS.get(lever)
    if param is None:
        faults.append(f"{where}: there is no such lever." + nearest(lever, PARAMS))
        return ()
    because = ""
    if isinstance(raw, dict) and ("values" in raw or "value" in raw):
        faults += unknown_keys(where, raw, CHANGE_KEYS)
        because = str(raw.get("because") or "").strip()
        unit = raw.get("unit")
        if unit is not None and unit != param.unit:
            faults.append(
                f"{where}: unit {unit!r} is given, the model reads {param.unit!r} "
                f"({UNITS[param.unit]})."
            )
        raw = raw.get("values", raw.get("value"))
    if isinstance(raw, dict) and not raw:
        faults.append(f"{where}: has no values.")
        return ()
    dated = raw if _looks_dated(raw) or _meant_as_dates(raw, param) else {opening: raw}
    before = len(faults)
    steps = _dated_steps(where, param, dated, place, because, origin, faults)
    return steps if len(faults) == before else ()


def _meant_as_dates(raw: Any, param: Param) -> bool:
    """Whether a mapping is a list of days with a mistake in it rather than a table."""
    if not isinstance(raw, dict):
        return False
    return not param.dims or any(isinstance(key, date) for key in raw)


def _dated_steps(
    where: str,
    param: Param,
    dated: dict[Any, Any],
    place: Place,
    because: str,
    origin: str,
    faults: list[str],
) -> tuple[Step, ...]:
    steps = []
    for key, value in dated.items():
        day = as_day(f"{where}: {key}", key, faults)
        checked = checked_value(f"{where}: {key}", value, param, place.axes.group_names, faults)
        if day is not None and checked is not None:
            steps.append(
                Step(
                    since=day,
                    value=checked,
                    kind="assumption",
                    evidence="none",
                    source="scenario",
                    because=because,
                    origin=origin,
                )
            )
    steps.sort(key=lambda step: step.since)
    for earlier, later in zip(steps, steps[1:], strict=False):
        if earlier.since == later.since:
            faults.append(f"{where}: the date {later.since} is given twice.")
    return tuple(steps)
