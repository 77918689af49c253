"""What the book needs from Sphinx beyond jupyter-book: each hook says what it prevents."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docstrings import rewrite
from docutils import nodes
from levers import LeverCard, LeverTable
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.search import languages
from sphinx.util import logging
from zh_en import SearchZhEn

logger = logging.getLogger(__name__)

NUMPY = "https://numpy.org/doc/stable/reference"
PANDAS = "https://pandas.pydata.org/docs/reference/api"
PYTHON = "https://docs.python.org/3/library"
XARRAY = "https://docs.xarray.dev/en/stable/generated"
OUTSIDE = {
    "Array": f"{NUMPY}/typing.html",
    "NDArray": f"{NUMPY}/typing.html",
    "numpy.ndarray": f"{NUMPY}/generated/numpy.ndarray.html",
    "numpy.random.Generator": f"{NUMPY}/random/generator.html",
    "pandas.DataFrame": f"{PANDAS}/pandas.DataFrame.html",
    "pandas.Series": f"{PANDAS}/pandas.Series.html",
    "xarray.Dataset": f"{XARRAY}/xarray.Dataset.html",
    "xarray.DataArray": f"{XARRAY}/xarray.DataArray.html",
    "matplotlib.axes.Axes": "https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.html",
    "pathlib.Path": f"{PYTHON}/pathlib.html#pathlib.Path",
    "datetime.date": f"{PYTHON}/datetime.html#datetime.date",
    "bool": f"{PYTHON}/functions.html#bool",
    "dict": f"{PYTHON}/stdtypes.html#dict",
    "float": f"{PYTHON}/functions.html#float",
    "int": f"{PYTHON}/functions.html#int",
    "list": f"{PYTHON}/stdtypes.html#list",
    "None": f"{PYTHON}/constants.html#None",
    "object": f"{PYTHON}/functions.html#object",
    "str": f"{PYTHON}/stdtypes.html#str",
    "tuple": f"{PYTHON}/stdtypes.html#tuple",
    "KeyError": f"{PYTHON}/exceptions.html#KeyError",
    "ValueError": f"{PYTHON}/exceptions.html#ValueError",
}
MATHJAX = "sphinx-mathjax-offline"  # the name of its folder too: not a name that `import` takes
LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*>", re.IGNORECASE)
REMOTE = re.compile(r"""\b(?:src|href)\s*=\s*["']?((?:https?:)?//[^"'\s>]+)""", re.IGNORECASE)
HARMLESS = re.compile(r"""\brel\s*=\s*["']?(?:canonical|author|license)\b""", re.IGNORECASE)


def library_digest(folders: Iterable[Path]) -> str:
    """A name for the state of the library: its files and the version of numpy."""
    digest = hashlib.sha256(importlib.metadata.version("numpy").encode())
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(folder).as_posix().encode()
                content = path.read_bytes()
                digest.update(b"%d %s %d " % (len(name), name, len(content)) + content)
    return digest.hexdigest()[:16]


def library_folders() -> list[Path]:
    """Where the library and its scenarios are; none when rssim is not installed."""
    spec = importlib.util.find_spec("rssim")
    if spec is None:
        return []
    package = [Path(place) for place in spec.submodule_search_locations or []]
    return package + [folder.parent / "scenarios" for folder in package]


def key_cache(app: Sphinx, config: Config) -> None:
    """Keep the runs of pages per state of the library.

    The cache of pages looks at the code of a page only: without this the book would go on showing
    the numbers of an older model. Pages that are not run (cards, tables) are read again as well,
    because Sphinx compares this setting with the last build's and reads everything if it changed.
    """
    cache = Path(app.outdir).parent / ".jupyter_cache" / library_digest(library_folders())
    config.nb_execution_cache_path = str(cache)


def plain_header(app: Sphinx, config: Config) -> None:
    """Leave out the empty bar, with a second search box, that the theme puts on top of a page.

    Set here because `html_theme_options` in _config.yml would replace all of jupyter-book's.
    """
    bars = ("navbar_start", "navbar_center", "navbar_end", "navbar_persistent")
    config.html_theme_options.update({bar: [] for bar in bars})


def without_thebe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Drop the loader of live code: it names a CDN, and its second copy throws an error."""

    def wanted(script: Any) -> bool:
        body = getattr(script, "attributes", {}).get("body") or ""
        return "thebe" not in body and "thebe" not in str(getattr(script, "filename", script))

    context["script_files"] = [script for script in context["script_files"] if wanted(script)]


def link_outside(app: Sphinx, env: Any, node: Any, content: nodes.Node) -> nodes.Node | None:
    """A link for the few names of other projects; no inventory can be fetched without a network."""
    address = OUTSIDE.get(node.get("reftarget", "")) if node.get("refdomain") == "py" else None
    return nodes.reference("", "", content, internal=False, refuri=address) if address else None


def add_mathjax(static: Path) -> None:
    """Copy the part of MathJax that a page loads: one script and its fonts, not all 24 MB."""
    spec = importlib.util.find_spec(MATHJAX)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{MATHJAX} is not installed: pip install -e '.[book]'")
    source, target = Path(spec.origin).parent / "static" / "mathjax", static / "mathjax"
    fonts = Path("output/chtml/fonts/woff-v2")
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source / "tex-chtml.js", target)
    shutil.copytree(source / fonts, target / fonts, dirs_exist_ok=True)


def lighten(static: Path) -> None:
    """Drop what no page needs: icons as a script (the web font has them), maps, translations."""
    icons = static / "scripts" / "fontawesome.js"
    if icons.exists():
        icons.write_text("/* icons come from the web font */\n", encoding="utf-8")
    for path in static.rglob("*.map"):
        path.unlink()
    shutil.rmtree(static / "locales", ignore_errors=True)


def loaded_from_outside(html: str) -> list[str]:
    """The addresses on other machines from which a page would load a script, style or picture."""
    tags = [tag for tag in LOADED.findall(html) if not HARMLESS.search(tag)]
    return [address for tag in tags for address in REMOTE.findall(tag)]


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Complete the built site, make it lighter, and warn of every page that needs a network."""
    if exception is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    add_mathjax(site / "_static")
    lighten(site / "_static")
    for page in sorted(site.rglob("*.html")):
        for address in loaded_from_outside(page.read_text("utf-8")):
            logger.warning("%s loads %s: the book must be readable offline", page.name, address)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("config-inited", key_cache)
    app.connect("config-inited", plain_header)
    app.connect("html-page-context", without_thebe, priority=900)
    app.connect("missing-reference", link_outside)
    app.connect("autodoc-process-docstring", rewrite, priority=100)
    app.connect("build-finished", finish)
    languages["zh_en"] = SearchZhEn
    app.add_directive("levertable", LeverTable)
    app.add_directive("lever", LeverCard)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
