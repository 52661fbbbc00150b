"""A whole scenario as pydantic models, and its JSON Schema."""

import datetime
import math
import re
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, create_model
from pydantic_core import PydanticCustomError

from shequn.agents.coefficients import Coefficient, Group
from shequn.sim.fields import MOST_DAYS, ByName, Day, NumberOr, OneOf, Strict, Text, WholeNumber
from shequn.sim.kernel.duties.kinds import DutiesByName
from shequn.sim.operations.kinds import OperationsByName
from shequn.sim.operations.set_gates import GatesByName
from shequn.sim.scenario.community import Community
from shequn.sim.scenario.incentives import EarnByName, MarksByName, OffersByName, UnitsByName
from shequn.sim.scenario.named import MAPS
from shequn.sim.scenario.population import Population
from shequn.sim.scenario.question import Question, QuestionOrText
from shequn.sim.scenario.spaces import SpacesByName
from shequn.sim.scenario.staff import StaffByName, TasksByName
from shequn.sim.scenario.stages import StagesByName

LARGEST = 1e9  # upper limit of a coefficient without one of its own, so that arithmetic stays finite
MAX_SEED = 2**63 - 1
VARIANT_NAME = re.compile(r"\w[\w.-]{0,63}")


class Rules(Strict):
    """Coefficients of the rules, by group; made from ``shequn.agents.rules.GROUPS``."""


def _number(value: Any) -> Any:
    if isinstance(value, bool):  # true equals 1 in Python
        raise PydanticCustomError("format", "is not a number")
    return value


def _map(text: str) -> Any:
    """A field that is a map by name, empty if it is not given."""
    return Field(default_factory=ByName, json_schema_extra={"default": {}}, description=text)


class Content(Strict):
    """What a scenario file says."""

    format: Annotated[Literal[2], BeforeValidator(_number)] = Field(
        description="Version of this file format."
    )
    title: str = Field(min_length=1, max_length=200, description="A few words.")
    description: Text = Field("", description="What happens here, in a paragraph.")
    source: Text = Field("", description="Where the case or its numbers come from.")
    question: QuestionOrText = Field(
        Question(text=""),
        json_schema_extra={"default": ""},
        description="The question that the scenario answers: a text, or a mapping that says how to answer it.",
    )
    why: Text = Field("", description="Why the community is founded (5W1H).")
    what: Text = Field("", description="What it offers.")
    where: Text = Field("", description="Where it meets.")
    who: Text = Field("", description="Whom it is for.")
    start: Day = Field(datetime.date(2026, 1, 1), description="Day 0 begins at 00:00 of this date.")
    days: Annotated[int, WholeNumber(1, MOST_DAYS)] = Field(365, description="Length of a run in days.")
    seed: Annotated[int, WholeNumber(0, MAX_SEED)] = Field(1, description="Seed of all random draws.")
    runs: Annotated[int, WholeNumber(1, 10_000)] = Field(10, description="Replicates.")
    journal: Literal["full", "membership", "none"] = Field(
        "full", description="Which events are recorded: all (full), joins and departures (membership), none."
    )
    population: Population = Population()
    community: Community = Community()
    gates: GatesByName = _map("What candidates must pass to join: gates by name, in order.")
    spaces: SpacesByName = _map(
        "Places in a tree, by name; the first is the one that people from outside come to."
    )
    operations: OperationsByName = _map(
        "What the operator does, by name. The name of an operation names its draws."
    )
    staff: StaffByName = _map("People with a job, by name of the job.")
    duties: DutiesByName = _map(
        "What the staff do, by name; those of a job in order of priority. The name names the draws."
    )
    tasks: TasksByName = _map("What members may do at a visit, by name: check-ins, homework.")
    units: UnitsByName = _map("What members earn and spend, by name: points, coins. Money needs no entry.")
    marks: MarksByName = _map("Levels and titles that members show, by name.")
    earn: EarnByName = _map("What is rewarded, by name. The name names the draws.")
    offers: OffersByName = _map(
        "What members can take for units or money, by name. The name names the draws."
    )
    stages: StagesByName = _map("Stages of the community's life, by name, in their order.")
    rules: Rules = Rules()


