"""A person as a small YAML file: birth, post, record, spells and the chosen retirement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rssim.axes import SEXES, TRACKS
from rssim.errors import RssimError, nearest
from rssim.inputs.place import Place, packaged_places
from rssim.inputs.schema import read_yaml, unknown_keys

FORMAT = 1
MONTHS = 12
STATUSES = {
    "employee": "受雇",
    "public": "机关事业单位",
    "flexible": "灵活就业",
    "unemployed": "失业",
    "residents": "城乡居民",
    "exempt": "港澳居民免参保",
    "none": "未参保",
}
"""What a person may be in a month, with the Chinese term."""
CHOICES = ("statutory", "early", "late")
WHEN_SHORT = ("continue", "pay_up", "refund", "residents")
TIERS = ("floor", "cap")
KEYS = (
    "rssim",
    "name",
    "zh",
    "about",
    "born",
    "sex",
    "track",
    "retire",
    "when_short",
    "registered",
    "record",
    "public",
    "residents",
    "spells",
)
SPELL_KEYS = (
    "from",
    "to",
    "status",
    "wage",
    "wage_m",
    "declared",
    "tier",
    "yuan_year",
    "place",
    "involuntary",
    "annuity",
    "home_income_hkd_m",
)
RECORD_KEYS = {
    "as_of": (0.0, 0.0),
    "months": (0.0, 720.0),
    "index": (0.0, 5.0),
    "account": (0.0, 1e8),
    "deemed_months": (0.0, 600.0),
    "early_index_years": (0.0, 20.0),
    "weighted_years": (0.0, 60.0),
    "deemed_account": (0.0, 1e7),
    "unemployment_months": (0.0, 720.0),
    "contributed": (0.0, 1e7),
}
PUBLIC_KEYS = {
    "deemed_months": (0.0, 600.0),
    "deemed_index": (0.0, 5.0),
    "basic_pay_2014_m": (0.0, 1e5),
    "subsidy_m": (0.0, 1e5),
    "increase_m": (0.0, 1e5),
    "old_pension_m": (0.0, 1e6),
    "annuity_notional": (0.0, 1e7),
    "annuity_funded": (0.0, 1e7),
    "notional_share": (0.0, 1.0),
}
RESIDENTS_KEYS = {
    "years": (0.0, 60.0),
    "account": (0.0, 1e7),
    "age_at_start": (0.0, 100.0),
    "collective_aid": (0.0, 1e5),
}
FILES = (".yaml", ".yml")


class PersonError(RssimError):
    """The file of a person cannot be used."""


@dataclass(frozen=True)
class Spell:
    """What a person does from one month to another, both included; months are counted through.

    wage      own pay over the reference wage of the same year [1], or
    wage_m    own pay in the first year [yuan/month]; it follows the reference wage afterwards
    declared  part of the pay that is declared as contribution base [1]
    tier      base of a flexible worker: floor, cap, or a share of the reference wage
    yuan_year tier of the residents' scheme [yuan/year]
    home_income_hkd_m  income insured at home by an exempt resident of Hong Kong [HKD/month]
    """

    start: int
    end: int | None
    status: str
    wage: float | None = None
    wage_m: float | None = None
    declared: float = 1.0
    tier: str | float = "floor"
    yuan_year: float = 0.0
    place: str = ""
    involuntary: bool = True
    annuity: bool = True
    home_income_hkd_m: float = 0.0


@dataclass(frozen=True)
class PersonFile:
    """A person as written down; months are year * 12 + month - 1.

    record     what the insurance record says on a day, so that earlier years need no spells
    public     what the old formula and the comparison need
    residents  account and years in the residents' scheme on the day of the first spell
    """

    name: str
    zh: str
    about: str
    birth: int
    sex: str
    track: str
    retire: str | int
    when_short: str
    registered: str
    spells: tuple[Spell, ...]
    record_on: int | None = None
    record: dict[str, float] = field(default_factory=dict)
    public: dict[str, float] = field(default_factory=dict)
    residents: dict[str, float] = field(default_factory=dict)
    where: str = ""

    @property
    def birth_year(self) -> int:
        return self.birth // MONTHS

    @property
    def birth_month(self) -> int:
        return self.birth % MONTHS + 1


def month_text(month: int | float) -> str:
    """A counted month as year-month."""
    whole = int(month)
    return f"{whole // MONTHS}-{whole % MONTHS + 1:02d}"


def list_persons(place: Place) -> dict[str, Path]:
    """Names of the persons that come with a place, its parents' too, and their files."""
    out: dict[str, Path] = {}
    for folder in reversed(place.folders):
        out |= {path.stem: path for path in sorted((folder / "persons").glob("*.yaml"))}
    return dict(sorted(out.items()))


def find_person(name: str | Path, place: Place) -> Path:
    """The file of a person by path or by the name that the place knows."""
    given = Path(name)
    if given.suffix in FILES:
        if given.exists():
            return given
        raise PersonError(f"{name}: there is no such file.")
    known = list_persons(place)
    if str(name) not in known:
        raise PersonError(
            f"{name}: there is no such person in {place.key}; known are "
            f"{', '.join(known) or 'none'}, or give a .yaml file." + nearest(str(name), known)
        )
    return known[str(name)]


