"""What pydantic cannot see in a design: contradictions, unknown responses, points that cannot run."""

from collections.abc import Sequence

from shequn.experiments.designs.design import Bases
from shequn.experiments.designs.factors import Factor
from shequn.experiments.designs.model import SAMPLED, SPACE, DesignContent
from shequn.experiments.designs.points import ParameterSet
from shequn.experiments.designs.responses import Response, response
from shequn.sim.language import _
from shequn.sim.scenario.errors import Problem, ScenarioError, scenario_error
from shequn.sim.scenario.hints import did_you_mean
from shequn.sim.scenario.nodes import Mapping, Mark, place

#: Columns of the tables that no factor may be named like.
COLUMNS = ("point", "run", "seed", "response", "value", "message")
_ENOUGH = 100  # distinct problems among the points after which no more are looked for


def read_responses(
    root: Mapping, texts: Sequence[str], days: int
) -> tuple[tuple[Response, ...], list[Problem]]:
    """The responses that a design names, and what is wrong with them."""
    found: dict[Response, None] = {}
    wrong = []
    for number, text in enumerate(texts):
        mark = place(root, ("responses", number))
        try:
            named = response(text, days)
        except ValueError as error:
            wrong.append(Problem(str(error), mark))
            continue
        if named in found:
            wrong.append(Problem(_("the response {text} stands there twice").format(text=text), mark))
        found[named] = None
    return tuple(found), wrong


def contradictions(content: DesignContent, factors: Sequence[Factor], root: Mapping) -> list[Problem]:
    """What contradicts itself in a design."""

    def at(*path: str | int) -> Mark:
        return place(root, path)

    wrong = []
    sampled, listed = content.design in SAMPLED, content.design == "list"
    if sampled and content.points is None:
        wrong.append(
            Problem(
                _("points is missing: how many parameter sets {design} takes").format(design=content.design),
                at("design"),
            )
        )
    if not sampled and content.points is not None:
        text = _("points belongs to {sampled}; the design is {design}").format(
            sampled=_(" and ").join(SAMPLED), design=content.design
        )
        wrong.append(Problem(text, at("points")))
    if content.design == "sobol" and content.points is not None and content.points & (content.points - 1):
        below = 1 << (content.points.bit_length() - 1)
        text = _("points is {points}; a Sobol sequence takes a power of two ({below} or {below2})").format(
            points=content.points, below=below, below2=2 * below
        )
        wrong.append(Problem(text, at("points")))
    if listed and content.parameter_sets is None:
        wrong.append(Problem(_("parameter_sets is missing: the design is a list"), at("design")))
    if not listed and content.parameter_sets is not None:
        text = _("parameter_sets belongs to a list; the design is {design}").format(design=content.design)
        wrong.append(Problem(text, at("parameter_sets"), _("write design: list")))
    if not listed and content.parameter_sets is None and "factors" not in root.items:
        wrong.append(Problem(_("factors is missing: what the design varies"), at()))
    for factor in factors:
        mark = at("factors", factor.name)
        if factor.is_range and not sampled and not listed and content.design != SPACE:
            text = _("factor {name} is a range; {design} needs levels").format(
                name=factor.name, design=content.design
            )
            wrong.append(
                Problem(
                    text,
                    mark,
                    _("ranges are for {sampled} and {space}").format(sampled=", ".join(SAMPLED), space=SPACE),
                )
            )
        if factor.name in COLUMNS:
            wrong.append(
                Problem(
                    _("no factor can be named {name}: the tables have such a column").format(
                        name=factor.name
                    ),
                    mark,
                )
            )
    wrong += _figures(content, root)
    return wrong + _twice(factors, root)


def _twice(factors: Sequence[Factor], root: Mapping) -> list[Problem]:
    """Factors of the same key: one would undo what the other does."""
    first: dict[str, str] = {}
    wrong = []
    for factor in factors:
        if factor.levels and len(factor.levels[0].overrides) > 1:
            continue
        if factor.key in first:
            text = _("factors {first} and {name} vary the same key {key}").format(
                first=first[factor.key], name=factor.name, key=factor.key
            )
            wrong.append(Problem(text, place(root, ("factors", factor.name))))
        first.setdefault(factor.key, factor.name)
    return wrong


def _figures(content: DesignContent, root: Mapping) -> list[Problem]:
    names = list(content.factors)
    if content.parameter_sets is not None:
        names = list(dict.fromkeys(key for part in content.parameter_sets for key in part))
    wrong = []
    for number, figure in enumerate(content.figures):
        asked = {"along": (figure.along, names), "response": (figure.response, content.responses)}
        if figure.by is not None:
            asked["by"] = (figure.by, names)
        for key, (value, known) in asked.items():
            if value not in known:
                what = _("response of this design") if key == "response" else _("factor")
                text = _("figures.{number}.{key} is {value!r}, no {what}{near}").format(
                    number=number, key=key, value=value, what=what, near=did_you_mean(value, known)
                )
                wrong.append(Problem(text, place(root, ("figures", number, key))))
        if figure.by == figure.along:
            mark = place(root, ("figures", number, "by"))
            wrong.append(
                Problem(
                    _("figures.{number}: along and by are both {by}").format(number=number, by=figure.by),
                    mark,
                )
            )
    return wrong


def lengths(bases: Bases, factors: Sequence[Factor]) -> list[int]:
    """Days that runs of a design may last, as far as its factors say; the longest may be a response's day."""
    days = [scenario.days for scenario in bases.scenarios.values()]
    for factor in factors:
        if factor.key == "days":
            known = [factor.low, factor.high, *(level.value for level in factor.levels)]
            days += [int(value) for value in known if isinstance(value, int | float) and value == value]
    return days


def wrong_points(
    bases: Bases, points: Sequence[ParameterSet], responses: Sequence[Response], root: Mapping
) -> list[Problem]:
    """What is wrong with the parameter sets as wholes, each problem once."""
    last = max(responses, key=lambda asked: asked.day or 0)
    at_last = place(root, ("responses",))
    seen: dict[tuple[Mark | None, str], Problem] = {}
    for number in range(len(points)):
        levels = points[number]
        base, overrides = bases.base_and_overrides(levels)
        try:
            days = base.with_(overrides).days
            if last.day is not None and last.day > days:
                raise scenario_error(
                    _("{last} is of no day of some runs: they last {days} days").format(last=last, days=days),
                    at_last,
                )
        except ScenarioError as error:
            chosen = ", ".join(str(level.value) for level in levels)
            for problem in error.problems:
                hint = problem.hint or _("first with the levels {chosen}").format(chosen=chosen)
                seen.setdefault(
                    (problem.mark, problem.message),
                    Problem(problem.message, problem.mark, hint, problem.where),
                )
        if len(seen) >= _ENOUGH:
            break
    return list(seen.values())
