"""The cases of scenario discovery: the parameter sets of a finished sweep, and which of them have an outcome."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from shequn.experiments.designs.checking import COLUMNS
from shequn.experiments.discovery.boxes import LEAST_CASES, Bools, NothingToFindError
from shequn.experiments.policy_search.aims import bound
from shequn.sim.hints import did_you_mean
from shequn.sim.language import _


class Outcome(NamedTuple):
    """What is looked for: a bound on the mean of a response over the runs of a parameter set."""

    response: str
    relation: str  # >= or <=
    bound: float

    def __str__(self) -> str:
        return f"{self.response}{self.relation}{self.bound:g}"


class Cases(NamedTuple):
    """Parameter sets as cases.

    Attributes
    ----------
    factors : DataFrame
        A row for each parameter set in which the response is known, a column for each factor.
    has : bool array
        Whether each of them has the outcome.
    unknown : int
        Number of parameter sets that are left out: the response is unknown in all of their runs.
    """

    factors: pd.DataFrame
    has: Bools
    unknown: int


def outcome(text: str, responses: pd.DataFrame) -> Outcome:
    """Read an outcome such as ``end>=100``, of the responses of a sweep.

    Raises
    ------
    ValueError
        The text cannot be read, or the sweep has no such response; the message says what is allowed.
    """
    name, relation, value = bound(text)
    known = list(dict.fromkeys(responses["response"].astype(str)))
    if name not in known:
        words = _("the sweep has no response {name!r}{near}")
        raise ValueError(words.format(name=name, near=did_you_mean(name, known)))
    return Outcome(name, relation, value)


def cases_of(responses: pd.DataFrame, wanted: Outcome) -> Cases:
    """The cases of a sweep's table of responses.

    Raises
    ------
    NothingToFindError
        There are fewer than 20 parameter sets, or all of them have the outcome, or none has it.
    """
    rows = responses[responses["response"] == wanted.response]
    names = [name for name in rows.columns if name not in COLUMNS]
    by_point = rows.groupby("point", sort=True)
    means = by_point["value"].mean()
    factors = by_point[names].first()
    known = means.notna().to_numpy()
    values = means.to_numpy()[known]
    has = values >= wanted.bound if wanted.relation == ">=" else values <= wanted.bound
    n = len(values)
    if n < LEAST_CASES:
        words = _("{n} parameter sets are too few to look for boxes; at least {least} are needed")
        raise NothingToFindError(words.format(n=n, least=LEAST_CASES))
    if has.all() or not has.any():
        words = (
            _("all parameter sets have {outcome} (the response goes from {low:.4g} to {high:.4g})")
            if has.all()
            else _("no parameter set has {outcome} (the response goes from {low:.4g} to {high:.4g})")
        )
        raise NothingToFindError(words.format(outcome=wanted, low=np.min(values), high=np.max(values)))
    return Cases(factors[known].reset_index(drop=True), has, int((~known).sum()))
