"""The sweeps of the headline experiment and their designs."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from shequn.experiments.designs.design import Design
from shequn.experiments.designs.reading import read_design

FOLDER = Path(__file__).parent
#: Folder of the real graphs, beside the project.
GRAPHS = Path(__file__).resolve().parents[4] / "shared" / "data" / "graphs"
FIRST_SEED = 20261122
NEW_SEED = 20270122


class Part(NamedTuple):
    """One sweep: a design file, on a graph, with a seed."""

    name: str  # also that of its folder
    file: str
    graph: str | None  # name of a file in GRAPHS; None for the design's own graph
    seed: int

    @property
    def graph_file(self) -> Path | None:
        """The graph's file, if it has one."""
        return None if self.graph is None else GRAPHS / f"{self.graph}.txt"

    @property
    def is_possible(self) -> bool:
        """Whether its graph's file exists."""
        return self.graph_file is None or self.graph_file.is_file()


#: All sweeps, in the order in which they are run.
PARTS = (
    Part("social", "social", None, FIRST_SEED),
    Part("email-eu-core", "social", "email-eu-core", FIRST_SEED),
    Part("ego-facebook", "social", "ego-facebook", FIRST_SEED),
    Part("social-again", "social", None, NEW_SEED),
    Part("mixes", "mixes", None, FIRST_SEED),
    Part("email-eu-core-again", "social", "email-eu-core", NEW_SEED),
    Part("ego-facebook-again", "social", "ego-facebook", NEW_SEED),
)


def design_of(part: Part) -> Design:
    """The design of a part: its file, with its graph and seed.

    Raises
    ------
    ScenarioError
        The graph cannot be used.
    """
    design = read_design(str(FOLDER / f"{part.file}.yaml"))
    comments = ""
    if part.graph_file is not None:
        graph = {"population.people": None, "population.graph": {"file": str(part.graph_file)}}
        scenarios = {name: base.with_(graph) for name, base in design.bases.scenarios.items()}
        design = replace(
            design,
            title=f"{design.title}, on {part.graph}",
            bases=replace(design.bases, scenarios=scenarios),
            content=design.content | {"graph": part.graph},
        )
        comments += f"# carried out on the graph {part.graph}\n"
    if part.seed != design.seed:
        design = replace(design, seed=part.seed, content=design.content | {"seed": part.seed})
        comments += f"# carried out with the seed {part.seed}\n"
    return replace(design, name=part.name, text=design.text + comments)