def load_person(
    name: str | Path | dict[str, Any], place: Place, retire: str | int | None = None
) -> PersonFile:
    """A person from a name, a file or a mapping; all faults in one error.

    retire  wins over what the file says: statutory, early, late, a year or a year-month
    """
    if isinstance(name, dict):
        raw, where = {str(key): value for key, value in name.items()}, "person"
    else:
        path = find_person(name, place)
        raw, where = read_yaml(path, PersonError), str(path)
    faults: list[str] = unknown_keys(where, raw, KEYS)
    reader = _Reader(where, faults)
    _format(where, raw.get("rssim", FORMAT), faults)
    birth = reader.month("born", raw.get("born"), needed=True)
    sex = reader.word("sex", raw.get("sex"), SEXES)
    track = reader.word("track", raw.get("track", "worker"), TRACKS)
    when_short = reader.word("when_short", raw.get("when_short", "continue"), WHEN_SHORT)
    registered = str(raw.get("registered") or place.key)
    if registered not in packaged_places():
        faults.append(
            f"{where}: registered: {registered!r} is no place; known are "
            f"{', '.join(packaged_places())}." + nearest(registered, packaged_places())
        )
    chosen = _retire(where, raw.get("retire", "statutory") if retire is None else retire, faults)
    record = dict(reader.block("record", raw.get("record"), RECORD_KEYS))
    record_on = None
    if record:
        record_on = reader.month("record: as_of", raw["record"].get("as_of"), needed=True)
        record.pop("as_of", None)
        faults += [
            f"{where}: record: {key!r} is missing; a record says at least as_of, months, index and "
            "account."
            for key in ("months", "index", "account")
            if key not in record
        ]
        if record.get("deemed_months", 0.0) > record.get("months", 0.0):
            faults.append(
                f"{where}: record: deemed_months {record['deemed_months']:g} are more than the "
                f"{record.get('months', 0.0):g} months of the record, which hold them."
            )
    spells = _spells(reader, raw.get("spells"), record_on, birth)
    if faults:
        raise PersonError(faults)
    assert birth is not None
    return PersonFile(
        name=str(raw.get("name") or Path(where).stem),
        zh=str(raw.get("zh") or ""),
        about=" ".join(str(raw.get("about") or "").split()),
        birth=birth,
        sex=sex,
        track=track,
        retire=chosen,
        when_short=when_short,
        registered=registered,
        spells=spells,
        record_on=record_on,
        record=record,
        public=reader.block("public", raw.get("public"), PUBLIC_KEYS),
        residents=reader.block("residents", raw.get("residents"), RESIDENTS_KEYS),
        where=where,
    )


def _format(where: str, version: Any, faults: list[str]) -> None:
    if not isinstance(version, int) or isinstance(version, bool) or version != FORMAT:
        faults.append(f"{where}: rssim: {version!r} is no format that is known; write {FORMAT}.")


def _retire(where: str, value: Any, faults: list[str]) -> str | int:
    """A word, a year (below 12 * 1800) or a counted month."""
    if isinstance(value, str) and value in CHOICES:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2200:
        return value
    text = str(value).strip()
    if re.fullmatch(r"\d{4}", text):
        return int(text)
    found = _as_month(value)
    if found is None:
        faults.append(
            f"{where}: retire: {value!r} is not one of {', '.join(CHOICES)}, a year or a "
            "year-month such as 2053-03." + nearest(text, CHOICES)
        )
        return "statutory"
    return found


