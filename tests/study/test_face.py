"""The public face: every name is there, and nothing heavy is imported before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import rssim

HEAVY = ("numpy", "scipy", "pandas", "xarray", "matplotlib", "yaml", "pydantic", "netCDF4")


@pytest.mark.parametrize("name", rssim.__all__)
def test_every_public_name_is_there(name):
    assert getattr(rssim, name) is not None
    assert name in dir(rssim)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'rssim' has no attribute 'simulate'"):
        _ = rssim.simulate


@pytest.mark.parametrize("statement", ["import rssim", "import rssim; rssim.errors"])
def test_import_loads_the_standard_library_only(statement):
    code = f"import sys; {statement}; print(*[n for n in {HEAVY!r} if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_loading_a_scenario_imports_no_plots_and_no_tables():
    code = (
        "import sys, rssim; rssim.load('baseline'); "
        "print(*[n for n in ('pandas', 'xarray', 'matplotlib', 'scipy') if n in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
