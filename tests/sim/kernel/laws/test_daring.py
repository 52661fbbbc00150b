"""The first post: who was a model at this visit, and what that changes."""

from typing import Any

import numpy as np
import pytest

from shequn.agents.daring import daring, likeness
from shequn.sim.kernel.answering import lay_post
from shequn.sim.kernel.daring import share_who_dare
from shequn.sim.kernel.reading import read_path
from shequn.sim.kernel.state import NOBODY, PostKind
from tests.sim.records import record_of
from tests.sim.staff.desk import Desk

RULES = {"daring": {"alone": 0.2, "models": 2, "likeness": 0.1}}


def room_with(*answered: tuple[int, float], by: int = 9) -> Desk:
    """A room in which these people, of these qualities, have been answered."""
    desk = Desk(rules=RULES)
    desk.machine.run_until(0.5)
    for number, (person, quality) in enumerate(answered):
        desk.world.people["quality"][person] = quality
        lay_post(desk.world, 0, by, number, 0.5, 0.5, person, PostKind.MEMBER.value, 0.5)
    return desk


def models(desk: Desk, reader: int) -> Any:
    """What somebody who reads has seen of people like them."""
    read_path(desk.world, reader, 0.5)
    return desk.world.reading[0]["models"]


def test_those_who_were_answered_are_models_by_their_likeness() -> None:
    desk = room_with((3, 0.5), (4, 0.6), (5, 0.9))
    desk.world.people["quality"][7] = 0.5
    p = desk.world.params[0]
    due = sum(likeness(np.float64(np.float32(0.5)), np.float64(np.float32(q)), p) for q in (0.5, 0.6, 0.9))
    assert models(desk, 7) == pytest.approx(due)
    assert share_who_dare(desk.world, desk.world.people[7]) == pytest.approx(daring(due, p))
    assert models(desk, 7) == 0.0  # read already: what counts is this visit


def test_posts_that_answer_nobody_and_answers_to_oneself_make_no_model() -> None:
    desk = room_with((7, 0.5))
    lay_post(desk.world, 0, 9, 1, 0.5, 0.5, NOBODY, PostKind.MEMBER.value, 0.5)
    assert models(desk, 7) == 0.0
    assert share_who_dare(desk.world, desk.world.people[7]) == pytest.approx(0.2)


def test_who_has_written_dares_whatever_they_read() -> None:
    desk = room_with((3, 0.5))
    record_of(desk.world, 7)["n_posts"] = 1
    assert models(desk, 7) == 0.0
    assert share_who_dare(desk.world, desk.world.people[7]) == 1.0
