"""Design files of strict pydantic models: read whole, or all problems of a file at once, each with its position."""

from collections.abc import Mapping as Names
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import PydanticCustomError

from shequn.experiments.designs.places import DesignError
from shequn.sim.fields import Strict
from shequn.sim.hints import did_you_mean
from shequn.sim.language import _
from shequn.sim.scenario.checking import problems as in_words
from shequn.sim.scenario.errors import Problem, scenario_error
from shequn.sim.scenario.nodes import Mapping, location, plain
from shequn.sim.scenario.reading import parse, read_text

Content = TypeVar("Content", bound=BaseModel)

#: What is wrong with parts of a file together: messages by the type of pydantic's error, marked for translation.
Faults = Names[str, str]


class Words(Strict):
    """A text in both languages."""

    en: str = Field(min_length=1, description="In English.")
    zh: str = Field(min_length=1, description="In Chinese.")

    def within(self, language: str) -> str:
        """The text in a language."""
        return self.zh if language == "zh" else self.en


def fault(faults: Faults, kind: str, names: str = "") -> PydanticCustomError:
    """An error of one of the types of ``faults``."""
    return PydanticCustomError(kind, faults[kind], {"names": names})


def read_strict(path: Path, model: type[Content], what: str, faults: Faults) -> Content:
    """The content of a file.

    Parameters
    ----------
    path : Path
    model : type
    what : str
        What the file is, as `N_("a claim")`.
    faults : mapping
        The model's own errors.

    Raises
    ------
    DesignError
        All its problems.
    """
    text, _notes = read_text(path, what)
    root, problems = parse(text, path.name, what=what)
    content = plain(root)
    if problems:
        raise DesignError(problems)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        own = [detail for detail in error.errors(include_url=False) if detail["type"] in faults]
        if own:  # parts that contradict each other
            problems = [_fault(path.name, detail, root, faults) for detail in own]
        else:
            problems = in_words(error, root, _schema(model))
        raise DesignError(problems) from None


def chosen_names(names: tuple[str, ...], known: list[str], unknown: str) -> set[str]:
    """The names chosen, all if there are none, in lower case.

    Parameters
    ----------
    names : tuple of str
        As written.
    known : list of str
    unknown : str
        Message, translated, with ``{name}`` and ``{near}``.

    Raises
    ------
    ScenarioError
        One is not known.
    """
    for name in names:
        if name.lower() not in known:
            raise scenario_error(unknown.format(name=name, near=did_you_mean(name.lower(), known)))
    return {name.lower() for name in names} or set(known)


def _fault(name: str, detail: Any, root: Mapping, faults: Faults) -> Problem:
    """One of the model's own errors in words, with its position."""
    loc = tuple(detail["loc"])
    text = _(faults[detail["type"]]).format(**detail["ctx"])
    return Problem(f"{'.'.join(map(str, loc)) or name} {text}", location(root, loc))


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(by_alias=True)
