"""Reads a design from YAML, or reports all its problems at once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shequn.experiments.designs.checking import contradictions, point_problems, read_responses, run_lengths
from shequn.experiments.designs.design import Bases, Design
from shequn.experiments.designs.factors import Factor, Level, factor, level, value_of
from shequn.experiments.designs.model import DesignContent
from shequn.experiments.designs.parameter_sets import base_level, parameter_sets
from shequn.experiments.designs.places import DesignError, find_design, scenario_place
from shequn.experiments.designs.points import ParameterSet
from shequn.experiments.designs.responses import named_responses
from shequn.experiments.designs.shapes import scalars, with_explicit_levels, without_faulty_parts
from shequn.sim.language import N_, _
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.checking import problems as in_words
from shequn.sim.scenario.errors import Problem, ScenarioError
from shequn.sim.scenario.merging import Override
from shequn.sim.scenario.nodes import Mapping, Mark, Node, plain
from shequn.sim.scenario.nodes import Sequence as ListNode
from shequn.sim.scenario.reading import parse, read_text

_STAND_IN = {"format": 1, "title": "in place of a scenario that cannot be read"}


@cache
def _schema() -> dict[str, Any]:
    return DesignContent.model_json_schema(by_alias=True)


def read_design(name_or_path: str) -> Design:
    """Read a design: a shipped name or a path.

    Raises
    ------
    ScenarioError
        All problems of the design and of the scenario it names, with file, line and what is allowed.
    """
    path = find_design(name_or_path)
    text, notes = read_text(path, N_("a design"))
    root, problems = parse(text, str(path), what=N_("a design"))
    return _Reader(root, problems, path).design(text, notes)


class _Reader:
    """Reads one design; collects problems and continues as far as it can."""

    def __init__(self, root: Mapping, problems: list[Problem], path: Path) -> None:
        self.root = with_explicit_levels(root)
        self.problems = list(problems)
        self.path = path

    def design(self, text: str, notes: list[str]) -> Design:
        """The design, or a `DesignError` with all problems."""
        content = self._content()
        values = plain(self.root)
        bases = self._bases(content)
        factors = self._factors(content)
        days = max(run_lengths(bases, factors))
        responses, problems = read_responses(
            self.root, content.responses, days, named_responses(bases.scenarios.values())
        )
        self.problems += [*problems, *contradictions(content, factors, self.root)]
        self._check_levels(bases, [level for f in factors for level in f.levels])
        own_points = self._parameter_sets(bases, factors)
        self._raise_problems()
        points: Sequence[ParameterSet]
        if own_points is not None:
            factors, points = own_points
        else:
            points = parameter_sets(content, factors, bases)
        self.problems += point_problems(bases, points, responses, self.root)
        self._raise_problems()
        return Design(
            name=self.path.stem,
            title=content.title,
            question=content.question,
            bases=bases,
            factors=tuple(factors),
            points=points,
            replicates=content.replicates,
            seed=content.seed,
            responses=responses,
            figures=tuple(content.figures),
            text=text,
            content=values,
            notes=(*notes, *bases.variant(None).notes),
        )

    def _raise_problems(self) -> None:
        """Raise the problems so far, if any: each once, in order of lines."""
        if self.problems:
            once = {(p.mark, p.message): p for p in reversed(self.problems)}
            raise DesignError(sorted(once.values(), key=_line))

    def _content(self) -> DesignContent:
        """The content of the file; faulty keys are reported and left out."""
        root = self.root
        try:
            return DesignContent.model_validate(plain(root))
        except ValidationError as error:
            self.problems += in_words(error, root, _schema())
            faulty = {tuple(detail["loc"]) for detail in error.errors(include_url=False)}
        self.root = without_faulty_parts(root, faulty)
        missing = {key: value for key, value in _PLACEHOLDERS.items() if key not in self.root.items}
        try:
            return DesignContent.model_validate(plain(self.root) | missing)
        except ValidationError:
            self._raise_problems()
            raise

    def _bases(self, content: DesignContent) -> Bases:
        """The scenario and its variants; if it cannot be read, a stand-in against which keys are checked."""
        settings = self._overrides("set")
        node = self.root.items.get("scenario")
        mark = node.mark if node is not None else self.root.mark
        default = None
        try:
            name, default = scenario_place(content.scenario, self.path.parent)
            if node is None:  # its absence has been reported
                raise ScenarioError([])
            base = Scenario.load(name)
            if default is not None and default not in base.variants:
                Scenario.load(name, default)  # the error lists the variants
            scenarios: dict[str | None, Scenario] = {None: base} | {
                variant: Scenario.load(name, variant) for variant in base.variants
            }
        except ScenarioError as error:
            self.problems += [_with_mark(problem, mark) for problem in error.problems]
            stand_in = Scenario.from_mapping(_STAND_IN)
            scenarios, default = {None: stand_in}, None
        for variant, scenario in scenarios.items():
            try:
                scenarios[variant] = scenario.with_(settings)
            except ScenarioError as error:
                self.problems += [_with_mark(problem, mark) for problem in error.problems]
        return Bases(scenarios, default)

    def _overrides(self, key: str) -> list[Override]:
        """The overrides of a mapping from dotted keys to values."""
        node = self.root.items.get(key)
        overrides: list[Override] = []
        if isinstance(node, Mapping):
            for name, value in node.items.items():
                try:
                    overrides += level(value_of(value), name, node.keys[name], value).overrides
                except ScenarioError as error:
                    self.problems += error.problems
        return overrides

    def _factors(self, content: DesignContent) -> list[Factor]:
        node = self.root.items.get("factors")
        factors = []
        if isinstance(node, Mapping):
            for name, part in content.factors.items():
                description = node.items[name]
                if not isinstance(description, Mapping):
                    continue
                one, problems = factor(name, part, description, node.keys[name])
                self.problems += problems
                if not problems:
                    factors.append(one)
        return factors

    def _check_levels(self, bases: Bases, levels: Sequence[Level]) -> None:
        """Collect the problems of each level by itself."""
        for one in levels:
            if one.variant is not None and one.variant not in bases.names():
                known = ", ".join(bases.names())
                self.problems.append(
                    Problem(
                        _("there is no variant {variant!r} (allowed: {known})").format(
                            variant=one.variant, known=known
                        ),
                        self._mark_of(one.variant),
                    )
                )
                continue
            base, overrides = bases.base_and_overrides([one])
            try:
                self.problems += base.wrong_values(overrides)
            except ScenarioError as error:
                self.problems += error.problems

    def _mark_of(self, text: str) -> Mark:
        """The position of a value in the file."""
        return next((node.mark for node in scalars(self.root) if node.value == text), self.root.mark)

    def _parameter_sets(
        self, bases: Bases, factors: list[Factor]
    ) -> tuple[list[Factor], list[ParameterSet]] | None:
        """The factors and parameter sets of a list; None for another design."""
        node = self.root.items.get("parameter_sets")
        if not isinstance(node, ListNode):
            return None
        known = {one.name: one for one in factors}
        names = dict.fromkeys(key for part in node.items if isinstance(part, Mapping) for key in part.items)
        marks = {
            key: part.keys[key] for part in node.items if isinstance(part, Mapping) for key in part.items
        }
        columns = [known.get(name) or Factor(name, name, marks[name]) for name in names]
        points = []
        for part in node.items:
            levels: list[Level] = []
            for column in columns:
                value = part.items.get(column.name) if isinstance(part, Mapping) else None
                if value is None:
                    levels.append(base_level(bases, column))
                    continue
                try:
                    levels.append(self._level_in_list(column, value))
                except ScenarioError as error:
                    self.problems += error.problems
            self._check_levels(bases, levels)
            points.append(tuple(levels))
        return columns, points

    def _level_in_list(self, column: Factor, node: Node) -> Level:
        """The level that a parameter set names: one of a factor's levels, or any value of a key."""
        value = value_of(node)
        if column.is_range:
            return level(value, column.key, column.mark, node)
        for one in column.levels:
            if one.value == value:
                return one
        known = ", ".join(str(one.value) for one in column.levels)
        raise ScenarioError(
            [
                Problem(
                    _("{name} has no level {value} (allowed: {known})").format(
                        name=column.name, value=value, known=known
                    ),
                    node.mark,
                )
            ]
        )


_PLACEHOLDERS = {"format": 1, "title": "?", "scenario": "?"}  # of required keys that are missing


def _line(problem: Problem) -> tuple[int, int]:
    return (problem.mark.line, problem.mark.column) if problem.mark is not None else (-1, -1)


def _with_mark(problem: Problem, mark: Mark) -> Problem:
    """The problem, with this position if it has none; problems in the scenario's own file have one."""
    return (
        problem if problem.mark is not None else Problem(problem.message, mark, problem.hint, problem.where)
    )
