"""An epidemic as a Mesa user writes it: one agent for each person, one step for each day.

It follows Mesa's own example "Virus on a Network": everybody steps once a day, in random order; an infected person may
infect each neighbour and may recover. Neighbours are stored in a list, which is faster than Mesa's network space, and
no data are collected: both favour Mesa.

Daily steps are not continuous time. With probabilities 1 - exp(-β) and 1 - exp(-γ) per day, an infection lasts whole
days, and it crosses a tie with probability 0.242 instead of β / (β + γ) = 0.231 (β = 0.03, γ = 0.1). The final size
depends only on this probability, so the daily probability per contact is set to give it exactly
(`daily_chances`). Final sizes are then those of continuous time, at no cost.
"""

import time
from enum import IntEnum
from functools import partial
from typing import Any

import mesa

from shequn.experiments.studies.benchmarks import worlds
from shequn.experiments.studies.peers.epidemic import Run, daily_chances

PACKAGE = "mesa"


class State(IntEnum):
    """State of a person in the epidemic."""

    SUSCEPTIBLE = 0
    INFECTED = 1
    RECOVERED = 2


class Person(mesa.Agent):  # type: ignore[misc, unused-ignore]  # typed in some versions
    """A person who may be infected."""

    def __init__(self, model: "SIR") -> None:
        super().__init__(model)
        self.state = State.SUSCEPTIBLE
        self.neighbours: list[Person] = []

    def step(self) -> None:
        """Infect neighbours, perhaps recover."""
        if self.state is State.INFECTED:
            self.infect_neighbours()
            self.perhaps_recover()

    def infect_neighbours(self) -> None:
        """Infect each susceptible neighbour with the probability per contact."""
        random, chance = self.random.random, self.model.contact_chance
        for neighbour in self.neighbours:
            if neighbour.state is State.SUSCEPTIBLE and random() < chance:
                neighbour.become_infected()

    def become_infected(self) -> None:
        """Change from susceptible to infected."""
        self.state = State.INFECTED
        self.model.n_infected += 1

    def perhaps_recover(self) -> None:
        """Recover permanently, with the daily probability."""
        if self.random.random() < self.model.recovery_chance:
            self.state = State.RECOVERED
            self.model.n_infected -= 1


class SIR(mesa.Model):  # type: ignore[misc, unused-ignore]
    """An epidemic on a graph.

    Parameters
    ----------
    graph : networkx.Graph
        Nodes 0, 1, … are the people.
    transmission, recovery : float
        Hazards per tie and day, and per day.
    infected : int
        Number of people, drawn at random, who are infected at the start.
    seed : int
        Seed of Mesa's generators.
    only_infected : bool
        Only infected people step, as in a model whose author has profiled it.
    """

    def __init__(
        self,
        graph: Any,
        transmission: float,
        recovery: float,
        infected: int,
        seed: int,
        only_infected: bool = False,
    ) -> None:
        super().__init__(rng=seed)
        self.only_infected = only_infected
        self.contact_chance, self.recovery_chance = daily_chances(transmission, recovery)
        self.n_infected = 0
        people = [Person(self) for _ in range(len(graph))]
        for person, node in zip(people, range(len(graph)), strict=True):
            person.neighbours = [people[other] for other in graph.adj[node]]
        for person in self.random.sample(people, infected):
            person.become_infected()

    def step(self) -> None:
        """Simulate one day."""
        people = self.agents
        if self.only_infected:
            people = people.select(lambda person: person.state is State.INFECTED)
        people.shuffle_do("step")

    def run(self) -> None:
        """Run until nobody is infected."""
        while self.n_infected:
            self.step()

    @property
    def final_size(self) -> int:
        """Number of people who were ever infected."""
        return sum(person.state is not State.SUSCEPTIBLE for person in self.agents)


def run(graph: Any, number: int, only_infected: bool) -> Run:
    """Run the model; the time to build its agents is separate."""
    begun = time.perf_counter()
    model = SIR(
        graph, worlds.TRANSMISSION, worlds.RECOVERY, worlds.founders(len(graph)), number, only_infected
    )
    built = time.perf_counter()
    model.run()
    done = time.perf_counter()
    return Run(built - begun, done - built, model.final_size)


CONTESTANTS = {
    "Mesa, all step": partial(run, only_infected=False),
    "Mesa, infected step": partial(run, only_infected=True),
}
