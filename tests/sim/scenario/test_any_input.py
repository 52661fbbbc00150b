"""Whatever stands in a file or an option, it is a scenario or a ScenarioError: nothing else."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shequn.sim.scenario import Scenario, ScenarioError
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.merging import assignment_override
from shequn.sim.scenario.nodes import plain
from shequn.sim.scenario.reading import parse

TEXTS = [path.read_text(encoding="utf-8") for path in shipped().values()]
KEYS = [
    "population",
    "community",
    "gates",
    "operations",
    "rules",
    "variants",
    "graph",
    "kind",
    "do",
    "if",
    "x",
]
PIECES = st.one_of(
    st.sampled_from("：，、%{}[]\"'-#９?|>@`\t\n \x00\x85\ufeff"),
    st.sampled_from(["&a ", "*a", "!!x ", "<<", ": ", "- ", "never", "null", ".nan", ".inf", "1e9"]),
)
relaxed = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["fee", "shock", "never"]),
)
anything = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=5)), inner, max_size=3),
    ),
    max_leaves=12,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path, *(deeper for key, part in parts for deeper in _paths(part, (*path, key)))]


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _replaced(copy[path[0]], path[1:], new)
    return copy


@given(data=st.data())
@relaxed
def test_a_text_with_pieces_cut_out_and_put_in(data: st.DataObject, tmp_path: Path) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.one_of(PIECES, st.text(max_size=3))) + text[at + cut :]
    path = tmp_path / "s.yaml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        Scenario.load(path)
    except ScenarioError as error:
        assert error.problems
        assert all(problem.message for problem in error.problems)


@given(data=st.binary(max_size=200))
@relaxed
def test_any_bytes(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"format: 1\ntitle: x\n" + data)
    try:
        Scenario.load(path)
    except ScenarioError as error:
        assert str(error)


@given(data=st.data())
@relaxed
def test_a_value_replaced_by_anything(data: st.DataObject) -> None:
    values = plain(parse(data.draw(st.sampled_from(TEXTS)), "s.yaml")[0])
    path = data.draw(st.sampled_from(_paths(values)[1:]))
    try:
        Scenario.from_mapping(_replaced(values, path, data.draw(anything)))
    except ScenarioError as error:
        assert str(error)


@given(
    key=st.one_of(
        st.sampled_from(
            ["gates.0.amount", "population.graph", "operations.0", "community.openness", "rules", "days"]
        ),
        st.text(max_size=8),
    ),
    value=st.one_of(
        st.text(max_size=8), st.sampled_from(["[", "{a: 1}", "never", "null", ".inf", "1e400", "[1]"])
    ),
)
@relaxed
def test_any_assignment(key: str, value: str) -> None:
    try:
        Scenario.load("gated-group", overrides=[assignment_override(f"{key}={value}")])
    except ScenarioError as error:
        assert str(error)
