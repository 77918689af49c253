"""Systems that a plan names and what carries them in the model: cards, tables, counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rssim.errors import ParameterError, nearest
from rssim.inputs.place import PARAMS, Place
from rssim.inputs.scenario import plain
from rssim.study.target_file import load_targets

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "id",
    "section",
    "tier",
    "name_zh",
    "name_en",
    "mechanism",
    "what_it_does",
    "plan_number",
    "state",
    "carried_by",
    "note",
    "page",
)
TIERS = {
    "A": "needs a number in the model",
    "B": "changes a parameter of one",
    "C": "context",
}
STATES = {
    "carried": "the rule or the quantity itself is a lever or a result",
    "channel": "a lever moves what it acts on; its reach, cost or effect is missing",
    "not yet": "nothing carries it",
    "context": "moves nothing, for the reason given",
}
KINDS = ("lever", "indicator", "scenario", "scheme", "target")
SECTIONS = {
    0: "General aims",
    1: "Nansha and the Greater Bay Area",
    2: "Counties, towns and villages",
    3: "Employment",
    4: "Social insurance",
    5: "Talent and personnel",
    6: "Skills",
    7: "Labour relations",
    8: "Service",
}


@dataclass(frozen=True)
class Link:
    """What carries a system: kind (lever, indicator, scenario, scheme, target) and key."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class System:
    """One system of the plan.

    mechanism    what it does to the labour market or the funds, in a word of a closed set
    moves        the same in a sentence
    plan_number  the number that the plan gives, as text; empty where it gives none
    state        carried, channel, not yet, context
    links        what carries it
    note         what is missing or assumed, or why it moves nothing
    page         the page of the book
    """

    id: str
    section: int
    tier: str
    name_zh: str
    name_en: str
    mechanism: str
    moves: str
    what_it_does: str
    plan_number: str
    state: str
    links: tuple[Link, ...]
    note: str
    page: str
    place: Path

    def of(self, kind: str) -> list[str]:
        """The keys of its links of one kind."""
        return [link.key for link in self.links if link.kind == kind]

    @property
    def record(self) -> dict[str, Any]:
        """The row as plain data."""
        return {
            "id": self.id,
            "section": self.section,
            "tier": self.tier,
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "mechanism": self.mechanism,
            "what_it_does": self.what_it_does,
            "plan_number": self.plan_number,
            "state": self.state,
            "carried_by": "; ".join(map(str, self.links)),
            "note": self.note,
            "page": self.page,
        }

    def values(self) -> list[tuple[str, str]]:
        """Levers with the value in force and unit, targets with number and outcome."""
        from rssim.study.levers import AS_OF, lever
        from rssim.study.targets import SIGNS, figure, outcome_text

        out = []
        for key in self.of("lever"):
            card = lever(key, self.place)
            out.append((key, f"{plain(card.value)} {card.unit} (on {AS_OF})"))
        if self.of("target"):
            known = load_targets(self.place)
            for key in self.of("target"):
                item = known[key]
                said = outcome_text(item.outcome(item.year), item.unit)
                unit = "%" if item.unit == "share" else item.unit
                out.append(
                    (
                        f"target {key}",
                        f"{SIGNS[item.meets]} {figure(item.value, item.unit)} {unit} in "
                        f"{item.year}; outcome: {said}; measured by: {item.measured_by}",
                    )
                )
        return out

    def lines(self) -> list[tuple[str, str]]:
        """The card as pairs of label and text."""
        run = [
            f"rssim compare baseline {key} --place {self.place.name}" for key in self.of("scenario")
        ]
        rows = [
            ("Section", f"{self.section}: {SECTIONS.get(self.section, '')}".rstrip(": ")),
            ("Tier", f"{self.tier}: {TIERS[self.tier]}"),
            ("Does", self.what_it_does),
            ("Number", self.plan_number),
            ("Mechanism", f"{self.mechanism.replace('_', ' ')}: {self.moves}"),
            ("State", f"{self.state}: {STATES[self.state]}"),
            *((link.kind.capitalize(), _link_text(link)) for link in self.links),
            *(("Value", f"{key}: {text}") for key, text in self.values()),
            *(("Run", line) for line in run),
            ("Why" if self.state == "context" else "Note", self.note),
            ("Page", f"book/{self.page}.md"),
        ]
        return [(label, text) for label, text in rows if text]

    def text(self) -> str:
        """The card for a terminal."""
        lines = [f"{self.id}  {self.name_en}", f"  {self.name_zh}"]
        above = ""
        for label, text in self.lines():
            lines.append(f"  {label if label != above else '':<10} {text}")
            above = label
        return "\n".join(lines)

    __repr__ = text

    def _repr_html_(self) -> str:
        from html import escape

        from rssim.study import html

        rows = [(label, html.flowing(escape(text))) for label, text in self.lines()]
        return html.card(
            html.title(f"{self.id} · {self.name_en}", self.name_zh),
            html.table(("What", "Says"), rows),
        )


