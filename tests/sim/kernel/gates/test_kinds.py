"""A gate is one file and three lines of gates/kinds.py: a test names the one forgotten."""

import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest

from shequn.sim.kernel.gates import gate, kinds
from shequn.sim.kernel.gates.kinds import GATES, GateKind, name_in_draws

FOLDER = Path(kinds.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in ("__init__", "gate", "kinds"))


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_a_gate_is_named_in_the_three_lines_of_kinds(name: str) -> None:
    assert hasattr(kinds, name), f"gates/kinds.py does not import {name}"
    assert name.upper() in GateKind.__members__, f"class GateKind lacks {name.upper()} = {len(GateKind)}"
    line = f"case GateKind.{name.upper()}: return {name}.lets_through(gate, who, world, count)"
    assert line in inspect.getsource(kinds), f"lets_through() in gates/kinds.py lacks the line: {line}"


@pytest.mark.parametrize("kind", GateKind, ids=lambda kind: kind.name.lower())
def test_every_gate_has_a_file_with_its_class_its_words_and_its_rule(kind: GateKind) -> None:
    name = kind.name.lower()
    assert name in FILES, f"GateKind.{kind.name} has no file gates/{name}.py"
    found = GATES[name]
    assert issubclass(found, gate.Gate)
    assert found.__doc__, f"{found.__name__} has no docstring: what the gate is, for the scenario's schema"
    assert found.model_fields["kind"].annotation.__args__ == (name,)  # type: ignore[union-attr]
    assert "cost" in found.model_fields
    assert not inspect.isabstract(found), f"{found.__name__} lacks in_words"
    assert callable(getattr(inspect.getmodule(found), "lets_through", None)), f"gates/{name}.py has no rule"


def test_kinds_are_numbered_from_0_without_gaps() -> None:
    assert [kind.value for kind in GateKind] == list(range(len(GateKind)))


def test_no_two_gates_share_a_name_in_draws_however_many_kinds_there_are() -> None:
    names = [name_in_draws(kind, number) for kind in range(100) for number in range(kinds.MAX_GATES)]
    assert len(set(names)) == len(names)
    assert names[: 16 * 16] == list(range(256))  # the draws of the first sixteen kinds stay what they are
    comings = 256 * (2**31 - 1)
    assert all(name < 256 or name > comings for name in names)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "invitation"}, "an invitation"),
        ({"kind": "quota", "per_day": 2, "patience": 5}, "people wait 5 days on average"),
        ({"kind": "quota", "per_day": 0.5, "patience": "never"}, "people wait forever"),
    ],
)
def test_a_gate_is_described_in_a_few_words(fields: dict[str, object], words: str) -> None:
    assert words in GATES[str(fields["kind"])](**fields).in_words()


def test_a_gate_is_described_with_its_cost_if_it_has_one() -> None:
    assert GATES["invitation"](kind="invitation").description() == "an invitation"
    assert GATES["rules"](kind="rules", cost=0.25).description() == "rules to accept, cost 0.25"


def test_a_gates_record_has_a_column_for_each_number_that_its_rule_reads() -> None:
    assert GATES["quota"].columns() == ["per_day", "patience"]
    assert GATES["task"].columns() == ["noise", "at_least"]
    assert GATES["invitation"].columns() == []


def test_a_gates_default_cost_is_that_of_its_effort() -> None:
    costs = {name: gate.model_fields["cost"].default for name, gate in GATES.items()}
    assert costs == {
        "capacity": 0.0, "invitation": 0.0, "fee": 0.0, "identity": 0.0, "purchase": 0.0, "task": 0.4, "rules": 0.1,
        "quota": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sees", "within", "places", "key"),
    [
        ("topic", 0.5, False, None),
        ("topic", 0.51, True, "within"),
        ("place", 2.0, True, None),
        ("place", 2.0, False, "sees"),
    ],
)
def test_an_identity_gate_must_be_able_to_see(
    sees: str, within: float, places: bool, key: str | None
) -> None:
    content = SimpleNamespace(population=SimpleNamespace(places=object() if places else None))
    gate_ = GATES["identity"](kind="identity", sees=sees, within=within)
    assert [fault[0] for fault in gate_.faults(content)] == ([] if key is None else [key])
