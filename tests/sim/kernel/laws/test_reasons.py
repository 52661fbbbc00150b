"""Why a member left, and what had become usual to them."""

from typing import Any

import numpy as np
import pytest

from shequn.agents.drivers import Driver
from shequn.agents.observation import Observation
from shequn.sim.kernel.params import default_params
from shequn.sim.kernel.reasons import USUAL_UPDATE, departure_reason, update_usual_signals
from shequn.sim.kernel.state import Reason, member_dtype, membership_dtype

#: A visit whose signals are event 0.25, all others 0; four posts beyond attention.
VISIT = Observation(0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0, -1.0, 0.0)


def rules() -> Any:
    """Coefficients at which crowding costs 0.5 × 4 / (4 + 4) = 0.25."""
    p = default_params()[0]
    p["satisfaction_crowding"], p["satisfaction_crowding_half"], p["leaving_disappointment"] = 0.5, 4.0, 0.5
    return p


def somebody(**usual: float) -> tuple[Any, Any]:
    """A member of equal weights but for interest, and a seat where these signals are usual."""
    member, seat = np.zeros(1, member_dtype)[0], np.zeros(1, membership_dtype)[0]
    member["drivers"] = [0.125, 0.25, 0.125, 0.125, 0.25, 0.125]
    seat["usual_crowding"] = 0.25
    seat["usual"][Driver.EVENT] = 0.25
    for name, value in usual.items():
        if name in Driver.__members__:
            seat["usual"][Driver[name]] = value
        else:
            seat[name] = value
    return member, seat


@pytest.mark.parametrize("driver", [driver for driver in Driver if driver != Driver.EVENT])
def test_the_driver_that_fell_most_is_the_reason(driver: Driver) -> None:
    member, seat = somebody(**{driver.name: 0.5})
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == driver


def test_falls_are_weighed_by_what_people_care_for() -> None:
    # honor fell by 0.5 × 0.125, interest by 0.375 × 0.25
    member, seat = somebody(HONOR=0.5, INTEREST=0.375)
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Driver.INTEREST
    member["drivers"] = [0.5, 0.1, 0.1, 0.1, 0.1, 0.1]
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Driver.HONOR


def test_of_equal_falls_the_first_is_named_and_a_rise_is_none() -> None:
    member, seat = somebody(HONOR=0.5, BENEFIT=0.5, EVENT=0.125)
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Driver.HONOR
    member, seat = somebody(EVENT=0.125)
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Reason.OPTIONS


def test_a_signal_the_setting_cannot_give_is_no_reason_and_has_no_weight() -> None:
    p = rules()
    member, seat = somebody(HONOR=0.5, LOCALITY=1.0, usual_shortfall=0.0)
    p["possible"][Driver.LOCALITY] = 0.0
    assert departure_reason(member, seat, VISIT, 0.0, p) == Driver.HONOR
    # honor fell by 0.5 × 0.125 / 0.875 = 0.0714, over all weights 0.0625; the standard: 0.5 × 0.135 = 0.0675
    assert departure_reason(member, seat, VISIT, 0.135, p) == Driver.HONOR
    p["possible"][Driver.LOCALITY] = 1.0
    seat["usual"][Driver.LOCALITY] = 0.0
    assert departure_reason(member, seat, VISIT, 0.135, p) == Reason.STANDARD


def test_a_room_that_fell_below_the_standard_is_the_reason_where_that_weighs_more() -> None:
    member, seat = somebody(HONOR=0.5, usual_shortfall=0.25)
    assert departure_reason(member, seat, VISIT, 0.5, rules()) == Reason.STANDARD  # 0.5 × 0.25 against 0.0625
    assert departure_reason(member, seat, VISIT, 0.25, rules()) == Driver.HONOR
    assert departure_reason(member, seat, VISIT, 0.3125, rules()) == Driver.HONOR  # 0.03125


def test_crowding_beyond_the_usual_is_the_reason_where_it_weighs_most() -> None:
    member, seat = somebody(HONOR=0.5, usual_crowding=0.125)
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Reason.CROWDING  # 0.125 against 0.0625
    assert departure_reason(member, seat, VISIT, 0.375, rules()) == Reason.STANDARD  # 0.1875
    seat["usual_crowding"] = 0.21875
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Driver.HONOR  # 0.03125


def test_without_a_fall_it_was_options_or_chance() -> None:
    member, seat = somebody()
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Reason.OPTIONS
    member, seat = somebody(HONOR=1e-6)  # rounding is no fall
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Reason.OPTIONS


def test_at_the_first_visit_nothing_has_fallen() -> None:
    member, seat = somebody(HONOR=0.5, usual_crowding=-1.0)
    assert departure_reason(member, seat, VISIT, 0.5, rules()) == Reason.OPTIONS
    seat["usual_crowding"] = 0.0  # no crowding has become usual: that is not the first visit
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Reason.CROWDING


def test_the_first_visit_sets_what_is_usual() -> None:
    _member, seat = somebody(usual_crowding=-1.0, HONOR=0.9)
    update_usual_signals(seat, VISIT, 0.375, rules())
    assert seat["usual"].tolist() == [0.0, 0.0, 0.0, 0.0, 0.25, 0.0]
    assert (seat["usual_shortfall"], seat["usual_crowding"]) == (0.375, 0.25)


def test_later_visits_move_what_is_usual_three_tenths_of_the_way() -> None:
    assert USUAL_UPDATE == 0.3
    _member, seat = somebody(HONOR=1.0, EVENT=0.75, usual_shortfall=0.5, usual_crowding=0.0)
    update_usual_signals(seat, VISIT, 0.0, rules())
    assert seat["usual"].tolist() == pytest.approx([0.7, 0.0, 0.0, 0.0, 0.6, 0.0])
    assert float(seat["usual_shortfall"]) == pytest.approx(0.35)
    assert float(seat["usual_crowding"]) == pytest.approx(0.075)


def test_crowding_must_exceed_what_the_shortfall_weighs() -> None:
    member, seat = somebody(usual_crowding=0.15)  # crowding is 0.1 beyond the usual
    assert departure_reason(member, seat, VISIT, 0.25, rules()) == Reason.STANDARD  # 0.5 × 0.25 = 0.125
    assert departure_reason(member, seat, VISIT, 0.1875, rules()) == Reason.CROWDING  # 0.09375


def test_crowding_that_has_risen_as_much_as_a_driver_fell_is_not_the_reason() -> None:
    member, seat = somebody(HONOR=0.5, usual_crowding=0.1875)  # both by 0.0625
    assert departure_reason(member, seat, VISIT, 0.0, rules()) == Driver.HONOR


def test_weights_are_shares_of_those_that_count() -> None:
    # 0.25 / 0.5 of a fall of 0.25 is 0.125; the standard: 0.5 × 0.25 = 0.125 is not more, 0.26 is
    p = rules()
    member, seat = somebody(HONOR=0.25)
    member["drivers"] = [0.25, 0.0, 0.0, 0.0, 0.25, 0.5]
    p["possible"][Driver.LOCALITY] = 0.0
    assert departure_reason(member, seat, VISIT, 0.25, p) == Driver.HONOR
    assert departure_reason(member, seat, VISIT, 0.26, p) == Reason.STANDARD
