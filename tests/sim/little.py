"""Little's identity, for every test that has a result."""

import math

import numpy as np
import pytest

from shequn.sim.kernel.state import JournalKind
from shequn.sim.result import Result


def check_little(result: Result) -> None:
    """Members summed over time = stays summed over people (to the end of the run), to rounding.

    The left side comes from the order of joins and departures alone, the right side from the
    stays that pair them.
    """
    end = float(result.scenario.days)
    rows = result.outcome.membership
    rows = rows[rows["kind"] <= JournalKind.REMOVE]
    size = np.cumsum(np.where(rows["kind"] == JournalKind.JOIN, 1, -1))
    lasted = np.diff(np.append(rows["time"], end))
    stays = result.stays
    total = math.fsum((np.minimum(stays.left_at, end) - stays.joined_at).tolist())
    assert (size >= 0).all()
    assert (lasted >= 0.0).all()
    assert math.fsum((size * lasted).tolist()) == pytest.approx(total, rel=1e-10, abs=1e-9)
    days = result.outcome.days
    assert days["members"][-1] == (size[-1] if len(size) else 0)
    assert len(stays.person) == days["members"][0] + days["joins"].sum()