def _as_month(value: Any) -> int | None:
    """A counted month from 2021-03, 2021-03-01 or a date; None where it is none."""
    if isinstance(value, date | datetime):
        return value.year * MONTHS + value.month - 1
    found = re.fullmatch(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?", str(value).strip())
    if not found or not 1 <= int(found[2]) <= MONTHS or not 1850 <= int(found[1]) <= 2200:
        return None
    return int(found[1]) * MONTHS + int(found[2]) - 1


class _Reader:
    """Values of a file, each fault noted with the place where it stands."""

    def __init__(self, where: str, faults: list[str]) -> None:
        self.where, self.faults = where, faults

    def month(self, key: str, value: Any, needed: bool = False) -> int | None:
        if value is None:
            if needed:
                self.faults.append(f"{self.where}: {key} is missing; write a month, 1990-03.")
            return None
        found = _as_month(value)
        if found is None:
            self.faults.append(
                f"{self.where}: {key}: {value!r} is not a month. Write year-month, for example "
                "1990-03."
            )
        return found

    def word(self, key: str, value: Any, allowed: Iterable[str]) -> str:
        words = list(allowed)
        if value not in words:
            self.faults.append(
                f"{self.where}: {key}: {value!r} is not one of {', '.join(words)}."
                + nearest(str(value), words)
            )
            return words[0]
        return str(value)

    def number(self, key: str, value: Any, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.faults.append(f"{self.where}: {key}: {value!r} is not a number.")
            return low
        if not low <= float(value) <= high:
            self.faults.append(
                f"{self.where}: {key}: {value:g} is outside the allowed {low:g} to {high:g}."
            )
        return float(value)

    def block(
        self, key: str, raw: Any, allowed: dict[str, tuple[float, float]]
    ) -> dict[str, float]:
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self.faults.append(f"{self.where}: {key} must be a mapping, found {raw!r}.")
            return {}
        self.faults += unknown_keys(f"{self.where}: {key}", raw, allowed)
        return {
            str(name): 0.0
            if name == "as_of"
            else self.number(f"{key}: {name}", value, *allowed[str(name)])
            for name, value in raw.items()
            if name in allowed
        }


def _spells(
    reader: _Reader, raw: Any, record_on: int | None, birth: int | None
) -> tuple[Spell, ...]:
    where, faults = reader.where, reader.faults
    if not isinstance(raw, list) or (not raw and record_on is None):
        faults.append(f"{where}: spells: a list of spells is needed, each with from and status.")
        return ()
    out = [_spell(reader, number, item) for number, item in enumerate(raw, start=1)]
    found = [spell for spell in out if spell is not None]
    for number, spell in enumerate(found):
        later = found[number + 1] if number + 1 < len(found) else None
        label = f"{where}: spell {number + 1} ({month_text(spell.start)})"
        if later is not None and spell.end is None:
            faults.append(f"{label}: only the last spell may leave out 'to'.")
        elif later is not None and spell.end is not None and later.start <= spell.end:
            faults.append(
                f"{label}: it ends in {month_text(spell.end)}, but the next one starts in "
                f"{month_text(later.start)}. Spells must follow one another."
            )
        if record_on is not None and spell.start < record_on:
            faults.append(
                f"{label}: it starts before the record of {month_text(record_on)}, which already "
                "holds what came before. Start it there."
            )
        if birth is not None and spell.start < birth + 15 * MONTHS:
            faults.append(f"{label}: it starts before the age of 15.")
    return tuple(found)


def _spell(reader: _Reader, number: int, raw: Any) -> Spell | None:
    label = f"spell {number}"
    faults, where = reader.faults, reader.where
    if not isinstance(raw, dict):
        faults.append(f"{where}: {label}: a spell is a mapping with from and status.")
        return None
    faults += unknown_keys(f"{where}: {label}", raw, SPELL_KEYS)
    start = reader.month(f"{label}: from", raw.get("from"), needed=True)
    end = None if raw.get("to") in (None, "retire") else reader.month(f"{label}: to", raw["to"])
    status = reader.word(f"{label}: status", raw.get("status"), STATUSES)
    if start is not None and end is not None and end < start:
        faults.append(f"{where}: {label}: it ends ({month_text(end)}) before it starts.")
    works = status in ("employee", "public", "exempt")
    if works and ("wage" in raw) == ("wage_m" in raw):
        faults.append(
            f"{where}: {label}: {status} needs either wage (share of the reference wage) or "
            "wage_m (yuan a month)."
        )
    for key, fits in (
        ("wage", works),
        ("wage_m", works),
        ("declared", works),
        ("tier", status == "flexible"),
        ("yuan_year", status == "residents"),
        ("involuntary", status == "unemployed"),
        ("annuity", status == "public"),
        ("home_income_hkd_m", status == "exempt"),
    ):
        if key in raw and not fits:
            faults.append(f"{where}: {label}: {key} does not go with the status {status}.")
    if status == "residents" and "yuan_year" not in raw:
        faults.append(f"{where}: {label}: residents needs yuan_year, the tier paid in a year.")
    tier = raw.get("tier", "floor")
    if not isinstance(tier, str):
        tier = reader.number(f"{label}: tier", tier, 0.1, 5.0)
    elif tier not in TIERS:
        faults.append(
            f"{where}: {label}: tier: {tier!r} is not floor, cap or a share of the reference wage."
            + nearest(tier, TIERS)
        )
    place = str(raw.get("place") or "")
    if place and place not in packaged_places():
        faults.append(
            f"{where}: {label}: place: {place!r} is no place; known are "
            f"{', '.join(packaged_places())}." + nearest(place, packaged_places())
        )
    for key in ("involuntary", "annuity"):
        if not isinstance(raw.get(key, True), bool):
            faults.append(f"{where}: {label}: {key}: {raw[key]!r} is not true or false.")
    if start is None:
        return None

    def optional(key: str, low: float, high: float) -> float | None:
        return reader.number(f"{label}: {key}", raw[key], low, high) if key in raw else None

    return Spell(
        start=start,
        end=end,
        status=status,
        wage=optional("wage", 0.0, 30.0),
        wage_m=optional("wage_m", 0.0, 1e6),
        declared=optional("declared", 0.01, 1.0) or 1.0,
        tier=tier,
        yuan_year=optional("yuan_year", 0.0, 1e5) or 0.0,
        place=place,
        involuntary=bool(raw.get("involuntary", True)),
        annuity=bool(raw.get("annuity", True)),
        home_income_hkd_m=optional("home_income_hkd_m", 0.0, 1e7) or 0.0,
    )
