"""Each kind of gate lets through whom it should: by hand, without a world."""

import math
from types import SimpleNamespace
from typing import Any

import pytest

from shequn.sim.kernel.chance import Purpose, normal, uniform
from shequn.sim.kernel.gates import capacity, identity, invitation, kinds, purchase, task
from shequn.sim.kernel.gates.kinds import GateKind, lets_through
from shequn.sim.kernel.state import Channel, State

KEY, SEED = 5, 7


def plain(function: Any) -> Any:
    """The rule uncompiled: plain values stand for records."""
    return getattr(function, "py_func", function)


def world(place: dict[str, float] | None = None, **values: float) -> Any:
    """What a gate may look at beside the candidate."""
    spaces = [{"members": 0}, {"members": values.pop("members", 0)}]
    return SimpleNamespace(
        totals=[{"seed": SEED}], spaces=spaces, params=[{"centre": 0.5, "city": 10.0, **values}],
        members=[{"x": 5.0, "y": 5.0, **(place or {})}],
    )  # fmt: skip


def member(**values: Any) -> dict[str, Any]:
    """A candidate."""
    common = {
        "key": KEY,
        "channel": Channel.STRANGER,
        "state": State.OUTSIDE,
        "quality": 0.5,
        "topic": 0.5,
        "member": 0,
    }
    return common | values


@pytest.mark.parametrize(("members", "passes"), [(0, True), (9, True), (10, False), (11, False)])
def test_a_capacity_gate_is_shut_once_its_seats_are_taken(members: int, passes: bool) -> None:
    rule = plain(capacity.lets_through)
    assert rule({"capacity_members": 10.0, "space": 1}, member(), world(members=members), 0) is passes


@pytest.mark.parametrize("channel", Channel)
def test_an_invitation_gate_lets_only_the_invited_through(channel: Channel) -> None:
    rule = plain(invitation.lets_through)
    assert rule({}, member(channel=channel), world(), 0) is (channel == Channel.INVITATION)


def test_an_invitation_gate_lets_members_through_whom_the_operator_sends() -> None:
    rule = plain(invitation.lets_through)
    assert rule({}, member(channel=Channel.STRANGER, state=State.MEMBER), world(), 0) is True


def test_a_purchase_gate_asks_each_person_the_same_once_and_for_all() -> None:
    rule = plain(purchase.lets_through)
    draw = uniform(SEED, Purpose.GATE, KEY, 1 << 24)
    for count in (0, 17, 4096):
        assert rule({"purchase_share": draw + 1e-9}, member(), world(), count) is True
        assert rule({"purchase_share": draw}, member(), world(), count) is False
    assert rule({"purchase_share": 0.0}, member(), world(), 0) is False
    assert rule({"purchase_share": 1.0}, member(), world(), 0) is True


def test_a_task_gate_sees_quality_with_noise_that_is_drawn_anew_each_time() -> None:
    rule = plain(task.lets_through)
    exact = {"task_noise": 0.0, "task_at_least": 0.5}
    assert rule(exact, member(quality=0.5), world(), 3) is True
    assert rule(exact, member(quality=0.4999), world(), 3) is False
    for count in (3, 4):
        seen = 0.5 + 0.2 * normal(SEED, Purpose.GATE_SEES, KEY, count)
        for need, passes in ((seen - 1e-9, True), (seen + 1e-9, False)):
            assert rule({"task_noise": 0.2, "task_at_least": need}, member(), world(), count) is passes


@pytest.mark.parametrize(
    ("topic", "passes"), [(0.5, True), (0.6, True), (0.61, False), (0.4, True), (0.39, False), (0.0, False)]
)
def test_an_identity_gate_measures_topics_along_the_circle(topic: float, passes: bool) -> None:
    gate = {"identity_sees": identity.TOPIC, "identity_within": 0.1 + 1e-12}
    assert plain(identity.lets_through)(gate, member(topic=topic), world(), 0) is passes


def test_an_identity_gate_measures_topics_across_the_ends_of_the_circle() -> None:
    gate = {"identity_sees": identity.TOPIC, "identity_within": 0.2}
    assert plain(identity.lets_through)(gate, member(topic=0.95), world(centre=0.1), 0) is True
    assert plain(identity.lets_through)(gate, member(topic=0.85), world(centre=0.1), 0) is False


@pytest.mark.parametrize(
    ("x", "y", "passes"),
    [
        (5.0, 5.0, True),
        (8.0, 9.0, True),
        (2.0, 1.0, True),
        (8.0, 9.01, False),
        (5.0, 0.0, True),
        (0.0, 0.0, False),
    ],
)
def test_an_identity_gate_measures_places_from_the_middle_of_the_city(
    x: float, y: float, passes: bool
) -> None:
    gate = {"identity_sees": identity.PLACE, "identity_within": 5.0}  # 3-4-5 triangles
    assert plain(identity.lets_through)(gate, member(), world({"x": x, "y": y}), 0) is passes
    assert math.hypot(3, 4) == 5.0


@pytest.mark.parametrize("kind", [GateKind.FEE, GateKind.RULES, GateKind.QUOTA])
def test_some_gates_refuse_nobody_who_bears_the_cost(kind: GateKind) -> None:
    rule = plain(getattr(kinds, kind.name.lower()).lets_through)
    assert rule({"kind": kind}, member(), world(), 0) is True


def test_a_kind_without_a_rule_is_an_error_not_an_open_door() -> None:
    with pytest.raises(AssertionError, match="no case"):
        plain(lets_through)({"kind": len(GateKind)}, member(), world(), 0)
