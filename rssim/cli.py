"""The command line: it parses, calls the library and prints.

Results go to stdout, talk and progress to stderr. Exit code 0: done; 2: something that the user
can mend, said in one line for each fault.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rssim.inputs.scenario import Scenario
    from rssim.study.result import Result
    from rssim.study.variants import Envelope

FAULT = 2
INTERRUPTED = 130
LISTS = ("levers", "scenarios", "places", "variables", "persons")


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line that ends with what to type for help."""

    def error(self, message: str) -> NoReturn:
        self.exit(FAULT, f"{self.prog}: {message}. Help: {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; it imports nothing of the model."""
    out = _Parser(
        prog="rssim",
        description="What a change in China's retirement, social insurance and labour-market rules "
        "does to people, jobs and funds in one place, year by year.",
        epilog="Start with: rssim demo, rssim list levers, rssim run baseline --place guangdong",
    )
    out.add_argument("--version", action="store_true", help="print the version")
    commands = out.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    run = commands.add_parser("run", help="run a scenario and print its headline table")
    run.add_argument("scenario", nargs="?", default="baseline", help="a name, a file, or a+b+c")
    _common(run)
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE[@DATE]",
        dest="changes",
        help="change a lever, from the opening or from a day; may be repeated",
    )
    run.add_argument("--out", metavar="DIR|FILE", help="save: a folder, or .csv, .xlsx, .dta, .nc")
    run.set_defaults(call=_run)

    compare = commands.add_parser("compare", help="run scenarios beside the first one")
    compare.add_argument("scenarios", nargs="+", help="names or files; the first is the base")
    _common(compare)
    compare.add_argument("--out", metavar="DIR|FILE", help="save: a folder, .csv, .xlsx, .dta, .nc")
    compare.set_defaults(call=_compare)

    ledger = commands.add_parser(
        "ledger", help="every payment of one year: payer, payee, amount; the social budget"
    )
    ledger.add_argument("scenario", nargs="?", default="baseline", help="a name, a file, or a+b+c")
    ledger.add_argument("--year", type=int, metavar="YEAR", help="default: the second year")
    ledger.add_argument("--place", help="a place's name or folder (default: guangzhou)")
    ledger.add_argument("--opening", metavar="DATE", help="opening day, where there are several")
    basis = ledger.add_mutually_exclusive_group()
    basis.add_argument("--real", action="store_true", help="at prices of the year before the run")
    basis.add_argument("--share", action="store_true", help="in per cent of the wage bill")
    ledger.add_argument("--by-group", action="store_true", help="households by group")
    ledger.add_argument("--picture", metavar="FILE", help="draw it: .png, .svg or .pdf")
    _formats(ledger)
    ledger.set_defaults(call=_ledger)

    calendar = commands.add_parser(
        "calendar", help="provisions that expire: lapse against renewal, and what it does to funds"
    )
    calendar.add_argument("--place", help="a place's name or folder (default: guangzhou)")
    calendar.add_argument("--opening", metavar="DATE", help="opening day, where there are several")
    calendar.add_argument(
        "--years", type=int, default=5, metavar="N", help="years after the expiry (default: 5)"
    )
    _formats(calendar)
    calendar.set_defaults(call=_calendar)

    listing = commands.add_parser("list", help="list levers, scenarios, places, variables, persons")
    listing.add_argument("what", nargs="?", choices=LISTS, default="levers")
    listing.add_argument("--place", help="place whose values are shown (levers)")
    listing.add_argument("--layer", help="law, economy or behaviour (levers)")
    _formats(listing)
    listing.set_defaults(call=_list)

    show = commands.add_parser("show", help="the card of a lever, or a scenario")
    show.add_argument("name", help="a lever, or the name of a scenario")
    show.add_argument("--place", help="place whose values are shown")
    show.set_defaults(call=_show)

    person = commands.add_parser("person", help="one life, with the award step by step")
    person.add_argument("name", help="a person of the place (rssim list persons) or a YAML file")
    person.add_argument("--place", help="a place's name or folder (default: guangzhou)")
    person.add_argument(
        "--retire", metavar="WHEN", help="statutory, early, late, a year or a year-month"
    )
    person.add_argument(
        "--scenario",
        action="append",
        default=[],
        metavar="NAME",
        help="a name or file, shown beside the baseline; may be repeated",
    )
    person.add_argument("--steps", action="store_true", help="the arithmetic and the law behind it")
    person.add_argument("--picture", metavar="FILE", help="save the line of the life as a picture")
    _formats(person)
    person.set_defaults(call=_person)

    systems = commands.add_parser(
        "systems", help="what the plan of a place names, and what carries it in the model"
    )
    systems.add_argument("id", nargs="?", help="one system, for example S4-11: its card")
    systems.add_argument("--place", help="a place's name or folder (default: guangzhou)")
    systems.add_argument("--section", type=int, metavar="N", help="one section of the plan, 0 to 8")
    systems.add_argument("--tier", metavar="A|B|C", help="one tier")
    systems.add_argument("--state", help="carried, channel, 'not yet' or context")
    systems.add_argument("--summary", action="store_true", help="counts by tier, section, state")
    _formats(systems)
    systems.set_defaults(call=_systems)

    targets = commands.add_parser(
        "targets", help="the numeric targets of a plan: outcome, value of the model, met or not"
    )
    targets.add_argument("scenario", nargs="?", default="baseline", help="a name or a file")
    targets.add_argument("--place", help="a place's name or folder (default: guangzhou)")
    targets.add_argument("--year", type=int, default=2024, metavar="YEAR", help="default: 2024")
    targets.add_argument("--picture", metavar="FILE", help="draw it: .png, .svg or .pdf")
    _formats(targets)
    targets.set_defaults(call=_targets)

    check = commands.add_parser("check", help="audit a place (name or folder) or a scenario file")
    check.add_argument("name")
    check.add_argument("--place", help="place of a scenario file")
    check.add_argument("--to", type=int, metavar="YEAR", help="last year that must be covered")
    check.add_argument(
        "--calibration",
        action="store_true",
        help="also: which moment pinned which constant, and the model against published figures",
    )
    check.set_defaults(call=_check)

    doctor = commands.add_parser("doctor", help="versions, data and a short self-test")
    doctor.set_defaults(call=_doctor)

    verify = commands.add_parser("verify", help="run a saved result again and compare")
    verify.add_argument("file", help="a saved result or its manifest")
    verify.set_defaults(call=_verify)

    demo = commands.add_parser("demo", help="the baseline and three reforms in Guangzhou")
    demo.add_argument("--out", default="out", metavar="DIR", help="folder of pictures and tables")
    demo.add_argument("--to", type=int, default=2060, metavar="YEAR", help="last year")
    demo.set_defaults(call=_demo)

    cite = commands.add_parser("cite", help="how to cite rssim")
    cite.add_argument("--bibtex", action="store_true")
    cite.set_defaults(call=_cite)
    return out


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--place", help="a place's name or folder (default: guangzhou)")
    command.add_argument("--opening", metavar="DATE", help="opening day, where a place has several")
    command.add_argument("--to", type=int, metavar="YEAR", help="last year (default: 2060)")
    command.add_argument("--years", metavar="Y,Y", help="years of the table")
    command.add_argument("--show", metavar="KEY,KEY", help="series of the table; funds: all funds")
    command.add_argument(
        "--no-variants", action="store_true", help="no ranges: three times as fast"
    )
    _formats(command)


