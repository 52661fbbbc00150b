"""The playbook in words: what costs nothing, and what is only not shown to cost."""

import pytest

from shequn.app.answers.playbook import is_free


@pytest.mark.parametrize(
    ("low", "high", "free"), [(0.0, 0.0, True), (-9.0, -1.0, True), (-2.5, 12.0, False), (1.0, 2.0, False)]
)
@pytest.mark.parametrize("name", ["money", "hours"])
def test_a_lever_is_free_only_if_that_is_shown(name: str, low: float, high: float, free: bool) -> None:
    costs = {"money_low": 0.0, "money_high": 0.0, "hours_low": 0.0, "hours_high": 0.0}
    assert is_free({**costs, f"{name}_low": low, f"{name}_high": high}) is free
