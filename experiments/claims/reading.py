"""Reads the designs of the claims, or reports all problems of a file at once."""

from pathlib import Path
from typing import NamedTuple

from shequn.experiments.claims.design import FAULTS, Claim, CommonSettings
from shequn.experiments.designs.places import DesignError
from shequn.experiments.designs.strict_files import chosen_names, read_strict
from shequn.sim.language import N_, _
from shequn.sim.scenario.errors import Problem

FOLDER = Path(__file__).resolve().parent
DESIGNS = FOLDER / "designs"
_WHAT = N_("a claim")


class Claims(NamedTuple):
    """The claims with the communities in which they are tried."""

    settings: CommonSettings
    claims: tuple[Claim, ...]

    @property
    def intervals(self) -> int:
        """Number of intervals of all claims, for which each is corrected: contrasts × settings."""
        return sum(len(claim.pairs_of_arms) * len(claim.settings) for claim in self.claims)

    def chosen(self, names: tuple[str, ...]) -> tuple[Claim, ...]:
        """The claims of these names (all if there are none), in their order.

        Raises
        ------
        ScenarioError
            There is no such claim.
        """
        known = [claim.name for claim in self.claims]
        wanted = chosen_names(names, known, _("there is no claim {name}{near}"))
        return tuple(claim for claim in self.claims if claim.name in wanted)


def read_claims(folder: Path = DESIGNS) -> Claims:
    """All claims of a folder, by number, with the ``settings.yaml`` above it.

    Raises
    ------
    DesignError
        All problems of the first file that has any, with line and what is allowed.
    """
    settings = read_strict(folder.parent / "settings.yaml", CommonSettings, _WHAT, FAULTS)
    claims = [_read_claim(path) for path in sorted(folder.glob("c[0-9][0-9].yaml"))]
    return Claims(settings, tuple(claims))


def _read_claim(path: Path) -> Claim:
    claim = read_strict(path, Claim, _WHAT, FAULTS)
    if claim.name != path.stem:
        raise DesignError(
            [Problem(_("{name} is the file of {id}").format(name=path.name, id=claim.id), None)]
        )
    return claim
