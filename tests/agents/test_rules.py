"""The list of all rules' coefficients."""

import ast
from pathlib import Path

import pytest

from shequn.agents import rules
from shequn.agents.coefficients import Group
from shequn.agents.drivers import Driver
from shequn.agents.rules import GROUPS

AGENTS = Path(rules.__file__).parent


def groups_by_file() -> dict[str, str]:
    """The name that the GROUP of each file of rules has, by the file's stem."""
    found = {}
    for path in sorted(AGENTS.glob("*.py")):
        for part in ast.parse(path.read_text("utf-8")).body:
            if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "GROUP":
                assert isinstance(part.value, ast.Call)
                found[path.stem] = ast.literal_eval(part.value.args[0])
    return found


def test_every_files_group_is_in_the_list_once_under_the_files_name() -> None:
    assert all(stem == name for stem, name in groups_by_file().items())
    assert sorted(groups_by_file()) == sorted(group.name for group in GROUPS)


def test_the_drivers_come_first_in_their_order_then_the_life_of_a_member() -> None:
    # names of columns and the order of MODEL.md's tables follow from it
    assert [group.name for group in GROUPS] == [
        *(driver.name.lower() for driver in Driver),
        "satisfaction", "perception", "leaving", "visiting", "posting", "inviting", "joining", "task", "earning",
        "buying", "advertising", "daring",
    ]  # fmt: skip


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_names_within_a_group_differ(group: Group) -> None:
    names = [coefficient.name for coefficient in group.coefficients]
    assert len(set(names)) == len(names)
