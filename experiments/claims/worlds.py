"""The scenario of an arm of a claim in a setting."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shequn.experiments.claims.design import ARTICLE, Claim, Common, Setting
from shequn.experiments.claims.reading import Claims
from shequn.experiments.designs.overrides import changes
from shequn.sim.scenario import Scenario


def graph_of(common: Common, data: Path | None) -> dict[str, Any]:
    """The graph of a community: a file in the folder ``data``, else the graph that networkx carries."""
    if common.generator is None:
        return {}
    if data is not None:
        return {"population": {"graph": {"file": str((data / str(common.data)).resolve())}}}
    import networkx as nx

    people = getattr(nx, common.generator)().number_of_nodes()
    return {"population": {"people": people, "graph": {"generator": common.generator}}}


def is_run(setting: Setting, data: Path | None) -> bool:
    """Whether a setting is run: some make sense with the large graph only."""
    return data is not None or not setting.needs_data


def scenarios(claims: Claims, claim: Claim, name: str, data: Path | None) -> dict[str, Scenario]:
    """The scenario of each arm of a claim in a setting, by name.

    Parameters
    ----------
    claims : Claims
    claim : Claim
    name : str
        One of its settings.
    data : Path or None
        Folder of the graph.

    Raises
    ------
    ScenarioError
        An arm cannot be run.
    """
    setting = claim.settings[name]  # type: ignore[index]
    arms = claim.arms if setting.arms is None else setting.arms
    return {arm: _scenario(claims, claim, name, setting, arm, arms[arm], data) for arm in claim.arms}


def _scenario(
    claims: Claims,
    claim: Claim,
    name: str,
    setting: Setting,
    arm: str,
    own: Mapping[str, Any],
    data: Path | None,
) -> Scenario:
    if name == ARTICLE:
        assert setting.scenario is not None
        base = Scenario.load(setting.scenario, setting.variants.get(arm))
        return base.with_(list(changes(setting.set, own)))
    common: Common = getattr(claims.settings, name)
    base = (
        Scenario.load(common.scenario)
        if common.scenario is not None
        else Scenario.from_mapping(common.world or {}, name=name)
    )
    graph = graph_of(common, data)
    return base.with_(list(changes(common.set, graph, claim.everywhere, setting.set, own)))
