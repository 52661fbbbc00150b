"""Distributions of traits over people, as a scenario states them: quality, drivers, topics."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, create_model

from shequn.agents.drivers import Driver
from shequn.agents.rules import GROUPS
from shequn.sim.fields import NumberOr, Share, Strict
from shequn.sim.language import _


class Beta(Strict):
    """Quality drawn from a beta distribution."""

    distribution: Literal["beta"] = Field("beta", description="beta(a, b) on (0, 1)")
    a: float = Field(2.0, gt=0, le=1000, description="First shape; the mean is a / (a + b).")
    b: float = Field(2.0, gt=0, le=1000, description="Second shape.")


class Uniform(Strict):
    """Quality drawn uniformly between low and high."""

    distribution: Literal["uniform"] = Field(description="Uniform between low and high.")
    low: Share = Field(0.0, description="Lowest quality.")
    high: Share = Field(1.0, description="Highest quality, at least low.")


def word_of(value: Any, key: str, default: str) -> Any:
    """The word under a key of a mapping, or of the pydantic model made from it."""
    return value.get(key, default) if isinstance(value, dict) else getattr(value, key, default)


def _quality_tag(value: Any) -> str:
    return {"beta": "Beta", "uniform": "Uniform"}.get(str(word_of(value, "distribution", "beta")), "?")


Quality = Annotated[
    Annotated[Beta, Tag("Beta")] | Annotated[Uniform, Tag("Uniform")],
    Discriminator(_quality_tag),
]


def quality_faults(quality: Any, at: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Contradictions in a distribution of quality: the keys to the value to change, and a message."""
    if isinstance(quality, Uniform) and quality.low > quality.high:
        yield (
            (*at, "low"),
            _("low ({low:g}) is above high ({high:g})").format(low=quality.low, high=quality.high),
        )


def _weight(driver: Driver) -> tuple[Any, Any]:
    """Type and default of one driver's mean weight, from the driver's file."""
    group = next(group for group in GROUPS if group.name == driver.name.lower())
    return float, Field(group.weight, ge=0, le=1000, description=group.moves)


if TYPE_CHECKING:  # the fields follow from shequn.agents.drivers

    class _Weights(Strict):
        def __getattr__(self, name: str) -> float: ...

else:
    _Weights = create_model(
        "_Weights", __base__=Strict, **{driver.name.lower(): _weight(driver) for driver in Driver}
    )


class Drivers(_Weights):
    """What drives people: mean weights (normalised to sum 1), and how much people differ in them."""

    spread: Share = Field(
        0.3,
        description="0 = all have the mean weights, 1 = each has one driver: Dirichlet (1 − s)/s.",
    )


def driver_faults(
    drivers: "Drivers | None", at: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A fault if nothing drives these people: the keys to the value to change, and a message."""
    if drivers is not None and not any(getattr(drivers, driver.name.lower()) > 0 for driver in Driver):
        yield at, _("all drivers have weight 0: at least one must be above 0")


class Topic(Strict):
    """Topics: points on a circle of length 1."""

    centre: float = Field(0.5, ge=0, lt=1, description="Centre of people's topics on the circle.")
    spread: Annotated[float, NumberOr("uniform", 0, 10)] = Field(
        0.12, description="Standard deviation (wrapped normal), or uniform: all topics equally likely."
    )