def _formats(command: argparse.ArgumentParser) -> None:
    group = command.add_mutually_exclusive_group()
    group.add_argument("--csv", action="store_true", help="print the table as CSV")
    group.add_argument("--json", action="store_true", help="print the table as JSON")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Chinese letters gets question marks, not an error.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    if options.version:
        from rssim import __version__

        print(f"rssim {__version__}")
        return 0
    if options.command is None:
        parser().print_help()
        return 0
    from rssim.errors import RssimError
    from rssim.inputs.place import place_folder

    try:
        with _plain_warnings():
            if getattr(options, "place", None) == "":
                place_folder("")  # says which places there are
            return int(options.call(options))
    except RssimError as fault:
        for line in fault.faults:
            print(f"rssim: {line}", file=sys.stderr)
        return FAULT
    except BrokenPipeError:
        # The reader (head, less) has had enough; leave without a second error at exit.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\nrssim: stopped.", file=sys.stderr)
        return INTERRUPTED


class _plain_warnings:
    """Warnings as one line on stderr, without file and line of the library."""

    def __enter__(self) -> None:
        import warnings

        self._context = warnings.catch_warnings()
        self._context.__enter__()
        from rssim.study.bite import BiteWarning
        from rssim.study.market import MarketWarning

        for kind in (BiteWarning, MarketWarning):
            warnings.simplefilter("always", kind)

        def show(message: Any, category: Any, *rest: Any, **more: Any) -> None:
            print(f"rssim: note: {message}", file=sys.stderr)

        warnings.showwarning = show

    def __exit__(self, *found: Any) -> None:
        self._context.__exit__(*found)


