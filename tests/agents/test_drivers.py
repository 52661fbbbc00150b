"""Each driver's number leads to its own file's signal."""

import math

import pytest

from shequn.agents import drivers
from shequn.agents.drivers import Driver, signal
from tests.agents.given import coefficients, seen

#: A visit with only what one driver looks at, worked out by hand; all else is NaN, so no other can answer.
POINTS = {
    Driver.HONOR: (
        seen(recognition=3.0, recognition_of_others=1.0, marks=0.0, marks_of_others=0.0),
        coefficients(),
        0.6,
    ),  # 3 / 5
    Driver.INTEREST: (seen(holding=0.0, enjoyment=1.0), coefficients(interest_half=4.0), 0.2),  # 1 / 5
    Driver.BENEFIT: (seen(gains=1.0, aspiration=2.0), coefficients(), 0.25),  # 1 / 4
    Driver.RELATIONSHIP: (
        seen(friends=3.0, answers=1.0, strangers_share=0.5),
        coefficients(relationship_half=3.0, relationship_per_answer=0.2, relationship_strangers_cost=0.6),
        0.4,  # 0.5 + 0.2 − 0.3
    ),
    Driver.EVENT: (seen(event_intensity=0.7), coefficients(), 0.7),
    Driver.LOCALITY: (seen(near_by=8.0), coefficients(locality_half=2.0), 0.8),  # 8 / 10
}


@pytest.mark.parametrize("driver", Driver, ids=lambda driver: driver.name.lower())
def test_each_driver_answers_with_the_signal_of_its_own_file(driver: Driver) -> None:
    visit, p, expected = POINTS[driver]
    assert signal(driver.value, visit, p) == pytest.approx(expected)
    assert getattr(drivers, driver.name.lower()).signal(visit, p) == pytest.approx(expected)
    for other in Driver:
        if other is not driver:  # it sees nothing of its own there
            assert signal(other.value, visit, p) != pytest.approx(expected)


@pytest.mark.parametrize("number", [-1, len(Driver), 99])
def test_a_number_that_is_no_drivers_gives_no_signal(number: int) -> None:
    everything = seen(**dict.fromkeys(seen()._fields, 1.0))
    answer = signal(number, everything, coefficients())
    assert answer == 0.0
    assert not math.isnan(answer)


def test_drivers_keep_their_order_as_weights_are_stored_by_it() -> None:
    # results and logs hold weights by these numbers
    names = [driver.name for driver in Driver]
    assert names == ["HONOR", "INTEREST", "BENEFIT", "RELATIONSHIP", "EVENT", "LOCALITY"]
    assert drivers.N_DRIVERS == 6
