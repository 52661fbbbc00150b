"""A claim as a file: what the articles say, how it is tried, and the smallest effect that matters."""

import math
from datetime import date
from typing import Annotated, Literal, NamedTuple, Self, assert_never

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from shequn.experiments.designs.overrides import Overrides
from shequn.experiments.designs.strict_files import Words, fault
from shequn.sim.fields import Strict
from shequn.sim.language import N_

#: The communities of ``settings.yaml``, in which each claim is tried beside the article's own case.
COMMON = ("forum", "graph", "log")
ARTICLE = "article"
SETTINGS = (ARTICLE, *COMMON)

#: What is wrong with parts of a design together, by the type of pydantic's error.
FAULTS = {
    "claim_one_of_two": N_("takes either value or share"),
    "claim_range": N_("is no range: at least one number, the lower first"),
    "claim_untried": N_("has arms or settings, but says that it is not tried"),
    "claim_lacks": N_("lacks {names}"),
    "claim_contrasts": N_("has more than two arms and no contrasts"),
    "claim_arms": N_("names arms that it has not: {names}"),
    "claim_setting": N_("has a setting that lacks an arm"),
}


class World(Words):
    """What has been measured in the world, beside what the model says."""

    source: Words = Field(description="Where it was published or measured.")


#: How the response of the second arm of a contrast lies to that of the first, if the claim is right.
Side = Literal["more", "less", "not_more"]


class Range(NamedTuple):
    """What the claim says an effect is: from ``low`` to ``high``, of which one may be infinite."""

    low: float
    high: float

    def __contains__(self, value: object) -> bool:
        return isinstance(value, float) and self.low <= value <= self.high


