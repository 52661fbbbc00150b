"""A design file as pydantic models."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from shequn.sim.fields import Strict, Text, WholeNumber
from shequn.sim.scenario.model import MAX_SEED

SAMPLED = ("latin_hypercube", "sobol")
SPACE = "space"  # factors without points, for a search or a sensitivity analysis
MAX_POINTS = 1_000_000

#: Default responses of designs and comparisons: columns of the table ``runs``.
RESPONSES = ("end", "joins", "temperature_end", "evaporation", "k", "active_share", "posts_per_day")


def _number(value: Any) -> Any:
    if isinstance(value, bool):  # true equals 1 in Python
        raise PydanticCustomError("format", "is no number")
    return value


class FactorContent(Strict):
    """A factor: one key by levels or in a range, or several keys together by settings."""

    key: str | None = Field(None, description="Dotted key; default: the factor's name.")
    levels: dict[str, Any] | list[Any] | None = Field(
        None, description="Values of the key, or a mapping from names to values."
    )
    settings: dict[str, dict[str, Any]] | None = Field(
        None, description="Levels that set several keys each: names, then dotted keys and values."
    )
    low: float | None = Field(None, description="Lowest value of a range, for samples.")
    high: float | None = Field(None, description="Highest value of a range, for samples.")
    scale: Literal["linear", "log"] = Field("linear", description="How a range is sampled.")
    whole: bool = Field(False, description="Whether values of a range are whole numbers.")


class FigureContent(Strict):
    """A figure: means of a response with intervals, along a factor, one line for each level of another."""

    response: str = Field(description="One of the responses.")
    along: str = Field(description="The factor on the horizontal axis.")
    by: str | None = Field(None, description="The factor that the lines stand for.")


class DesignContent(Strict):
    """The content of a design file."""

    format: Annotated[Literal[1], BeforeValidator(_number)] = Field(
        description="Version of this file format."
    )
    title: str = Field(min_length=1, max_length=200, description="A few words.")
    question: Text = Field("", description="The question that the runs answer.")
    scenario: str = Field(min_length=1, description="SCENARIO or SCENARIO:VARIANT that is varied.")
    set: dict[str, Any] = Field({}, description="Values that all runs share, by dotted key.")
    design: Literal["grid", "list", "one_at_a_time", "latin_hypercube", "sobol", "space"] = Field(
        "grid",
        description="How parameter sets are made from the factors; a space is for search and sensitivity.",
    )
    factors: dict[str, FactorContent] = Field({}, description="What is varied, by name.")
    points: Annotated[int, WholeNumber(1, MAX_POINTS)] | None = Field(
        None, description="Number of parameter sets of a sample."
    )
    parameter_sets: Annotated[list[dict[str, Any]], Field(min_length=1)] | None = Field(
        None, description="The parameter sets of a list: factors or dotted keys, and values."
    )
    replicates: Annotated[int, WholeNumber(1, 100_000)] = Field(10, description="Runs of each parameter set.")
    seed: Annotated[int, WholeNumber(0, MAX_SEED)] = Field(1, description="Seed of all random draws.")
    responses: Annotated[list[str], Field(min_length=1)] = Field(
        list(RESPONSES), description="Columns of `runs`, or of `days` at a day: temperature@180."
    )
    figures: list[FigureContent] = Field([], description="Figures to draw.")
