"""Every card gives a scenario that `shequn check` accepts, on its own, twice, and all together."""

from pathlib import Path
from typing import Any

import pytest

from shequn.app.studio.cards import CARDS, kinds_without_card, with_card
from shequn.app.studio.review import review
from shequn.app.template import template
from shequn.sim.scenario.nodes import plain
from shequn.sim.scenario.reading import parse

START = template("My club", "my-club.yaml", "schema.json")
#: At most one of them is allowed, so a second card of the kind is a mistake, which the page says.
ONCE = {"gates/waiting"}


def values(text: str) -> Any:
    return plain(parse(text, "")[0])


def test_every_kind_of_operation_duty_and_gate_has_a_card() -> None:
    assert kinds_without_card() == set()


@pytest.mark.parametrize("name", CARDS)
def test_a_card_gives_a_scenario_that_can_be_run(name: str) -> None:
    card = CARDS[name]
    text, path = with_card(START, card, values(START))
    assert review(text, Path("club.yaml")).mistakes == []
    assert path == (card.section, card.name)
    again, second = with_card(text, card, values(text))
    assert second == (card.section, f"{card.name}-2")
    assert (review(again, Path("club.yaml")).mistakes == []) is (name not in ONCE)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_can_be_added_to_a_variant(name: str) -> None:
    start = "format: 2\ntitle: x\n"
    text, _path = with_card(start, CARDS[name], values(start), ("variants", "mine"))
    assert review(text, Path("club.yaml")).mistakes == []
    assert set(values(text)) == {"format", "title", "variants"}


def test_a_card_uses_the_names_that_are_there() -> None:
    text = "format: 2\ntitle: x\nunits:\n  coins: {}\n"
    text, _path = with_card(text, CARDS["earn/sign-in"], values(text))
    assert values(text)["earn"]["sign-in"]["pay"] == {"coins": 5}
    assert values(text)["units"] == {"coins": {}}


@pytest.mark.parametrize("name", [name for name in CARDS if name.startswith("gates/")])
def test_a_gate_stands_at_the_first_space_if_there_are_spaces(name: str) -> None:
    start = "format: 2\ntitle: x\nspaces: {hall: {}, circle: {seats: 90}}\n"
    text, path = with_card(start, CARDS[name], values(start))
    assert path == ("spaces", "hall", "gates", CARDS[name].name)
    assert review(text, Path("club.yaml")).mistakes == []


def test_another_price_is_that_of_the_fee() -> None:
    start = (
        "format: 2\ntitle: x\nspaces: {hall: {gates: {rules: {kind: rules}, door: {kind: fee, amount: 9}}}}\n"
    )
    text, _path = with_card(start, CARDS["operations/price"], values(start))
    assert values(text)["operations"]["price"]["key"] == "spaces.hall.gates.door.amount"
    assert review(text, Path("club.yaml")).mistakes == []
