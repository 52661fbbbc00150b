"""Results stay what they are, to the byte, until somebody changes them on purpose.

After such a change: raise the version, then ``python -m tests.baseline``.
"""

from pathlib import Path

import pytest

from shequn.sim.version import __version__
from tests.baseline.pinning import differences, measured, pinned
from tests.baseline.worlds import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_results_are_the_pinned_ones(name: str, tmp_path: Path) -> None:
    assert not differences(pinned()["worlds"][name], measured(name, tmp_path))


def test_pins_belong_to_this_version() -> None:
    assert pinned()["version"] == __version__, "results and version change together: python -m tests.baseline"
