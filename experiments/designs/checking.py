"""Checks of a design beyond its schema: contradictions, unknown responses, points that cannot run."""

import math
from collections.abc import Sequence

from shequn.experiments.designs.design import Bases
from shequn.experiments.designs.factors import Factor
from shequn.experiments.designs.model import MAX_POINTS, SAMPLED, SPACE, DesignContent
from shequn.experiments.designs.points import ParameterSet
from shequn.experiments.designs.responses import Response, response
from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.scenario.errors import Problem, ScenarioError, scenario_error
from shequn.sim.scenario.nodes import Mapping, Mark, location

#: Names of columns of the tables, which no factor may have.
COLUMNS = ("point", "run", "seed", "response", "value", "message")
_MAX_CHECKED = 10_000  # points of a design that are checked as a whole; of more, every n-th
_MAX_PROBLEMS = 100  # distinct problems among the points after which checking stops


def read_responses(
    root: Mapping, texts: Sequence[str], days: int, named: Sequence[str]
) -> tuple[tuple[Response, ...], list[Problem]]:
    """The responses that a design names, and the problems in their names."""
    responses: dict[Response, None] = {}
    problems = []
    for number, text in enumerate(texts):
        mark = location(root, ("responses", number))
        try:
            one = response(text, days, named)
        except ValueError as error:
            problems.append(Problem(str(error), mark))
            continue
        if one in responses:
            problems.append(Problem(_("the response {text} appears twice").format(text=text), mark))
        responses[one] = None
    return tuple(responses), problems


def contradictions(content: DesignContent, factors: Sequence[Factor], root: Mapping) -> list[Problem]:
    """The contradictions within a design."""

    def at(*path: str | int) -> Mark:
        return location(root, path)

    problems = []
    is_sample, is_list = content.design in SAMPLED, content.design == "list"
    if is_sample and content.points is None:
        problems.append(
            Problem(
                _("points is missing: the number of parameter sets of {design}").format(
                    design=content.design
                ),
                at("design"),
            )
        )
    if not is_sample and content.points is not None:
        text = _("points belongs to {sampled}; the design is {design}").format(
            sampled=_(" and ").join(SAMPLED), design=content.design
        )
        problems.append(Problem(text, at("points")))
    if content.design == "sobol" and content.points is not None and content.points & (content.points - 1):
        below = 1 << (content.points.bit_length() - 1)
        text = _("points is {points}; a Sobol sequence takes a power of two ({below} or {below2})").format(
            points=content.points, below=below, below2=2 * below
        )
        problems.append(Problem(text, at("points")))
    if is_list and content.parameter_sets is None:
        problems.append(Problem(_("parameter_sets is missing: the design is a list"), at("design")))
    if not is_list and content.parameter_sets is not None:
        text = _("parameter_sets belongs to a list; the design is {design}").format(design=content.design)
        problems.append(Problem(text, at("parameter_sets"), _("write design: list")))
    if not is_list and content.parameter_sets is None and "factors" not in root.items:
        problems.append(Problem(_("factors is missing: what the design varies"), at()))
    for factor in factors:
        mark = at("factors", factor.name)
        if factor.is_range and not is_sample and not is_list and content.design != SPACE:
            text = _("factor {name} is a range; {design} needs levels").format(
                name=factor.name, design=content.design
            )
            problems.append(
                Problem(
                    text,
                    mark,
                    _("ranges are for {sampled} and {space}").format(sampled=", ".join(SAMPLED), space=SPACE),
                )
            )
        if factor.name in COLUMNS:
            problems.append(
                Problem(
                    _("no factor can be named {name}: the tables have such a column").format(
                        name=factor.name
                    ),
                    mark,
                )
            )
    n = math.prod(max(1, len(factor.levels)) for factor in factors)
    if content.design == "grid" and n > MAX_POINTS:
        text = _("the grid has {n:,} parameter sets; allowed: at most {most:,}").format(n=n, most=MAX_POINTS)
        hint = _("fewer levels, or a sample: design: {sampled} and points: 64").format(sampled=SAMPLED[1])
        problems.append(Problem(text, at("factors"), hint))
    problems += _figure_problems(content, root)
    return problems + _repeated_keys(factors, root)


def _repeated_keys(factors: Sequence[Factor], root: Mapping) -> list[Problem]:
    """Factors of the same key, of which one would override the other."""
    first: dict[str, str] = {}
    problems = []
    for factor in factors:
        if factor.levels and len(factor.levels[0].overrides) > 1:
            continue
        if factor.key in first:
            text = _("factors {first} and {name} vary the same key {key}").format(
                first=first[factor.key], name=factor.name, key=factor.key
            )
            problems.append(Problem(text, location(root, ("factors", factor.name))))
        first.setdefault(factor.key, factor.name)
    return problems


def _figure_problems(content: DesignContent, root: Mapping) -> list[Problem]:
    names = list(content.factors)
    if content.parameter_sets is not None:
        names = list(dict.fromkeys(key for part in content.parameter_sets for key in part))
    problems = []
    for number, figure in enumerate(content.figures):
        references = {"along": (figure.along, names), "response": (figure.response, content.responses)}
        if figure.by is not None:
            references["by"] = (figure.by, names)
        for key, (value, known) in references.items():
            if value not in known:
                what = _("response of this design") if key == "response" else _("factor")
                text = _("figures.{number}.{key} is {value!r}, no {what}{near}").format(
                    number=number, key=key, value=value, what=what, near=did_you_mean(value, known)
                )
                problems.append(Problem(text, location(root, ("figures", number, key))))
        if figure.by == figure.along:
            mark = location(root, ("figures", number, "by"))
            problems.append(
                Problem(
                    _("figures.{number}: along and by are both {by}").format(number=number, by=figure.by),
                    mark,
                )
            )
    return problems


def run_lengths(bases: Bases, factors: Sequence[Factor]) -> list[int]:
    """Possible lengths of a design's runs in days: those of its scenarios and those that its factors set."""
    days = [scenario.days for scenario in bases.scenarios.values()]
    for factor in factors:
        if factor.key == "days":
            known = [factor.low, factor.high, *(level.value for level in factor.levels)]
            days += [int(value) for value in known if isinstance(value, int | float) and value == value]
    return days


def point_problems(
    bases: Bases, points: Sequence[ParameterSet], responses: Sequence[Response], root: Mapping
) -> list[Problem]:
    """The problems of whole parameter sets, each once: levels that contradict each other, runs that are too short."""
    last = max(responses, key=lambda one: one.day or 0)
    at_last = location(root, ("responses",))
    seen: dict[tuple[Mark | None, str], Problem] = {}
    for number in range(0, len(points), max(1, len(points) // _MAX_CHECKED)):
        levels = points[number]
        base, overrides = bases.base_and_overrides(levels)
        try:
            days = base.with_(overrides).days
            if last.day is not None and last.day > days:
                raise scenario_error(
                    _("{last} lies after the end of some runs, which last {days} days").format(
                        last=last, days=days
                    ),
                    at_last,
                )
        except ScenarioError as error:
            values = ", ".join(str(level.value) for level in levels)
            for problem in error.problems:
                hint = problem.hint or _("first with the levels {values}").format(values=values)
                seen.setdefault(
                    (problem.mark, problem.message),
                    Problem(problem.message, problem.mark, hint, problem.where),
                )
        if len(seen) >= _MAX_PROBLEMS:
            break
    return list(seen.values())