# Commands ---------------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    from rssim.study import headline

    scenario = changed(_load(options.scenario, options), options.changes)
    keys = _keys(options, headline.KEYS)
    envelope = _envelope([scenario], options)
    result = envelope.central
    years = headline.years_in(result, _years(options))
    written = _save(result, options.out)
    if options.csv or options.json:
        _print_data(envelope, keys, options, years)
        return 0
    place = scenario.place
    called = f"{scenario.title or scenario.name} {scenario.zh}".rstrip()
    print(f"{called} · {place.name} {place.zh} · {result.years[0]} to {result.years[-1]}")
    if scenario.question:
        print(scenario.question)
    for line in headline.change_lines(scenario) or ["No lever is changed."]:
        print(f"  {line}")
    print()
    print(headline.text_table(headline.level_rows(envelope, scenario.name, keys, years)))
    print("Nominal yuan; people and balances on 31 December. 亿元 is 100 million yuan.")
    if envelope.low is not None:
        print(headline.RANGE_NOTE)
    print()
    for line in headline.event_lines(result):
        print(line.removeprefix(f"{scenario.name}: "))
    for line in headline.read_lines(result):
        print(line)
    print(headline.identity_line(result))
    print(headline.fund_line(scenario))
    print()
    for path in written:
        print(f"Saved: {path}")
    print(_next_after_run(scenario, bool(options.changes), bool(written)))
    return 0


def _next_after_run(scenario: Scenario, is_set: bool, is_saved: bool) -> str:
    where = f"--place {scenario.place.key}"
    save = "" if is_saved else "; add --out result.xlsx to keep the series"
    if is_set:
        return f"Next: rssim show {next(iter(scenario.changes))} {where}{save}"
    if scenario.changes:
        return f"Next: rssim compare baseline {'+'.join(scenario.parts)} {where}{save}"
    return (
        f"Next: rssim compare baseline retirement_faster {where}; rssim list levers; "
        f"rssim run baseline {where} --set employee_pension.employer_rate=0.2@2027-01-01"
    )


