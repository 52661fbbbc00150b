"""Reads the designs of the claims, or reports all problems of a file at once."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from shequn.experiments.claims.design import FAULTS, Claim, CommonSettings
from shequn.experiments.designs.places import DesignError
from shequn.sim.hints import did_you_mean
from shequn.sim.language import N_, _
from shequn.sim.scenario.checking import problems as in_words
from shequn.sim.scenario.errors import Problem, scenario_error
from shequn.sim.scenario.nodes import Mapping, location, plain
from shequn.sim.scenario.reading import parse, read_text

FOLDER = Path(__file__).resolve().parent
DESIGNS = FOLDER / "designs"
_WHAT = N_("a claim")

Content = TypeVar("Content", bound=BaseModel)


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
        for name in names:
            if name.lower() not in known:
                raise scenario_error(
                    _("there is no claim {name}{near}").format(
                        name=name, near=did_you_mean(name.lower(), known)
                    )
                )
        wanted = {name.lower() for name in names}
        return tuple(claim for claim in self.claims if not wanted or claim.name in wanted)


def read_claims(folder: Path = DESIGNS) -> Claims:
    """All claims of a folder, by number, with the ``settings.yaml`` above it.

    Raises
    ------
    DesignError
        All problems of the first file that has any, with line and what is allowed.
    """
    settings = _read(folder.parent / "settings.yaml", CommonSettings)
    claims = [_read_claim(path) for path in sorted(folder.glob("c[0-9][0-9].yaml"))]
    return Claims(settings, tuple(claims))


def _read_claim(path: Path) -> Claim:
    claim = _read(path, Claim)
    if claim.name != path.stem:
        raise DesignError(
            [Problem(_("{name} is the file of {id}").format(name=path.name, id=claim.id), None)]
        )
    return claim


def _read(path: Path, model: type[Content]) -> Content:
    """The content of a file.

    Raises
    ------
    DesignError
        All its problems.
    """
    text, _notes = read_text(path, _WHAT)
    root, problems = parse(text, path.name, what=_WHAT)
    content = plain(root)
    if problems:
        raise DesignError(problems)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        own = [detail for detail in error.errors(include_url=False) if detail["type"] in FAULTS]
        if own:  # parts that contradict each other
            problems = [_fault(path.name, detail, root) for detail in own]
        else:
            problems = in_words(error, root, _schema(model))
        raise DesignError(problems) from None


def _fault(name: str, detail: Any, root: Mapping) -> Problem:
    """One of our own errors in words, with its position."""
    loc = tuple(detail["loc"])
    text = _(FAULTS[detail["type"]]).format(**detail["ctx"])
    return Problem(f"{'.'.join(map(str, loc)) or name} {text}", location(root, loc))


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)
