"""Which mutants there are: cosmic-ray's operators, those left out, and three of our own."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names

#: A binary operator or comparison is replaced by another of its class only. Shifts of floats, or `is` in
#: place of `<`, end in an error wherever they are run: they would raise the score and say nothing.
CLASSES = (
    {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"},
    {"RShift", "LShift", "BitOr", "BitAnd", "BitXor"},
    {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"},
    {"Is", "IsNot"},
)
OTHERS = {
    "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "NumberReplacer", "ZeroIterationForLoop",
    "RemoveDecorator",
}  # fmt: skip


class _Own(Operator):  # type: ignore[misc]
    """An operator with one mutant a node."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:
        if self.fits(node):
            yield node.start_pos, node.end_pos

    def fits(self, node: Any) -> bool:
        raise NotImplementedError

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class SwapMinAndMax(_Own):
    """``min`` for ``max`` and back."""

    def fits(self, node: Any) -> bool:
        return node.type == "name" and node.value in ("min", "max")

    def mutate(self, node: Any, index: int) -> Any:
        node.value = "max" if node.value == "min" else "min"
        return node


class ATenthMore(_Own):
    """A number with a decimal point, larger by a tenth: an error that does not leap to the eye."""

    def fits(self, node: Any) -> bool:
        return node.type == "number" and "." in node.value and float(node.value) != 0.0

    def mutate(self, node: Any, index: int) -> Any:
        node.value = repr(float(node.value) * 1.1)
        return node


class SwapAugmented(_Own):
    """``+=`` for ``-=``, ``*=`` for ``/=``, ``|=`` for ``&=``, and back."""

    PAIRS = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "|=": "&=", "&=": "|="}  # noqa: RUF012

    def fits(self, node: Any) -> bool:
        return node.type == "operator" and node.value in self.PAIRS

    def mutate(self, node: Any, index: int) -> Any:
        node.value = self.PAIRS[node.value]
        return node


class DropStatement(_Own):
    """``pass`` for a call, or for an assignment to a field or an entry: what bookkeeping forgets."""

    def fits(self, node: Any) -> bool:
        if node.parent is None or node.parent.type != "simple_stmt":
            return False
        if node.type == "expr_stmt":
            target = node.children[0]
            return target.type != "name" or (
                node.children[1].type == "operator" and node.children[1].value != "="
            )
        return node.type in ("atom_expr", "power")

    def mutate(self, node: Any, index: int) -> Any:
        return parso.python.tree.Keyword("pass", node.start_pos, node.get_first_leaf().prefix)


OWN = {operator.__name__: operator for operator in (SwapMinAndMax, ATenthMore, SwapAugmented, DropStatement)}


class Mutant(NamedTuple):
    """One change of one file."""

    path: str
    operator: str
    occurrence: int
    line: int


def _wanted(name: str) -> bool:
    kind, *pair = name.removeprefix("core/").split("_")
    if kind in ("ReplaceBinaryOperator", "ReplaceComparisonOperator"):
        return any(set(pair) <= one for one in CLASSES)
    return kind in OTHERS or kind == "ReplaceUnaryOperator"


def _operator(name: str) -> Operator:
    return OWN[name]() if name in OWN else get_operator(name)()


def _annotations(source: str) -> list[ast.expr]:
    """Annotations of types: no mutant of them does anything."""
    found: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign | ast.arg):
            found.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            found.append(node.returns)
    return [one for one in found if one is not None]


def _prefetches(source: str) -> list[ast.expr | ast.stmt]:
    """Calls that only prefetch memory, and functions that do nothing else: only speed depends on them."""
    return [node for node in ast.walk(ast.parse(source)) if _only_prefetches(node)]  # type: ignore[misc]


def _only_prefetches(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "will_read"
    return isinstance(node, ast.FunctionDef) and node.name == "prefetch_authors"


def _within(node: ast.expr | ast.stmt, at: tuple[int, int]) -> bool:
    return (node.lineno, node.col_offset) <= at < (node.end_lineno or 0, node.end_col_offset or 0)


def mutants_of(root: Path, path: str) -> list[Mutant]:
    """Every mutant of one file, in a fixed order."""
    source = (root / path).read_text(encoding="utf-8")
    lines = source.splitlines()
    typed = [*_annotations(source), *_prefetches(source)]
    nodes = list(ast_nodes(get_ast(source)))
    found = []
    for name in sorted([*filter(_wanted, operator_names()), *OWN]):
        operator = _operator(name)
        places = (place for node in nodes for place in operator.mutation_positions(node))
        for occurrence, (start, _end) in enumerate(places):
            line = lines[start[0] - 1]
            # uncompiled, `compiled` is no decorator; types are for checkers
            if "@compiled" in line or any(_within(node, start) for node in typed):
                continue
            # of the two neighbours of a number the second is one less: in an array of one, [-1] is [0]
            alone = line[: start[1]].endswith(("totals[", "params[", ".size["))
            if alone and name == "core/NumberReplacer" and occurrence % 2 == 1:
                continue
            found.append(Mutant(path, name, occurrence, start[0]))
    return found


def mutated(source: str, mutant: Mutant) -> str | None:
    """The source with the change; None where it is no program or no change."""
    code: str | None = mutate_code(source, _operator(mutant.operator), mutant.occurrence)
    try:
        same = code is None or ast.dump(ast.parse(code)) == ast.dump(ast.parse(source))
    except SyntaxError:
        return None
    return None if same else code


def changed_lines(source: str, code: str) -> tuple[int, str, str]:
    """The first line that differs: its number, before and after."""
    pairs = itertools.zip_longest(source.splitlines(), code.splitlines(), fillvalue="")
    number, (before, after) = next((i, pair) for i, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return number, before.strip(), after.strip()