def _compare(options: argparse.Namespace) -> int:
    from rssim.errors import ScenarioError
    from rssim.study import headline

    if len(options.scenarios) < 2:
        raise ScenarioError(
            "compare: two scenarios at least are needed, for example: rssim compare baseline "
            "retirement_faster."
        )
    place = options.place or _place_of_files(options.scenarios)
    scenarios = [_load(name, options, place) for name in options.scenarios]
    base = scenarios[0]
    keys = _keys(options, headline.COMPARED)
    envelope = _envelope(scenarios, options)
    result = envelope.central
    years = headline.years_in(result, _years(options))
    written = _save(result, options.out)
    if options.csv or options.json:
        _print_data(envelope, keys, options, years)
        return 0
    print(f"{base.place.name} {base.place.zh} · {result.years[0]} to {result.years[-1]}")
    for scenario in scenarios:
        print(f"\n{scenario.name}: {scenario.title} {scenario.zh}")
        for line in headline.change_lines(scenario):
            print(f"  {line}")
        print(headline.text_table(headline.level_rows(envelope, scenario.name, keys, years)))
        if scenario is not base:
            print(f"difference from {base.name}")
            rows = headline.difference_rows(envelope, scenario.name, base.name, keys, years)
            print(headline.text_table(rows))
    print("\nNominal yuan; people and balances on 31 December. 亿元 is 100 million yuan.")
    if envelope.low is not None:
        print(headline.RANGE_NOTE + " A difference is taken between runs of the same variant.")
    print("\nWhat read each changed lever, and when:")
    for line in headline.read_lines(result) or ["no lever is changed"]:
        print(f"  {line}")
    print()
    for line in headline.event_lines(result):
        print(line)
    print(headline.identity_line(result))
    print(headline.fund_line(base))
    for path in written:
        print(f"Saved: {path}")
    print("Next: --show KEY,KEY chooses series (rssim list variables); --out DIR saves them.")
    return 0


def _ledger(options: argparse.Namespace) -> int:
    from rssim.study import ledger_tables
    from rssim.study.run import run

    scenario = _load(options.scenario, argparse.Namespace(**vars(options), to=None))
    year = options.year or scenario.opening.year + 1
    result = run(scenario.until(max(year, scenario.opening.year)), bite="off")
    basis = "real" if options.real else "wage_share" if options.share else "nominal"
    found = result.ledger(year, None, basis, by_group=options.by_group)
    written = ""
    if options.picture:
        from rssim.study.sankey import sankey

        written = _picture(lambda: sankey(result, year), options.picture)
    if options.csv or options.json:
        unit = found.attrs["unit"]
        _print_rows(
            [
                {str(k): v for k, v in row.items()} | {"unit": unit}
                for row in found.to_dict("records")
            ],
            options,
        )
        return 0
    place = scenario.place
    print(f"The ledger of {year} · {scenario.title or scenario.name} · {place.name} {place.zh}\n")
    print(ledger_tables.payments(result, year, None, basis, options.by_group))
    print("\nWhat each sector pays and receives; the balance of a fund is what it adds")
    print(ledger_tables.sectors(result, year, None, basis, options.by_group))
    print("\nThe social budget")
    print(ledger_tables.budget(result, year, None, basis))
    print(f"\n亿元 is 100 million yuan. Unit: {found.attrs['unit']}.")
    from rssim.study import headline

    print(headline.identity_line(result))
    print(headline.fund_line(scenario))
    if written:
        print(f"Saved: {written}")
    return 0


def _check_picture(path: str) -> None:
    """Raises ParameterError for a name that no picture can be saved under."""
    from pathlib import Path

    from rssim.errors import ParameterError

    if Path(path).suffix not in (".png", ".svg", ".pdf"):
        raise ParameterError(f"--picture {path}: write a name that ends in .png, .svg or .pdf.")


def _picture(draw: Callable[[], Axes], path: str) -> str:
    """Draws into a file, and returns its name."""
    from pathlib import Path

    _check_picture(path)
    import matplotlib

    matplotlib.use("agg")
    figure = draw().get_figure(root=True)
    assert figure is not None
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, facecolor="white", transparent=False, dpi=200)
    return path


