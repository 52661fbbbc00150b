"""Words for the numbers of enums in records and journal rows, as tables show them."""

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.agents.drivers import Driver
from shequn.sim.kernel.state import Channel, JournalKind, Reason, State

_ENUMS: dict[str, type[IntEnum]] = {
    "kind": JournalKind,
    "channel": Channel,
    "reason": Reason,
    "state": State,
}

#: Columns of words, in any table, and their words in order.
WORDS: dict[str, tuple[str, ...]] = {
    column: tuple(member.name.lower() for member in enum) for column, enum in _ENUMS.items()
}
DRIVERS = tuple(driver.name.lower() for driver in Driver)


def in_words(column: str, numbers: npt.NDArray[Any]) -> pd.Series:
    """A column of an enum's numbers as a column of words (a categorical, one byte per row)."""
    values = np.array([member.value for member in _ENUMS[column]])
    position = np.full(values.max() + 1, -1, dtype=np.int8)
    position[values] = np.arange(len(values))
    categories = pd.Index(list(WORDS[column]))
    return pd.Series(pd.Categorical.from_codes(position[numbers], categories=categories))


def in_numbers(column: str, words: pd.Series) -> npt.NDArray[np.int64]:
    """The enum's numbers of a column of words (the inverse of :func:`in_words`)."""
    values = np.array([member.value for member in _ENUMS[column]])
    codes = pd.Categorical(words, categories=list(WORDS[column])).codes
    numbers: npt.NDArray[np.int64] = values[codes]
    return numbers
