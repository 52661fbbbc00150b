"""Answers call their authors back, and who writes may go on: the law of each, from journals alone."""

from typing import Any

import numpy as np
from scipy import stats

from shequn import Scenario, simulate

LEVEL = 1e-5  # of each test


def journal(visiting: dict[str, Any], posting: dict[str, Any], pace: float, days: int = 200) -> Any:
    """The journal of a closed group of founders who never leave and post at one visit in five."""
    people = {"people": 150, "founders": "all", "pace": {"mean": pace, "log_sd": 0}}
    scenario = Scenario.from_mapping(
        {
            "format": 1,
            "title": "Conversations",
            "days": days,
            "population": {**people, "talkativeness": {"mean": 0.2, "log_sd": 0}},
            "community": {"openness": 0, "rhythm": "flat", "shown": 1024},
            "rules": {
                "perception": {"attention": 1000},
                "leaving": {"cap": 0},
                "inviting": {"rate": 0},
                "visiting": {"by_satisfaction": 0, "need_share": 0, "habit": 0, "burstiness": 0, **visiting},
                "posting": {"by_satisfaction": 0, "by_recognition": 0, **posting},
            },
        }
    )
    return simulate(scenario, seed=11, sink=None).journal


def after(rows: Any, start: Any, kinds: tuple[str, ...]) -> Any:
    """Time from each of some rows (person, time) to that person's next row of these kinds; nan without."""
    times = {
        person: group["time"].to_numpy() for person, group in rows[rows["kind"].isin(kinds)].groupby("person")
    }
    waits = []
    for person, time in start:
        mine = times.get(person, np.zeros(0))
        k = np.searchsorted(mine, time, side="right")
        waits.append(mine[k] - time if k < len(mine) else np.nan)
    return np.array(waits)


def test_an_answer_calls_back_after_an_exponential_delay() -> None:
    # visits of their own are rare: nearly all that follow an answer within a day are for it
    rare = {"recall": 0.6, "recall_delay": 0.2}
    rows = journal(rare, {"answer_back": 0, "again": 0, "reply": 1}, pace=0.05, days=900)
    answers = rows[(rows["kind"] == "reply") & (rows["time"] < 890)]
    gap = answers.groupby("other")["time"].diff()
    next_gap = -answers.groupby("other")["time"].diff(-1)
    # one answer at a time: another shortly before or after could call back, too
    alone = answers[(gap.isna() | (gap > 20)) & (next_gap.isna() | (next_gap > 2))]
    waits = after(rows, zip(alone["other"], alone["time"], strict=True), ("visit",))
    n = len(waits)
    assert n > 300
    own = 1 - np.exp(-0.05 * 1.0)  # a visit of one's own within a day
    share = 0.6 * (1 - np.exp(-1 / 0.2))
    expected = share + (1 - share) * own
    assert stats.binomtest(int(np.sum(waits < 1.0)), n, expected).pvalue > LEVEL
    soon = waits[waits < 0.5]
    law = stats.truncexpon(0.5 / 0.2, scale=0.2)
    assert stats.kstest(soon, law.cdf).pvalue > LEVEL


def test_who_reads_answers_to_their_posts_answers_the_newest() -> None:
    rows = journal({"recall": 1}, {"answer_back": 1, "again": 0, "reply": 1}, pace=0.3, days=120)
    replies = rows[rows["kind"] == "reply"]
    wrote = {(p, t): other for p, t, other in replies[["person", "time", "other"]].itertuples(index=False)}
    last: dict[int, float] = {}
    met = 0
    for person, now in rows[rows["kind"] == "visit"][["person", "time"]].itertuples(index=False):
        to_me = replies[(replies["other"] == person) & (replies["time"] > last.get(person, 0.0))]
        to_me = to_me[to_me["time"] < now]
        if len(to_me):
            met += 1
            assert wrote[person, now] == to_me["person"].iloc[-1]
        last[person] = now
    assert met > 300


def test_nobody_answers_back_or_goes_on_where_both_are_0() -> None:
    rows = journal({"recall": 0}, {"answer_back": 0, "again": 0, "reply": 0}, pace=1.0, days=60)
    visits = set(map(tuple, rows[rows["kind"] == "visit"][["person", "time"]].to_numpy()))
    posts = set(map(tuple, rows[rows["kind"].isin(("post", "reply"))][["person", "time"]].to_numpy()))
    assert posts and posts <= visits
    assert not (rows["kind"] == "reply").any()


def test_sessions_are_geometric_with_exponential_pauses() -> None:
    again, pause = 0.6, 2.0
    rows = journal({"recall": 0}, {"answer_back": 0, "again": again, "pause": pause}, pace=0.2)
    visits = set(map(tuple, rows[rows["kind"] == "visit"][["person", "time"]].to_numpy()))
    posts = rows[rows["kind"].isin(("post", "reply"))].sort_values(["person", "time"], kind="stable")
    posts = posts[posts["time"] < 199]
    first = np.array([(p, t) in visits for p, t in posts[["person", "time"]].to_numpy()])
    lengths = np.diff(np.append(np.flatnonzero(first), len(first)))
    assert len(lengths) > 1000
    # number of posts of a session: geometric, mean 1 / (1 - again)
    error = np.sqrt(again) / (1 - again) / np.sqrt(len(lengths))
    assert abs(lengths.mean() - 1 / (1 - again)) < stats.norm.isf(LEVEL / 2) * error
    pauses = np.diff(posts["time"].to_numpy())[~first[1:]] * 1440
    assert stats.kstest(pauses, stats.expon(scale=pause).cdf).pvalue > LEVEL
