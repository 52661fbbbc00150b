"""A text in review: what `shequn check` says about it, and where each mistake is."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shequn.app.explanation.scenario import explain
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.dumping import inline_yaml
from shequn.sim.scenario.errors import Problem, ScenarioError
from shequn.sim.scenario.nodes import Mapping, Mark, Node, Scalar, plain
from shequn.sim.scenario.reading import parse
from shequn.sim.scenario.scenario import _Origin


class Mistake(NamedTuple):
    """One thing that is wrong: where, and how to fix it.

    ``line`` and ``column`` count from 1, and are 0 without a location; ``pointer`` names the key (see `pointer`);
    ``variant`` is the only variant that it concerns, and empty if it concerns everything.
    """

    message: str
    hint: str
    line: int
    column: int
    length: int
    pointer: str
    variant: str


class Review(NamedTuple):
    """What there is to say about a text.

    Attributes
    ----------
    mistakes : list of Mistake
    sentences : list of str
        The scenario in words, a paragraph each; empty if there are mistakes, except in other variants.
    notes : tuple of str
        Remarks from reading.
    values : list of (str, str)
        Every key with its value as the form shows it; of a text that cannot be read at all, None.
    variants : tuple of str
        Names of the variants.
    """

    mistakes: list[Mistake]
    sentences: list[str]
    notes: tuple[str, ...]
    values: list[tuple[str, str]] | None
    variants: tuple[str, ...]


def scenario_of(text: str, file: Path, variant: str | None = None) -> Scenario:
    """The scenario of a text as if it were in a file, which need not exist.

    Variants with mistakes are left out, unless it is the variant itself.

    Parameters
    ----------
    text : str
    file : Path
        Names the scenario; paths in it are relative to its folder.
    variant : str, optional

    Raises
    ------
    ScenarioError
        Everything that is wrong with it.
    """
    root, problems = parse(text, file.name)
    try:
        return _resolved(root, problems, file, variant)
    except ScenarioError as error:
        wrong = {_mistake(problem, root).variant for problem in error.problems}
        if problems or wrong & {"", variant}:
            raise
        return _resolved(_without_variants(root, wrong), [], file, variant)


def _resolved(root: Mapping, problems: list[Problem], file: Path, variant: str | None) -> Scenario:
    return Scenario._resolve(_Origin(root, file.parent, ()), problems, file.stem, variant, [])


def _without_variants(root: Mapping, names: set[str]) -> Mapping:
    variants = root.items["variants"]
    assert isinstance(variants, Mapping)
    return root.with_item("variants", root.keys["variants"], variants.without(*names))


def review(text: str, file: Path, variant: str | None = None) -> Review:
    """Check a text with the code of `shequn check`, and explain it if nothing is wrong with it or the variant."""
    try:
        root, problems = parse(text, file.name)
    except ScenarioError as error:
        return Review([_mistake(problem, None) for problem in error.problems], [], (), None, ())
    variants = _variants(root)
    chosen = variant if variant in variants else None
    wrong: list[Problem] = []
    try:
        _resolved(root, problems, file, None)
    except ScenarioError as error:
        wrong += error.problems
    try:
        scenario = scenario_of(text, file, chosen)
        paragraphs, notes = explain(scenario).strip().split("\n\n"), scenario.notes
    except ScenarioError as error:
        paragraphs, notes = [], ()
        wrong += [problem for problem in error.problems if problem not in wrong]
    mistakes = [_mistake(problem, root) for problem in wrong]
    return Review(mistakes, paragraphs, notes, list(_shown(root)), variants)


def pointer(path: tuple[str, ...]) -> str:
    """A path as a JSON pointer (RFC 6901)."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)


def path_of(text: str) -> tuple[str, ...]:
    """The path of a JSON pointer."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in text.split("/")[1:])


def _variants(root: Mapping) -> tuple[str, ...]:
    variants = root.items.get("variants")
    return tuple(variants.items) if isinstance(variants, Mapping) else ()


def _mistake(problem: Problem, root: Mapping | None) -> Mistake:
    mark = problem.mark
    if mark is None or problem.line is None:
        return Mistake(problem.message, problem.hint, 0, 0, 1, "", problem.where)
    path = () if root is None else _path_at(root, mark)
    variant = problem.where or (path[1] if path[:1] == ("variants",) and len(path) > 1 else "")
    return Mistake(
        problem.message, problem.hint, mark.line + 1, mark.column + 1, mark.length, pointer(path), variant
    )


def _path_at(root: Mapping, mark: Mark) -> tuple[str, ...]:
    """The path of the key or value at a location; the innermost if there are several."""
    found: tuple[str, ...] = ()
    for path, key, node in _walk(root, ()):
        if any((one.line, one.column) == (mark.line, mark.column) for one in (key, node.mark)):
            found = path
    return found


def _walk(node: Mapping, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mark, Node]]:
    for key, value in node.items.items():
        yield (*path, key), node.keys[key], value
        if isinstance(value, Mapping):
            yield from _walk(value, (*path, key))


def _shown(root: Mapping) -> Iterator[tuple[str, str]]:
    """Every key with its value as a form shows it: a text without quotes, anything else as YAML on one line."""
    for path, _key, node in _walk(root, ()):
        yield pointer(path), node.text if isinstance(node, Scalar) else inline_yaml(plain(node))
