"""Logs in random dress are read right or refused, never read wrong; nearly all are read."""

import sys
from pathlib import Path

import numpy as np

from shequn.experiments.logs.log import LogError
from shequn.experiments.logs.reading import Layout, read_log

sys.path.insert(0, str(Path(__file__).parent))
from random_logs import RandomLog, random_log

N = 200
FIRST_SEED = 20_260_101
RIGHT = 0.95  # of them at least


def _is_right(made: RandomLog) -> bool:
    """Whether a log is read as the events that it was written from; False if it is refused."""
    try:
        log = read_log(made.path, Layout(zone=made.zone))
    except LogError:
        return False
    np.testing.assert_allclose(log.time, made.seconds, rtol=0, atol=0.002, err_msg=f"{made}"[:300])
    _names, numbers = np.unique(made.people, return_inverse=True)
    pairs = set(zip(log.person.tolist(), numbers.tolist(), strict=True))
    assert len(pairs) == len(set(numbers)) == log.person.max() + 1, f"people merged or split: {made}"[:300]
    return True


def test_200_logs_in_random_dress_are_read_right_or_refused(tmp_path: Path) -> None:
    right = [_is_right(random_log(FIRST_SEED + number, tmp_path)) for number in range(N)]
    assert np.mean(right) >= RIGHT


def test_a_log_that_is_read_wrong_is_noticed(tmp_path: Path) -> None:
    made = random_log(FIRST_SEED, tmp_path)
    wrong = made._replace(seconds=[at + 3600 for at in made.seconds])
    try:
        _is_right(wrong)
    except AssertionError:
        return
    raise AssertionError("a shift of an hour was not noticed")
