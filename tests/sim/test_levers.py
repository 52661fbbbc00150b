"""Every lever acts through what it declares, and through nothing else.

With the declared drivers at 0 for everybody and the declared channels neutral, the times, kinds and persons of
visits, joins and departures are the same to the byte as without the lever. With them on, they are not.
"""

from typing import Any, NamedTuple

import numpy as np
import pytest

from shequn.agents.drivers import Driver
from shequn.sim.kernel.duties.kinds import DUTIES
from shequn.sim.kernel.gates.kinds import GATES
from shequn.sim.kernel.state import JournalKind
from shequn.sim.levers import Direct, Through
from shequn.sim.operations.kinds import OPERATIONS
from shequn.sim.scenario import Scenario
from shequn.sim.scenario.incentives import Earn, MemberMark, Offer
from shequn.sim.scenario.staff import Task
from tests.sim.small_worlds import run

WEIGHTS = {driver.name.lower(): 1.0 for driver in Driver}
MOVES = (JournalKind.VISIT, JournalKind.JOIN, JournalKind.LEAVE)


class Lever(NamedTuple):
    """A lever at work, and what makes each of its direct channels neutral."""

    on: dict[str, Any]
    neutral: dict[Direct, dict[str, Any]]  # fields of the lever, or keys of the scenario (with a dot)


_WHEN = {"day": 5}
LEVERS: dict[str, Lever] = {
    # operations
    "campaign": Lever(
        {**_WHEN, "days": 10, "discovery": 4, "reminders": 3, "pay_inviter": 8, "pay_invited": 8},
        {Direct.REACH: {"discovery": 1}, Direct.ATTENTION: {"reminders": 0}},
    ),
    "hot_event": Lever({**_WHEN, "days": 4, "intensity": 0.9, "boost": 6, "discovery": 20}, {}),
    "set_openness": Lever(
        {**_WHEN, "visibility": 1, "bypass": 1},
        {Direct.REACH: {"visibility": 0.4}, Direct.ADMISSION: {"bypass": 0.4}},
    ),
    "set_gates": Lever(
        {**_WHEN, "gates": [{"kind": "invitation"}]}, {Direct.ADMISSION: {"gates": [{"kind": "rules"}]}}
    ),
    "shock": Lever({**_WHEN, "people": 30}, {Direct.REACH: {"day": 10_000}}),
    "arrivals": Lever({**_WHEN, "per_day": 3}, {Direct.REACH: {"day": 10_000}}),
    "season": Lever({**_WHEN, "days": 10, "discovery": 3}, {Direct.REACH: {"day": 10_000}}),
    "move": Lever({**_WHEN, "who": "random", "share": 0.5, "to": "salon"}, {Direct.ADMISSION: {"share": 0}}),
    "remove": Lever({**_WHEN, "who": "random", "share": 0.4}, {Direct.ADMISSION: {"share": 0}}),
    "set_staff": Lever(
        {**_WHEN, "job": "host", "minutes": 480},
        {Direct.WORKING_TIME: {"minutes": 0.5}, Direct.ATTENTION: {}},
    ),
    "push": Lever({"every": 1, "first": 3.4, "offer": "tea"}, {Direct.ATTENTION: {"share": 0}}),
    "rival": Lever({**_WHEN, "share": 0.5, "pay": 60}, {}),
    "close": Lever({**_WHEN, "share": 0.4}, {Direct.ADMISSION: {"share": 0}}),
    "enrol": Lever({"day": 9}, {Direct.REACH: {"day": 10_000}}),
    "set": Lever(
        {**_WHEN, "key": "rules.posting.effort", "to": 0.4},
        {Direct.SETTING: {"to": 1}},
    ),
    "award": Lever({"every": 2, "first": 3, "best": 20, "pay": {"money": 20}, "mark": "star"}, {}),
    # duties of the host, who is there in any case
    "answer": Lever({"to": "post"}, {Direct.WORKING_TIME: {"share": 0}, Direct.ATTENTION: {}}),
    "welcome": Lever({}, {Direct.WORKING_TIME: {"share": 0}}),
    "feature": Lever({"job": "editor"}, {Direct.WORKING_TIME: {"first": 10_000}, Direct.ATTENTION: {}}),
    "call": Lever({"unseen": 1, "first": 4.5}, {Direct.WORKING_TIME: {"first": 10_000}}),
    "talk": Lever({"who": "random", "share": 0.5, "first": 4.5}, {Direct.WORKING_TIME: {"first": 10_000}}),
    "moderate": Lever(
        {"to": "post", "below": 0.6, "error": 0, "strikes": 2, "minutes": 0.5},
        {Direct.WORKING_TIME: {"share": 0}, Direct.LEVEL: {}, Direct.ADMISSION: {}},
    ),
    "post": Lever({}, {Direct.WORKING_TIME: {"first": 10_000}, Direct.ATTENTION: {}}),
    # tasks
    "a task": Lever({"gives": {"honor": 2, "interest": 1, "benefit": 1, "relationship": 1}}, {}),
    # incentives
    "a mark": Lever({"by": "points", "steps": [1, 2, 3], "honor": 3}, {Direct.PERMISSION: {}}),
    "a mark that allows something": Lever(
        {"by": "points", "steps": [1, 2, 3], "allows": {"post": 2, "invite": 1}},
        {Direct.PERMISSION: {"allows": {}}},
    ),
    "an earn rule": Lever({"for": "post", "pay": {"money": 5}}, {}),
    "a reward for inviting": Lever({"for": "invited", "pay": {"money": 5}}, {}),
    "a reward for joining": Lever({"for": "joined", "pay": {"money": 5}}, {}),
    "an offer": Lever({"takes": {"money": 10}, "worth": 80, "every": 2}, {}),
    "an offer of a title": Lever({"takes": {"money": 1}, "mark": "star"}, {}),
    "an offer for three": Lever({"takes": {"money": 1}, "worth": 90, "buyers": 3, "wait": 2, "every": 2}, {}),
    "an offer of a seat": Lever({"takes": {"money": 1}, "worth": 9, "seat": "salon", "lasts": 9}, {}),
    # gates
    "capacity": Lever({"members": 40}, {Direct.CAPACITY: {"members": 20_000_000}, Direct.ADMISSION: {}}),
    "invitation": Lever({}, {Direct.ADMISSION: {"community.bypass": 1, "rules.inviting.rate": 0}}),
    "fee": Lever(
        {"amount": 80, "cost": 0.3},
        {Direct.PURSE: {"population.purse.mean": "unlimited"}, Direct.ADMISSION: {"cost": 0}},
    ),
    "identity": Lever({"sees": "topic", "within": 0.2}, {Direct.ADMISSION: {"within": 0.5}}),
    "purchase": Lever({"share": 0.3}, {Direct.ADMISSION: {"share": 1}}),
    "task": Lever({"at_least": 0.5, "noise": 0, "cost": 0.3}, {Direct.ADMISSION: {"at_least": 0, "cost": 0}}),
    "rules": Lever({"cost": 0.5}, {Direct.ADMISSION: {"cost": 0}}),
    "quota": Lever({"per_day": 0.4}, {Direct.ADMISSION: {"community.bypass": 1, "rules.inviting.rate": 0}}),
}
KINDS: dict[str, Any] = {
    **OPERATIONS,
    **GATES,
    **DUTIES,
    "a task": Task,
    "a mark": MemberMark,
    "a mark that allows something": MemberMark,
    "an earn rule": Earn,
    "a reward for inviting": Earn,
    "a reward for joining": Earn,
    "an offer": Offer,
    "an offer of a title": Offer,
    "an offer for three": Offer,
    "an offer of a seat": Offer,
}
#: For duties, the ways beside drivers in which they reach people; the rules that shut them.
WAYS = {
    "welcome": {"rules.posting.by_recognition": 0, "rules.relationship.max_ties": 0},
    "talk": {"rules.relationship.max_ties": 0, "rules.relationship.growth": 0},
    "call": {"rules.visiting.recall": 0},
}


