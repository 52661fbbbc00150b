"""The people of a scenario: their number, their traits, and the ties between them."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

from shequn.sim.fields import (
    MAX_GROUPS,
    MAX_PEOPLE,
    ByName,
    NotNegative,
    NumberOr,
    OrWord,
    Period,
    Positive,
    Share,
    Strict,
    WholeNumber,
    by_name,
)
from shequn.sim.scenario.ready_made import READY_MADE
from shequn.sim.traits import Beta, Drivers, Quality, Topic, word_of


class Places(Strict):
    """A square city in which people live, spread evenly."""

    city_km: float = Field(10.0, gt=0, le=10_000, description="Side of the city in km.")


class Talkativeness(Strict):
    """Posts per visit, log-normal over people."""

    mean: float = Field(0.18, ge=0, le=1000, description="Mean posts per visit.")
    log_sd: float = Field(0.54, ge=0, le=5, description="Standard deviation of its logarithm.")


class Pace(Strict):
    """Visits a day, log-normal over people."""

    mean: float = Field(0.38, ge=0, le=1000, description="Mean visits a day; 0 = nobody ever visits.")
    log_sd: float = Field(1.9, ge=0, le=5, description="Standard deviation of its logarithm.")


class Purse(Strict):
    """Money that a person can and will spend in this community, log-normal over people; any currency."""

    mean: Annotated[float, NumberOr("unlimited", 0.01)] = Field(
        100.0, description="Mean money per period (assumed), or unlimited: nobody minds a price."
    )
    log_sd: float = Field(1.0, ge=0, le=5, description="Standard deviation of its logarithm (assumed).")
    days: Period = Field(30.0, description="Length of the period; nothing is saved.")


class Leaders(Strict):
    """Opinion leaders (KOL) seeded among the founders."""

    count: Annotated[int, WholeNumber(0, MAX_PEOPLE)] = Field(0, description="Number of them.")
    quality: Share = Field(0.95, description="Their quality.")
    talkativeness: NotNegative = Field(
        10.0, description="Their talkativeness, as a multiple of the population's mean."
    )
    pace: Positive = Field(3.0, description="Their pace, as a multiple of the population's mean.")


class Koc(Leaders):
    """Key opinion consumers (KOC): ordinary members whom others follow, among the founders."""

    quality: Share = Field(0.8, description="Their quality.")
    talkativeness: NotNegative = Field(
        5.0, description="Their talkativeness, as a multiple of the population's mean."
    )
    pace: Positive = Field(2.0, description="Their pace, as a multiple of the population's mean.")


class Readers(Strict):
    """People who only ever read."""

    share: Share = Field(0.0, description="Share of people who never post.")


class SocialGraph(Strict):
    """shequn's own generator: ties by place, by interest and at random, in Dunbar's layers."""

    generator: Literal["social"] = "social"
    degree: float = Field(20.0, ge=0, le=1000, description="Mean ties per person.")
    place_share: Share = Field(
        0.3, description="Share of ties by place; without places they become ties of the other kinds."
    )
    interest_share: Share = Field(0.4, description="Share of ties by interest; the rest at random.")
    homophily: Share = Field(0.3, description="How strongly ties prefer people of similar quality.")
    layers: bool = Field(True, description="Tie strengths in Dunbar's layers (5/15/50/150).")


class NetworkxGraph(Strict):
    """Any networkx generator, by name; shequn sets n and seed."""

    generator: str = Field(
        description="Name of a networkx generator, such as watts_strogatz_graph.",
        max_length=100,
        json_schema_extra={"not": {"enum": ["social", "none"]}},
    )
    arguments: Annotated[
        dict[str, Any],
        WithJsonSchema({"type": "object", "additionalProperties": True}),
    ] = Field({}, description="Its other arguments by name, such as {k: 10, p: .1}.")


class FileGraph(Strict):
    """Ties from a file: an edge list (txt, csv, tsv; also .gz), a matrix, GraphML, GEXF, GML or Pajek."""

    file: str = Field(
        min_length=1, max_length=1000, description="Path, relative to the scenario file's folder."
    )
    mutual: bool = Field(False, description="Whether a tie needs both directions, in a directed file.")
    header: Literal["auto"] | bool = Field("auto", description="Whether the first line is a header.")
    delimiter: str = Field("auto", min_length=1, max_length=10, description="Separator of columns, or auto.")
    columns: str = Field(
        "auto",
        min_length=1,
        max_length=200,
        description="The two columns of names, by name or number, such as source,target; matrix; or auto.",
    )
    weight: str = Field(
        "auto",
        min_length=1,
        max_length=100,
        description="Column or attribute of the ties' weights; none, or auto.",
    )
    repeats: Literal["largest", "sum"] = Field(
        "largest", description="Weight of a tie that is listed more than once."
    )
    bad_weights: Literal["refuse", "drop"] = Field(
        "refuse", description="What becomes of ties whose weight is not above 0."
    )


class NoGraph(Strict):
    """No ties."""

    generator: Literal["none"]


def _graph_tag(value: Any) -> str:
    if isinstance(value, dict) and "file" in value and "generator" not in value:
        return "FileGraph"
    if isinstance(value, FileGraph):
        return "FileGraph"
    word = word_of(value, "generator", "social")
    return {"social": "SocialGraph", "none": "NoGraph"}.get(str(word), "NetworkxGraph")


Graph = Annotated[
    Annotated[SocialGraph, Tag("SocialGraph")]
    | Annotated[NetworkxGraph, Tag("NetworkxGraph")]
    | Annotated[FileGraph, Tag("FileGraph")]
    | Annotated[NoGraph, Tag("NoGraph")],
    Discriminator(_graph_tag),
]


def _founder_count(value: Any) -> Any:
    if value == "all":
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_PEOPLE:
        raise PydanticCustomError("founders", "is neither a number of people nor all")
    return value


Founders = Annotated[
    int | Literal["all"],
    PlainValidator(_founder_count),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0, "maximum": MAX_PEOPLE}, {"const": "all"}]}),
]


class FromLog(Strict):
    """A real group to start from: its members, as `shequn calibrate` reads them from a log."""

    file: str = Field(
        min_length=1,
        max_length=1000,
        description="Table of members (CSV), relative to the scenario's folder.",
    )


class PopulationGroup(Strict):
    """A kind of people in the population: their share, and the distributions of traits that are their own.

    A distribution that is given replaces the population's as a whole.
    """

    share: Share = Field(description="Share of all people; the shares of all groups sum to 1.")
    quality: Quality | None = Field(None, description="Their quality; null = as in the population.")
    drivers: Drivers | None = Field(None, description="Their drivers; null = as in the population.")
    topic: Topic | None = Field(None, description="Their topics; null = as in the population.")
    talkativeness: Talkativeness | None = Field(
        None, description="Their talkativeness; null = as in the population."
    )
    pace: Pace | None = Field(None, description="Their pace; null = as in the population.")
    contentment_sd: Share | None = Field(
        None, description="Spread of their contentment; null = as in the population."
    )
    readers: Readers | None = Field(
        None, description="Who of them only ever reads; null = as in the population."
    )

    def traits(self) -> dict[str, Any]:
        """The traits that are not as in the population, by name."""
        return {name: value for name, value in self if name != "share" and value is not None}


if TYPE_CHECKING:
    GroupsByName = ByName
else:
    GroupsByName = Annotated[by_name(PopulationGroup, MAX_GROUPS), OrWord(tuple(READY_MADE))]


class Population(Strict):
    """Everybody who could ever be a member."""

    people: Annotated[int, WholeNumber(1, MAX_PEOPLE)] | None = Field(
        None, description="Number of people, founders included (default 2000); not with a graph file."
    )
    founders: Founders = Field(50, description="Members on day 0: a number, or all.")
    founders_by: Literal["random", "quality", "connected"] = Field(
        "random",
        description="random; quality: the best; connected: a seed person and those around them, breadth first.",
    )
    from_log: FromLog | None = Field(
        None, description="Start from a real group; its members replace the founders."
    )
    quality: Quality = Field(default_factory=Beta, description="Worth of what people contribute.")
    drivers: Drivers = Drivers()
    topic: Topic = Topic()
    places: Places | None = Field(None, description="Where people live; null = no places, no locality.")
    talkativeness: Talkativeness = Talkativeness()
    pace: Pace = Pace()
    purse: Purse = Field(Purse(), description="What a price weighs against.")
    contentment_sd: Share = Field(
        0.1, description="Standard deviation of the lasting personal trait in satisfaction."
    )
    leaders: Leaders = Leaders()
    koc: Koc = Koc()
    readers: Readers = Readers()
    groups: GroupsByName = Field(
        default_factory=ByName,
        json_schema_extra={"default": {}},
        description="Kinds of people by name, each with a share and traits of its own; six-needs = six of them, by "
        "what they join for.",
    )
    graph: Graph = Field(default_factory=SocialGraph, description="Who knows whom.")
