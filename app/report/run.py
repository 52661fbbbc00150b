"""The report of a run: which sections, in which order."""

import pandas as pd

from shequn.app.report import (  # fmt: skip
    alerts,
    answer,
    assumed_numbers,
    exchanges,
    growth,
    leaving,
    network,
    provenance,
    retention,
    talking,
    temperature,
    ties,
    week,
)
from shequn.app.report.drawing import Clock
from shequn.app.report.operations import Mark, marks
from shequn.app.report.parts import Listing, Part, Report, Section, Table, Text
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _, ngettext, translated
from shequn.sim.scenario import Scenario

_LONG = 4_000  # rows of a table of all runs up to which it goes into the page as a file


def report(found: ResultFolder) -> Report:
    """Everything that is to be said of a run.

    Raises
    ------
    ScenarioError
        ``scenario.yaml`` is not what was run.
    """
    scenario, runs, days = found.scenario, found.table("runs"), found.table("days")
    last = int(days["day"].max())
    found_marks = sorted([*_parting(found), *marks(scenario, days, found.manifest.get("branching"))])
    clock = Clock(scenario.start, last, found_marks)
    made = exchanges.exchanges(found)
    warnings = alerts.alerts(found, scenario, found_marks)
    sections = [
        *_operations(found, scenario, clock),
        growth.section(found, clock),
        temperature.section(found, clock),
        leaving.section(found, clock),
        retention.section(found, clock),
        talking.section(found, clock),
        week.section(found, clock),
        ties.section(found, clock, made),
        network.section(found, clock, made),
        Section(
            "alerts",
            _("What to be careful with"),
            [
                Listing(warnings, "warning") if warnings else Text([_("Nothing looks wrong or too thin.")]),
                assumed_numbers.of_run(scenario, _shipped_name(found)),
            ],
        ),
        _scenario(found, scenario),
    ]
    n = len(runs)
    subtitle = ngettext(
        "{n} run of {days} days from {start}, seed {seed}",
        "{n} runs of {days} days from {start}, seed {seed}",
        n,
    )
    return Report(
        kind=_("Simulation"),
        title=translated(scenario.title),
        subtitle=subtitle.format(n=n, days=last, start=scenario.start, seed=scenario.seed),
        question=translated(" ".join(scenario.question.split())),
        answer=answer.sentences(runs),
        figures=answer.figures(runs),
        picture=answer.picture(days, clock),
        sections=sections,
        footer=ngettext(
            "{n} thing to be careful with", "{n} things to be careful with", len(warnings)
        ).format(n=len(warnings))
        if warnings
        else "",
    )


def _parting(found: ResultFolder) -> list[Mark]:
    """Of a branch: the day on which it went its own way."""
    branching = found.manifest.get("branching")
    return [Mark(float(branching["day"]), 0, _("0 the branch begins"))] if branching else []


def _shipped_name(found: ResultFolder) -> str:
    name, variant = found.manifest.get("scenario"), found.manifest.get("variant")
    return f"{name}:{variant}" if variant else str(name)


def _operations(found: ResultFolder, scenario: Scenario, clock: Clock) -> list[Section]:
    """The operations that are marked on the axes of time, if there are any."""
    from shequn.app.explanation.operations import when_words

    branching = found.manifest.get("branching")
    before: list[Part] = []
    if branching:
        text = _("This run is a branch: on day {day}, marked 0, it split off from run {run} of {scenario}.")
        before = [
            Text([text.format(day=branching["day"], run=branching["run"], scenario=branching["scenario"])])
        ]
    title = _("What the operator did")
    if not scenario.operations:
        return [Section("operations", title, before)] if before else []
    instants = {
        number: [mark.day for mark in clock.marks if mark.number == number]
        for number in range(1, len(scenario.operations) + 1)
    }
    table = pd.DataFrame(
        {
            _("number"): list(instants),
            _("what the operator did"): [
                when_words(operation, scenario.start) for operation in scenario.operations
            ],
            _("days (run 0)"): [_days(on) for on in instants.values()],
        }
    )
    note = _("These numbers label the dashed lines in every chart over time.")
    return [Section("operations", title, [*before, Table("operations", "", table, note=note)])]


def _days(instants: list[float]) -> str:
    shown = ", ".join(f"{day:g}" for day in instants[:12])
    return shown + (f", … ({len(instants)})" if len(instants) > 12 else "") if instants else _("never")


def _command(found: ResultFolder, scenario: Scenario) -> str:
    """What runs the same again, from the founding or from the states it went on from."""
    command = "shequn run scenario.yaml"
    if found.manifest.get("branching"):
        command += f" --from {provenance.states_folder(found)}"
    state = found.manifest.get("state")
    if state is None:
        return command
    return f"{command} --until {state['day']} --save" if state["day"] < scenario.days else f"{command} --save"


def _scenario(found: ResultFolder, scenario: Scenario) -> Section:
    from shequn.app.explanation.scenario import explain

    if found.names_a_lost_file:
        parts: list[Part] = [
            Text(
                [
                    _(
                        "A file that the scenario refers to no longer exists, so the scenario cannot be explained."
                    )
                ]
            )
        ]
    else:
        parts = [Text([part for part in explain(scenario).split("\n\n") if part.strip()])]
    notes = [str(note) for note in found.manifest.get("notes", [])]
    if notes:
        parts.append(Listing(notes))
    parts.append(
        Text([found.text("scenario.yaml")], mono=True, title=_("The scenario, every key (scenario.yaml)"))
    )
    parts += provenance.of_states(found)
    parts.append(provenance.commands(found, [_command(found, scenario)]))
    parts.append(provenance.versions(found))
    runs = found.table("runs")
    parts.append(Table("runs", _("Key figures of every run"), runs, is_shown=False))
    growth_rows = found.table("growth")
    if len(growth_rows) <= _LONG:
        parts.append(
            Table("growth", _("Joins and R of every run, week by week"), growth_rows, is_shown=False)
        )
    days = found.table("days")
    first = days[days["run"] == 0].drop(columns="run")
    parts.append(Table("days-of-run-0", _("Daily measures of run 0"), first, is_shown=False))
    parts.append(provenance.files(found))
    return Section("scenario", _("The scenario, and how to reproduce the run"), parts)