def _scenario(
    kind: str, lever: dict[str, Any] | None, keys: dict[str, Any], without: tuple[Driver, ...]
) -> Scenario:
    """The world with a lever or without it; ``without`` are drivers for which nobody cares."""
    operations, gates = [], [{"kind": "rules"}]
    duties: dict[str, Any] = {}
    tasks: dict[str, Any] = {}
    earn: dict[str, Any] = {}
    units: dict[str, Any] = {}
    marks: dict[str, Any] = {"star": {"honor": 4}} if kind in ("award", "an offer of a title") else {}
    offers: dict[str, Any] = {}
    if KINDS[kind] is MemberMark:  # what is earned
        units, earn = {"points": {}}, {"rule": {"for": "task", "pay": {"points": 1}}}
        tasks = {"check-in": {"gives": {"relationship": 1}}}
    if kind == "set_staff":  # what the host does with the minutes
        duties = {"answers": {"job": "host", "do": "answer", "to": "post", "minutes": 0.4}}
    if kind == "push":
        offers = {"tea": {"takes": {"money": 1}, "worth": 8, "mark": "star", "every": 3}}
        marks = {"star": {"honor": 2}}
    if kind == "enrol":  # whom it asks
        operations = [{"do": "close", "day": 5, "share": 0.5}]
    if lever is not None and kind in OPERATIONS:
        operations = [*operations, {"do": kind, **lever}]
    elif lever is not None and kind in DUTIES:
        duties = {"duty": {"job": "host", "do": kind, **lever}}
    elif lever is not None and kind == "a task":
        tasks = {"task": lever}
    elif lever is not None and KINDS[kind] is MemberMark:
        marks = {"mark": lever}
    elif lever is not None and KINDS[kind] is Earn:
        earn = {"rule": lever}
    elif lever is not None and KINDS[kind] is Offer:
        offers = {"offer": lever}
    elif lever is not None:
        gates = [*gates, {"kind": kind, **lever}]
    weights = {**WEIGHTS, **{driver.name.lower(): 0.0 for driver in without}}
    scenario = Scenario.from_mapping(
        {
            "format": 1, "title": "levers", "seed": 11, "days": 20, "journal": "full",
            "population": {
                "people": 250, "founders": 40, "drivers": {**weights, "spread": 0.3}, "places": {"city_km": 3},
                "pace": {"mean": 1, "log_sd": 0.8}, "talkativeness": {"mean": 0.5, "log_sd": 0.5},
                "graph": {"generator": "social", "degree": 10},
            },
            "community": {"openness": 0.4, "strangers_per_day": 10},
            "spaces": {"house": {"may_post": "nobody", "gates": gates}, "hall": {"in": "house"}, "salon": {}},
            "operations": operations, "duties": duties, "tasks": tasks, "earn": earn,
            "offers": offers, "units": units, "marks": marks,
            "staff": {"host": {"in": "hall", "hours": [0, 24], "minutes": 0.5 if kind == "set_staff" else 480},
                      "editor": {"in": "house", "hours": [0, 24]}},
            "rules": {"inviting": {"rate": 0.02, "odds": 1}},
        }
    )  # fmt: skip
    return scenario.with_(keys)


