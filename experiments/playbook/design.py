"""The playbook's designs as files: levers, kinds of community, and mixes of drivers."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from shequn.experiments.designs.overrides import Overrides
from shequn.experiments.designs.strict_files import Words, fault
from shequn.sim.fields import Strict
from shequn.sim.language import N_

#: What a lever is tried for. More of each is better.
GOALS = ("retention", "quality", "growth", "income")
AS_IT_IS = "as-it-is"  # the arm without a lever
AS_SHIPPED = "as-shipped"  # the mix of the scenario

#: What is wrong with parts of a design together, by the type of pydantic's error.
FAULTS = {
    "lever_parts": N_(
        "has some of title, what, source and set: give all four, or none to take the shared lever"
    ),
    "lever_empty": N_("changes nothing"),
}


class OwnLever(Strict):
    """A lever of a kind: in its own words, or (``{}``) the one of ``levers.yaml``."""

    title: Words | None = Field(None, description="As an operator says it, in a few words.")
    what: Words | None = Field(None, description="What is done, in a sentence.")
    source: Words | None = Field(None, description="Where it and its size come from.")
    set: Overrides | None = Field(None, description="What it changes in the scenario.")

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        if len({part is None for part in (self.title, self.what, self.source, self.set)}) > 1:
            raise fault(FAULTS, "lever_parts")
        if self.set == {}:
            raise fault(FAULTS, "lever_empty")
        return self

    @property
    def is_shared(self) -> bool:
        """Whether it is the one of ``levers.yaml``."""
        return self.set is None


class Lever(OwnLever):
    """A lever: what an operator can do."""

    title: Words
    what: Words
    source: Words
    set: Overrides


class Levers(Strict):
    """The content of ``levers.yaml``."""

    levers: dict[str, Lever] = Field(description="Levers that several kinds share, by name.")


class KindFile(Strict):
    """A kind of community: a shipped scenario, and the levers that are tried in it."""

    title: Words
    scenario: str = Field(description="A shipped scenario.")
    set: Overrides = Field({}, description="What is changed in it in all arms, such as its length.")
    retention: Literal["newcomers", "members"] = Field(
        description=(
            "newcomers: share of them who are members at the end of week 4. members: members at the end, as a share "
            "of all founders and joins."
        )
    )
    levers: dict[str, OwnLever] = Field(min_length=1, description="What is tried, by name.")


class Mix(Strict):
    """A mix of drivers: the weight of the driver of this name is raised."""

    title: Words
    set: Overrides = Field({}, description="What else changes in it, in all arms.")


class Settings(Strict):
    """The content of ``settings.yaml``."""

    committed: str = Field(description="Commit of the designs, made before any of them was run.")
    raised_by: float = Field(gt=0, lt=1, description="Share of all weights by which a driver's weight rises.")
    as_shipped: Words = Field(description="The mix of the scenario in words.")
    mixes: dict[str, Mix] = Field(description="Mixes beside the one of the scenario, by driver.")


def raised(weights: dict[str, float], driver: str, by: float) -> dict[str, Any]:
    """Mean weights with one of them raised: it gains the share ``by`` of all, the others fall in proportion.

    Parameters
    ----------
    weights : dict
        Mean weight of each driver, not negative, not all 0.
    driver : str
        Which is raised.
    by : float
        In (0, 1). A weight of share w comes to w + by (1 - w).
    """
    total = sum(weights.values())
    return {
        name: (1.0 - by) * weight / total + (by if name == driver else 0.0)
        for name, weight in weights.items()
    }
