"""What a comparison found, and what it was about: the ground of its sentences, page and figures."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from shequn.app.answers.arm_names import arm_labels, arm_title
from shequn.app.answers.values import extra_decimals
from shequn.experiments.comparison.paired import Difference
from shequn.experiments.comparison.question import ArmComparison
from shequn.experiments.comparison.tables import Answer
from shequn.sim.language import _, translate

_MOST_STATED = 4  # responses in a sentence


class Facts(NamedTuple):
    """What a comparison found, and what it was about.

    Attributes
    ----------
    title, question : str
        As the scenario has them; the question may be empty.
    labels : dict
        What to call each arm, by its name; the first is the one that the others are compared with.
    rows : list of ArmComparison
    headline : list of str
        Responses that the sentences state.
    days : int or None
        Length of the runs; None if it differs.
    partings, differences : DataFrame
        The tables of these names.
    assumed : DataFrame or None
        The table of this name, if assumed numbers were changed.
    """

    title: str
    question: str
    labels: dict[str, str]
    rows: list[ArmComparison]
    headline: list[str]
    days: int | None
    partings: pd.DataFrame
    differences: pd.DataFrame
    assumed: pd.DataFrame | None

    @property
    def pairs(self) -> int:
        """Number of pairs of runs."""
        return max(row.difference.n for row in self.rows)

    @property
    def others(self) -> list[str]:
        """The names of all arms but the first."""
        return list(self.labels)[1:]

    def of(self, arm: str) -> dict[str, Difference]:
        """The differences of an arm by response."""
        return {row.response: row.difference for row in self.rows if row.b == arm}

    def values(self, response: str) -> pd.DataFrame:
        """A response in each pair of runs (rows) and arm (columns), where it is known in all arms."""
        rows = self.differences[self.differences["response"] == response]
        others = rows.pivot(index="run", columns="b", values="value_b")
        first = rows.drop_duplicates("run").set_index("run")["value_a"]
        return pd.concat([first.rename(next(iter(self.labels))), others], axis=1)[list(self.labels)].dropna()

    def extra_decimals(self, response: str) -> int:
        """Decimals that tell every arm that differs from the first, so that a number looks the same everywhere."""
        pairs = [
            (row.difference.a, row.difference.b)
            for row in self.rows
            if row.response == response and row.difference.is_different
        ]
        return max((extra_decimals(response, *pair) for pair in pairs), default=0)


def facts(
    title: str,
    question: str,
    titles: Mapping[str, str],
    rows: list[ArmComparison],
    headline: Sequence[str],
    lengths: Sequence[int],
    partings: pd.DataFrame,
    differences: pd.DataFrame,
    assumed: pd.DataFrame | None,
) -> Facts:
    """The facts of a comparison whose arms have these titles, by name, and these lengths in days."""
    labels = arm_labels(titles)
    first, *others = labels.values()
    if not question:
        question = _("What changes with {b} instead of {a}?").format(a=first, b=_(", ").join(others))
    if not title:
        title = _("{first} or {last}?").format(first=first, last=_(", ").join(others))
    responses = list(dict.fromkeys(row.response for row in rows))
    stated = [response for response in headline if response in responses] or responses[:_MOST_STATED]
    days = lengths[0] if len(set(lengths)) == 1 else None
    texts = translate(title), translate(question)
    return Facts(*texts, labels, rows, stated, days, partings, differences, assumed)


def facts_of(answer: Answer) -> Facts:
    """The facts of an answer that has just been found."""
    asked = answer.question
    others = list(asked.arms)[1:]
    days = pd.DataFrame(
        {"b": np.repeat(others, answer.partings.shape[1]), "day": answer.partings[1:].ravel()}
    )
    days = days[days["day"].notna()].replace({"day": np.inf}, np.nan)
    return facts(
        asked.title,
        asked.text,
        {
            name: arm_title(scenario.title, scenario.question.base, asked.title)
            for name, scenario in asked.arms.items()
        },
        answer.compared,
        [str(response) for response in asked.headline],
        [scenario.days for scenario in asked.arms.values()],
        days,
        answer.differences,
        answer.assumed,
    )