def _moves(scenario: Scenario) -> bytes:
    rows = run(scenario)[1]
    rows = rows[np.isin(rows["kind"], MOVES)]
    assert len(rows) > 200
    return b"".join(rows[name].tobytes() for name in ("time", "kind", "person"))


def test_every_kind_declares_what_it_acts_through_and_is_tried_here() -> None:
    assert set(LEVERS) == set(KINDS)
    for name, kind in KINDS.items():
        through = kind.__dict__.get("acts_through")
        assert isinstance(through, Through), f"{kind.__name__} does not declare acts_through"
        assert through.drivers or through.direct
        assert set(LEVERS[name].neutral) == set(through.direct), f"{name}: a neutral value for each channel"


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_changes_nothing_where_nobody_cares_and_its_channels_are_neutral(name: str) -> None:
    lever, through = LEVERS[name], KINDS[name].acts_through
    fields: dict[str, Any] = {**lever.on}
    keys: dict[str, Any] = {}
    for values in lever.neutral.values():
        fields |= {key: value for key, value in values.items() if "." not in key}
        keys |= {key: value for key, value in values.items() if "." in key}
    with_it = _moves(_scenario(name, fields, keys, through.drivers))
    assert with_it == _moves(_scenario(name, None, keys, through.drivers))


@pytest.mark.parametrize("name", WAYS)
def test_a_duty_that_is_done_changes_nothing_where_nobody_cares_and_its_other_ways_are_shut(
    name: str,
) -> None:
    through = KINDS[name].acts_through
    with_it = _scenario(name, LEVERS[name].on, WAYS[name], through.drivers)
    assert (run(with_it)[1]["kind"] == JournalKind.DUTY).sum() > 20
    assert _moves(with_it) == _moves(_scenario(name, None, WAYS[name], through.drivers))


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_changes_something_where_people_care_and_its_channels_are_open(name: str) -> None:
    assert _moves(_scenario(name, LEVERS[name].on, {}, ())) != _moves(_scenario(name, None, {}, ()))


@pytest.mark.parametrize(
    ("name", "direct"), [(name, direct) for name in LEVERS for direct in KINDS[name].acts_through.direct]
)
def test_each_declared_channel_is_used(name: str, direct: Direct) -> None:
    """All channels but one neutral, and nobody cares: something changes still."""
    lever, through = LEVERS[name], KINDS[name].acts_through
    if not lever.neutral[direct]:
        pytest.skip("neutral together with another channel")
    fields: dict[str, Any] = {**lever.on}
    keys: dict[str, Any] = {}
    for other, values in lever.neutral.items():
        if other is not direct:
            fields |= {key: value for key, value in values.items() if "." not in key}
            keys |= {key: value for key, value in values.items() if "." in key}
    with_it = _moves(_scenario(name, fields, keys, through.drivers))
    assert with_it != _moves(_scenario(name, None, keys, through.drivers))


@pytest.mark.parametrize(
    ("name", "driver"), [(name, driver) for name in LEVERS for driver in KINDS[name].acts_through.drivers]
)
def test_each_declared_driver_is_used(name: str, driver: Driver) -> None:
    """All channels neutral, but people care for the driver: something changes."""
    lever = LEVERS[name]
    fields: dict[str, Any] = {**lever.on}
    for channel, values in lever.neutral.items():
        if channel is not Direct.WORKING_TIME:  # without time staff do nothing, for whom it may be
            fields |= values
    assert _moves(_scenario(name, fields, {}, ())) != _moves(_scenario(name, None, {}, ()))