def _link_text(link: Link) -> str:
    """A link with the name of what it names."""
    from rssim.study.series import SERIES

    names = {
        "lever": {key: f"{item.name} {item.zh}" for key, item in PARAMS.items()},
        "indicator": {key: f"{item.name} {item.zh}" for key, item in SERIES.items()},
    }.get(link.kind, {})
    name = names.get(link.key, "").strip()
    return f"{link.key} ({name})" if name else link.key


@dataclass(frozen=True)
class Register(Sequence[System]):
    """Systems of a plan, all or a choice of them; a notebook shows a table."""

    place: Place
    systems: tuple[System, ...]

    def __len__(self) -> int:
        return len(self.systems)

    def __getitem__(self, at: Any) -> Any:
        return self.systems[at]

    def __iter__(self) -> Iterator[System]:
        return iter(self.systems)

    @property
    def records(self) -> list[dict[str, Any]]:
        return [item.record for item in self.systems]

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each system."""
        import pandas as pd

        return pd.DataFrame(self.records, columns=list(COLUMNS)).set_index("id")

    def choose(
        self, section: int | None = None, tier: str | None = None, state: str | None = None
    ) -> Register:
        """The systems of one section, tier or state; unknown words are refused."""
        faults = []
        allowed: dict[str, tuple[Any, list[Any]]] = {
            "section": (section, list(SECTIONS)),
            "tier": (tier, list(TIERS)),
            "state": (state, list(STATES)),
        }
        for name, (value, known) in allowed.items():
            if value is not None and value not in known:
                words = [str(word) for word in known]
                hint = nearest(value, words) if isinstance(value, str) else ""
                faults.append(f"systems: {name} {value!r} is not one of {', '.join(words)}." + hint)
        if faults:
            raise ParameterError(faults)
        wanted = {"section": section, "tier": tier, "state": state}
        kept = tuple(
            item
            for item in self.systems
            if all(value in (None, getattr(item, name)) for name, value in wanted.items())
        )
        return Register(self.place, kept)

    def system(self, key: str) -> System:
        """One system by its id."""
        found = {item.id: item for item in self.systems}
        if key not in found:
            raise ParameterError(f"{key}: there is no such system." + nearest(key, found))
        return found[key]

    def summary(self) -> dict[str, dict[str, int]]:
        """Tier -> state -> number of systems."""
        counts = Counter((item.tier, item.state) for item in self.systems)
        return {
            tier: {state: counts[tier, state] for state in STATES}
            for tier in TIERS
            if any(item.tier == tier for item in self.systems)
        }

    def summary_rows(self, by: str = "tier") -> list[tuple[str, ...]]:
        """Counts by tier or section and state, the first row the header, the last the sum."""
        names: dict[Any, str] = dict(TIERS) if by == "tier" else dict(SECTIONS)
        counts = Counter((getattr(item, by), item.state) for item in self.systems)
        rows = [(by.capitalize(), *STATES, "all")]
        for key, label in names.items():
            line = [counts[key, state] for state in STATES]
            if sum(line):
                rows.append((f"{key}: {label}", *map(str, line), str(sum(line))))
        total = [sum(1 for item in self.systems if item.state == state) for state in STATES]
        return [*rows, ("all", *map(str, total), str(len(self.systems)))]

    def kinds_text(self) -> str:
        """How many systems have a link of each kind, in a line."""
        counts = Counter(kind for item in self.systems for kind in {x.kind for x in item.links})
        return ", ".join(f"{kind} {counts[kind]}" for kind in KINDS)

    def text(self) -> str:
        """The summary for a terminal."""
        from rssim.study.headline import text_table

        return "\n".join(
            [
                f"Systems of the plan · {self.place.name} {self.place.zh}",
                "",
                text_table(self.summary_rows()),
                "",
                text_table(self.summary_rows("section")),
                "",
                *(f"{state}: {about}" for state, about in STATES.items()),
                f"Systems with a link of a kind: {self.kinds_text()}",
            ]
        )

    __repr__ = text

    def html(self, book: str = "") -> str:
        """The systems as an HTML table; book is where pages stand, empty for no links to them."""
        from html import escape

        from rssim.study import html

        rows = []
        for item in self.systems:
            zh = f'<span lang="zh">{escape(item.name_zh)}</span>'
            name = html.flowing(escape(item.name_en), zh)
            links = [html.code(str(link)) for link in item.links]
            if book and item.state in ("carried", "channel"):
                address = escape(f"{book}/{item.page}.html", quote=True)
                links.append(f'<a href="{address}">{escape(item.page)}</a>')
            what = html.flowing(*links, escape(item.note))
            rows.append((item.id, name, item.tier, item.state, what))
        head = (
            "Id",
            "System",
            "Tier",
            "State",
            "Carried by; what is missing or assumed, or why not",
        )
        return html.card(html.table(head, rows))

    def _repr_html_(self) -> str:
        return self.html()
