"""rssim: China's retirement, social insurance and labour-market rules, simulated place by place.

import rssim

base = rssim.load("baseline")
later = base.change("employee_pension.employer_rate", {"2027-01-01": 0.14}, name="lower rate")
rssim.run([base, later]).table(["employee_pension.balance"], years=[2030, 2045, 2060])

Nothing heavier than the standard library is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rssim import errors
    from rssim.errors import (
        CalibrationError,
        LedgerError,
        ParameterError,
        PlaceError,
        RssimError,
        ScenarioError,
    )
    from rssim.inputs.place import load_place as place
    from rssim.inputs.place import packaged_places as places
    from rssim.inputs.scenario import Scenario
    from rssim.inputs.scenario import list_scenarios as scenarios
    from rssim.study import generations, indicators, labour, plots, solvency
    from rssim.study.bite import BiteWarning
    from rssim.study.cite import cite
    from rssim.study.levers import Lever, lever, levers
    from rssim.study.manifest import verify
    from rssim.study.market import MarketWarning
    from rssim.study.person import Person, person, persons
    from rssim.study.person_file import PersonError
    from rssim.study.register import system, systems
    from rssim.study.result import Result
    from rssim.study.run import run
    from rssim.study.scenarios import load
    from rssim.study.systems import Register, System
    from rssim.study.targets import Scoreboard, targets
    from rssim.study.variants import Envelope, envelope

__version__ = "0.1.0"

_FACE = {
    "load": "study.scenarios:load",
    "run": "study.run:run",
    "lever": "study.levers:lever",
    "levers": "study.levers:levers",
    "Scenario": "study.scenarios:Scenario",
    "Result": "study.result:Result",
    "Lever": "study.levers:Lever",
    "place": "inputs.place:load_place",
    "errors": "errors:",
    "places": "inputs.place:packaged_places",
    "scenarios": "inputs.scenario:list_scenarios",
    "envelope": "study.variants:envelope",
    "Envelope": "study.variants:Envelope",
    "plots": "study.plots:",
    "labour": "study.labour:",
    "indicators": "study.indicators:",
    "solvency": "study.solvency:",
    "generations": "study.generations:",
    "verify": "study.manifest:verify",
    "person": "study.person:person",
    "persons": "study.person:persons",
    "Person": "study.person:Person",
    "PersonError": "study.person_file:PersonError",
    "systems": "study.register:systems",
    "system": "study.register:system",
    "System": "study.systems:System",
    "Register": "study.systems:Register",
    "targets": "study.targets:targets",
    "Scoreboard": "study.targets:Scoreboard",
    "cite": "study.cite:cite",
    "BiteWarning": "study.bite:BiteWarning",
    "MarketWarning": "study.market:MarketWarning",
    "RssimError": "errors:RssimError",
    "ParameterError": "errors:ParameterError",
    "PlaceError": "errors:PlaceError",
    "ScenarioError": "errors:ScenarioError",
    "CalibrationError": "errors:CalibrationError",
    "LedgerError": "errors:LedgerError",
}
"""Public name -> module and name in it (a module itself where the name is empty)."""

__all__ = [
    "BiteWarning",
    "CalibrationError",
    "Envelope",
    "LedgerError",
    "Lever",
    "MarketWarning",
    "ParameterError",
    "Person",
    "PersonError",
    "PlaceError",
    "Register",
    "Result",
    "RssimError",
    "Scenario",
    "ScenarioError",
    "Scoreboard",
    "System",
    "__version__",
    "cite",
    "envelope",
    "errors",
    "generations",
    "indicators",
    "labour",
    "lever",
    "levers",
    "load",
    "person",
    "persons",
    "place",
    "places",
    "plots",
    "run",
    "scenarios",
    "solvency",
    "system",
    "systems",
    "targets",
    "verify",
]


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used."""
    if name not in _FACE:
        raise AttributeError(f"module 'rssim' has no attribute {name!r}")
    module, _, inner = _FACE[name].partition(":")
    found = import_module(f"rssim.{module}")
    value = getattr(found, inner) if inner else found
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
