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

    ``line`` and ``column`` count from 1, and are 0 without a location; ``pointer`` names the key (see `pointer`).
    """

    message: str
    hint: str
    line: int
    column: int
    length: int
    pointer: str


class Review(NamedTuple):
    """What there is to say about a text.

    Attributes
    ----------
    mistakes : list of Mistake
    sentences : list of str
        The scenario in words, a paragraph each; empty if there are mistakes.
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
    return Scenario._resolve(_Origin(root, file.parent, ()), problems, file.stem, variant, [])


def review(text: str, file: Path, variant: str | None = None) -> Review:
    """Check a text with the code of `shequn check`, and explain it if nothing is wrong."""
    root: Mapping | None = None
    try:
        root = parse(text, file.name)[0]
        scenario = scenario_of(text, file)
        if variant in scenario.variants:
            scenario = scenario_of(text, file, variant)
    except ScenarioError as error:
        mistakes = [_mistake(problem, root) for problem in error.problems]
        return Review(mistakes, [], (), None if root is None else list(_shown(root)), _variants(root))
    assert root is not None
    paragraphs = explain(scenario).strip().split("\n\n")
    return Review([], paragraphs, scenario.notes, list(_shown(root)), scenario.variants)


def pointer(path: tuple[str, ...]) -> str:
    """A path as a JSON pointer (RFC 6901)."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)


def path_of(text: str) -> tuple[str, ...]:
    """The path of a JSON pointer."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in text.split("/")[1:])


def _variants(root: Mapping | None) -> tuple[str, ...]:
    variants = None if root is None else root.items.get("variants")
    return tuple(variants.items) if isinstance(variants, Mapping) else ()


def _mistake(problem: Problem, root: Mapping | None) -> Mistake:
    where = f" ({problem.where})" if problem.where else ""
    mark = problem.mark
    if mark is None or problem.line is None:
        return Mistake(problem.message + where, problem.hint, 0, 0, 1, "")
    path = () if root is None else _path_at(root, mark)
    return Mistake(
        problem.message + where, problem.hint, mark.line + 1, mark.column + 1, mark.length, pointer(path)
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
