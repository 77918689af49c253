"""The pages of the book: all are listed, their code runs, and nothing is printed to stderr."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest
import yaml

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # deprecations inside pinned packages, not ours
    import nbclient
    from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook

BOOK = Path(__file__).parents[2] / "book"
PAGES = sorted(path for path in BOOK.rglob("*.md") if "_build" not in path.parts)
NOTEBOOKS = [page for page in PAGES if is_myst_markdown_notebook(page.read_text("utf-8"))]
#: Code in a page scrolls sideways beyond this width.
CODE_WIDTH = 72


def name(page: Path) -> str:
    return page.relative_to(BOOK).with_suffix("").as_posix()


def listed(entry: dict | list) -> list[str]:
    """Every page that an entry of the table of contents names, in order."""
    if isinstance(entry, list):
        return [page for part in entry for page in listed(part)]
    pages = [entry[key] for key in ("root", "file") if key in entry]
    return pages + [
        page for key in ("parts", "chapters", "sections") for page in listed(entry.get(key, []))
    ]


def test_every_page_is_in_the_table_of_contents_once() -> None:
    contents = listed(yaml.safe_load((BOOK / "_toc.yml").read_text("utf-8")))
    assert sorted(contents) == sorted(name(page) for page in PAGES)


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name)
def test_code_fits_the_page(page: Path) -> None:
    notebook = read_myst_markdown_notebook(page.read_text("utf-8"))
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert [line for cell in code for line in cell.splitlines() if len(line) > CODE_WIDTH] == []


#: What a lever page has, in this order; the card stands before the first.
LEVER_PARTS = [
    "The formula",
    "Run against the baseline",
    "Who",
    "What is left out",
    "Questions for the reader",
]
LEVERS = [page for page in NOTEBOOKS if page.parent.name == "levers"]


@pytest.mark.parametrize("page", LEVERS, ids=name)
def test_a_lever_page_has_the_form_of_all(page: Path) -> None:
    text = page.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert len(headings) == len(LEVER_PARTS)
    assert all(
        found.startswith(wanted) for found, wanted in zip(headings, LEVER_PARTS, strict=True)
    )
    before = text.split("\n## ")[0]
    assert "```{lever}" in before
    for word in ("**Law**", "**Assumption**") if page.stem != "employment_path" else ():
        assert word in before, word


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name)
def test_every_picture_says_in_words_what_it_shows(page: Path) -> None:
    notebook = read_myst_markdown_notebook(page.read_text("utf-8"))
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    drawn = re.findall(r"plots\.svg\((\w+), alt=\"(.{20,})\"", code)
    assert len(drawn) == code.count("plots.svg(")
    assert code.count("pyplot.show") == 0


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_tests_and_files_that_a_page_names_exist(page: Path) -> None:
    root = BOOK.parent
    named = re.findall(r"`((?:tests|rssim|scenarios)/[\w/.]+)`", page.read_text("utf-8"))
    assert [path for path in named if not (root / path).exists()] == []
    scenarios = re.findall(
        r"(?:levers|variants|packages)/[a-z0-9_]+(?![\w.])", page.read_text("utf-8")
    )
    missing = [
        found
        for found in scenarios
        if not (root / "scenarios" / f"{found}.yaml").exists()
        and not (BOOK / f"{found}.md").exists()
        and not found.endswith("_")
    ]
    assert missing == []


@pytest.mark.slow
@pytest.mark.parametrize("page", NOTEBOOKS, ids=name)
def test_page_runs(page: Path) -> None:
    notebook = read_myst_markdown_notebook(page.read_text("utf-8"), add_source_map=True)
    notebook.metadata.setdefault("kernelspec", {"name": "python3", "display_name": "Python 3"})
    where = {"metadata": {"path": str(page.parent)}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the client's own; the page's go to its stderr
        nbclient.NotebookClient(notebook, timeout=120, resources=where).execute()
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    assert [out.text for out in outputs if out.get("name") == "stderr"] == []
