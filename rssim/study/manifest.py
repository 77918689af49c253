"""What is needed to run a result again, and the check that it comes out the same."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from rssim.dated import Step
from rssim.errors import ScenarioError
from rssim.inputs.place import PARAMS, PLACES, Place, load_place, steps_text
from rssim.inputs.scenario import FORMAT, Scenario
from rssim.records import Array
from rssim.study.record import Simulated

PACKAGE = Path(__file__).resolve().parent.parent
DIGITS = 10
"""Significant digits that the hash of results sees: less than what processors disagree about."""
CLOSE = 1e-9
"""Relative difference of sums below which results count as the same but for rounding."""
ONE_FOR_ALL = ("place", "opening", "end", "seed")


def manifest_of(runs: Sequence[Simulated]) -> dict[str, Any]:
    """Versions, hashes, scenarios, every value with its source, constants: plain JSON types."""
    import rssim

    scenarios = [scenario_record(item.scenario) for item in runs]
    places = {item.scenario.place.key: item for item in runs}
    first = scenarios[0]
    return {
        "rssim": rssim.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "format": FORMAT,
        **{key: first[key] for key in ONE_FOR_ALL},
        "data_hash": data_hash(item.scenario.place for item in places.values()),
        "code_hash": code_hash(),
        "result_hash": result_hash(runs),
        "scenarios": scenarios,
        "constants": {key: constants_record(item) for key, item in places.items()},
        "calibration": {key: calibration_record(item) for key, item in places.items()},
        "values": {key: values_record(item.scenario.place) for key, item in places.items()},
        "sources": {key: sources_record(item.scenario.place) for key, item in places.items()},
        "sums": {item.scenario.name: _sums(item.headline) for item in runs},
    }


def scenario_record(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain types, from which `scenario_from` makes the same one."""
    out: dict[str, Any] = {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "place": scenario.place.key,
        "opening": scenario.opening.isoformat(),
        "end": scenario.end,
        "seed": scenario.seed,
        "changes": {
            lever: {
                "unit": PARAMS[lever].unit,
                "because": steps[0].because,
                "values": {step.since.isoformat(): step.value for step in steps},
            }
            for lever, steps in scenario.changes.items()
        },
    }
    if scenario.place.folders[0].parent != PLACES:
        out["place_folder"] = str(scenario.place.folders[0])
    return out


def scenario_from(record: dict[str, Any]) -> Scenario:
    """The scenario that a manifest describes."""
    from datetime import date

    out = Scenario(
        name=str(record["name"]),
        place=load_place(record.get("place_folder", record["place"])),
        opening=date.fromisoformat(record["opening"]),
        end=int(record["end"]),
        title=str(record.get("title", "")),
        question=str(record.get("question", "")),
        seed=int(record.get("seed", 0)),
    )
    for lever, change in record["changes"].items():
        out = out.change(
            lever, change["values"], because=change["because"], unit=change["unit"], name=out.name
        )
    return out


def constants_record(item: Simulated) -> dict[str, list[float]]:
    """Calibrated constants by draw."""
    constants = item.calibration.constants
    rows = {
        part.name: [float(value) for value in np.ravel(getattr(constants, part.name))]
        for part in fields(constants)
        if part.name not in ("jobs", "composition", "schemes")
    }
    for key, found in constants.schemes.items():
        for part in fields(found):
            values = np.atleast_1d(np.asarray(getattr(found, part.name), dtype=float))
            rows[f"{key}.{part.name}"] = [float(draw.mean()) for draw in values]
    # Cells of the market for jobs go in as their means: the opening fixes them.
    for part in () if constants.jobs is None else fields(constants.jobs):
        values = getattr(constants.jobs, part.name)
        rows[f"jobs.{part.name}"] = [float(draw.mean()) for draw in values]
    return rows


def calibration_record(item: Simulated) -> list[dict[str, Any]]:
    """Observed and model value of every calibrated moment."""
    return [
        {
            "moment": line.moment,
            "at": line.at,
            "unit": line.unit,
            "observed": line.observed,
            "model": line.model,
            "constant": line.constant,
            "source": line.source,
        }
        for line in item.calibration.lines
    ]


def values_record(place: Place) -> dict[str, Any]:
    """Every dated value of a place: unit, how it goes on, and steps with kind and source."""
    out: dict[str, Any] = {}
    for key, entry in place.entries.items():
        index = entry.index
        out[key] = {
            "unit": entry.param.unit,
            "index": " ".join(part for part in (index.rule, index.series) if part),
            "last": index.last.isoformat() if index.last else None,
            "place": entry.place,
            "steps": [_step_record(step) for step in entry.dated],
        }
    return out


def _step_record(step: Step) -> dict[str, Any]:
    out = {
        "since": step.since.isoformat(),
        "value": step.value,
        "kind": step.kind,
        "evidence": step.evidence,
        "source": step.source,
    }
    if step.expires:
        out |= {"expires": step.expires.isoformat(), "fallback": step.fallback}
    return out


def sources_record(place: Place) -> dict[str, str]:
    """The sources that the place's values name, in words."""
    steps = [step for entry in place.entries.values() for step in entry.dated if step.source]
    return {step.source: steps_text(step, place.sources) for step in steps}


