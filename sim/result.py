"""The result of one run: its tables, its graph, its picture."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from shequn.sim.results.collecting import Collector

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    import pandas as pd
    from matplotlib.figure import Figure

    from shequn.sim.network import NetworkOfDay
    from shequn.sim.results.stays import Stays
    from shequn.sim.results.traces import Traces


class Result:
    """What came out of one run; each table is made when first asked for and kept.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    seed : int
        Seed of this run.
    notes : tuple of str
        What was done with the input, in sentences.
    days, spaces, groups, members, cohorts, departures, invitations, growth, runs, nodes, edges, journal : DataFrame
        The tables, described in :mod:`shequn.sim.results`. ``journal`` has the rows kept in memory: all of
        them with ``journal: full``, else those of membership.
    """

    def __init__(
        self, outcome: Any, collector: Collector | None = None, networks: "Sequence[NetworkOfDay]" = ()
    ) -> None:
        """Wrap an outcome of the engine.

        Parameters
        ----------
        outcome : Outcome
            What the engine hands over at the end of a run.
        collector : Collector, optional
            The sink that took this run's journal, if it was full.
        networks : sequence of NetworkOfDay
            The network on the days that were asked for.
        """
        self.outcome = outcome
        self.scenario = outcome.scenario
        self.seed = int(outcome.seed)
        self.notes = tuple(outcome.notes)
        self._collector = collector
        self._networks = networks

    @property
    def _visits_known(self) -> bool:
        return self._collector is not None and self.scenario.journal == "full"

    @property
    def _traces(self) -> "Traces | None":
        collector = self._collector
        is_known = collector is not None and self._visits_known and collector.has_traces_from_start
        return collector.traces if collector is not None and is_known else None

    @cached_property
    def stays(self) -> "Stays":
        """Every stay, from joining to leaving: arrays, in order of joining."""
        from shequn.sim.results.stays import stays_of

        return stays_of(self.outcome.membership)

    @cached_property
    def days(self) -> "pd.DataFrame":
        """One row for each day: see :func:`shequn.sim.results.tables.days_table`."""
        from shequn.sim.results.tables import days_table

        return days_table(self.outcome, self.departures, self.stays)

    @cached_property
    def spaces(self) -> "pd.DataFrame":
        """One row for each day and space: see :func:`shequn.sim.results.spaces.spaces_table`."""
        from shequn.sim.results.spaces import spaces_table

        return spaces_table(self.outcome, self.stays, self._traces)

    @cached_property
    def groups(self) -> "pd.DataFrame":
        """One row for each day and group: see :func:`shequn.sim.results.groups.groups_table`."""
        from shequn.sim.results.groups import groups_table

        return groups_table(self.outcome, self.stays)

    @cached_property
    def duties(self) -> "pd.DataFrame":
        """One row for each day and duty: see :func:`shequn.sim.results.staff.duties_table`."""
        from shequn.sim.results.staff import duties_table

        return duties_table(self.outcome)

    @cached_property
    def tasks(self) -> "pd.DataFrame":
        """One row for each day and task: see :func:`shequn.sim.results.staff.tasks_table`."""
        from shequn.sim.results.staff import tasks_table

        return tasks_table(self.outcome)

    @cached_property
    def units(self) -> "pd.DataFrame":
        """One row for each day and unit: see :func:`shequn.sim.results.incentives.units_table`."""
        from shequn.sim.results.incentives import units_table

        return units_table(self.outcome)

    @cached_property
    def marks(self) -> "pd.DataFrame":
        """One row for each day and mark: see :func:`shequn.sim.results.marks.marks_table`."""
        from shequn.sim.results.marks import marks_table

        return marks_table(self.outcome, self.stays, self._traces)

    @cached_property
    def earned(self) -> "pd.DataFrame":
        """One row for each day and earn rule: see :func:`shequn.sim.results.incentives.earned_table`."""
        from shequn.sim.results.incentives import earned_table

        return earned_table(self.outcome)

    @cached_property
    def offers(self) -> "pd.DataFrame":
        """One row for each day and offer: see :func:`shequn.sim.results.incentives.offers_table`."""
        from shequn.sim.results.incentives import offers_table

        return offers_table(self.outcome)

    @cached_property
    def stages(self) -> "pd.DataFrame":
        """One row for each stage that has begun: see :func:`shequn.sim.results.stages.stages_table`."""
        from shequn.sim.results.stages import stages_table

        return stages_table(self.outcome)

    @cached_property
    def funnel(self) -> "pd.DataFrame":
        """One row for each channel and step: see :func:`shequn.sim.results.funnel.funnel_table`."""
        from shequn.sim.results.funnel import funnel_table

        return funnel_table(self.outcome, self.stays)

    @cached_property
    def channels(self) -> "pd.DataFrame":
        """One row for each channel: see :func:`shequn.sim.results.channels.channels_table`."""
        from shequn.sim.results.channels import channels_table

        return channels_table(self.outcome, self.stays)

    @cached_property
    def members(self) -> "pd.DataFrame":
        """One row for each person who ever joined: see :func:`shequn.sim.results.tables.members_table`."""
        from shequn.sim.results.tables import members_table

        return members_table(self.outcome, self.stays)

    @cached_property
    def cohorts(self) -> "pd.DataFrame":
        """Retention by week of joining: see :func:`shequn.sim.results.cohorts.cohorts_table`."""
        from shequn.sim.results.cohorts import cohorts_table

        seen = self._collector.cohort_counts if self._collector and self._visits_known else None
        return cohorts_table(self.stays, seen, len(self.outcome.days) - 1)

    @cached_property
    def departures(self) -> "pd.DataFrame":
        """Who left: see :func:`shequn.sim.results.departures.departures_table`."""
        from shequn.sim.results.departures import departures_table

        return departures_table(self.outcome.membership, self.outcome.people, self.stays)

    @cached_property
    def invitations(self) -> "pd.DataFrame":
        """Who asked whom: see :func:`shequn.sim.results.invitations.invitations_table`."""
        from shequn.sim.results.invitations import invitations_table

        return invitations_table(self.outcome.membership, self.stays)

    @cached_property
    def growth(self) -> "pd.DataFrame":
        """Joins and R by week: see :func:`shequn.sim.results.viral.growth_table`."""
        from shequn.sim.results.viral import growth_table

        return growth_table(self.stays, len(self.outcome.days) - 1)

    @cached_property
    def nodes(self) -> "pd.DataFrame":
        """The people on the days asked for: see :func:`shequn.sim.results.network.nodes_table`."""
        from shequn.sim.results.network import nodes_table

        return nodes_table(self.outcome, self._networks)

    @cached_property
    def edges(self) -> "pd.DataFrame":
        """The ties on the days asked for: see :func:`shequn.sim.results.network.edges_table`."""
        from shequn.sim.results.network import edges_table

        return edges_table(self._networks)

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """The key figures, one row: see :func:`shequn.sim.results.key_figures.key_figures`."""
        from shequn.sim.results.key_figures import key_figures

        minutes = float(self.outcome.duty_days["minutes"].sum())
        return key_figures(self.seed, self.days, self.cohorts, self.departures, self.stays, minutes)

    @cached_property
    def journal(self) -> "pd.DataFrame":
        """Every event kept in memory: see :class:`shequn.sim.kernel.state.JournalKind`."""
        from shequn.sim.results.tables import journal_table

        full = self._visits_known and self._collector is not None and self._collector.stores_rows
        return journal_table(self._collector.rows if full and self._collector else self.outcome.membership)

    def wrote_within(self, days: float) -> float:
        """Share of newcomers who wrote within some days: see :func:`shequn.sim.results.staying.wrote_within`."""
        from shequn.sim.results.staying import wrote_within

        if self._traces is None:
            return float("nan")
        return wrote_within(self.stays, self._traces, days, len(self.outcome.days) - 1)

    def tables(self) -> "dict[str, pd.DataFrame]":
        """The tables of a result folder (all but the journal), by name."""
        names = (
            "runs", "days", "spaces", "duties", "tasks", "units", "earned", "offers", "stages", "funnel", "channels",
            "members", "cohorts", "departures", "invitations", "growth",
            *(["groups"] if self.scenario.population.groups else []),
            *(["marks"] if self.scenario.marks else []),
            *(["nodes", "edges"] if self._networks else []),
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def graph(self) -> "nx.Graph[int]":
        """The social graph at the end: people as nodes (their numbers), ties as edges.

        Nodes carry ``state`` (word), ``quality``, and ``label`` where the graph's file had names;
        edges carry ``strength``.
        """
        import networkx as nx

        from shequn.sim.results.labels import WORDS

        outcome = self.outcome
        graph: nx.Graph[int] = nx.Graph()
        people = zip(outcome.people["state"].tolist(), outcome.people["quality"].tolist(), strict=True)
        for number, (state, quality) in enumerate(people):
            graph.add_node(number, state=WORDS["state"][state], quality=quality)
        for number, label in enumerate(outcome.labels or ()):
            graph.nodes[number]["label"] = label
        a, b, strength = outcome.edges()
        ends = zip(a.tolist(), b.tolist(), strength.tolist(), strict=True)
        graph.add_weighted_edges_from(ends, weight="strength")
        return graph

    def plot(self, figure: str | None = None) -> "Figure":
        """One of the figures (size, temperature, growth, retention), or the four on one sheet.

        Raises
        ------
        ValueError
            There is no such figure.
        """
        from shequn.sim.presentation.figures import FIGURES, new_figure, overview_figure
        from shequn.sim.presentation.marks import marks

        if figure is not None and figure not in FIGURES:
            raise ValueError(f"there is no figure {figure!r}; allowed: {', '.join(FIGURES)}")
        tables = {name: table.assign(run=0) for name, table in self.tables().items()}
        about = (tables, self.scenario.title, self.scenario.start)
        if figure is None:
            return overview_figure(*about)
        return new_figure(
            FIGURES[figure], *about, marks=marks(self.scenario, tables["days"], tables["stages"])
        )

    def sentences(self) -> list[str]:
        """What happened, in plain sentences."""
        from shequn.sim.presentation.summary import sentences

        return sentences({name: table.assign(run=0) for name, table in self.tables().items()})

    def __repr__(self) -> str:
        days = self.outcome.days
        return (
            f"<Result of {self.scenario.title!r}, seed {self.seed}: {len(days) - 1} days, "
            f"{days['members'][0]} members at the start, {days['members'][-1]} at the end>"
        )

    def _repr_html_(self) -> str:
        from shequn.sim.presentation.notebook import result_html

        return result_html(self)
