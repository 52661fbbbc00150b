"""An epidemic as a Mesa user writes it: one agent for each person, one step for each day.

It follows Mesa's own example "Virus on a Network": everybody steps once a day, in random order; an infected person may
infect each neighbour and may recover. Neighbours are stored in a list, which is faster than Mesa's network space, and
no data are collected: both favour Mesa.

Daily steps are not continuous time. With probabilities 1 - exp(-β) and 1 - exp(-γ) per day, an infection lasts whole
days, and it crosses a tie with probability 0.242 instead of β / (β + γ) = 0.231 (β = 0.03, γ = 0.1). The final size
depends only on this probability, so the daily probability per contact is set to give it exactly
(:func:`daily_chances`). Final sizes are then those of continuous time, at no cost.
"""

import math
from enum import IntEnum
from typing import Any

import mesa


class State(IntEnum):
    """State of a person in the epidemic."""

    SUSCEPTIBLE = 0
    INFECTED = 1
    RECOVERED = 2


def daily_chances(transmission: float, recovery: float) -> tuple[float, float]:
    """Daily probabilities that give the same transmission along a tie as continuous time.

    With recovery of probability q at the end of each day and contact of probability c per day, a neighbour escapes
    infection with probability q (1 - c) / (1 - (1 - q) (1 - c)). This is set equal to
    recovery / (transmission + recovery).

    Parameters
    ----------
    transmission, recovery : float
        Hazards per tie and day, and per day.

    Returns
    -------
    tuple of float
        Probability of infection per contact and day, and of recovery per day.
    """
    recovering = -math.expm1(-recovery)
    escape = recovery / (transmission + recovery)
    return 1.0 - escape / (recovering + escape * (1.0 - recovering)), recovering


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
