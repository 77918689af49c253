"""The register of a plan, read and checked: every link resolves, every gap says what is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rssim.errors import PlaceError, RssimError, ScenarioError, nearest
from rssim.inputs.place import PARAMS, Place, load_place
from rssim.inputs.scenario import DEFAULT_PLACE, find_scenario, list_scenarios
from rssim.inputs.schema import read_yaml
from rssim.inputs.tables import Table
from rssim.study.systems import COLUMNS, KINDS, STATES, TIERS, Link, Register, System
from rssim.study.target_file import FILE as TARGETS
from rssim.study.target_file import Target, load_targets, plan_file

FILE = "systems.csv"
MECHANISMS = "mechanisms.csv"
ID = re.compile(r"S(\d)-\d{2}")


def systems(
    place: str | Path = DEFAULT_PLACE,
    section: int | None = None,
    tier: str | None = None,
    state: str | None = None,
) -> Register:
    """The register of the plan of a place: every system and what carries it, all or a choice.

    place    a packaged place or a folder that has a systems.csv, or whose parent has one
    section  0 to 8
    tier     A, B or C
    state    carried, channel, not yet or context
    Raises   PlaceError with all faults of the files at once.
    """
    return load_register(place).choose(section, tier, state)


def system(key: str, place: str | Path = DEFAULT_PLACE) -> System:
    """The card of one system, for example ``rssim.system("S4-11")``."""
    return load_register(place).system(key)


def load_register(place: str | Path | Place = DEFAULT_PLACE) -> Register:
    """The register of a place with every link resolved; all faults in one PlaceError."""
    found = place if isinstance(place, Place) else load_place(place)
    path = plan_file(found, FILE)
    table = Table(path, COLUMNS)
    kinds = Table(path.parent / MECHANISMS, ("key", "name", "moves"))
    moves = {row["key"]: row["moves"] for row in kinds.rows}
    targets = load_targets(found)
    faults: list[str] = []
    out = []
    seen: dict[str, int] = {}
    for line, row in enumerate(table.rows, start=2):
        where = f"{path}: line {line}"
        if None in row or None in row.values():
            faults.append(f"{where}: has not {len(COLUMNS)} cells; quote a text with a comma.")
            continue
        row = {name: (cell or "").strip() for name, cell in row.items()}
        if row["id"] in seen:
            faults.append(f"{where}: {row['id']} stands in line {seen[row['id']]} already.")
        seen[row["id"]] = line
        where = f"{where}, {row['id']}"
        before = len(faults)
        _check_words(where, row, moves, faults)
        links = _links(where, row["carried_by"], targets, faults)
        if len(faults) == before:
            _check_state(where, row, links, faults)
        if len(faults) == before:
            out.append(_system(row, links, moves, found.folders[0]))
    faults += _targets_without(path, targets, out, seen)
    if faults:
        raise PlaceError(faults)
    return Register(found, tuple(out))


def _system(
    row: dict[str, str], links: tuple[Link, ...], moves: dict[str, str], folder: Path
) -> System:
    same = {name: row[name] for name in COLUMNS if name not in ("section", "carried_by")}
    return System(
        section=int(row["section"]),
        links=links,
        moves=moves[row["mechanism"]],
        place=folder,
        **same,
    )


def _check_words(where: str, row: dict[str, str], moves: dict[str, str], faults: list[str]) -> None:
    found = ID.fullmatch(row["id"])
    if not found:
        faults.append(f"{where}: {row['id']!r} is not an id like S4-11.")
    elif row["section"] != found.group(1):
        faults.append(f"{where}: section {row['section']!r} is not that of the id.")
    for name, allowed in (("tier", list(TIERS)), ("state", list(STATES)), ("mechanism", moves)):
        if row[name] not in allowed:
            faults.append(
                f"{where}: {name} {row[name]!r} is not one of {', '.join(allowed)}."
                + nearest(row[name], allowed)
            )
    for name in ("name_zh", "name_en", "what_it_does", "page"):
        if not row[name]:
            faults.append(f"{where}: {name} is empty.")
    pages = book()
    if pages is not None and row["page"] and not (pages / f"{row['page']}.md").exists():
        known = [path.relative_to(pages).with_suffix("").as_posix() for path in pages.rglob("*.md")]
        faults.append(
            f"{where}: page {row['page']!r} is no page of the book." + nearest(row["page"], known)
        )


def book() -> Path | None:
    """The folder of the book where the package stands in a checkout; None where it does not."""
    folder = Path(__file__).resolve().parents[2] / "book"
    return folder if (folder / "_toc.yml").exists() else None


def _links(
    where: str, text: str, targets: dict[str, Target], faults: list[str]
) -> tuple[Link, ...]:
    known = _known(targets)
    out: list[Link] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        kind, sign, key = part.partition(":")
        if not sign or kind not in KINDS:
            faults.append(
                f"{where}: carried_by {part!r} is not KIND:KEY with a kind of {', '.join(KINDS)}."
                + nearest(kind, KINDS)
            )
            continue
        if key not in known[kind]:
            faults.append(
                f"{where}: carried_by {part}: there is no such {kind}." + nearest(key, known[kind])
            )
            continue
        link = Link(kind, key)
        if link in out:
            faults.append(f"{where}: carried_by {part} stands twice.")
        out.append(link)
    return tuple(out)


def _known(targets: dict[str, Target]) -> dict[str, Sequence[str]]:
    from rssim.cohorts.funds.registry import SCHEMES
    from rssim.study.series import FUND, SERIES

    return {
        "lever": list(PARAMS),
        "indicator": list(SERIES),
        "scenario": list_scenarios(),
        "scheme": [FUND, *(scheme.KEY for scheme in SCHEMES)],
        "target": list(targets),
    }


def _check_state(
    where: str, row: dict[str, str], links: tuple[Link, ...], faults: list[str]
) -> None:
    """Whether links, note and tier fit the state."""
    kinds = {link.kind for link in links}
    state, tier = row["state"], row["tier"]
    if (tier == "C") != (state == "context"):
        faults.append(f"{where}: tier {tier} and state {state!r} do not go together.")
    if state != "carried" and not row["note"]:
        wanted = "why it moves nothing" if state == "context" else "what is missing"
        faults.append(f"{where}: state {state!r} needs a note that says {wanted}.")
    if state in ("carried", "channel"):
        if not {"lever", "indicator"} <= kinds:
            faults.append(f"{where}: state {state!r} needs a lever and an indicator.")
    elif kinds - {"target"}:
        faults.append(f"{where}: state {state!r} may link targets only.")
    levers = {link.key for link in links if link.kind == "lever"}
    for link in links:
        if link.kind == "scenario":
            changed = set(_changes(link.key))
            if not changed:
                faults.append(f"{where}: {link} changes no lever.")
            elif not changed & levers:
                faults.append(
                    f"{where}: {link} changes {', '.join(sorted(changed))}, none of which the row "
                    "links."
                )


def _changes(name: str) -> list[str]:
    return list(map(str, read_yaml(find_scenario(name), ScenarioError).get("changes") or {}))


def _targets_without(
    path: Path, targets: dict[str, Target], found: list[System], ids: dict[str, int]
) -> list[str]:
    """Faults of targets whose systems do not exist or do not link back."""
    linked = {item.id: set(item.of("target")) for item in found}
    faults = []
    for key, target in targets.items():
        for name in target.systems:
            if name not in ids:
                faults.append(
                    f"{path}: target {key} names the system {name!r}, which is not here."
                    + nearest(name, ids)
                )
            elif name in linked and key not in linked[name]:
                faults.append(
                    f"{path}: line {ids[name]}, {name}: the link target:{key} is missing."
                )
    for item in found:
        faults += [
            f"{path}: line {ids[item.id]}, {item.id}: target {key} does not name this system."
            for key in item.of("target")
            if item.id not in targets[key].systems
        ]
    return faults


def audit(place: Place) -> tuple[list[str], list[str]]:
    """Lines and faults of the plan of a place: register, targets, and the counts of both.

    A place without a plan has no fault.
    """
    if not any((folder / FILE).exists() for folder in place.folders):
        if any((folder / TARGETS).exists() for folder in place.folders):
            return [], [f"{place.key}: {TARGETS} needs a register beside it ({FILE})."]
        return ["no plan"], []
    try:
        register = load_register(place)
    except RssimError as fault:
        return [], list(fault.faults)
    lines = [f"systems: {len(register)}; links resolve ({register.kinds_text()})"]
    for tier, counts in register.summary().items():
        said = ", ".join(f"{state} {number}" for state, number in counts.items() if number)
        lines.append(f"tier {tier}: {said}")
    targets = load_targets(place)
    modelled = sum(item.modelled for item in targets.values())
    lines.append(f"targets: {len(targets)}, {modelled} of them measured by the model")
    return lines, []
