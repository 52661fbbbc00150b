"""Reading a design: YAML to a :class:`Design`, or everything that is wrong with it at once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shequn.experiments.designs.checking import contradictions, lengths, read_responses, wrong_points
from shequn.experiments.designs.design import Bases, Design
from shequn.experiments.designs.factors import Factor, Level, factor, level, value_of
from shequn.experiments.designs.model import DesignContent
from shequn.experiments.designs.parameter_sets import base_level, parameter_sets
from shequn.experiments.designs.places import DesignError, find, scenario_place
from shequn.experiments.designs.points import ParameterSet
from shequn.experiments.designs.shapes import scalars, with_short_levels, without
from shequn.sim.language import N_, _
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.checking import problems as in_words
from shequn.sim.scenario.errors import Problem, ScenarioError
from shequn.sim.scenario.merging import Override
from shequn.sim.scenario.nodes import Mapping, Mark, Node, plain
from shequn.sim.scenario.nodes import Sequence as ListNode
from shequn.sim.scenario.reading import parse, read_text

_STANDS_IN = {"format": 1, "title": "stands in for a scenario that cannot be read"}


@cache
def _schema() -> dict[str, Any]:
    return DesignContent.model_json_schema(by_alias=True)


def read_design(name_or_path: str) -> Design:
    """Read a design: a shipped name or a path.

    Raises
    ------
    ScenarioError
        Everything that is wrong with it (and with the scenario it names), with file, line and
        what is allowed.
    """
    path = find(name_or_path)
    text, notes = read_text(path, N_("a design"))
    root, problems = parse(text, str(path), what=N_("a design"))
    return _Reader(root, problems, path).design(text, notes)


class _Reader:
    """One reading of a design: collects what is wrong, and goes on as far as it can."""

    def __init__(self, root: Mapping, problems: list[Problem], path: Path) -> None:
        self.root = with_short_levels(root)
        self.problems = list(problems)
        self.path = path

    def design(self, text: str, notes: list[str]) -> Design:
        """The design, or a `DesignError` with all problems."""
        content = self._content()
        stated = plain(self.root)
        bases = self._bases(content)
        factors = self._factors(content)
        days = max(lengths(bases, factors))
        responses, wrong = read_responses(self.root, content.responses, days)
        self.problems += [*wrong, *contradictions(content, factors, self.root)]
        self._check_levels(bases, [level for f in factors for level in f.levels])
        listed = self._parameter_sets(bases, factors)
        self._stop()
        points: Sequence[ParameterSet]
        if listed is not None:
            factors, points = listed
        else:
            points = parameter_sets(content, factors, bases)
        self.problems += wrong_points(bases, points, responses, self.root)
        self._stop()
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
            content=stated,
            notes=(*notes, *bases.variant(None).notes),
        )

    def _stop(self) -> None:
        """Raise what is wrong so far, each once, in order of its line."""
        if self.problems:
            once = {(p.mark, p.message): p for p in reversed(self.problems)}
            raise DesignError(sorted(once.values(), key=_line))

    def _content(self) -> DesignContent:
        """What the file says; wrong keys are reported and left out."""
        root = self.root
        try:
            return DesignContent.model_validate(plain(root))
        except ValidationError as error:
            self.problems += in_words(error, root, _schema())
            wrong = {tuple(detail["loc"]) for detail in error.errors(include_url=False)}
        self.root = without(root, wrong)
        missing = {key: value for key, value in _LEAST.items() if key not in self.root.items}
        try:
            return DesignContent.model_validate(plain(self.root) | missing)
        except ValidationError:
            self._stop()
            raise

    def _bases(self, content: DesignContent) -> Bases:
        """The scenario and its variants; when it cannot be read, one to check keys with."""
        settings = self._overrides("set")
        written = self.root.items.get("scenario")
        mark = written.mark if written is not None else self.root.mark
        name, chosen = scenario_place(content.scenario, self.path.parent)
        try:
            if written is None:  # its absence has been reported
                raise ScenarioError([])
            base = Scenario.load(name)
            if chosen is not None and chosen not in base.variants:
                Scenario.load(name, chosen)  # says which there are
            found: dict[str | None, Scenario] = {None: base} | {
                variant: Scenario.load(name, variant) for variant in base.variants
            }
        except ScenarioError as error:
            self.problems += [_with_mark(problem, mark) for problem in error.problems]
            stand_in = Scenario.from_mapping(_STANDS_IN)
            found, chosen = {None: stand_in}, None
        for variant, scenario in found.items():
            try:
                found[variant] = scenario.with_(settings)
            except ScenarioError as error:
                self.problems += [_with_mark(problem, mark) for problem in error.problems]
        return Bases(found, chosen)

    def _overrides(self, key: str) -> list[Override]:
        """What a mapping from dotted keys to values sets."""
        node = self.root.items.get(key)
        found: list[Override] = []
        if isinstance(node, Mapping):
            for name, value in node.items.items():
                try:
                    found += level(value_of(value), name, node.keys[name], value).overrides
                except ScenarioError as error:
                    self.problems += error.problems
        return found

    def _factors(self, content: DesignContent) -> list[Factor]:
        node = self.root.items.get("factors")
        found = []
        if isinstance(node, Mapping):
            for name, part in content.factors.items():
                holder = node.items[name]
                if not isinstance(holder, Mapping):
                    continue
                made, wrong = factor(name, part, holder, node.keys[name])
                self.problems += wrong
                if not wrong:
                    found.append(made)
        return found

    def _check_levels(self, bases: Bases, levels: Sequence[Level]) -> None:
        """What is wrong with the values of levels, each by itself."""
        for found in levels:
            if found.variant is not None and found.variant not in bases.names():
                known = ", ".join(bases.names())
                self.problems.append(
                    Problem(
                        _("there is no variant {variant!r} (allowed: {known})").format(
                            variant=found.variant, known=known
                        ),
                        self._mark_of(found.variant),
                    )
                )
                continue
            base, overrides = bases.base_and_overrides([found])
            try:
                self.problems += base.wrong_values(overrides)
            except ScenarioError as error:
                self.problems += error.problems

    def _mark_of(self, text: str) -> Mark:
        """Where a text stands as a value, to point at it."""
        return next((node.mark for node in scalars(self.root) if node.value == text), self.root.mark)

    def _parameter_sets(
        self, bases: Bases, factors: list[Factor]
    ) -> tuple[list[Factor], list[ParameterSet]] | None:
        """The factors and parameter sets of a list; none for another design."""
        node = self.root.items.get("parameter_sets")
        if not isinstance(node, ListNode):
            return None
        known = {found.name: found for found in factors}
        names = dict.fromkeys(key for part in node.items if isinstance(part, Mapping) for key in part.items)
        marks = {
            key: part.keys[key] for part in node.items if isinstance(part, Mapping) for key in part.items
        }
        columns = [known.get(name) or Factor(name, name, marks[name]) for name in names]
        points = []
        for part in node.items:
            chosen: list[Level] = []
            for column in columns:
                stated = part.items.get(column.name) if isinstance(part, Mapping) else None
                if stated is None:
                    chosen.append(base_level(bases, column))
                    continue
                try:
                    chosen.append(self._listed(column, stated))
                except ScenarioError as error:
                    self.problems += error.problems
            self._check_levels(bases, chosen)
            points.append(tuple(chosen))
        return columns, points

    def _listed(self, column: Factor, node: Node) -> Level:
        """A level that a parameter set names: one of a factor's, or any value of a key."""
        value = value_of(node)
        if column.is_range:
            return level(value, column.key, column.mark, node)
        for found in column.levels:
            if found.value == value:
                return found
        known = ", ".join(str(found.value) for found in column.levels)
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


_LEAST = {"format": 1, "title": "?", "scenario": "?"}


def _line(problem: Problem) -> tuple[int, int]:
    return (problem.mark.line, problem.mark.column) if problem.mark is not None else (-1, -1)


def _with_mark(problem: Problem, mark: Mark) -> Problem:
    """A problem without a place gets one; those in the scenario's own file keep theirs."""
    return (
        problem if problem.mark is not None else Problem(problem.message, mark, problem.hint, problem.where)
    )
