"""The book's extension: search terms, cache key, links, the lever table, offline pages."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Sphinx 7.4 on newer Pythons: theirs, and pinned
    import docstrings
    import levers
    import rsbook
    from docutils import nodes
    from zh_en import SearchZhEn, pieces

EMPLOYER_RATE = SimpleNamespace(
    key="employee_pension.employer_rate",
    name="Employer rate",
    zh="单位缴费比例",
    unit="share of base",
    module="employee_pension",
)
MALE_AGE = SimpleNamespace(
    key="retirement.age_male",
    name="Retirement age | men",
    zh="男职工法定退休年龄",
    unit="months",
    module="retirement",
)


# --- search -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "terms"),
    [
        ("pension", ["pension"]),
        ("退", ["退"]),
        ("退休", ["退休"]),
        ("替代率", ["替代", "代率"]),
        ("延迟退休", ["延迟", "迟退", "退休"]),
        ("GDP增速", ["GDP", "增速"]),
    ],
)
def test_a_word_is_cut_into_terms(word: str, terms: list[str]) -> None:
    assert pieces(word) == terms


def test_a_short_query_is_found_in_a_long_text() -> None:
    search = SearchZhEn({})
    text = set(search.split("自2025年起，逐步延迟法定退休年龄 (retirement age)。"))
    for query in ("退休", "退休年龄", "法定退休年龄", "延迟", "retirement"):
        assert set(search.split(query)) <= text, query
    assert not set(search.split("失业保险")) & text


def test_english_words_are_stemmed_as_before() -> None:
    search = SearchZhEn({})
    assert search.stem("Pensions") == search.stem("pension") == "pension"


# --- the cache of executed pages --------------------------------------------------------------
def library(root: Path) -> Path:
    (root / "rules").mkdir(parents=True)
    (root / "rules" / "a.py").write_text("rate = 0.16\n")
    (root / "law.yaml").write_text("rate: 0.16\n")
    return root


def test_the_digest_moves_with_code_data_and_names_only(tmp_path: Path) -> None:
    root = library(tmp_path / "one")
    before = rsbook.library_digest([root])
    assert rsbook.library_digest([library(tmp_path / "two")]) == before

    (root / "__pycache__").mkdir()
    (root / "__pycache__" / "a.pyc").write_bytes(b"\0")
    assert rsbook.library_digest([root]) == before

    (root / "law.yaml").write_text("rate: 0.14\n")
    changed = rsbook.library_digest([root])
    assert changed != before

    (root / "rules" / "a.py").rename(root / "rules" / "b.py")
    assert rsbook.library_digest([root]) not in (before, changed)


def test_the_cache_is_beside_the_pages_and_named_by_the_digest(tmp_path: Path) -> None:
    config = SimpleNamespace()
    rsbook.key_cache(SimpleNamespace(outdir=str(tmp_path / "html")), config)
    cache = Path(config.nb_execution_cache_path)
    assert cache.parent == tmp_path / ".jupyter_cache"
    assert cache.name == rsbook.library_digest(rsbook.library_folders())


def test_the_library_that_is_imported_is_the_one_that_is_hashed() -> None:
    import rssim

    assert rsbook.library_folders()[0] == Path(list(rssim.__path__)[0])


# --- pages without a network ------------------------------------------------------------------
def test_remote_resources_are_seen_and_links_are_not() -> None:
    html = """
    <script defer src="https://cdn.example.org/a.js"></script>
    <link rel="stylesheet" href='//fonts.example.org/b.css'>
    <img alt="x" src=http://example.org/c.png>
    <script src="_static/d.js"></script> <link rel="canonical" href="https://example.org/">
    <a href="https://example.org/e">a link to follow</a>
    """
    assert rsbook.loaded_from_outside(html) == [
        "https://cdn.example.org/a.js",
        "//fonts.example.org/b.css",
        "http://example.org/c.png",
    ]


def test_thebe_is_dropped_and_other_scripts_stay() -> None:
    scripts = [
        SimpleNamespace(filename="_static/searchtools.js", attributes={}),
        SimpleNamespace(filename="https://unpkg.com/thebe@0.8/lib/index.js", attributes={}),
        SimpleNamespace(filename=None, attributes={"body": "const THEBE = 1; thebe_selector"}),
        SimpleNamespace(filename=None, attributes={"body": "const page = 1;"}),
    ]
    context = {"script_files": list(scripts)}
    rsbook.without_thebe(None, "index", "page.html", context, None)
    assert context["script_files"] == [scripts[0], scripts[3]]


def test_mathjax_comes_from_the_installed_package(tmp_path: Path) -> None:
    rsbook.add_mathjax(tmp_path)
    files = [path for path in (tmp_path / "mathjax").rglob("*") if path.is_file()]
    assert tmp_path / "mathjax" / "tex-chtml.js" in files
    assert any(path.suffix == ".woff" for path in files)
    assert sum(path.stat().st_size for path in files) < 2_000_000


def test_the_site_is_made_lighter(tmp_path: Path) -> None:
    for name in ("scripts/fontawesome.js", "scripts/a.js", "scripts/a.js.map", "locales/fr/x.mo"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x" * 1000)
    rsbook.lighten(tmp_path)
    assert len((tmp_path / "scripts" / "fontawesome.js").read_text()) < 100
    assert (tmp_path / "scripts" / "a.js").exists()
    assert not (tmp_path / "scripts" / "a.js.map").exists()
    assert not (tmp_path / "locales").exists()


# --- links to other projects ------------------------------------------------------------------
def test_names_of_other_projects_become_links() -> None:
    node = {"refdomain": "py", "reftarget": "pandas.DataFrame"}
    link = rsbook.link_outside(None, None, node, nodes.literal(text="DataFrame"))
    assert link["refuri"].endswith("/pandas.DataFrame.html")
    assert link.astext() == "DataFrame"


@pytest.mark.parametrize(
    "node",
    [
        {"refdomain": "py", "reftarget": "rssim.unheard_of"},
        {"refdomain": "std", "reftarget": "pandas.DataFrame"},
    ],
)
def test_unknown_names_stay_errors(node: dict[str, str]) -> None:
    assert rsbook.link_outside(None, None, node, nodes.literal()) is None


# --- levers -----------------------------------------------------------------------------------
def test_the_page_of_a_lever_is_the_one_that_shows_its_card(tmp_path: Path) -> None:
    folder = tmp_path / "levers"
    folder.mkdir()
    (folder / "rate.md").write_text("# R\n\n```{lever} employee_pension.employer_rate\n```\n")
    (folder / "age.md").write_text("# A\n\n:::{lever} retirement.age_male\n:place: china\n:::\n")
    (folder / "all.md").write_text("# All\n\n```{levertable}\n```\nand `{lever} KEY` in a text\n")
    assert levers.lever_pages(tmp_path) == {
        "employee_pension.employer_rate": "levers/rate",
        "retirement.age_male": "levers/age",
    }


def test_the_table_has_a_row_for_each_lever_and_a_link_where_there_is_a_page() -> None:
    table = levers.lever_table([EMPLOYER_RATE, MALE_AGE], {EMPLOYER_RATE.key: "levers/rate"})
    assert table.splitlines()[2:] == [
        "| [Employer rate](/levers/rate.md) | 单位缴费比例 | `employee_pension.employer_rate` "
        "| share of base | employee pension |",
        r"| Retirement age \| men | 男职工法定退休年龄 | `retirement.age_male` "
        "| months | retirement |",
    ]


# --- docstrings -------------------------------------------------------------------------------
def test_aligned_arguments_become_a_list() -> None:
    lines = [
        "Balance after a year [yuan].",
        "",
        "opening  (draw,)  [yuan]  on 1 January",
        "rate              [1/year]  of the whole",
        "                  balance",
        "Source: a law.",
    ]
    assert docstrings.as_lists(lines) == [
        "Balance after a year [yuan].",
        "",
        "",
        "* ``opening`` – (draw,) [yuan] on 1 January",
        "* ``rate`` – [1/year] of the whole",
        "  balance",
        "",
        "Source: a law.",
        "",
    ]


def test_marks_in_docstrings_are_text_unless_quoted() -> None:
    assert docstrings.safe("a *_share of base_ and `x_` and ``y*``") == (
        r"a \*_share of base\_ and ``x_`` and ``y*``"
    )
    assert docstrings.safe("see :func:`rssim.load` *") == r"see :func:`rssim.load` \*"


def test_numpydoc_and_foreign_docstrings_stay_as_they_are() -> None:
    section = ["A sum.", "", "Parameters", "----------", "x : float", "    The *value*."]
    for name, lines in (("rssim.load", section), ("numpy.sum", ["a  *b*"])):
        kept = list(lines)
        docstrings.rewrite(None, "function", name, None, None, kept)
        assert kept == lines


def test_a_colon_in_a_property_is_not_taken_for_a_type() -> None:
    lines = ["Turning points: years and amounts."]
    docstrings.rewrite(None, "property", "rssim.Result.events", None, None, lines)
    assert lines[0] == "Turning points – years and amounts."
