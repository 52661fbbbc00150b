"""A scenario that has been read, checked and resolved: the input of a run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

from shequn.sim import hints
from shequn.sim.amounts import MONEY
from shequn.sim.kernel.duties.duty import Duty
from shequn.sim.kernel.features import Feature
from shequn.sim.kernel.gates.gate import Gate
from shequn.sim.language import _
from shequn.sim.operations.operation import Operation
from shequn.sim.operations.set import Set
from shequn.sim.scenario.checking import check, validate
from shequn.sim.scenario.community import Community
from shequn.sim.scenario.contradictions import DEFAULT_PEOPLE, notes
from shequn.sim.scenario.dumping import dump
from shequn.sim.scenario.errors import Problem, ScenarioError, scenario_error
from shequn.sim.scenario.files import graph_file, group_file
from shequn.sim.scenario.group import read_group
from shequn.sim.scenario.incentives import Earn, MemberMark, Offer, Unit
from shequn.sim.scenario.locations import find_scenario
from shequn.sim.scenario.merging import Override, apply_override, file_override, value_override
from shequn.sim.scenario.nodes import Mapping as MappingNode
from shequn.sim.scenario.nodes import Mark, Node, Source, from_python, location, plain
from shequn.sim.scenario.population import FileGraph, Population
from shequn.sim.scenario.question import Question
from shequn.sim.scenario.reading import parse, read_text
from shequn.sim.scenario.ready_made import with_ready_made
from shequn.sim.scenario.retired import in_format_2, without_retired
from shequn.sim.scenario.shipped_texts import title_notes
from shequn.sim.scenario.spaces import OF_SPACES, Place, places
from shequn.sim.scenario.staff import Job, Task
from shequn.sim.scenario.stages import Stage
from shequn.sim.scenario.variants import resolved_variants


class _Origin(NamedTuple):
    """What a scenario was made from."""

    file: MappingNode  # as read, variants included
    folder: Path | None
    changes: tuple[Override, ...]
    needs_files: bool = True  # whether the files that it names must exist
    features: Feature = Feature(0)


#: Keys that say something about a scenario and do nothing.
TEXTS = ("title", "description", "source", "question", "why", "what", "where", "who")


@dataclass(frozen=True)
class Scenario:
    """A community, its people and what its operator does, fully resolved.

    It is made by `load` or `from_mapping` and never changes; `with_` returns a changed copy. The keys of
    the file are attributes (``scenario.population.people``). Two scenarios are equal when all their values
    are equal, whatever their names.

    Attributes
    ----------
    name : str
        The file's name without its ending; it names the folder of results.
    variant : str or None
        The chosen variant.
    variants : tuple of str
        Names of all variants of the file.
    days : int
        Length of a run.
    rules : dict
        Coefficients by group and name; infinite where the file says ``never``.
    graph_path : Path or None
        Absolute path of the graph's file, when the population's ties come from one.
    group_path : Path or None
        Absolute path of the table of members of the real group to start from, if there is one.
    places : tuple of Place
        The spaces, each after the one that it is in; one without ``spaces``.
    features : Feature
        Parts of the kernel that are compiled besides those that the scenario uses; results do not depend on it.
    notes : tuple of str
        Remarks from reading: an encoding, a weight without effect.
    """

    name: str = field(compare=False)
    variant: str | None = field(compare=False)
    variants: tuple[str, ...] = field(compare=False)
    title: str
    description: str
    source: str
    question: Question
    why: str
    what: str
    where: str
    who: str
    start: date
    days: int
    seed: int
    runs: int
    journal: str
    population: Population
    community: Community
    gates: tuple[Gate, ...]
    places: tuple[Place, ...]
    operations: tuple[Operation, ...]
    staff: dict[str, Job]
    duties: dict[str, Duty]
    tasks: dict[str, Task]
    units: dict[str, Unit]
    marks: dict[str, MemberMark]
    earn: dict[str, Earn]
    offers: dict[str, Offer]
    stages: dict[str, Stage]
    rules: dict[str, dict[str, float | str]]
    graph_path: Path | None = field(compare=False)
    group_path: Path | None = field(compare=False)
    notes: tuple[str, ...] = field(compare=False)
    features: Feature = field(compare=False)
    _root: MappingNode = field(compare=False, repr=False)
    _origin: _Origin = field(compare=False, repr=False)

    __hash__ = None  # type: ignore[assignment]  # rules are a dict, so a scenario cannot be hashed

    @classmethod
    def load(
        cls,
        name_or_path: str | Path,
        variant: str | None = None,
        overrides: Mapping[str, Any] | Iterable[Override] | None = None,
    ) -> "Scenario":
        """Read a scenario: a shipped name or a path.

        Parameters
        ----------
        name_or_path : str or Path
            For example ``open-group`` or ``mine/club.yaml``.
        variant : str, optional
            One of the file's variants.
        overrides : mapping, optional
            Values by dotted key, applied last: ``{"community.openness": 0.5}``.

        Raises
        ------
        ScenarioError
            Everything that is wrong with it, with file, line and what is allowed.
        """
        file = find_scenario(name_or_path)
        text, remarks = read_text(file.path)
        label = file.path.name if file.is_shipped else str(name_or_path if file.path.suffix else file.path)
        root, problems = parse(text, label)
        origin = _Origin(root, file.path.parent, tuple(_overrides(overrides)))
        return cls._resolve(origin, problems, file.name, variant, remarks)

    @classmethod
    def from_mapping(
        cls,
        values: Mapping[str, Any],
        variant: str | None = None,
        overrides: Mapping[str, Any] | Iterable[Override] | None = None,
        name: str = "scenario",
    ) -> "Scenario":
        """A scenario from nested dicts with the keys of a scenario file.

        Raises
        ------
        ScenarioError
            Everything that is wrong with it.
        """
        root = from_python(dict(values), Mark(Source("")))
        if not isinstance(root, MappingNode):
            raise TypeError("a scenario is a mapping")
        return cls._resolve(_Origin(root, None, tuple(_overrides(overrides))), [], name, variant, [])

    def to_record(self) -> dict[str, Any]:
        """Everything that this scenario was made from, as plain values for JSON; see `from_record`."""
        return {
            "name": self.name,
            "variant": self.variant,
            "content": plain(self._origin.file),
            "changes": [[".".join(map(str, c.path)), plain(c.value)] for c in self._origin.changes],
        }

    @classmethod
    def from_record(
        cls,
        record: Mapping[str, Any],
        variant: str | None = None,
        overrides: Iterable[Override] = (),
        file: str | Path | None = None,
    ) -> "Scenario":
        """The scenario of a record, with another variant and further changes.

        Parameters
        ----------
        record : mapping
            From `to_record`.
        variant : str, optional
            One of its variants; default: the scenario itself.
        overrides : iterable of Override
            Applied after the changes in the record.
        file : str or Path, optional
            Another scenario (see `load`) to use instead, with the same changes applied.

        Raises
        ------
        ScenarioError
            The scenario cannot be used. Without ``file``, the files that it names need not exist.
        """
        changes = (*(value_override("", key, value) for key, value in record["changes"]), *overrides)
        if file is not None:
            return cls.load(file, variant, changes)
        name = str(record["name"])
        root = from_python(dict(record["content"]), Mark(Source(name)))
        if not isinstance(root, MappingNode):
            raise TypeError("a scenario is a mapping")
        return cls._resolve(_Origin(root, None, changes, needs_files=False), [], name, variant, [])

    @classmethod
    def _resolve(
        cls,
        origin: _Origin,
        problems: list[Problem],
        name: str,
        variant: str | None,
        remarks: list[str],
    ) -> "Scenario":
        file, retired = without_retired(origin.file)
        origin, remarks = origin._replace(file=file), [*remarks, *retired]
        file, lists = in_format_2(file)
        problems = [*problems, *lists]
        base, variant_nodes, faults = resolved_variants(with_ready_made(file))
        faults += _wrong_arms(base, file)
        if problems or faults:
            unreadable_lines = {
                problem.line for problem in problems
            }  # report a line that cannot be read only once
            raise ScenarioError(_in_order(problems + [p for p in faults if p.line not in unreadable_lines]))
        if variant is not None and variant not in variant_nodes:
            known = hints.did_you_mean(variant, variant_nodes) if variant_nodes else _("; it has no variants")
            raise scenario_error(
                _("{name} has no variant {variant!r}{known}").format(name=name, variant=variant, known=known)
            )
        chosen_node = base if variant is None else variant_nodes[variant]
        return cls._finish(chosen_node, origin.changes, name, variant, tuple(variant_nodes), origin, remarks)

    @classmethod
    def _finish(
        cls,
        root: MappingNode,
        changes: Iterable[Override],
        name: str,
        variant: str | None,
        variants: tuple[str, ...],
        origin: _Origin,
        remarks: list[str],
    ) -> "Scenario":
        for override in changes:
            root = apply_override(root, override)
        content, problems = check(root)
        if content is None:
            raise ScenarioError(_in_order(problems))
        population = content.population
        if population.people is None and not isinstance(population.graph, FileGraph):
            population = population.model_copy(update={"people": DEFAULT_PEOPLE})
        graph_path = group_path = None
        if origin.needs_files:
            graph_path, group_path, problems = _files(root, population, origin.folder)
        scenario = cls(
            name=name,
            variant=variant,
            variants=variants,
            **{key: getattr(content, key) for key in TEXTS},
            journal=content.journal,
            start=content.start,
            days=content.days,
            seed=content.seed,
            runs=content.runs,
            population=population,
            community=_with_discovery(content.community),
            gates=tuple(content.gates.values()),
            places=places(content),
            operations=tuple(operation.named(name) for name, operation in content.operations.items()),
            staff=dict(content.staff),
            duties=dict(content.duties),
            tasks=dict(content.tasks),
            units=dict(content.units),
            marks=dict(content.marks),
            earn=dict(content.earn),
            offers=dict(content.offers),
            stages=dict(content.stages),
            rules={name: dict(group) for name, group in content.rules},
            graph_path=graph_path,
            group_path=group_path,
            notes=(*remarks, *title_notes(root), *notes(content)),
            features=origin.features,
            _root=root,
            _origin=origin,
        )
        problems += scenario._wrong_settings()
        if problems:
            raise ScenarioError(_in_order(problems))
        return scenario

    def with_variants(self) -> "list[Scenario]":
        """Every variant of the file, with the same changes applied."""
        origin = self._origin
        return [
            self._resolve(origin._replace(needs_files=False), [], self.name, variant, [])
            for variant in self.variants
        ]

    def with_settings(self) -> "list[Scenario]":
        """For each operation *set*, the scenario with what it sets, and without operations."""
        return [self._after(name, operation) for name, operation in self._settings()]

    def _settings(self) -> "list[tuple[str, Set]]":
        named = zip(self._operation_names(), self.operations, strict=True)
        return [(name, operation) for name, operation in named if isinstance(operation, Set)]

    def _operation_names(self) -> list[str]:
        return [str(name) for name in plain(self._root.items["operations"])] if self.operations else []

    def _after(self, name: str, operation: Set) -> "Scenario":
        """This scenario with what an operation sets, and without operations."""
        value = self._node_of(name, "to")
        override = file_override(operation.key, self.location_of(f"operations.{name}.key"), value)
        changes = [override, value_override("", "operations", None)]
        origin = self._origin._replace(changes=(*self._origin.changes, *changes), needs_files=False)
        return self._finish(self._root, changes, self.name, self.variant, self.variants, origin, [])

    def _node_of(self, name: str, key: str) -> Node:
        """The node of a key of an operation."""
        entry = cast(MappingNode, cast(MappingNode, self._root.items["operations"]).items[name])
        return entry.items[key]

    def _wrong_settings(self) -> list[Problem]:
        """What is wrong with what operations set: no such key, a wrong value, or one that cannot change in a run."""
        from shequn.sim.scenario.changing import changes, may_be_set

        problems = []
        bare = None
        for name, operation in self._settings():
            bare = bare or self._without_operations()
            try:
                after = self._after(name, operation)
            except ScenarioError as error:
                problems += error.problems
                continue
            wrong = [change.key for change in changes(bare, after) if not may_be_set(change)]
            if wrong:
                text = _("{key} does not change while a run goes on").format(key=operation.key)
                problems.append(Problem(text, self.location_of(f"operations.{name}.key")))
        return problems

    def _without_operations(self) -> "Scenario":
        changes = [value_override("", "operations", None)]
        origin = self._origin._replace(needs_files=False)
        return self._finish(self._root, changes, self.name, self.variant, self.variants, origin, [])

    @property
    def has_prices(self) -> bool:
        """Whether people are asked to pay money: fees at gates, or offers."""
        fees = any(gate.price() > 0 for place in self.places for gate in place.gates)
        return fees or any(MONEY in offer.takes for offer in self.offers.values())

    @property
    def has_money(self) -> bool:
        """Whether anybody pays anything: fees, rewards, reach or staff."""
        sold = any(gate.price() > 0 for place in self.places for gate in place.gates)
        staff = any(job.pay > 0 for job in self.staff.values())
        earned = any(MONEY in rule.pay for rule in self.earn.values())
        bought = any(MONEY in offer.takes or MONEY in offer.gives for offer in self.offers.values())
        return sold or staff or earned or bought or any(o.costs_money() for o in self.operations)

    @property
    def has_spaces(self) -> bool:
        """Whether the scenario names spaces (else there is one, of rooms that are all alike)."""
        return "spaces" in self._root.items and bool(plain(self._root.items["spaces"]))

    def with_(self, overrides: Mapping[str, Any] | Iterable[Override] | None = None, /) -> "Scenario":
        """The same scenario with some values changed, checked again.

        Parameters
        ----------
        overrides : mapping
            Values by dotted key (``{"community.openness": 0.5}``) or nested dicts; mappings
            merge, lists and single values replace.

        Raises
        ------
        ScenarioError
            The changed scenario cannot be used.
        """
        changes = _overrides(overrides)
        origin = self._origin._replace(changes=(*self._origin.changes, *changes))
        return self._finish(self._root, changes, self.name, self.variant, self.variants, origin, [])

    def compiled_with(self, features: Feature, /) -> "Scenario":
        """The same scenario, whose runs and those of changed copies are compiled with these features, too.

        Runs of several scenarios that are all compiled with the same features compile once.
        """
        origin = self._origin._replace(features=self.features | features)
        return replace(self, features=origin.features, _origin=origin)

    def wrong_values(self, overrides: Iterable[Override], /) -> list[Problem]:
        """What would be wrong with single values after these changes; contradictions are not checked.

        Raises
        ------
        ScenarioError
            A key is not a position in a list, or lies inside a single value.
        """
        root = self._root
        for override in overrides:
            root = apply_override(root, override)
        return validate(root)[1]

    def location_of(self, key: str) -> Mark:
        """Location of a dotted key's value, or of the innermost existing mapping around it."""
        return location(self._root, tuple(int(part) if part.isdecimal() else part for part in key.split(".")))

    def resolved(self) -> dict[str, Any]:
        """Every key with its value, as nested dicts of plain values (infinity as a word such as ``never``)."""
        content, problems = check(self._root)
        if content is None:  # cannot happen: a scenario is checked when it is made
            raise ScenarioError(problems)
        values: dict[str, Any] = content.model_dump(by_alias=True)
        values["start"] = self.start.isoformat()
        values["population"] = self.population.model_dump(by_alias=True)
        groups = values["population"]["groups"]
        for name, group in groups.items():
            groups[name] = {key: value for key, value in group.items() if value is not None}
        values["community"] = self.community.model_dump(by_alias=True)
        if self.has_spaces:
            for key in OF_SPACES:
                del values["community"][key]
        for operation in values["operations"].values():
            if operation["date"] is not None:
                operation["date"] = operation["date"].isoformat()
            for key in [key for key, value in operation.items() if value is None]:
                del operation[key]
            if "if" in operation:
                operation["if"] = {k: v for k, v in operation["if"].items() if v is not None}
        values["operations"] = {
            name: {"do": part.pop("do"), **part} for name, part in values["operations"].items()
        }
        return values

    def dump(self) -> str:
        """YAML of the resolved scenario; reading it gives an equal scenario."""
        return dump(self.resolved())