def _calendar(options: argparse.Namespace) -> int:
    from rssim.study import calendar

    scenario = _load("baseline", argparse.Namespace(**vars(options), to=None))
    progress = _progress("runs")
    found = calendar.calendar(scenario, options.years, progress)
    if progress is not None:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    if options.csv or options.json:
        _print_rows(calendar.rows(found), options, calendar.COLUMNS)
        return 0
    place = scenario.place
    print(f"Provisions that expire · {place.name} {place.zh}\n")
    if found:
        print(calendar.calendar_table(found))
        print(
            "\nEffect: the balance if the provision goes on less the balance if it lapses, "
            f"{options.years} years\nafter the year of expiry, less required subsidies until then; "
            "one provision at a time, nominal."
        )
        for line in calendar.source_lines(place, found):
            print(f"  {line}")
    else:
        print(f"No value of {place.key} has a day on which it expires.")
    print("\nAmounts of law whose published values end")
    print(calendar.published_ends(place))
    return 0


def _list(options: argparse.Namespace) -> int:
    if options.what != "levers" and options.layer:
        from rssim.errors import ParameterError

        raise ParameterError(f"list {options.what}: --layer goes with levers only.")
    makers: dict[str, Callable[[argparse.Namespace], list[dict[str, str]]]] = {
        "levers": _lever_rows,
        "scenarios": _scenario_rows,
        "places": _place_rows,
        "variables": _variable_rows,
        "persons": _person_rows,
    }
    _print_rows(makers[options.what](options), options)
    if not (options.csv or options.json):
        hints = {
            "levers": "rssim show KEY explains a lever with every dated value and its source.",
            "scenarios": "rssim run NAME runs one, rssim show NAME prints what it changes.",
            "places": "rssim run baseline --place NAME; rssim check NAME.",
            "variables": "rssim compare A B --show KEY,KEY shows them.",
            "persons": "rssim person NAME --steps reckons one life.",
        }
        print(f"Next: {hints[options.what]}", file=sys.stderr)
    return 0


def _lever_rows(options: argparse.Namespace) -> list[dict[str, str]]:
    from rssim.inputs.scenario import DEFAULT_PLACE, plain
    from rssim.study.levers import levers

    def short(text: str) -> str:
        return text if len(text) <= 24 or options.csv or options.json else "table"

    return [
        {
            "key": item.key,
            "value": short(plain(item.value)),
            "unit": item.unit,
            "name": item.name,
            "zh": item.zh,
        }
        for item in levers(options.layer, options.place or DEFAULT_PLACE)
    ]


def _scenario_rows(options: argparse.Namespace) -> list[dict[str, str]]:
    from rssim.errors import ScenarioError
    from rssim.inputs.scenario import find_scenario, list_scenarios
    from rssim.inputs.schema import read_yaml

    rows = []
    for name in list_scenarios():
        raw = read_yaml(find_scenario(name), ScenarioError)
        rows.append(
            {
                "name": name,
                "title": str(raw.get("title") or ""),
                "zh": str(raw.get("zh") or ""),
                "place": str(raw.get("place") or "any"),
            }
        )
    return rows


def _place_rows(options: argparse.Namespace) -> list[dict[str, str]]:
    from rssim.inputs.place import load_place, packaged_places

    rows = []
    for name in packaged_places():
        place = load_place(name)
        rows.append(
            {
                "name": name,
                "place": place.name,
                "zh": place.zh,
                "level": place.level,
                "openings": " ".join(str(day) for day in sorted(place.openings)),
                "fund": "notional" if place.fund.get("notional") else "own",
            }
        )
    return rows


def _variable_rows(options: argparse.Namespace) -> list[dict[str, str]]:
    from rssim.study.series import SERIES

    return [
        {
            "key": item.key,
            "unit": item.unit,
            "timing": item.timing,
            "name": item.name,
            "zh": item.zh,
            "about": item.about,
        }
        for item in SERIES.values()
    ]


