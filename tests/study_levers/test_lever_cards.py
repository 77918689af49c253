"""Lever cards: complete, read from the place, escaped."""

from __future__ import annotations

import math
from datetime import date
from html.parser import HTMLParser

import pytest

import rssim
from rssim.errors import ParameterError
from rssim.inputs.place import PARAMS
from rssim.study.levers import AS_OF, lever, levers

RATE = "employee_pension.employer_rate"


class Balanced(HTMLParser):
    """Whether every tag is closed in order."""

    void = frozenset({"br", "hr", "img", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag

    @classmethod
    def tags(cls, text: str) -> list[str]:
        parser = cls()
        parser.feed(text)
        parser.close()
        assert parser.open == []
        return parser.seen


def test_a_card_says_what_the_law_file_says() -> None:
    card = lever(RATE, place="guangzhou")
    assert (card.name, card.zh, card.unit) == (
        "Employer contribution rate",
        "单位缴费比例",
        "share",
    )
    assert card.bounds == (0, 0.6)
    # 16 % in Guangdong since 2024 and 14 % from 2015 to 2021.
    assert card.value == 0.16
    assert card.on(date(2021, 12, 31)) == 0.14
    assert card.on(date(2022, 1, 1)) == 0.15
    assert card.page == "levers/employer_rate"


def test_the_same_lever_in_another_place() -> None:
    assert lever(RATE, place="china").on(date(2015, 6, 1)) == 0.184
    assert lever(RATE, place="guangdong").entry.place == "guangdong"


def test_a_value_that_a_formula_continues_says_so() -> None:
    card = lever("employee_pension.base_floor_m")
    assert card.value == 5510
    assert card.on(date(2026, 7, 1)) == "formula"
    assert "after 2026-06-30" in card.index_text and "base_floor_ratio" in card.index_text


def test_readers_come_from_a_traced_run() -> None:
    assert set(lever(RATE).readers) == {
        "cohorts.funds.employee_pension.year",
        "cohorts.funds.public_pension.image",
        "cohorts.jobs.labour_charges",
    }
    assert lever("retirement.delay_step_months").readers == ("inputs.schedule.claim_types",)
    assert lever("employee_pension.increase_nominal").readers == ()


def test_levers_are_all_there_and_by_layer() -> None:
    assert [item.key for item in levers()] == list(PARAMS)
    parts = [levers(layer) for layer in ("law", "economy", "behaviour")]
    assert sum(map(len, parts)) == len(PARAMS)
    assert {item.layer for item in parts[1]} == {"economy"}


def test_levers_need_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from rssim.study import levers as module

    def refuse(place: str) -> None:
        raise AssertionError("a run was made")

    monkeypatch.setattr(module, "_readers", refuse)
    for item in levers():
        assert item.name and item.zh and item.unit and item.page
        assert isinstance(item.value, float | int | str | dict)


@pytest.mark.parametrize("key", list(PARAMS))
def test_every_card_in_its_three_forms(key: str) -> None:
    card = rssim.lever(key)
    text = card.to_text()
    assert text.startswith(key) and card.zh in text
    for step in card.steps:
        assert str(step.since) in text
    markdown = card.to_markdown()
    assert not any(line.lstrip().startswith("#") for line in markdown.splitlines())
    columns = {
        line.replace(r"\|", "").count("|") for line in markdown.splitlines() if line[:1] == "|"
    }
    assert columns == {3, 6}
    tags = Balanced.tags(card._repr_html_())
    assert "script" not in tags and tags.count("style") == 1
    low, high = card.bounds
    if not card.choices and not isinstance(card.value, dict | str):
        assert low <= card.value <= high and math.isfinite(card.value)


def test_text_is_escaped() -> None:
    from rssim.study.html import details, table, title

    evil = '<script>alert("x")</script>'
    for made in (title(evil, evil), table((evil,), [(evil,)]), details(evil, "")):
        assert "<script>" not in made and "&lt;script&gt;" in made
        Balanced.tags(made)


def test_unknown_names() -> None:
    with pytest.raises(ParameterError, match=f"Did you mean {RATE}"):
        lever("employee_pension.employr_rate")
    with pytest.raises(ParameterError, match="Did you mean economy"):
        levers("economic")


def test_the_day_of_a_card_is_not_the_clock() -> None:
    assert date(2026, 1, 1) == AS_OF
