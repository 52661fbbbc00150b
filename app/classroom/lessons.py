"""The guided lessons: YAML files in the folder ``lessons``, read once and validated.

A file contains the texts in English, which the catalogue ``class`` translates, and the settings of both
communities: their scenarios, and positions of knobs. The observations at the end are computed from the run: `notice`.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, Field

from shequn.app.classroom.bases import BASES, Bases
from shequn.app.classroom.knobs import KNOB
from shequn.app.classroom.settings import Settings
from shequn.sim.language import _

_FOLDER = Path(__file__).parent / "lessons"
_TEXT_KEYS = ("title", "question", "look")


class Lesson(BaseModel):
    """A question, the possible guesses, and the experiment that answers it.

    ``watch`` names the measures (of `comes_back.MEASURES`) that ten runs show first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    question: str
    answers: list[str] = Field(min_length=2, max_length=9)
    look: str
    watch: list[str] = []
    bases: list[str] = Field(min_length=1, max_length=2)
    both: dict[str, Any] = {}
    a: dict[str, Any] = {}
    b: dict[str, Any] = {}

    def settings(self, bases: Bases) -> Settings:
        """The settings of the lesson's experiment.

        Raises
        ------
        ValueError
            The base is unknown, or a value is not on its knob's grid.
        """
        if not set(self.bases) <= set(BASES):
            raise ValueError(f"lesson {self.name}: no such base among {self.bases}")
        settings = Settings.of_file(self.bases[0], self.bases[-1])
        for side, changes in (("AB", self.both), ("A", self.a), ("B", self.b)):
            for key, value in changes.items():
                if value not in KNOB[key].values:
                    raise ValueError(f"lesson {self.name}: {key} cannot be {value!r}")
                settings = settings.with_position(side, key, KNOB[key].position(value))
        return bases.canonical(settings)

    def matches(self, settings: Settings, bases: Bases) -> bool:
        """Whether these settings are those of the lesson, apart from the seed."""
        target = self.settings(bases)
        return target.with_position("AB", "seed", settings.shared["seed"]) == settings

    def texts(self) -> dict[str, Any]:
        """The name and the texts in the current language."""
        return {
            "name": self.name,
            **{key: _(getattr(self, key)) for key in _TEXT_KEYS},
            "answers": [_(answer) for answer in self.answers],
        }


@cache
def lessons() -> dict[str, Lesson]:
    """The lessons by name, in their order on the page."""
    from ruamel.yaml import YAML

    by_name = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        lesson = Lesson(**YAML(typ="safe", pure=True).load(path))
        by_name[lesson.name] = lesson
    return by_name


def extract_texts(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Extract the texts of a lesson's file for the catalogue (an extraction method of Babel).

    Yields
    ------
    (line, None, message, comments)
    """
    from ruamel.yaml import YAML

    content = YAML(pure=True).load(file.read().decode("utf-8"))
    for key in _TEXT_KEYS:
        yield content.lc.value(key)[0] + 1, None, str(content[key]), []
    for k, answer in enumerate(content["answers"]):
        yield content["answers"].lc.item(k)[0] + 1, None, str(answer), []
