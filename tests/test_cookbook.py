"""The cookbook of incentives: every recipe is a scenario, and what it is about happens."""

import re
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from shequn.sim.kernel.state import JournalKind
from shequn.sim.scenario import Scenario
from tests.documents import DOCS
from tests.sim.small_worlds import LEAVING, PEOPLE, run

PAGE = DOCS / "en/how-to/cookbook.md"
#: The recipes, by the English part of their headings.
_RECIPE = re.compile(r"^## ([ ,a-zA-Z]+?) *[^ -~]*\n.*?```yaml\n(.*?)```", re.MULTILINE | re.DOTALL)
RECIPES: dict[str, dict[str, Any]] = {
    heading: YAML(typ="safe").load(block) for heading, block in _RECIPE.findall(PAGE.read_text("utf-8"))
}
#: What must happen in each: kinds of rows.
HAPPENS = {
    "Points that are redeemed": ("EARN", "BUY", "PAY"),
    "Signing in, with a bonus for a week": ("EARN", "BUY"),
    "Unlocking content": ("EARN", "BUY"),
    "Coupons": ("EARN", "BUY", "PAY", "EXPIRE"),
    "Red packets": ("EARN", "PAY"),
    "Give one, get one": ("EARN", "BUY"),
    "Group buying": ("SIGN", "BUY", "PAY"),
    "A flash sale": ("BUY", "PAY"),
    "A membership that is renewed": ("BUY", "PAY"),
    "A seat in an inner circle": ("BUY", "MOVE"),
    "A title that is bought": ("BUY", "MARK"),
    "Privileges by level": ("EARN", "MARK", "INVITE", "BUY", "TASK"),
    "A deposit that is returned": ("TASK", "EARN", "PAY"),
    "A leaderboard of teams at nine in the evening": ("TASK", "EARN", "BUY", "DUTY"),
    "Privileges of newcomers": ("EARN", "BUY"),
}


def test_every_recipe_is_tried_here() -> None:
    assert set(RECIPES) == set(HAPPENS)
    assert PAGE.read_text("utf-8").count("```yaml") == len(RECIPES)


@pytest.mark.parametrize("name", HAPPENS)
def test_what_a_recipe_is_about_happens(name: str) -> None:
    scenario = Scenario.from_mapping(
        {
            "format": 2, "title": name, "days": 45, "seed": 2, "journal": "full",
            "population": {
                **PEOPLE, "drivers": {"benefit": 0.4, "honor": 0.3, "interest": 0.3}, "purse": {"mean": 100},
            },
            "community": {"openness": 0.5, "strangers_per_day": 5},
            "rules": {"leaving": LEAVING, "inviting": {"rate": 0.03, "odds": 1}},
            **RECIPES[name],
        }
    )  # fmt: skip
    rows = run(scenario)[1]
    for kind in HAPPENS[name]:
        assert np.count_nonzero(rows["kind"] == JournalKind[kind]) > 3, kind
