"""An operation is one file and two lines of operations/kinds.py: a test names the one forgotten."""

import inspect
from pathlib import Path

import pytest

from shequn.sim.operations import kinds
from shequn.sim.operations.kinds import OPERATIONS
from shequn.sim.operations.operation import Operation

COMMON = ("__init__", "fresh_people", "kinds", "members", "operation", "timed")
FILES = sorted(p.stem for p in Path(kinds.__file__).parent.glob("*.py") if p.stem not in COMMON)


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_an_operation_is_named_in_kinds(name: str) -> None:
    class_name = "".join(word.capitalize() for word in name.split("_"))
    assert hasattr(kinds, class_name), f"operations/kinds.py does not import {class_name} from {name}.py"
    assert name in OPERATIONS, f"_CLASSES in operations/kinds.py lacks {class_name}"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_has_a_file_with_its_class_its_words_and_its_deed(name: str) -> None:
    assert name in FILES, f"{OPERATIONS[name].__name__} is not in operations/{name}.py"
    found = OPERATIONS[name]
    assert issubclass(found, Operation)
    assert found.__doc__, f"{found.__name__} has no docstring: what it does, for the scenario's schema"
    assert found.model_fields["do"].annotation.__args__ == (name,)  # type: ignore[union-attr]
    assert not inspect.isabstract(found), (
        f"{found.__name__} lacks {', '.join(sorted(getattr(found, '__abstractmethods__', ())))}"
    )
