"""Names, order and labels of the axes of every array in the model.

Arrays that describe people have the order ``draw group sex status age``; the axes that a thing
does not have are left out of its *kind*, and those along which it is constant have length one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SEXES = ("male", "female")
STATUSES = ("out", "formal", "flexible", "unemployed", "pensioner")
TRACKS = ("cadre", "worker")
MEMBERS = ("contributing", "dormant", "away")
OLDEST = 100
AGES = tuple(range(OLDEST + 1))

OUT, FORMAL, FLEXIBLE, UNEMPLOYED, PENSIONER = range(len(STATUSES))
CONTRIBUTING, DORMANT, AWAY = range(len(MEMBERS))
MALE, FEMALE = range(len(SEXES))

CELL = ("draw", "group", "sex", "age")
STATUS = ("draw", "group", "sex", "status", "age")
TRACK = ("draw", "group", "sex", "track", "age")
RIGHTS = ("member", "years", "draw", "group", "sex", "track", "age")
NATION = ("draw",)


@dataclass(frozen=True)
class Group:
    """One group of a place's own split: its name and what the place says of it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Axes:
    """Labels of every axis of a place.

    ``group`` is the place's own split; nothing in the model names its members.
    """

    groups: tuple[Group, ...]
    draws: int = 1

    @property
    def group_names(self) -> tuple[str, ...]:
        return tuple(group.name for group in self.groups)

    def labels(self, axis: str) -> Sequence[str] | Sequence[int]:
        """Labels along one axis."""
        known: dict[str, Sequence[str] | Sequence[int]] = {
            "draw": tuple(range(self.draws)),
            "group": self.group_names,
            "sex": SEXES,
            "status": STATUSES,
            "track": TRACKS,
            "member": MEMBERS,
            "age": AGES,
        }
        return known[axis]