class Smallest(Strict):
    """The smallest effect that matters."""

    value: float | None = Field(None, gt=0, description="In the unit of the response.")
    share: float | None = Field(None, gt=0, le=1, description="As a share of the mean of the first arm.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.value is None) == (self.share is None):
            raise fault(FAULTS, "claim_one_of_two")
        return self

    def within(self, first: float) -> float:
        """The effect in the unit of the response, where ``first`` is the mean of the first arm."""
        return self.value if self.value is not None else float(self.share or 0.0) * abs(first)


class Setting(Strict):
    """A community in which a claim is tried."""

    scenario: str | None = Field(None, description="A shipped scenario; for the article's own case only.")
    variants: dict[str, str] = Field(
        {}, description="Variant of that scenario for an arm; the others take its base."
    )
    set: Overrides = Field({}, description="What all arms change here.")
    arms: dict[str, Overrides] | None = Field(
        None, description="The arms here, in place of those of the claim."
    )
    needs_data: bool = Field(False, description="Whether it makes sense with the large graph of --data only.")


class Change(Strict):
    """A change of the design after a run, which only a plain error justifies."""

    date: Annotated[
        date, BeforeValidator(lambda value: date.fromisoformat(value) if isinstance(value, str) else value)
    ]
    reason: Words


def _ordered(value: list[float | None]) -> list[float | None]:
    low, high = value
    if (low is None and high is None) or (low is not None and high is not None and low >= high):
        raise fault(FAULTS, "claim_range")
    return value


class Claim(Strict):
    """One claim of the articles. Either it is tried in four settings, or it says why it cannot be."""

    id: str = Field(pattern=r"^C\d{1,2}$", description="Its number in the field notes, such as C5.")
    articles: list[Literal["A0", "A1", "A2", "A3", "A4"]] = Field(
        min_length=1, description="Where it stands."
    )
    whose: Literal["articles", "inferred"] = Field(
        description="Whether the articles say it, or we inferred it."
    )
    words: Words = Field(description="The claim, in short, in the articles' words.")
    hypothesis: Words = Field(description="What the runs would show if it were right.")
    built_in: Words | None = Field(None, description="Where the rules leave it no chance to fail.")
    untried: Words | None = Field(None, description="Why the language or the responses cannot express it.")
    response: str | None = Field(None, description="What is measured, as `shequn compare` names it.")
    side: Side | None = Field(None, description="How the second arm of a contrast lies to the first.")
    smallest: Smallest | None = Field(None, description="The smallest effect that matters.")
    between: (
        Annotated[list[float | None], Field(min_length=2, max_length=2), AfterValidator(_ordered)] | None
    ) = Field(
        None, description="For a single arm: the range that the response is said to lie in; null is no bound."
    )
    because: Words | None = Field(None, description="Why just this smallest effect, or range.")
    everywhere: Overrides = Field({}, description="What all arms change in forum, graph and log.")
    arms: dict[str, Overrides] = Field({}, description="What is compared, by name; the second is B.")
    contrasts: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = Field(
        [], description="Pairs of arms [first, second]; default: the two arms."
    )
    settings: dict[Literal["article", "forum", "graph", "log"], Setting] = Field(
        {}, description="Where it is tried."
    )
    world: World | None = Field(None, description="What the world says.")
    changed: list[Change] = Field([], description="Changes after a run, with their reason.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.is_tried:
            if self.arms or self.settings:
                raise fault(FAULTS, "claim_untried")
            return self
        missing = [name for name in ("response", "because", "arms") if not getattr(self, name)]
        missing += [f"settings.{name}" for name in SETTINGS if name not in self.settings]
        missing += (
            [] if len(self.arms) == 1 else [name for name in ("side", "smallest") if not getattr(self, name)]
        )
        missing += ["between"] if len(self.arms) == 1 and not self.between else []
        if missing:
            raise fault(FAULTS, "claim_lacks", ", ".join(missing))
        if len(self.arms) > 2 and not self.contrasts:
            raise fault(FAULTS, "claim_contrasts")
        named = {name for contrast in self.contrasts for name in contrast}
        for setting in self.settings.values():
            named |= set(setting.variants) | set(setting.arms or self.arms)
        if unknown := named - set(self.arms):
            raise fault(FAULTS, "claim_arms", ", ".join(sorted(unknown)))
        if any(
            setting.arms is not None and set(setting.arms) != set(self.arms)
            for setting in self.settings.values()
        ):
            raise fault(FAULTS, "claim_setting")
        return self

    @property
    def name(self) -> str:
        """Name of its file, such as c05."""
        return f"c{int(self.id[1:]):02}"

    @property
    def is_tried(self) -> bool:
        """Whether it has arms that are run."""
        return self.built_in is None and self.untried is None

    @property
    def pairs_of_arms(self) -> list[tuple[str, str]]:
        """The contrasts: first and second arm. Of a single arm, that arm twice."""
        if not self.is_tried:
            return []
        if self.contrasts:
            return [(first, second) for first, second in self.contrasts]
        names = list(self.arms)
        return [(names[0], names[-1])]

    def claimed(self, first: float) -> Range:
        """What the claim says the effect is, where ``first`` is the mean of the first arm: see `verdicts`."""
        if self.between is not None:
            low, high = self.between
            return Range(-math.inf if low is None else float(low), math.inf if high is None else float(high))
        assert self.side is not None
        assert self.smallest is not None
        smallest = self.smallest.within(first)
        match self.side:
            case "more":
                return Range(smallest, math.inf)
            case "less":
                return Range(-math.inf, -smallest)
            case "not_more":
                return Range(-math.inf, smallest)
            case _:
                assert_never(self.side)

    def claimed_sign(self, claimed: Range) -> Range:
        """The side that an effect must be on in a draw of the assumed numbers, whatever its size."""
        if self.between is not None or self.side == "not_more":
            return claimed
        tiny = 5e-324  # an effect of 0 is on neither side
        return Range(tiny, math.inf) if self.side == "more" else Range(-math.inf, -tiny)


class Common(Strict):
    """A community of ``settings.yaml``."""

    title: Words
    scenario: str | None = Field(None, description="A shipped scenario.")
    world: Overrides | None = Field(None, description="Or a scenario of its own.")
    set: Overrides = Field({}, description="What is changed in it.")
    data: str | None = Field(None, description="File of its graph in the folder of --data.")
    generator: str | None = Field(None, description="The graph of networkx without that folder.")


class CommonSettings(Strict):
    """The content of ``settings.yaml``."""

    committed: str = Field(description="Commit of the designs, made before any of them was run.")
    forum: Common
    graph: Common
    log: Common
