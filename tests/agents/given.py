"""What a rule is given in a test: the coefficients that its law names, and a visit as a member sees it."""

from typing import Any

import numpy as np
from hypothesis import settings

from shequn.agents.observation import Observation
from shequn.sim.kernel.params import params_dtype

#: For hypothesis: the first example may compile a rule, and a mutant that is noticed once is noticed always.
examples = settings(deadline=None, derandomize=True, max_examples=40)


def coefficients(**given: float) -> Any:
    """One record with these coefficients; all others are NaN, so that a rule which reads them shows it."""
    record = np.zeros(1, dtype=params_dtype)
    for name in params_dtype.names or ():
        record[name] = np.nan
    for name, value in given.items():
        record[name] = value
    return record[0]


def seen(**given: float) -> Observation:
    """One visit with these perceptions; all others are NaN, so that a driver which looks at them shows it."""
    return Observation(**{name: given.pop(name, float("nan")) for name in Observation._fields}, **given)
