"""Tests speak English, whatever the locale of the machine they run on and whatever ran before."""

import os
from collections.abc import Iterator

import pytest

from shequn.sim.language import _language

os.environ["SHEQUN_LANG"] = "en"


@pytest.fixture(autouse=True)
def _nobody_has_chosen_a_language() -> Iterator[None]:
    """What code under test chooses for its process ends with the test: tests share one."""
    _language.set(None)
    yield
    _language.set(None)
