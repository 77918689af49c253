"""Checks of YAML files: syntax, keys, types. All faults of a file are reported at once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from rssim.axes import SEXES, TRACKS
from rssim.dated import EVIDENCE, KINDS, Dated, Step
from rssim.errors import ParameterError, RssimError, nearest
from rssim.inputs.tables import read_text
from rssim.records import UNITS, Param

OTHERS = "others"
"""In a table by labels: all labels that it does not name."""
STEP_KEYS = (
    "since",
    "value",
    "kind",
    "evidence",
    "source",
    "note",
    "low",
    "high",
    "expires",
    "fallback",
)


def read_yaml(path: Path, error: type[RssimError]) -> dict[str, Any]:
    """The mapping in a YAML file; syntax errors name the line."""
    import yaml

    text = read_text(path, error)

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """A safe loader that refuses a key given twice; YAML itself would drop the first."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen: set[str] = set()
            for key in (key for key, _ in node.value if isinstance(key.value, str)):
                if key.value in seen:
                    problem = f"the key {key.value!r} is given twice"
                    raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
                seen.add(key.value)
            return dict(super().construct_mapping(node, deep))

    try:
        content = yaml.load(text, Loader=Loader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = getattr(fault, "problem", None) or "cannot be parsed"
        raise error(f"{path}: {line}this is not valid YAML ({problem}).") from None
    if not isinstance(content, dict):
        raise error(
            f"{path}: the file must hold 'key: value' lines, found {type(content).__name__}."
        )
    return {str(key): value for key, value in content.items()}


def unknown_keys(where: str, found: Iterable[str], allowed: Iterable[str]) -> list[str]:
    """One fault for each key that is not allowed."""
    known = list(allowed)
    return [
        f"{where}: {key!r} is not a key here; allowed are {', '.join(known)}." + nearest(key, known)
        for key in map(str, found)
        if key not in known
    ]


def as_day(where: str, value: Any, faults: list[str]) -> date | None:
    """A date from a YAML date, an ISO text or a whole year (its first day)."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int) and 1800 <= value <= 2500:
        return date(value, 1, 1)
    if isinstance(value, str):
        text = value.strip()
        try:
            return date.fromisoformat(text if len(text) > 7 else f"{text}-01"[:10])
        except ValueError:
            if text.isdigit() and len(text) == 4:
                return date(int(text), 1, 1)
    faults.append(
        f"{where}: {value!r} is not a date. Write year-month-day, for example 2026-01-01."
    )
    return None


def _number(where: str, value: Any, param: Param, faults: list[str]) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = ""
        if isinstance(value, str) and value.strip().endswith("%"):
            hint = " Write a percentage as a fraction: 20 % is 0.20."
        faults.append(
            f"{where}: {value!r} is not a number; the unit is {param.unit} "
            f"({UNITS[param.unit]}).{hint}"
        )
        return None
    number = float(value)
    if math.isnan(number):
        faults.append(f"{where}: the value is not a number (NaN).")
        return None
    low, high = param.bounds
    if not low <= number <= high:
        hint = ""
        if param.unit.startswith("share") and number > 1 and number / 100 <= high:
            hint = f" If you mean {number:g} %, write {number / 100:g}."
        faults.append(
            f"{where}: {number:g} is outside the allowed {low:g} to {high:g} {param.unit}.{hint}"
        )
        return None
    return number


def checked_value(
    where: str, value: Any, param: Param, groups: Iterable[str], faults: list[str]
) -> Any:
    """A number, a word or a table as the lever allows; faults are added to the list."""
    if param.choices:
        if value not in param.choices:
            faults.append(
                f"{where}: {value!r} is not one of {', '.join(param.choices)}."
                + nearest(str(value), param.choices)
            )
            return None
        return value
    if not isinstance(value, dict):
        return _number(where, value, param, faults)
    if not param.dims:
        faults.append(f"{where}: a table is given, but {param.key} is a single number.")
        return None
    if param.dims in (("table",), ("age",)):
        return _by_age(where, value, param, faults)
    return _by_labels(where, value, param, param.dims, list(groups), faults)


def _by_age(where: str, value: dict[Any, Any], param: Param, faults: list[str]) -> dict[int, Any]:
    out = {}
    for key, item in value.items():
        if isinstance(key, bool) or not isinstance(key, int) or not 0 <= key <= 150:
            faults.append(f"{where}: {key!r} is not an age in whole years.")
            continue
        out[key] = _number(f"{where}: age {key}", item, param, faults)
    return out


def _by_labels(
    where: str,
    value: Any,
    param: Param,
    dims: tuple[str, ...],
    groups: list[str],
    faults: list[str],
) -> Any:
    if not dims or not isinstance(value, dict):
        return _number(where, value, param, faults)
    if dims[0] == "age":
        return _by_age(where, value, param, faults)
    labels = {"sex": list(SEXES), "track": list(TRACKS), "group": groups}[dims[0]]
    if OTHERS in value:
        rest = {label: value[OTHERS] for label in labels if label not in value}
        value = rest | {label: item for label, item in value.items() if label != OTHERS}
    if set(value) <= set(labels):
        missing = [label for label in labels if label not in value]
        faults += [f"{where}: the value for {dims[0]} {label} is missing." for label in missing]
        return {
            label: _by_labels(f"{where}: {label}", item, param, dims[1:], groups, faults)
            for label, item in value.items()
        }
    by_age = all(isinstance(key, int) and not isinstance(key, bool) for key in value)
    if len(dims) > 1 and (dims[1] != "age" or by_age):
        return {
            label: _by_labels(where, value, param, dims[1:], groups, faults) for label in labels
        }
    faults += unknown_keys(where, [key for key in value if key not in labels], labels)
    return None


def checked_step(
    where: str, raw: Any, param: Param, groups: Iterable[str], origin: str, faults: list[str]
) -> Step | None:
    """One dated step of a place's file."""
    if not isinstance(raw, dict):
        faults.append(f"{where}: a step needs the keys since, value, kind, evidence, source.")
        return None
    before = len(faults)
    faults += unknown_keys(where, raw, STEP_KEYS)
    for key in ("since", "value", "kind", "evidence"):
        if key not in raw:
            faults.append(f"{where}: the key {key!r} is missing.")
    if len(faults) > before:
        return None
    since = as_day(f"{where}: since", raw["since"], faults)
    for key, allowed in (("kind", KINDS), ("evidence", EVIDENCE)):
        if raw[key] not in allowed:
            faults.append(
                f"{where}: {key} {raw[key]!r} is not one of {', '.join(allowed)}."
                + nearest(str(raw[key]), allowed)
            )
    value = checked_value(f"{where}: value", raw["value"], param, groups, faults)
    expires = as_day(f"{where}: expires", raw["expires"], faults) if "expires" in raw else None
    fallback = None
    if expires is not None:
        if "fallback" not in raw:
            faults.append(f"{where}: a step that expires needs a fallback.")
        else:
            fallback = checked_value(f"{where}: fallback", raw["fallback"], param, groups, faults)
    if raw["kind"] in ("assumption", "estimate") and not param.choices:
        faults += [
            f"{where}: an {raw['kind']} needs a range ({key!r} is missing)."
            for key in ("low", "high")
            if key not in raw
        ]
    if since is None or len(faults) > before:
        return None
    return Step(
        since=since,
        value=value,
        kind=raw["kind"],
        evidence=raw["evidence"],
        source=str(raw.get("source") or ""),
        note=str(raw.get("note") or ""),
        low=raw.get("low"),
        high=raw.get("high"),
        expires=expires,
        fallback=fallback,
        origin=origin,
    )


def dated_from(where: str, steps: list[Step], faults: list[str]) -> Dated | None:
    """The steps as one dated value; equal or descending days are faults."""
    days = [step.since for step in steps]
    for earlier, later in zip(days, days[1:], strict=False):
        if later <= earlier:
            faults.append(f"{where}: the step of {later} must come after that of {earlier}.")
    return (
        None if any(b <= a for a, b in zip(days, days[1:], strict=False)) else Dated(tuple(steps))
    )


def lay_out(value: Any, param: Param, groups: tuple[str, ...]) -> np.ndarray:
    """The value of a lever as an array of (1, group, sex, age) or, by track, (.., track, age).

    Tables by starting age become a value for each single age; a table of the law keeps its rows.
    """
    if param.dims == ("table",):
        return np.array([value[key] for key in sorted(value)], dtype=float)
    if param.dims == ("age",):
        return _ages(value, param).reshape(1, 1, 1, -1)
    if param.dims == ("group", "age") and isinstance(value, dict):
        by_group = np.stack([_ages(value[name], param) for name in groups])
        return by_group.reshape(1, len(groups), 1, -1)
    if param.dims == ("sex", "track"):
        table = value if isinstance(value, dict) else dict.fromkeys(SEXES, value)
        rows = [
            [item[track] if isinstance(item, dict) else item for track in TRACKS]
            for item in (table[sex] for sex in SEXES)
        ]
        return np.array(rows, dtype=float).reshape(1, 1, len(SEXES), len(TRACKS), 1)
    if param.dims == ("sex",) and isinstance(value, dict):
        return np.array([value[sex] for sex in SEXES], dtype=float).reshape(1, 1, len(SEXES), 1)
    if param.dims == ("group",) and isinstance(value, dict):
        return np.array([value[name] for name in groups], dtype=float).reshape(1, len(groups), 1, 1)
    return np.full((1, 1, 1, 1), float(value))


def _ages(value: Any, param: Param) -> np.ndarray:
    """A number, or a table by starting age, as a value for each single age."""
    if not isinstance(value, dict):
        return np.full(101, float(value))
    starts = sorted(value)
    if starts[0] != 0:
        raise ParameterError(f"{param.key}: a table by age must start at age 0.")
    at = np.searchsorted(starts, np.arange(101), side="right") - 1
    return np.array([value[start] for start in starts], dtype=float)[at]
