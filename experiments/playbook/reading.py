"""Reads the playbook's designs, or reports all problems of a file at once."""

from pathlib import Path
from typing import Literal, NamedTuple

from shequn.experiments.designs.overrides import Overrides
from shequn.experiments.designs.places import DesignError
from shequn.experiments.designs.strict_files import Words, chosen_names, read_strict
from shequn.experiments.playbook.design import FAULTS, GOALS, KindFile, Lever, Levers, Settings
from shequn.sim.hints import did_you_mean
from shequn.sim.language import N_, _
from shequn.sim.results.labels import DRIVERS
from shequn.sim.scenario.errors import Problem

FOLDER = Path(__file__).resolve().parent
#: The kinds of community, in the order of the page.
KINDS = ("chat", "forum", "list", "camp", "selling-group")
_WHAT = N_("a design of the playbook")


class Kind(NamedTuple):
    """A kind of community with the levers that are tried in it."""

    name: str
    title: Words
    scenario: str
    set: Overrides
    retention: Literal["newcomers", "members"]
    levers: dict[str, Lever]


class Playbook(NamedTuple):
    """All kinds, and what is varied beside the levers."""

    settings: Settings
    kinds: tuple[Kind, ...]

    @property
    def intervals(self) -> int:
        """Number of effects, for which each interval is corrected: kinds × levers × goals."""
        return sum(len(kind.levers) for kind in self.kinds) * len(GOALS)

    def chosen(self, names: tuple[str, ...]) -> tuple[Kind, ...]:
        """The kinds of these names (all if there are none), in their order.

        Raises
        ------
        ScenarioError
            There is no such kind.
        """
        known = [kind.name for kind in self.kinds]
        wanted = chosen_names(names, known, _("there is no kind {name} in the playbook{near}"))
        return tuple(kind for kind in self.kinds if kind.name in wanted)


def read_playbook(folder: Path = FOLDER) -> Playbook:
    """The playbook of a folder.

    Raises
    ------
    DesignError
        All problems of the first file that has any, with line and what is allowed.
    """
    settings = read_strict(folder / "settings.yaml", Settings, _WHAT, FAULTS)
    if unknown := set(settings.mixes) - set(DRIVERS):
        near = did_you_mean(min(unknown), DRIVERS)
        raise DesignError(
            [Problem(_("there is no driver {name}{near}").format(name=min(unknown), near=near), None)]
        )
    shared = read_strict(folder / "levers.yaml", Levers, _WHAT, FAULTS).levers
    return Playbook(settings, tuple(_read_kind(folder / "kinds" / f"{name}.yaml", shared) for name in KINDS))


def _read_kind(path: Path, shared: dict[str, Lever]) -> Kind:
    file = read_strict(path, KindFile, _WHAT, FAULTS)
    missing = [name for name, own in file.levers.items() if own.is_shared and name not in shared]
    if missing:
        raise DesignError(
            [
                Problem(
                    _("{file}: levers.yaml has no lever {name}{near}").format(
                        file=path.name, name=name, near=did_you_mean(name, shared)
                    ),
                    None,
                )
                for name in missing
            ]
        )
    levers = {
        name: shared[name] if own.is_shared else Lever(**dict(own)) for name, own in file.levers.items()
    }
    return Kind(path.stem, file.title, file.scenario, file.set, file.retention, levers)