def _person_rows(options: argparse.Namespace) -> list[dict[str, str]]:
    from rssim.inputs.place import load_place
    from rssim.inputs.scenario import DEFAULT_PLACE
    from rssim.study.person_file import list_persons, load_person

    place = load_place(options.place or DEFAULT_PLACE)
    files = [(name, load_person(name, place)) for name in list_persons(place)]
    return [
        {"name": name, "person": file.name, "zh": file.zh, "about": file.about}
        for name, file in files
    ] or [{"name": "", "person": "", "zh": "", "about": f"{place.key} has no persons"}]


def _person(options: argparse.Namespace) -> int:
    from rssim.study.person import person

    place = options.place or _place_of_files(options.scenario)
    scenarios = [
        _load(name, argparse.Namespace(place=place, opening=None, to=None))
        for name in options.scenario or ["baseline"]
    ]
    found = person(options.name, scenarios[0].place.folders[0], options.retire, scenarios)
    if options.csv or options.json:
        table = found.steps if options.steps else found.years
        rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
        _print_rows(rows, options)
    else:
        print(found.text(steps=options.steps))
    if options.picture:
        print(f"Saved: {_picture(found.plot, options.picture)}", file=sys.stderr)
    if not (options.steps or options.csv or options.json):
        print(
            f"Next: rssim person {options.name} --steps; rssim person {options.name} --scenario "
            "retirement_faster",
            file=sys.stderr,
        )
    return 0


def _systems(options: argparse.Namespace) -> int:
    from rssim.errors import ParameterError
    from rssim.inputs.scenario import DEFAULT_PLACE
    from rssim.study.register import load_register
    from rssim.study.systems import COLUMNS

    found = load_register(options.place or DEFAULT_PLACE)
    choices = (options.section, options.tier, options.state, options.summary or None)
    if options.id and any(choice is not None for choice in choices):
        raise ParameterError(
            f"systems {options.id}: an id names one system; leave out --section, --tier, --state "
            "and --summary."
        )
    if options.id:
        card = found.system(options.id)
        if options.csv or options.json:
            _print_rows([card.record], options)
        else:
            print(card.text())
        return 0
    found = found.choose(options.section, options.tier, options.state)
    if options.summary and not (options.csv or options.json):
        print(found.text())
        print("Next: rssim systems --section 4 --tier A; rssim systems S4-11", file=sys.stderr)
        return 0
    if options.summary:
        rows = [
            {"tier": tier, "state": state, "systems": number}
            for tier, counts in found.summary().items()
            for state, number in counts.items()
        ]
        _print_rows(rows, options, ("tier", "state", "systems"))
        return 0
    if options.csv or options.json:
        _print_rows(found.records, options, COLUMNS)
        return 0
    shown = [
        {"id": item.id, "tier": item.tier, "state": item.state, "system": item.name_en}
        | {"zh": item.name_zh, "carried by": str(item.links[0]) if item.links else ""}
        for item in found
    ]
    _print_rows(shown or [{"id": "none", "system": "no system is like that"}], options)
    print("Next: rssim systems ID prints a card; --summary counts.", file=sys.stderr)
    return 0


def _targets(options: argparse.Namespace) -> int:
    from rssim.inputs.scenario import DEFAULT_PLACE
    from rssim.study.targets import targets

    if options.picture:
        _check_picture(options.picture)
    place = options.place or _place_of_files([options.scenario]) or DEFAULT_PLACE
    board = targets(place, options.year, options.scenario)
    if options.csv or options.json:
        _print_rows(board.records, options)
    else:
        print(board.text())
    if options.picture:
        print(f"Saved: {_picture(board.plot, options.picture)}", file=sys.stderr)
    return 0


