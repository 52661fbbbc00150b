"""Titles and questions of shipped scenarios: in the user's language in a copy, and out of date in a changed one."""

import re
from collections.abc import Container, Iterator
from functools import cache
from typing import Any, NamedTuple

from shequn.sim.language import LANGUAGES, _, in_language, translate
from shequn.sim.scenario.dumping import inline_yaml
from shequn.sim.scenario.locations import shipped
from shequn.sim.scenario.nodes import Mapping, Path, plain
from shequn.sim.scenario.question import Question
from shequn.sim.scenario.reading import parse, read_text

_TRANSLATED = ("title", "question", "description")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def translations(content: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Paths and translations of the texts of a shipped scenario and its variants, in the current language."""
    variants = content.get("variants") or {}
    holders: list[tuple[Path, Any]] = [((), content)]
    holders += [(("variants", name), changes) for name, changes in variants.items()]
    for above, changes in holders:
        for key in _TRANSLATED:
            value, path = (changes or {}).get(key) or "", (*above, key)
            texts = {path: value}
            if isinstance(value, dict):  # a question that says how to answer it
                question = Question.read(value)
                texts = {(*path, "text"): str(question), (*path, "base"): question.base}
            for where, original in texts.items():
                if translate(original) != original:
                    yield where, translate(original)


def title_notes(root: Mapping) -> list[str]:
    """A remark if the title is that of a shipped scenario, but names a number that was changed.

    Parameters
    ----------
    root : Mapping
        A scenario with its variant and all changes laid over.
    """
    values = plain(root)
    title = " ".join(str(values["title"]).split())
    if not _NUMBER.search(title) or title not in _shipped_titles():
        return []
    name, numbers = _shipped_titles()[title]
    text = _(
        "the title “{title}” is that of the shipped {name}, in which {key} is {number}: change the title"
    )
    return [
        text.format(title=translate(title), name=name, key=".".join(path), number=inline_yaml(number))
        for path, number in numbers.items()
        if _value(values, path) != number
    ][:1]


class _Titled(NamedTuple):
    """A shipped scenario or variant, and where the numbers in its title are among its values."""

    name: str
    numbers: dict[tuple[str, ...], float]


@cache
def _shipped_titles() -> dict[str, _Titled]:
    """The shipped scenarios and variants by their titles, in every language."""
    titles: dict[str, _Titled] = {}
    for name, path in shipped().items():
        values = plain(parse(read_text(path)[0], name)[0])
        variants = values.pop("variants", None) or {}
        for variant, changes in {"": values, **variants}.items():
            title = str((changes or {}).get("title", values["title"]))
            said = {float(number.replace(",", "")) for number in _NUMBER.findall(title)}
            whole = f"{name}:{variant}" if variant else name
            titled = _Titled(whole, _paths(changes, said) or _paths(values, said))
            for language in LANGUAGES:
                with in_language(language):
                    titles.setdefault(translate(title), titled)
    return titles


def _paths(values: Any, numbers: Container[float]) -> dict[tuple[str, ...], float]:
    """Where some numbers are in nested dicts."""
    found: dict[tuple[str, ...], float] = {}
    for key, value in (values or {}).items():
        if isinstance(value, dict):
            found |= {(key, *path): number for path, number in _paths(value, numbers).items()}
        elif isinstance(value, int | float) and value in numbers:
            found[key,] = value
    return found


def _value(values: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values
