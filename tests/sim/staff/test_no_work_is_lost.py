"""Minutes done are at most minutes there, and no work is lost, whatever the scenario."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequn.sim.community import Community
from shequn.sim.kernel.state import Channel, JournalKind, Occasion
from shequn.sim.scenario import Scenario
from shequn.sim.staffing import duty_order
from tests.sim.records import check_records
from tests.sim.small_worlds import LEAVING, PEOPLE, Rows, run

HOURS = st.sampled_from([[0, 24], [9, 10], [8, 20], [23, 24], [0, 0.5]])
SHARE = st.sampled_from([0.3, 1])
WITHIN = st.sampled_from([0.02, 0.5, 7])


@st.composite
def jobs(draw: Any, name: str) -> dict[str, Any]:
    """A job, with minutes enough for a piece of work of ten."""
    return {
        "hours": draw(HOURS), "minutes": draw(st.sampled_from([10, 33, 1440])),
        "people": draw(st.integers(1, 3)), "in": draw(st.sampled_from(["course", "class"])),
        "from": draw(st.sampled_from(["outside", "members"])), "pay": draw(st.sampled_from([0, 2.5])),
        "first": draw(st.sampled_from([0, 1.3])), "days": draw(st.sampled_from([None, 4.6])),
    }  # fmt: skip


@st.composite
def courses(draw: Any) -> dict[str, Any]:
    """A small course with two jobs and a duty for every occasion."""
    names = st.sampled_from(["a", "b"])
    minutes = st.sampled_from([0.5, 3, 10])

    def duty(**spec: Any) -> dict[str, Any]:
        return {"job": draw(names), "minutes": draw(minutes), **spec}

    def on(**spec: Any) -> dict[str, Any]:
        return duty(share=draw(SHARE), within=draw(WITHIN), **spec)

    duties = {
        "welcome": on(do="welcome"),
        "posts": on(do="answer", to="post"),
        "first": on(do="answer", to="first_post"),
        "asked": on(do="answer", to="question"),
        "marked": on(do="answer", to="task"),
        "called": duty(do="call", unseen=1, first=0.4, every=0.75, most=5),
        "talk": duty(do="talk", who="random", share=0.2, first=0.5),
        "notice": duty(do="post", first=0.4),
    }
    order = draw(st.permutations(list(duties)))
    return {
        "format": 2, "title": "t", "days": 7, "journal": "full", "seed": draw(st.integers(0, 1000)),
        "population": {**PEOPLE, "people": 80, "graph": {"generator": "none"}},
        "community": {"openness": 0.5, "strangers_per_day": 8, "shown": 8},
        "spaces": {"course": {}, "class": {"in": "course", "copies": 2, "seats": 25, "splits": {}}},
        "staff": {"a": draw(jobs("a")), "b": draw(jobs("b"))},
        "duties": {name: duties[name] for name in order},
        "tasks": {"homework": {"gives": {"honor": 3, "interest": 1}}, "check-in": {"gives": {"benefit": 1}}},
        "operations": {
                "less": {"do": "set_staff", "job": "a", "minutes": draw(st.sampled_from([0, 10])), "day": 3, "days": 2},
                "off": {"do": "set_staff", "job": "b", "pay": draw(st.sampled_from([0, 1])), "day": 5},
            },
        "rules": {"leaving": LEAVING, "posting": {"question": 0.3}},
    }  # fmt: skip


def occasions(scenario: Scenario, rows: Rows, name: str) -> int | None:
    """How often a duty on occasion was called for, in any room; None if not every occasion is taken up."""
    duty: Any = scenario.duties[name]
    if duty.occasion() == Occasion.CALENDAR or duty.share < 1 or scenario.staff[duty.job].in_ == "class":
        return None
    kind = rows["kind"]
    is_post = (kind == JournalKind.POST) | (kind == JournalKind.REPLY)
    is_post &= ~np.isin(rows["person"], rows["person"][kind == JournalKind.HIRE])
    volunteers = any(job.from_ == "members" for job in scenario.staff.values())
    match duty.occasion():
        case Occasion.JOIN:
            return int(((kind == JournalKind.JOIN) & (rows["detail"] != Channel.FOUNDER)).sum())
        case Occasion.TASK:
            return int((kind == JournalKind.TASK).sum())
        case Occasion.POST if not volunteers:  # theirs are written as members, and as staff
            return int(is_post.sum())
        case Occasion.FIRST_POST if not volunteers:
            return len(np.unique(rows["person"][is_post]))
    return None


@settings(max_examples=40, deadline=None, derandomize=True)
@given(courses())
def test_nobody_works_longer_than_a_day_of_theirs_and_no_work_is_lost(course: dict[str, Any]) -> None:
    community, rows = run(Scenario.from_mapping(course))
    check_minutes(community)
    check_work(community, rows)


def check_minutes(community: Community) -> None:
    """Minutes spent on a job's duties are at most those of its places, each day; and so are those of what is done."""
    machine, scenario = community.machine, community.settings
    world, days = machine.world, machine.duty_days
    check_records(world)
    for number, job in enumerate(scenario.staff.values()):
        places = int((world.staff["job"] == number).sum())
        there = places * min(job.minutes, 60 * (job.hours[1] - job.hours[0]))
        of_job = world.duties["job"][days["duty"]] == number
        spent = np.bincount(days["day"][of_job], days["minutes"][of_job])
        assert (spent <= there + 1e-6).all()
        in_pieces = days["minutes"][of_job] / world.duties["minutes"][days["duty"][of_job]]
        assert in_pieces == pytest.approx(np.rint(in_pieces), abs=1e-9)


def check_work(community: Community, rows: Rows) -> None:
    """What was called for is done, missed, waits, or is being done; every piece done is a row of the journal."""
    machine, scenario = community.machine, community.settings
    world, days = machine.world, machine.duty_days
    doing = np.bincount(
        world.work["duty"][world.staff["work"][world.staff["work"] >= 0]], minlength=len(world.duties)
    )
    for number, name in enumerate(duty_order(scenario)):
        own = days[days["duty"] == number]
        done = int(own["done"].sum())
        assert done == ((rows["kind"] == JournalKind.DUTY) & (rows["detail"] == number)).sum()
        called_for = occasions(scenario, rows, name)
        if called_for is not None:
            waiting = int(own["waiting"][-1])
            assert called_for == done + int(own["missed"].sum()) + waiting + doing[number], name
