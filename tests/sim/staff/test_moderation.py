"""Advertisements, reports and what moderators do about them: exact cases."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from shequn.agents.curves import halving
from shequn.agents.drivers import Driver
from shequn.agents.observation import Observation
from shequn.sim.kernel.answering import lay_post
from shequn.sim.kernel.chance import Purpose, uniform
from shequn.sim.kernel.membership import depart, join
from shequn.sim.kernel.moderation import ADVERTISEMENT, perhaps_advertise
from shequn.sim.kernel.reading import read_path
from shequn.sim.kernel.staff import give_to_moderators
from shequn.sim.kernel.state import NOBODY, Channel, JournalKind, Occasion, PostKind, Reason, State
from tests.sim.records import record_of, records
from tests.sim.small_worlds import run, same_bytes, world
from tests.sim.staff.desk import MINUTE, Desk, pair

ALWAYS = {"hours": [0, 24], "minutes": 1440}
SURE = {"rate": 1, "silence": 1e9, "quality": 0.05, "gain": 0.25, "report": 1, "mistake": 0}


def desk_of(duty: dict[str, Any], job: dict[str, Any] | None = None, **rules: Any) -> Desk:
    """A desk with one moderator, in a room where everybody advertises at once."""
    desk = Desk(
        {"host": {**ALWAYS, **(job or {})}},
        {"duty": {"job": "host", "do": "moderate", "error": 0, **duty}},
        rules={"advertising": {**SURE, **rules}},
    )
    if (job or {}).get("from") != "members":
        desk.hire(0)
    records(desk.world)["drivers"] = 0.0
    records(desk.world)["drivers"][:, Driver.BENEFIT] = 1.0
    return desk


def observation(n_read: float = 0.0) -> Observation:
    """What somebody perceives who has gained nothing."""
    values = dict.fromkeys(Observation._fields, 0.0)
    return Observation(**{**values, "n_read": n_read, "rank": -1.0})


def advertise(desk: Desk, person: int, at: float) -> int:
    """Somebody may advertise; returns how many have done so."""
    desk.machine.run_until(at)
    perhaps_advertise(desk.world, person, observation(), at)
    record_of(desk.world, person)["n_visits"] += 1
    return int(desk.world.totals["advertisements"][0])


def read(desk: Desk, person: int, at: float) -> Any:
    """Somebody reads."""
    desk.machine.run_until(at)
    read_path(desk.world, person, at)
    return desk.world.reading[0]


def test_an_advertisement_is_read_but_is_no_post() -> None:
    desk = desk_of({})
    assert advertise(desk, 3, 0.5) == 1
    post, total = desk.world.posts[0], desk.world.totals[0]
    assert (post["author"], post["kind"], post["own"]) == (3, PostKind.ADVERTISEMENT, ADVERTISEMENT)
    assert post["quality"] == pytest.approx(0.05)
    assert (total["posts"], total["last_post_at"], desk.world.spaces["posts"][0]) == (0, 0.0, 0)
    assert desk.world.everybody["n_posts"][3] == 0
    assert read(desk, 5, 0.6)["n_read"] == 1
    rows = desk.rows(JournalKind.ADVERTISE, 0.7)
    assert rows[["person", "other", "room", "detail"]].tolist() == [(3, NOBODY, 0, 0)]
    assert advertise(desk, 3, 0.8) == 2
    assert desk.world.posts["own"][:2].tolist() == [ADVERTISEMENT, ADVERTISEMENT + 1]


def test_the_topic_is_drawn_and_the_chance_is_that_of_the_rule() -> None:
    desk = desk_of({}, rate=0.3)
    done = [advertise(desk, person, 0.5) for person in range(30)]
    seed, keys = int(desk.world.totals["seed"][0]), desk.world.people["key"]
    due = [uniform(seed, Purpose.ADVERTISE, keys[person], 0) < 0.3 for person in range(30)]
    assert np.diff([0, *done]).tolist() == due
    assert 3 < sum(due) < 20
    first = due.index(True)
    topic = uniform(seed, Purpose.OFF_TOPIC, keys[first], ADVERTISEMENT)
    assert desk.world.posts["topic"][0] == pytest.approx(topic)


def test_each_reader_brings_the_author_something() -> None:
    desk = desk_of({})
    advertise(desk, 3, 0.5)
    for reader in (5, 6, 7):
        read(desk, reader, 0.5)
    assert desk.world.everybody["gains"][3] * halving(0.5, 14.0) == pytest.approx(0.75)
    assert desk.world.everybody["gains"][[5, 6, 7]].max() < 0.05  # what little is worth reading


def test_a_post_is_reported_once_and_a_reader_reports_one_post_of_a_visit() -> None:
    desk = desk_of({"minutes": 1400})
    for author in (3, 4):
        advertise(desk, author, 0.2)
    for reader in (5, 6, 7, 8):
        read(desk, reader, 0.3)
    rows = desk.rows(JournalKind.REPORT, 0.4)
    assert rows[["person", "other", "detail"]].tolist() == [(5, 4, 1), (6, 3, 0)]  # the newest first
    assert desk.world.totals["reports"] == 2
    assert desk.counts(0)[2] == 2


@pytest.mark.parametrize(("report", "mistake", "reports"), [(1, 0, [1]), (0, 1, [0]), (0, 0, [])])
def test_posts_of_members_are_reported_by_mistake_and_those_of_staff_never(
    report: float, mistake: float, reports: list[int]
) -> None:
    desk = desk_of({"minutes": 1400}, report=report, mistake=mistake)
    desk.write(3, 0.2)
    desk.world.posts["quality"][0] = 0.0
    advertise(desk, 4, 0.2)
    paid = int(desk.world.staff["paid"][0])
    lay_post(desk.world, 0, paid, 0, 0.0, 0.5, NOBODY, PostKind.OFFICIAL.value, 0.2)
    for reader in range(5, 25):
        read(desk, reader, 0.3)
    assert desk.rows(JournalKind.REPORT, 0.4)["detail"].tolist() == reports


def test_what_is_reported_is_taken_down_and_nobody_reads_it_any_more() -> None:
    desk = desk_of({"minutes": 2})
    advertise(desk, 3, 0.5)
    desk.write(4, 0.5)
    read(desk, 5, 0.5)
    rows = desk.rows(JournalKind.TAKE_DOWN, 0.5 + 3 * MINUTE)
    paid = int(desk.world.staff["paid"][0])
    assert rows[["person", "other", "room", "detail", "value"]].tolist() == [(paid, 3, 0, 0, 1.0)]
    assert rows["time"] == pytest.approx([0.5 + 2 * MINUTE])
    assert desk.world.posts["kind"][0] == PostKind.TAKEN_DOWN
    reading = read(desk, 6, 0.6)
    assert (reading["n_read"], reading["unread"]) == (1, 1)
    gains = float(desk.world.everybody["gains"][3])
    read(desk, 7, 0.6)
    assert desk.world.everybody["gains"][3] == gains
    total = desk.world.totals[0]
    assert (total["taken_down"], total["mistakes"], total["reports"]) == (1, 0, 1)


def test_with_an_order_of_its_own_what_is_taken_down_is_passed_over_too() -> None:
    desk = desk_of({"minutes": 2})
    desk.world.spaces["order"] = 1  # the most reactions first
    desk.world.params["perception_attention"] = 2
    advertise(desk, 3, 0.5)
    desk.world.posts["hot"][0] = 99
    for author in (4, 5, 6):
        desk.write(author, 0.5)
    desk.world.posts["kind"][0] = PostKind.TAKEN_DOWN
    reading = read(desk, 7, 0.6)
    assert (reading["n_read"], reading["unread"]) == (2, 3)


def test_every_post_is_looked_at_against_a_standard() -> None:
    desk = desk_of({"to": "post", "below": 0.4, "minutes": 1})
    desk.world.people["quality"][3:7] = [0.39, 0.41, 0.1, 0.9]
    for author in (3, 4, 5, 6):
        desk.write(author, 0.5)
    desk.write(5, 0.5, answer_to=1)
    rows = desk.rows(JournalKind.TAKE_DOWN, 0.6)
    assert rows["other"].tolist() == [3, 5, 5]
    assert desk.counts(0)[0] == 5  # all were looked at


@pytest.mark.parametrize("error", [0.0, 0.3, 1.0])
def test_an_error_leaves_what_should_go_and_takes_down_what_should_stay(error: float) -> None:
    desk = desk_of({"to": "post", "error": error, "minutes": 1, "within": 30})
    for author in range(30):
        advertise(desk, author, 0.1)
        desk.write(author, 0.1)
    desk.machine.run_until(1.0)
    kinds = desk.world.posts["kind"][:60]
    seed, key = int(desk.world.totals["seed"][0]), desk.world.duties["key"][0]

    def wrong(author: int, own: int) -> bool:
        return bool(uniform(seed, Purpose.JUDGE, pair(desk.world.people["key"][author], key), own) < error)

    due = [
        gone
        for author in range(30)
        for gone in (not wrong(author, ADVERTISEMENT), wrong(author, 0))
    ]  # fmt: skip
    assert (kinds == PostKind.TAKEN_DOWN).tolist() == due
    rows = desk.rows(JournalKind.TAKE_DOWN, 1.0)
    assert rows["value"].tolist() == [float(k % 2 == 0) for k in range(60) if due[k]]
    days = desk.machine.days
    assert (days["taken_down"][-1], days["mistakes"][-1]) == (sum(due), sum(due[1::2]))


@pytest.mark.parametrize(("strikes", "removed"), [(None, []), (1, [3, 4]), (2, [3]), (3, [])])
def test_who_does_it_again_and_again_is_removed(strikes: int | None, removed: list[int]) -> None:
    desk = desk_of({"to": "post", "minutes": 1, "strikes": strikes})
    for author, at in ((3, 0.1), (4, 0.2), (3, 0.3)):
        if desk.world.people["state"][author] == State.MEMBER:
            advertise(desk, author, at)
    rows = desk.rows(JournalKind.REMOVE, 0.5)
    assert rows["person"].tolist() == sorted(removed, key=lambda one: (strikes == 1, one))
    assert (desk.world.people["state"][removed] == State.REMOVED).all()
    assert desk.machine.totals["removals"] == len(removed)


def test_a_stay_begins_with_nothing_taken_down() -> None:
    desk = desk_of({"to": "post", "minutes": 1})
    advertise(desk, 3, 0.1)
    desk.machine.run_until(0.2)
    seat = int(desk.world.people["membership"][3])
    assert desk.world.strikes[seat] == 1
    depart(desk.world, 3, 0.2, Reason.CLOCK.value)
    join(desk.world, 3, 0, 0.3, Channel.STRANGER.value, NOBODY, 0.0)
    assert desk.world.strikes[int(desk.world.people["membership"][3])] == 0


def test_a_volunteer_looks_at_their_own_posts_too_and_may_lose_their_place() -> None:
    desk = desk_of({"to": "post", "minutes": 1, "strikes": 1}, {"from": "members"})
    desk.volunteer(0, 3)
    advertise(desk, 3, 0.1)
    assert desk.rows(JournalKind.REMOVE, 0.2)["person"].tolist() == [3]
    assert desk.world.staff["person"][0] == NOBODY


def test_a_post_taken_down_by_one_is_not_looked_at_by_another() -> None:
    desk = Desk(
        {"host": {**ALWAYS, "people": 2}},
        {"posts": {"job": "host", "do": "moderate", "to": "post", "error": 0, "minutes": 1},
         "reports": {"job": "host", "do": "moderate", "error": 0, "minutes": 3}},
        rules={"advertising": SURE},
    )  # fmt: skip
    desk.hire(0, 1)
    records(desk.world)["drivers"][:, Driver.BENEFIT] = 1.0
    advertise(desk, 3, 0.5)
    read(desk, 5, 0.5)  # the second begins to look at the report
    desk.machine.run_until(0.6)
    assert desk.counts(0)[:2] == (1, 0)
    assert desk.counts(1)[:2] == (0, 1)


def test_reports_that_come_at_random_wait_as_in_the_m_d_1_queue() -> None:
    """A fixed minute for each; mean wait ρ/(2 (1 − ρ)) minutes, at level 1e-4 over batches of reports."""
    load, n, batches = 0.6, 4000, 20
    desk = desk_of({"minutes": 1, "within": 30}, report=0)
    at = np.cumsum(np.random.default_rng(5).exponential(MINUTE / load, n))
    for number, time in enumerate(at):
        desk.machine.run_until(float(time))
        lay_post(desk.world, 0, number % 30, number, 0.5, 0.5, NOBODY, PostKind.MEMBER.value, float(time))
        give_to_moderators(desk.world, Occasion.REPORT.value, 0, number, float(time))
    rows = desk.rows(JournalKind.DUTY, float(at[-1]) + 1.0)
    waits = rows["value"] / MINUTE - 1.0
    assert len(waits) == n
    means = waits[n // batches :].reshape(batches - 1, -1).mean(axis=1)
    error = means.std(ddof=1) / np.sqrt(len(means))
    expected = load / (2 * (1 - load))
    assert error < 0.1
    assert abs(means.mean() - expected) < stats.t.ppf(1 - 0.5e-4, len(means) - 1) * error + 0.01


def spam(rate: float, benefit: float, **more: Any) -> Any:
    """The journal of a group in which members may advertise, but for the rows of its staff."""
    scenario = world("hall").with_(
        {
            "days": 20, "population": {"drivers": {"benefit": benefit}}, **more,
            "rules": {"advertising": {"rate": rate, "mistake": 0.5}},
        }
    )  # fmt: skip
    rows = run(scenario)[1]
    return rows[~np.isin(rows["kind"], (JournalKind.DUTY, JournalKind.HIRE))]


MODERATED: dict[str, Any] = {
    "staff": {"host": {"hours": [0, 24]}},
    "duties": {"order": {"job": "host", "do": "moderate", "error": 0, "minutes": 0.1}},
}


def test_where_nobody_cares_for_benefit_nobody_advertises_and_nothing_changes_to_the_byte() -> None:
    assert same_bytes(spam(1.0, 0.0), spam(0.0, 0.0))
    assert (spam(1.0, 0.5)["kind"] == JournalKind.ADVERTISE).sum() > 10


def test_moderators_who_find_nothing_to_take_down_change_nothing_for_members() -> None:
    with_them = spam(0.0, 0.3, **MODERATED)
    is_report = with_them["kind"] == JournalKind.REPORT
    assert is_report.sum() > 10
    assert same_bytes(with_them[~is_report], spam(0.0, 0.3))
