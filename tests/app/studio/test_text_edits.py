"""Edits change one value and leave every other character of the text as it is."""

import random
from typing import Any

import pytest

from shequn.app.studio.text_edits import (
    EditError,
    renamed,
    typed_value,
    with_value,
    without_value,
)
from shequn.app.template import template
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.nodes import plain
from shequn.sim.scenario.reading import parse, read_text

TEXTS = {name: read_text(path)[0] for name, path in shipped().items()}
TEXTS["template"] = template("My club", "my-club.yaml", "schema.json")

CLUB = """\
# my club
format: 2
title: Club   # a name

community:          # how it is run
  openness: 0.5     # half open
  capacity: null
gates:
  fee: {kind: fee, amount: 19.9}   # monthly
# the end
"""


def values(text: str) -> Any:
    return plain(parse(text, "")[0])


def leaves(node: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(node, dict) or not node:
        return [path]
    return [leaf for key, value in node.items() for leaf in leaves(value, (*path, key))]


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def test_a_replaced_value_leaves_every_other_character() -> None:
    assert with_value(CLUB, ("community", "openness"), "0.9") == CLUB.replace("0.5 ", "0.9 ")
    assert with_value(CLUB, ("gates", "fee", "amount"), "99") == CLUB.replace("19.9", "99")


def test_a_new_key_comes_after_the_line_of_the_last_one() -> None:
    text = with_value(CLUB, ("community", "shown"), "32")
    assert text == CLUB.replace("capacity: null\n", "capacity: null\n  shown: 32\n")


def test_a_new_key_of_a_mapping_on_one_line_stays_on_it() -> None:
    text = with_value(CLUB, ("gates", "fee", "note"), "x")
    assert "  fee: {kind: fee, amount: 19.9, note: x}   # monthly\n" in text


def test_a_new_top_key_comes_where_the_schema_has_it() -> None:
    text = with_value(CLUB, ("days",), "90")
    assert text == CLUB.replace("# a name\n", "# a name\ndays: 90\n")


def test_the_first_entry_of_a_map_gets_a_line_of_its_own_above_the_comments_that_follow() -> None:
    text = TEXTS["template"]
    text = with_value(text, ("offers", "course"), "{takes: {money: 99}, worth: 200}")
    assert "\noffers:\n  course: {takes: {money: 99}, worth: 200}\n#  coupon:" in text
    text = with_value(CLUB, ("offers", "course"), "{takes: {money: 99}}")
    assert text.index("# monthly\noffers:\n  course: {takes: {money: 99}}\n# the end") > 0


def test_a_removed_key_takes_its_line_along_and_no_other() -> None:
    assert without_value(CLUB, ("community", "capacity")) == CLUB.replace("  capacity: null\n", "")
    text = without_value(CLUB, ("gates", "fee", "amount"))
    assert text == CLUB.replace(", amount: 19.9", "")
    assert values(without_value(CLUB, ("gates", "fee")))["gates"] == {}


def test_an_entry_is_renamed_in_its_place() -> None:
    assert renamed(CLUB, ("gates", "fee"), "entrance fee") == CLUB.replace("  fee:", "  entrance fee:")
    with pytest.raises(EditError):
        renamed("a: 1\nb: 2\n", ("a",), "b")


@pytest.mark.parametrize("name", TEXTS)
def test_every_value_of_every_scenario_can_be_replaced_and_removed_and_its_comments_stay(name: str) -> None:
    text = TEXTS[name]
    for path in random.Random(1).sample(leaves(values(text)), k=min(8, len(leaves(values(text))))):
        changed = with_value(text, path, "0.125")
        assert comments(changed) == comments(text), path
        expected = values(text)
        holder = expected
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = 0.125
        assert values(changed) == expected
        without = without_value(text, path)
        assert path not in leaves(values(without)) or values(without) != values(text)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    ("path", "yaml"),
    [
        (("days",), "90"),
        (("community", "openness"), "0.25"),
        (("population", "purse", "mean"), "77"),
        (("rules", "leaving", "outside"), "0.2"),
        (("offers", "a new one"), "{takes: {money: 9}}"),
        (("operations", "push", "day"), "9"),
        (("variants", "mine", "title"), '"Mine: the first"'),
        (("variants", "mine", "gates", "fee", "amount"), "99"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_any_key_can_be_added_to_any_scenario_and_its_comments_stay(
    name: str, path: tuple[str, ...], yaml: str
) -> None:
    changed = with_value(TEXTS[name], path, yaml)
    assert comments(changed) == comments(TEXTS[name])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1",
        "a:\n  b: 1",
        "a: {}",
        "a:",
        "a: # none\n",
        "a: null   # c\nb: 2\n",
        "{}",
        "{a: 1,\n  # c\n b: 2}\n",
    ],
)
def test_odd_texts_take_a_value_too(text: str) -> None:
    assert values(with_value(text, ("z",), "{k: v}"))["z"] == {"k": "v"}
    if text.startswith("a"):
        assert values(with_value(text, ("a", "b"), "3"))["a"]["b"] == 3


def test_a_comment_within_brackets_stays_when_its_neighbour_goes() -> None:
    assert "# about a" in without_value("{a: 1,  # about a\n b: 2,\n c: 3}\n", ("b",))


def test_an_unreadable_text_is_not_edited() -> None:
    for text in ("a: [", "a: 1\na: 2\n", "- a\n", "a: *b\n", "a: !!python/object:os.system x\n"):
        with pytest.raises(EditError):
            with_value(text, ("b",), "1")


@pytest.mark.parametrize(
    ("typed", "yaml"),
    [
        ("0.50", "0.50"),
        ("never", "never"),
        ("2026-03-01", "2026-03-01"),
        ("{points: 5}", "{points: 5}"),
        ("[1, 2]", "[1, 2]"),
        ("a, b", '"a, b"'),
        ("{", '"{"'),
        ("a: b", "{a: b}"),
        ("!!python/name:os.system", '"!!python/name:os.system"'),
        ("# x", '"# x"'),
    ],
)
def test_what_is_typed_becomes_one_value(typed: str, yaml: str) -> None:
    assert typed_value(typed) == yaml


def test_a_text_stays_a_text_whatever_it_looks_like() -> None:
    for typed in ("5", "true", "a: b # c", "第一行\n第二行", "{x}"):
        assert values(with_value(CLUB, ("title",), typed_value(typed, is_text=True)))["title"] == typed
