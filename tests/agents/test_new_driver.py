"""A driver is one file and three lines of agents/drivers.py: a test names the one forgotten."""

import ast
import inspect
from pathlib import Path

import pytest

from shequn.agents import drivers
from shequn.agents.drivers import Driver
from shequn.agents.rules import GROUPS

AGENTS = Path(drivers.__file__).parent


def _driver_files() -> list[Path]:
    """Files of agents/ that turn an observation into a signal."""
    found = []
    for path in sorted(AGENTS.glob("*.py")):
        functions = [
            part for part in ast.parse(path.read_text("utf-8")).body if isinstance(part, ast.FunctionDef)
        ]
        if any(
            f.name == "signal" and [a.arg for a in f.args.args] == ["observation", "p"] for f in functions
        ):
            found.append(path)
    return found


@pytest.mark.parametrize("path", _driver_files(), ids=lambda path: path.stem)
def test_every_driver_file_is_named_in_the_three_lines_of_drivers(path: Path) -> None:
    source = inspect.getsource(drivers)
    name = path.stem
    assert hasattr(drivers, name), f"agents/drivers.py does not import {name}"
    assert name.upper() in Driver.__members__, (
        f"class Driver in agents/drivers.py lacks {name.upper()} = {len(Driver)}"
    )
    line = f"case Driver.{name.upper()}: return {name}.signal(observation, p)"
    assert line in source, f"signal() in agents/drivers.py lacks the line: {line}"


@pytest.mark.parametrize("driver", Driver, ids=lambda driver: driver.name.lower())
def test_every_driver_has_a_file_with_its_group_weight_and_words(driver: Driver) -> None:
    name = driver.name.lower()
    assert (AGENTS / f"{name}.py").exists(), f"Driver.{driver.name} has no file agents/{name}.py"
    group = next((group for group in GROUPS if group.name == name), None)
    assert group is not None, f"agents/{name}.py has no GROUP named {name!r}"
    assert group.weight >= 0.0
    assert group.moves, (
        f"GROUP of agents/{name}.py lacks moves=: what the driver is, for the scenario's schema"
    )


def test_drivers_are_numbered_from_0_without_gaps() -> None:
    assert [driver.value for driver in Driver] == list(range(len(Driver)))
