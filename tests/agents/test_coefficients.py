"""A declared number, and what MODEL.md says of each of them."""

import math
from dataclasses import FrozenInstanceError

import pytest

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.drivers import Driver
from shequn.agents.rules import GROUPS
from tests.agents.model_tables import Row, coefficient_tables, driver_weights

TABLES = coefficient_tables()


def test_a_number_is_seen_as_it_is() -> None:
    assert Coefficient("half", 2.0, "posts", "Text.").number(3.5) == 3.5
    assert Coefficient("half", 2.0, "posts", "Text.").number("3.5") == 3.5


def test_a_choice_is_seen_as_the_position_of_its_word() -> None:
    mode = Coefficient("mode", "visit", "", "Text.", choices=("visit", "clock", "stay"))
    assert [mode.number(word) for word in ("visit", "clock", "stay")] == [0.0, 1.0, 2.0]
    assert isinstance(mode.number("clock"), float)
    with pytest.raises(ValueError):
        mode.number("never")


def test_a_coefficient_is_assumed_and_not_below_0_unless_it_says_otherwise() -> None:
    plain = Coefficient("half", 2.0, "posts", "Text.")
    assert (plain.source, plain.low, plain.high, plain.choices) == ("assumed", 0.0, math.inf, ())


def test_a_group_has_no_coefficients_weight_or_words_unless_it_says_so() -> None:
    plain = Group("name", "Text.")
    assert (plain.coefficients, plain.weight, plain.moves) == ((), 0.0, "")


@pytest.mark.parametrize("declared", [Coefficient("half", 2.0, "posts", "Text."), Group("name", "Text.")])
def test_declarations_cannot_be_changed(declared: Coefficient | Group) -> None:
    with pytest.raises(FrozenInstanceError):
        declared.name = "other"  # type: ignore[misc]


# --- the declared coefficients, against the tables of MODEL.md


def said(number: float) -> str:
    """A number as the tables write it."""
    return "∞" if math.isinf(number) else f"{number:g}"


LARGEST = 1e9  # of a coefficient without a bound of its own, except times


def said_range(c: Coefficient) -> str:
    """What a scenario may say for a coefficient."""
    if c.choices:
        return ", ".join(c.choices)
    if math.isinf(c.high) and (c.unit == "days" or c.default == math.inf):
        return f"{said(c.low)} … ∞ or never"
    return f"{said(c.low)} … {said(min(c.high, LARGEST))}"


def declared(coefficient: Coefficient) -> Row:
    """One coefficient as its row in MODEL.md has it."""
    c = coefficient
    default = c.default if isinstance(c.default, str) else said(c.default)
    source = c.source.replace("model.md (prototype)", "prototype").replace("model.md", "brief")
    return Row(c.name, default, c.unit, said_range(c), c.text, source)


def test_the_tables_are_of_these_groups_in_this_order() -> None:
    assert list(TABLES) == [group.name for group in GROUPS]
    assert sum(len(table.rows) for table in TABLES.values()) >= 70  # it has been read, not skipped


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_coefficient_is_declared_as_model_md_has_it(group: Group) -> None:
    table = TABLES[group.name]
    assert group.text == table.text
    assert [declared(coefficient) for coefficient in group.coefficients] == list(table.rows)


@pytest.mark.parametrize("driver", Driver, ids=lambda driver: driver.name.lower())
def test_every_drivers_mean_weight_and_words_are_those_of_model_md(driver: Driver) -> None:
    name = driver.name.lower()
    group = next(group for group in GROUPS if group.name == name)
    assert (said(group.weight), group.moves) == driver_weights()[name]


def test_only_drivers_have_weights() -> None:
    names = {driver.name.lower() for driver in Driver}
    for group in GROUPS:
        if group.name not in names:
            assert (group.weight, group.moves) == (0.0, "")


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_default_lies_in_its_range(group: Group) -> None:
    for c in group.coefficients:
        assert c.low < c.high
        if c.choices:
            assert c.default in c.choices
        else:
            assert c.low <= float(c.default) <= c.high
        assert c.source
        assert c.text
        assert c.unit or c.choices


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_a_scenario_may_say_both_ends_of_every_range_and_nothing_beyond(group: Group) -> None:
    from shequn.sim.scenario import Scenario, ScenarioError

    def says(name: str, value: object) -> bool:
        try:
            Scenario.load("open-group", overrides={f"rules.{group.name}.{name}": value})
        except ScenarioError:
            return False
        return True

    for c, row in zip(group.coefficients, TABLES[group.name].rows, strict=True):
        if c.choices:
            assert all(says(c.name, word) for word in row.span.split(", "))
            continue
        low, high = (word.strip() for word in row.span.removesuffix(" or never").split("…"))
        assert says(c.name, float(low))
        assert not says(c.name, float(low) - 1e-3)
        if high == "∞":
            assert says(c.name, math.inf)
            assert says(c.name, "never")
            assert says(c.name, 1e12)
        else:
            assert says(c.name, float(high))
            assert not says(c.name, float(high) * (1 + 1e-6) + 1e-6)
            assert not says(c.name, math.inf)