def _show(options: argparse.Namespace) -> int:
    from rssim.inputs.place import PARAMS
    from rssim.inputs.scenario import DEFAULT_PLACE, find_scenario, list_scenarios
    from rssim.study.levers import lever

    stems = {name.rsplit("/", 1)[-1] for name in list_scenarios()} | set(list_scenarios())
    if options.name in stems or options.name.endswith((".yaml", ".yml")):
        _load(options.name, argparse.Namespace(place=options.place, opening=None, to=None))
        print(find_scenario(options.name).read_text(encoding="utf-8").rstrip())
        return 0
    card = lever(options.name, options.place or DEFAULT_PLACE)
    print(card.to_text())
    if options.name in PARAMS:
        print(
            f"Next: rssim run baseline --place {options.place or DEFAULT_PLACE} --set "
            f"{options.name}=VALUE@2027-01-01",
            file=sys.stderr,
        )
    return 0


def _check(options: argparse.Namespace) -> int:
    from rssim.inputs.scenario import DEFAULT_END

    if options.name.endswith((".yaml", ".yml")):
        scenario = _load(
            options.name, argparse.Namespace(place=options.place, opening=None, to=options.to)
        )
        print(repr(scenario))
        print("The file is in order.")
        return 0
    from rssim.study.check import check

    report = check(options.name, options.calibration, options.to or DEFAULT_END)
    print(report.text())
    return report.code


def _doctor(options: argparse.Namespace) -> int:
    from rssim.study.doctor import doctor

    return doctor(print)


def _verify(options: argparse.Namespace) -> int:
    from pathlib import Path

    from rssim.study.manifest import verify

    found = verify(Path(options.file))
    print(found)
    return 0 if found.same else 1


def _demo(options: argparse.Namespace) -> int:
    from rssim.study.demo import demo

    return demo(options.out, options.to, _progress())


def _cite(options: argparse.Namespace) -> int:
    from rssim.study.cite import cite

    print(cite("bibtex" if options.bibtex else "text"))
    return 0


# What commands share ----------------------------------------------------------------------------


def _load(name: str, options: argparse.Namespace, place: str | None = None) -> Scenario:
    from rssim.inputs.scenario import load_scenario

    found = load_scenario(name, place or options.place, options.opening, options.to)
    written_for = _place_of_files([name])
    if written_for not in (None, found.place.key):
        print(
            f"rssim: note: {name} was written for {written_for}; its values are used in "
            f"{found.place.key} all the same.",
            file=sys.stderr,
        )
    return found


def _place_of_files(names: Sequence[str]) -> str | None:
    """The place that one of the files names, so that all scenarios run in the same one."""
    from rssim.errors import ScenarioError
    from rssim.inputs.scenario import find_scenario
    from rssim.inputs.schema import read_yaml

    for name in names:
        for part in filter(None, (part.strip() for part in name.split("+"))):
            place = read_yaml(find_scenario(part), ScenarioError).get("place")
            if place:
                return str(place)
    return None


def changed(scenario: Scenario, changes: Sequence[str]) -> Scenario:
    """The scenario with the changes of ``--set``, all faults at once."""
    from rssim.errors import ScenarioError

    values: dict[str, dict[Any, Any]] = {}
    faults: list[str] = []
    for text in changes:
        try:
            key, day, value = parse_change(text, scenario.opening)
        except ScenarioError as fault:
            faults += fault.faults
            continue
        if day in values.setdefault(key, {}):
            faults.append(f"--set {text}: {key} is set twice from {day}.")
        values[key][day] = value
    for key, steps in values.items():
        try:
            changed = scenario.change(key, steps, because="set on the command line")
            scenario = changed.named(changed.name, scenario.title)  # the heading says what was set
        except ScenarioError as fault:
            faults += [line.replace(f"{scenario.name}: ", "--set ", 1) for line in fault.faults]
    if faults:
        raise ScenarioError(faults)
    if not values:
        return scenario
    from dataclasses import replace

    title = f"{scenario.title or scenario.name}, with {', '.join(values)} set"
    return replace(scenario, title=title, zh="", question="")


