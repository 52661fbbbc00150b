"""The report of a run: its sections and their order."""

import pandas as pd

from shequn.app.report import (  # fmt: skip
    alerts,
    answer,
    assumed_numbers,
    exchanges,
    groups,
    growth,
    incentives,
    leaving,
    moderation,
    money,
    network,
    provenance,
    retention,
    spaces,
    staff,
    talking,
    temperature,
    ties,
    week,
)
from shequn.app.report.drawing import Clock
from shequn.app.report.parts import Listing, Part, Report, Section, Table, Text, warning_part
from shequn.app.report.result_folder import ResultFolder
from shequn.sim.language import _, ngettext, translate
from shequn.sim.presentation import formats
from shequn.sim.presentation.marks import Mark, marks
from shequn.sim.scenario import Scenario

_MAX_ROWS = 4_000  # rows; a longer table of all runs is not put into the page


def report(results: ResultFolder) -> Report:
    """Build the report of a run.

    Raises
    ------
    ScenarioError
        ``scenario.yaml`` was edited, or comes from another version.
    """
    scenario, runs, days = results.scenario, results.table("runs"), results.table("days")
    last = int(days["day"].max())
    marks_with_branch = sorted([*_branch_mark(results), *_moments(results, scenario, days)])
    clock = Clock(scenario.start, last, marks_with_branch)
    contacts = exchanges.exchanges(results)
    warnings = alerts.alerts(results, scenario, marks_with_branch)
    sections = [
        *_operations(results, scenario, clock),
        growth.section(results, clock),
        temperature.section(results, clock),
        leaving.section(results, clock),
        retention.section(results, clock),
        *(
            part
            for part in (
                groups.section(results, clock),
                spaces.section(results, clock),
                staff.section(results, clock),
                moderation.section(results, clock),
                incentives.section(results, clock),
                money.section(results, clock),
            )
            if part is not None
        ),
        talking.section(results, clock),
        week.section(results, clock),
        ties.section(results, clock, contacts),
        network.section(results, clock, contacts),
        Section(
            "alerts",
            _("What to be careful with"),
            [
                warning_part(warnings),
                assumed_numbers.run_table(scenario, _shipped_name(results)),
            ],
        ),
        _scenario(results, scenario),
    ]
    n = len(runs)
    subtitle = ngettext(
        "{n} run of {days} days from {start}, seed {seed}",
        "{n} runs of {days} days from {start}, seed {seed}",
        n,
    )
    return Report(
        kind=_("Simulation"),
        title=translate(scenario.title),
        subtitle=subtitle.format(n=n, days=last, start=scenario.start, seed=scenario.seed),
        question=translate(str(scenario.question)),
        answer_label=_("What happened"),
        answer=[*answer.sentences(runs), *_how_to_answer(results)],
        figures=answer.figures(runs),
        pictures=[answer.picture(days, clock)],
        cards=[],
        sections=sections,
        footer=ngettext(
            "{n} thing to be careful with", "{n} things to be careful with", len(warnings)
        ).format(n=len(warnings))
        if warnings
        else "",
    )


def _how_to_answer(results: ResultFolder) -> list[str]:
    """The command that answers the question, where a shipped scenario has variants to compare."""
    from shequn.sim.scenario.locations import shipped

    name = str(results.manifest.get("scenario"))
    if name not in shipped():
        return []
    variants = Scenario.load(name).variants
    if not variants:
        return []
    text = _(
        "This shows one way of doing it. shequn compare {name} answers the question: it runs {variants} beside it."
    )
    return [text.format(name=name, variants=formats.join_words(list(variants)))]


def _branch_mark(results: ResultFolder) -> list[Mark]:
    """Mark of the day on which a branch starts; empty for other runs."""
    branching = results.manifest.get("branching")
    return [Mark(float(branching["day"]), 0, _("0 the branch begins"))] if branching else []


def _stages(results: ResultFolder) -> pd.DataFrame | None:
    return results.table("stages") if results.has("stages") else None