def _with_discovery(community: Community) -> Community:
    """The community with a rate of discovery: 5 strangers a day if the scenario sets none."""
    if community.reach is None and community.strangers_per_day is None:
        return community.model_copy(update={"strangers_per_day": 5.0})
    return community


def _files(
    root: MappingNode, population: Population, folder: Path | None
) -> tuple[Path | None, Path | None, list[Problem]]:
    """Paths of the graph and of the group that a scenario names, and what is wrong with them."""
    graph_path = group_path = None
    problems: list[Problem] = []
    try:
        graph_path = graph_file(root, population.graph, folder)
    except ScenarioError as error:
        problems += error.problems
    try:
        group_path = group_file(root, population.from_log, folder)
        if group_path is not None:
            _check_group(root, group_path, population.people)
    except ScenarioError as error:
        problems += error.problems
    return graph_path, group_path, problems


def _check_group(root: MappingNode, path: Path, people: int | None) -> None:
    """Check that a real group can be read, and that the population is large enough for it."""
    size = max(len(draw) for draw in read_group(path))
    if people is not None and size > people:
        mark = location(root, ("population", "people"))
        raise scenario_error(
            _("{name} has {size:,} members, but there are only {people:,} people").format(
                name=path.name, size=size, people=people
            ),
            mark,
        )


def _overrides(changes: Mapping[str, Any] | Iterable[Override] | None) -> list[Override]:
    if changes is None:
        return []
    if isinstance(changes, Mapping):
        return [value_override("overrides", key, value) for key, value in changes.items()]
    return list(changes)


def _wrong_arms(base: MappingNode, file: MappingNode) -> Iterator[Problem]:
    """What is wrong with the arms of the question; without variants (a resolved scenario) they say nothing."""
    variants = plain(file).get("variants")
    question = plain(base).get("question")
    arms = question.get("arms") if variants and isinstance(question, dict) else []
    if not isinstance(variants, dict) or not isinstance(arms, list):
        return  # reported as wrong values
    for position, arm in enumerate(arms):
        if isinstance(arm, str) and arm not in variants:
            text = _("question.arms: there is no variant {name!r}{near}")
            near = hints.did_you_mean(arm, variants)
            yield Problem(text.format(name=arm, near=near), location(base, ("question", "arms", position)))


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Problems in order of their lines; those without a location first."""

    def key(problem: Problem) -> tuple[int, int]:
        mark = problem.mark
        return (mark.line, mark.column) if mark is not None else (-1, -1)

    return sorted(problems, key=key)