def _coefficient(coefficient: Coefficient) -> tuple[Any, Any]:
    """Type and default of one coefficient, with unit, bounds and source in the description."""
    unit = f" [{coefficient.unit}]" if coefficient.unit else ""
    text = f"{coefficient.text}{unit} Default {coefficient.default}. Source: {coefficient.source}."
    if coefficient.choices:
        return Annotated[str, OneOf(coefficient.choices)], Field(coefficient.default, description=text)
    endless = coefficient.unit == "days" and coefficient.high == math.inf
    if endless or coefficient.default == math.inf:
        never = NumberOr("never", coefficient.low)
        return Annotated[float, never], Field(coefficient.default, description=text)
    return Annotated[float, Field(ge=coefficient.low, le=min(coefficient.high, LARGEST))], Field(
        coefficient.default, description=text
    )


def rules_model(groups: tuple[Group, ...]) -> type[Rules]:
    """The model of the key ``rules`` for these groups of coefficients."""
    fields: dict[str, Any] = {}
    for group in groups:
        name = "".join(word.capitalize() for word in group.name.split("_")) + "Rules"
        coefficients: dict[str, Any] = {c.name: _coefficient(c) for c in group.coefficients}
        model = create_model(name, __base__=Strict, __doc__=group.text, **coefficients)
        fields[group.name] = (model, Field(model(), description=group.text))
    return create_model("Rules", __base__=Rules, __doc__=Rules.__doc__, **fields)


def content_model(groups: tuple[Group, ...]) -> type[Content]:
    """The model of a whole scenario with these rules."""
    rules = rules_model(groups)
    return create_model("Scenario", __base__=Content, __doc__=Content.__doc__, rules=(rules, rules()))


@cache
def scenario_model() -> type[Content]:
    """The model of a whole scenario with the rules of this version."""
    from shequn.agents.rules import GROUPS

    return content_model(GROUPS)


@cache
def base_schema() -> dict[str, Any]:
    """JSON Schema of a scenario without variants, to look up what is allowed."""
    return scenario_model().model_json_schema(by_alias=True)


def json_schema() -> dict[str, Any]:
    """JSON Schema of scenario files (draft 2020-12), variants included."""
    schema: dict[str, Any] = _any_of(base_schema())
    partial = {name: value for name, value in schema["properties"].items() if name != "format"}
    definitions = schema.pop("$defs")
    for key in MAPS:
        partial[key] = {
            "anyOf": [_changes_by_name(partial[key], definitions), {"type": "null"}],
            "description": f"{partial[key]['description']} Null takes away what has this name, or all of them.",
        }
    partial["population"] = _changes_of_population(partial["population"], definitions)
    definitions["Variant"] = {
        "type": "object",
        "description": "What differs from the scenario: mappings merge, lists and single values replace.",
        "properties": partial,
        "additionalProperties": False,
    }
    schema["properties"]["variants"] = {
        "type": "object",
        "description": "Named variants, each stating only what differs.",
        "propertyNames": {"pattern": f"^{VARIANT_NAME.pattern}$"},
        "additionalProperties": {"$ref": "#/$defs/Variant"},
        "default": {},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "shequn scenario",
        **{key: value for key, value in schema.items() if key != "title"},
        "$defs": dict(sorted(definitions.items())),
    }


def _changes_by_name(of_map: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of changes of a map by name: of each entry any keys, or null; adds definitions of such changes."""
    references = []
    entry = of_map["additionalProperties"]
    for branch in entry.get("anyOf", [entry]):
        name = branch["$ref"].rpartition("/")[2]
        changed = {key: value for key, value in definitions[name].items() if key != "required"}
        if "gates" in changed["properties"]:
            gates = _changes_by_name(changed["properties"]["gates"], definitions)
            changed["properties"] = {**changed["properties"], "gates": gates}
        definitions[f"{name}Changes"] = changed
        references.append({"$ref": f"#/$defs/{name}Changes"})
    return {**of_map, "additionalProperties": {"anyOf": [*references, {"type": "null"}]}}


def _changes_of_population(population: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of changes of the population, which has a map by name; adds the definitions of such changes."""
    whole = definitions["Population"]
    groups = whole["properties"]["groups"]
    of_map, words = groups["anyOf"]
    changes = {**groups, "anyOf": [_changes_by_name(of_map, definitions), words, {"type": "null"}]}
    definitions["PopulationChanges"] = {**whole, "properties": {**whole["properties"], "groups": changes}}
    return {**population, "$ref": "#/$defs/PopulationChanges"}


def _any_of(part: Any) -> Any:
    """The same schema with anyOf for oneOf: editors complete it better, and alternatives may overlap."""
    if isinstance(part, dict):
        return {("anyOf" if key == "oneOf" else key): _any_of(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_any_of(value) for value in part]
    return part
