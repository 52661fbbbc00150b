"""The statistics of five real communities come out as they were published to us, to four decimals."""

import json
from pathlib import Path

import numpy as np
import pytest

from shequn.experiments.logs.invitations import invitation_facts
from shequn.experiments.logs.log import Log
from shequn.experiments.logs.reading import Layout, read_log
from shequn.experiments.logs.replies import reply_effect
from shequn.experiments.logs.statistics import statistics

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
LOGS = DATA / "logs"
READ = {
    "lean_zulip": ("lean.csv.gz", Layout(leave_out=LOGS / "lean-bots.csv")),
    "stacker_news": ("stacker-news.csv.gz", Layout()),
    "r-sig-geo": ("r-sig-geo.csv.gz", Layout(keep=frozenset({"repeats"}))),
    "lobsters_2012_2018": (
        "lobsters-stories.csv.gz",
        Layout(columns={"quality": "score"}, inviters=LOGS / "lobsters-users.csv.gz"),
    ),
    "whatwg_irc_speech": ("whatwg.csv.gz", Layout(count=("msg", "act"), leave_out=LOGS / "whatwg-bots.txt")),
}

pytestmark = pytest.mark.skipif(not LOGS.exists(), reason=f"the real logs are not here ({LOGS})")


def read(name: str) -> Log:
    file, layout = READ[name]
    return read_log(LOGS / file, layout)


@pytest.mark.parametrize("name", READ)
def test_all_44_statistics_are_those_of_the_targets(name: str) -> None:
    targets = json.loads((DATA / "targets.json").read_text(encoding="utf-8"))
    log = read(name)
    found = statistics(log.person, log.time, 90 if name == "stacker_news" else 180)
    assert found.keys() == targets.keys()
    wanted = [targets[key]["logs_here"][name] for key in found]
    np.testing.assert_allclose(list(found.values()), wanted, rtol=0, atol=0.5001e-4)


def test_invitations_are_those_of_regularity_10() -> None:
    facts = invitation_facts(read("lobsters_2012_2018"))
    assert facts["brought_another"] == pytest.approx(0.23, abs=0.005)
    assert facts["top10_inviters"] == pytest.approx(0.41, abs=0.005)
    assert facts["quality_correlation"] == pytest.approx(0.10, abs=0.01)  # how quality was made is not told


@pytest.mark.parametrize("name", ["r-sig-geo", "stacker_news"])
def test_newcomers_whose_first_post_is_answered_come_back_more(name: str) -> None:
    effect = reply_effect(read(name))
    assert 1.1 < effect["again_ratio"] < 1.6  # regularity 8: 1.2 to 1.6 of activity, in six of nine
    assert effect["day0_ratio"] > 1.05