def parse_change(text: str, opening: Any) -> tuple[str, Any, Any]:
    """Lever, day and value of KEY=VALUE or KEY=VALUE@DATE; the value is read as YAML."""
    import yaml

    from rssim.errors import ScenarioError
    from rssim.inputs.schema import as_day

    key, sign, rest = text.partition("=")
    if not sign or not key.strip() or not rest.strip():
        raise ScenarioError(
            f"--set {text}: write KEY=VALUE or KEY=VALUE@DATE, for example "
            "employee_pension.employer_rate=0.2@2027-01-01."
        )
    raw, at, day_text = rest.rpartition("@")
    if not at:
        raw, day_text = rest, ""
    faults: list[str] = []
    day = as_day(f"--set {text}", day_text, faults) if at else opening
    try:
        value = yaml.safe_load(raw)
    except yaml.YAMLError:
        faults.append(f"--set {text}: {raw!r} is not a number, a word or a table.")
        value = None
    if faults:
        raise ScenarioError(faults)
    return key.strip(), day, value


def _keys(options: argparse.Namespace, default: Sequence[str]) -> list[str]:
    from rssim.study.headline import known_keys

    given = [key.strip() for key in (options.show or "").split(",") if key.strip()]
    return known_keys(given) if given else list(default)


def _years(options: argparse.Namespace) -> list[int] | None:
    if not options.years:
        return None
    from rssim.errors import ParameterError

    parts = [part.strip() for part in options.years.split(",") if part.strip()]
    bad = [part for part in parts if not part.isdigit()]
    if bad:
        raise ParameterError([f"--years: {part!r} is not a year." for part in bad])
    return [int(part) for part in parts]


def _envelope(scenarios: list[Scenario], options: argparse.Namespace) -> Envelope:
    from rssim.study.variants import envelope

    progress = _progress()
    found = envelope(scenarios, variants=not options.no_variants, progress=progress)
    if progress is not None:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    return found


def _progress(what: str = "years") -> Callable[[int, int], None] | None:
    """A line on stderr that counts years or runs, where stderr is a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, of: int) -> None:
        print(f"\r\033[K{done} of {of} {what}", end="", file=sys.stderr, flush=True)

    return show


def _save(result: Result, path: str | None) -> list[Any]:
    return list(result.save(path)) if path else []


def _print_data(
    envelope: Envelope, keys: Sequence[str], options: argparse.Namespace, years: Sequence[int]
) -> None:
    """Every year (or those asked for) as data in plain units: yuan, persons, shares."""
    from rssim.study.series import SERIES

    wanted = list(years) if options.years else envelope.central.years
    rows = []
    for name in envelope.central.scenarios:
        for key in keys:
            paths = envelope.paths(key, name)
            for year in wanted:
                values = paths[:, envelope.central.years.index(year)]
                row: dict[str, Any] = {
                    "scenario": name,
                    "key": key,
                    "unit": SERIES[key].unit,
                    "year": year,
                    "value": float(values[0]),
                }
                if len(values) > 1:
                    row |= {"low": float(values.min()), "high": float(values.max())}
                rows.append(row)
    _print_rows(rows, options)


def _print_rows(
    rows: list[dict[str, Any]], options: argparse.Namespace, columns: Sequence[str] = ()
) -> None:
    """Rows as data or as a table; columns name the header where there may be no row."""
    if options.json:
        import json
        import math

        clean = [
            {
                key: None if isinstance(value, float) and math.isnan(value) else value
                for key, value in row.items()
            }
            for row in rows
        ]
        print(json.dumps(clean, ensure_ascii=False, indent=1))
    elif options.csv:
        import csv

        writer = csv.DictWriter(sys.stdout, list(columns or rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        from rssim.study.headline import width

        names = list(rows[0])
        table = [names, *([str(row[name]) for name in names] for row in rows)]
        widths = [max(width(line[at]) for line in table) for at in range(len(names))]
        for line in table:
            cells = [cell + " " * (w - width(cell)) for cell, w in zip(line, widths, strict=True)]
            print("  ".join(cells).rstrip())