def _moments(results: ResultFolder, scenario: Scenario, days: pd.DataFrame) -> list[Mark]:
    """Marks of the operations."""
    return marks(scenario, days, _stages(results), results.manifest.get("branching"))


def _stages_table(results: ResultFolder) -> list[Part]:
    """When each stage began; nothing without stages."""
    stages = _stages(results)
    if stages is None or not len(stages):
        return []
    rows = [
        {_("stage"): name, _("began on day"): formats.spread(of_stage["begins"], formats.count)}
        for name, of_stage in stages.groupby("stage", sort=False, observed=True)
    ]
    return [Table("stages", _("Stages"), pd.DataFrame(rows))]


def _shipped_name(results: ResultFolder) -> str:
    name, variant = results.manifest.get("scenario"), results.manifest.get("variant")
    return f"{name}:{variant}" if variant else str(name)


def _operations(results: ResultFolder, scenario: Scenario, clock: Clock) -> list[Section]:
    """The section on the operations that the time axes mark; empty if there are none."""
    from shequn.app.explanation.operations import operation_sentence

    branching = results.manifest.get("branching")
    branch_parts: list[Part] = []
    if branching:
        text = _("This run is a branch: on day {day}, marked 0, it split off from run {run} of {scenario}.")
        branch_parts = [
            Text([text.format(day=branching["day"], run=branching["run"], scenario=branching["scenario"])])
        ]
    title = _("What the operator did")
    branch_parts += _stages_table(results)
    if not scenario.operations:
        return [Section("operations", title, branch_parts)] if branch_parts else []
    instants = {
        number: [mark.day for mark in clock.marks if mark.number == number]
        for number in range(1, len(scenario.operations) + 1)
    }
    table = pd.DataFrame(
        {
            _("number"): list(instants),
            _("name"): [operation.name for operation in scenario.operations],
            _("what the operator did"): [
                operation_sentence(operation, scenario.start) for operation in scenario.operations
            ],
            _("days (run 0)"): [_days(days) for days in instants.values()],
        }
    )
    note = _(
        "These numbers label the marks in every chart over time: a dashed line, or a row of ticks at the bottom if "
        "it repeats."
    )
    return [Section("operations", title, [*branch_parts, Table("operations", "", table, note=note)])]


def _days(instants: list[float]) -> str:
    shown = ", ".join(f"{day:g}" for day in instants[:12])
    return shown + (f", … ({len(instants)})" if len(instants) > 12 else "") if instants else _("never")


def _command(results: ResultFolder, scenario: Scenario) -> str:
    """The command that runs the same again, from day 0 or from the saved states."""
    command = "shequn run scenario.yaml"
    if results.manifest.get("branching"):
        command += f" --from {provenance.states_folder(results)}"
    state = results.manifest.get("state")
    if state is None:
        return command
    return f"{command} --until {state['day']} --save" if state["day"] < scenario.days else f"{command} --save"


def _scenario(results: ResultFolder, scenario: Scenario) -> Section:
    from shequn.app.explanation.scenario import explain

    if results.lacks_a_file:
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
    notes = [str(note) for note in results.manifest.get("notes", [])]
    if notes:
        parts.append(Listing(notes))
    parts.append(
        Text([results.text("scenario.yaml")], mono=True, title=_("The scenario, every key (scenario.yaml)"))
    )
    parts += provenance.state_parts(results)
    parts.append(provenance.commands(results, [_command(results, scenario)]))
    parts.append(provenance.versions(results))
    runs = results.table("runs")
    parts.append(Table("runs", _("Key figures of every run"), runs, is_shown=False))
    growth_rows = results.table("growth")
    if len(growth_rows) <= _MAX_ROWS:
        parts.append(
            Table("growth", _("Joins and R of every run, week by week"), growth_rows, is_shown=False)
        )
    days = results.table("days")
    first = days[days["run"] == 0].drop(columns="run")
    parts.append(Table("days-of-run-0", _("Daily measures of run 0"), first, is_shown=False))
    parts.append(provenance.files(results))
    return Section("scenario", _("The scenario, and how to reproduce the run"), parts)