# Hashes -----------------------------------------------------------------------------------------


def data_hash(places: Iterable[Place]) -> str:
    """SHA-256 over the files of places and of those that they inherit from."""
    folders = sorted({folder for place in places for folder in place.folders})
    return _joined(_folder_hash(folder, "") for folder in folders)


def law_hash(places: Iterable[Place]) -> str:
    """SHA-256 over the law files of places and of those that they inherit from."""
    folders = sorted({folder / "law" for place in places for folder in place.folders})
    return _joined(_folder_hash(folder, ".yaml") for folder in folders if folder.is_dir())


def code_hash() -> str:
    """SHA-256 over the Python files of the package."""
    return _folder_hash(PACKAGE, ".py")


@cache
def _folder_hash(folder: Path, suffix: str) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or not path.name.endswith(suffix) or "__pycache__" in path.parts:
            continue
        # Ends of lines may differ between checkouts of one commit.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        found.update(path.relative_to(folder).as_posix().encode() + b"\0")
        found.update(hashlib.sha256(content).digest())
    return found.hexdigest()


def _joined(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def result_hash(runs: Sequence[Simulated]) -> str:
    """SHA-256 over the headline series, rounded to ten significant digits."""
    lines = []
    for item in runs:
        for key, values in item.headline.items():
            digits = " ".join(_digits(float(value)) for value in np.ravel(values))
            lines.append(f"{item.scenario.name} {key} {values.shape} {digits}")
    return _joined(lines)


def _digits(value: float) -> str:
    """A number in ten significant digits; both zeros are one."""
    return f"{value + 0.0:.{DIGITS - 1}e}"


def _sums(headline: dict[str, Array]) -> dict[str, float | None]:
    """Sum of every series over years, the mean over draws; None where a value is missing."""
    sums = {key: float(values.sum(axis=-1).mean()) for key, values in headline.items()}
    return {key: found if np.isfinite(found) else None for key, found in sums.items()}


# Running again ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verification:
    """What differs between a saved result and the same scenarios run now.

    same         the results are equal in ten digits, or but for rounding
    differences  one line each: code, data, versions, results; empty if all is equal
    """

    file: str
    same: bool
    differences: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.same

    def __str__(self) -> str:
        verdict = "the results are the same" if self.same else "THE RESULTS DIFFER"
        return "\n".join([f"{self.file}: {verdict}.", *(f"  {line}" for line in self.differences)])


def verify(file: str | Path) -> Verification:
    """Runs a saved result again and says what differs.

    file  the folder or file that was saved, or its manifest (.json)
    Raises ScenarioError where there is no readable manifest.
    """
    from rssim.study.run import run

    saved = read_manifest(Path(file))
    again = run([scenario_from(item) for item in saved["scenarios"]], bite="off")
    now = again.manifest
    lines = [
        f"{name}: {saved.get(key)} then, {now[key]} now"
        for key, name in (("rssim", "rssim"), ("python", "Python"), ("numpy", "numpy"))
        if saved.get(key) != now[key]
    ]
    lines += [
        f"{name}: has changed since"
        for key, name in (("code_hash", "code"), ("data_hash", "data of the place"))
        if saved.get(key) != now[key]
    ]
    if saved.get("result_hash") == now["result_hash"]:
        return Verification(str(file), True, tuple(lines))
    moved = _moved(saved.get("sums", {}), now["sums"])
    if moved and moved[0][1] > CLOSE:
        parts = ", ".join(f"{name} by {gap:.2g} of its sum" for name, gap in moved[:5])
        return Verification(str(file), False, (*lines, f"results: differ most in {parts}"))
    if not moved:
        return Verification(str(file), False, (*lines, "results: years or scenarios differ"))
    return Verification(str(file), True, (*lines, "results: differ by rounding only"))


def _moved(saved: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, float]]:
    """Series whose sums differ, the largest relative difference first."""
    out = []
    for scenario, sums in now.items():
        for key, value in sums.items():
            before = saved.get(scenario, {}).get(key)
            if before == value:
                continue
            known = before is not None and value is not None
            scale = max(abs(before), abs(value)) if known else 1.0
            out.append((f"{scenario}: {key}", abs(before - value) / scale if known else 1.0))
    return sorted(out, key=lambda item: -item[1])


def manifest_file(path: Path) -> Path:
    """Where the manifest of a saved file or folder stands."""
    if path.is_dir() or not path.suffix:
        return path / "manifest.json"
    return path if path.suffix == ".json" else path.with_name(f"{path.stem}.manifest.json")


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a saved result."""
    where = manifest_file(path)
    if not where.exists():
        raise ScenarioError(f"{path}: has no manifest; {where} does not exist.")
    try:
        found = json.loads(where.read_text(encoding="utf-8"))
    except (ValueError, OSError) as fault:
        raise ScenarioError(f"{where}: this is not a readable manifest ({fault}).") from None
    if not isinstance(found, dict) or not found.get("scenarios"):
        raise ScenarioError(f"{where}: this is not the manifest of a result: no scenarios in it.")
    if found.get("format", FORMAT) > FORMAT:
        raise ScenarioError(
            f"{where}: format {found['format']}, this release reads up to {FORMAT}. Install a "
            "newer rssim (pip install -U rssim)."
        )
    return found
