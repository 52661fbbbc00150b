"""Case 2: nobody leaves, members ask anybody, insiders too: Bass's (1969) diffusion curve.

dF/dt = (p + q F)(1 - F) for the share F who are in, with discovery at hazard p and invitations at
rate q a member. With p = .03 and q = .38 a year: half of all at 6.55 years, the peak of
joinings at 6.19, when F = .46. A year is 100 days here.
"""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from shequn import simulate
from tests.theory.cases import Z, case, near

P, Q = 0.03, 0.38  # per year
YEAR = 100
PEOPLE = 200_000
PEAK = math.log(Q / P) / (P + Q)


def share(t: float) -> float:
    """F(t), t in years."""
    fallen = math.exp(-(P + Q) * t)
    return (1 - fallen) / (1 + Q / P * fallen)


def spread(t: float) -> float:
    """Standard deviation of F(t) times sqrt(people): the linear noise approximation.

    dV/dt = 2 (q - p - 2 q F) V + (p + q F)(1 - F), exact to O(1/people) (Kurtz 1970).
    """

    def slope(at: float, variance: np.ndarray) -> np.ndarray:
        f = share(at)
        return 2 * (Q - P - 2 * Q * f) * variance + (P + Q * f) * (1 - f)

    return math.sqrt(solve_ivp(slope, (0.0, t), [0.0], rtol=1e-8, atol=1e-12).y[0, -1])


@pytest.fixture(scope="module")
def days() -> np.ndarray:
    """The daily measures of 15 years."""
    changes = {
        "population.people": PEOPLE,
        "community.mixing": "complete",
        "community.openness": 1,
        "community.reach": P / YEAR,
        "rules.inviting.rate": Q / YEAR,
    }
    found: np.ndarray = simulate(case("Bass", 15 * YEAR, changes), seed=5).outcome.days
    return found


@pytest.fixture(scope="module")
def size(days: np.ndarray) -> np.ndarray:
    """Share of people who are in, at the end of each day."""
    return np.asarray(days["members"] / PEOPLE)


def test_the_published_figures_are_those_of_the_curve() -> None:
    assert pytest.approx(6.19, abs=5e-3) == PEAK
    assert share(PEAK) == pytest.approx(0.46, abs=5e-3)
    assert share(6.55) == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("year", [1, 3, 5, PEAK, 6.55, 8, 10, 14])
def test_the_share_inside_follows_the_curve(size: np.ndarray, year: float) -> None:
    """Normal with the linear noise's sd, at most .002 with 200,000 people."""
    day = round(year * YEAR)
    assert near(size[day], share(day / YEAR), spread(day / YEAR) / PEOPLE**0.5)


def test_half_are_in_at_six_and_a_half_years(size: np.ndarray) -> None:
    """The noise of F over its slope there is the noise of the time: .02 years; and the grid's day."""
    slope = (P + Q * 0.5) * 0.5
    reached = np.argmax(size >= 0.5) / YEAR
    assert abs(reached - 6.55) <= Z * spread(6.55) / PEOPLE**0.5 / slope + 0.015


def test_joinings_peak_where_the_curve_says(size: np.ndarray) -> None:
    """The vertex of a parabola through the daily joinings within 1.5 years (the curve is even about
    its peak, so it has no bias). Its noise: Poisson noise of the slope, and the curve's shift in time,
    together .06 years."""
    day = np.arange(round((PEAK - 1.5) * YEAR), round((PEAK + 1.5) * YEAR) + 1)
    t = (day - 0.5) / YEAR - PEAK
    joins = np.diff(size)[day - 1] * YEAR
    bend, slope, top = np.polyfit(t, joins, 2)
    poisson = math.sqrt(top * YEAR / PEOPLE / (t**2).sum()) / abs(2 * bend)
    shift = spread(PEAK) / PEOPLE**0.5 / ((P + Q * share(PEAK)) * (1 - share(PEAK)))
    sd = math.hypot(poisson, shift)
    assert sd < 0.07
    assert near(-slope / (2 * bend), 0.0, sd)


def test_channels_have_the_shares_of_their_hazards(days: np.ndarray, size: np.ndarray) -> None:
    """A joining at F is by discovery with probability p / (p + q F): given the curve, the number of
    strangers is a sum of independent draws (F of a day: the mean of its ends, error O(1/YEAR^2))."""
    middle = (size[1:] + size[:-1]) / 2
    found = P / (P + Q * middle)
    joins = days["joins"][1:]
    sd = math.sqrt((joins * found * (1 - found)).sum())
    assert near(days["joins_stranger"].sum(), (joins * found).sum(), sd)
    assert days["joins_invitation"].sum() + days["joins_stranger"].sum() == size[-1] * PEOPLE
