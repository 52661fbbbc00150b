"""The building blocks of a report: sections with texts, charts, tables, key figures, cards and the replay."""

from typing import Any, NamedTuple

import pandas as pd

from shequn.sim.language import _


class Text(NamedTuple):
    """Paragraphs; with ``mono``, preformatted text that is folded under ``title``."""

    paragraphs: list[str]
    mono: bool = False
    title: str = ""


class Listing(NamedTuple):
    """A list of sentences, such as alerts."""

    items: list[str]
    kind: str = "plain"  # or warning


class Figure(NamedTuple):
    """One key figure of the first screen."""

    value: str
    spread: str  # over runs, or the interval; may be empty
    name: str
    meaning: str


class Card(NamedTuple):
    """A box of the first screen with a heading and sentences."""

    title: str
    lines: list[str]


class Table(NamedTuple):
    """A table to read and to download as CSV."""

    name: str  # of the CSV file, without extension
    title: str
    rows: pd.DataFrame
    is_shown: bool = True  # otherwise only offered as a file
    note: str = ""


class Chart(NamedTuple):
    """A Bokeh figure with title, caption and the table of its numbers."""

    title: str
    model: Any
    caption: str
    table: Table


class Replay(NamedTuple):
    """The animated network: the data that ``replay.js`` draws."""

    content: dict[str, Any]
    caption: str
    hints: list[str]  # what to look for
    table: Table


Part = Text | Listing | Table | Chart | Replay


class Section(NamedTuple):
    """A heading and the parts below it."""

    name: str  # anchor
    title: str
    parts: list[Part]


class Report(NamedTuple):
    """The whole report, ready to be rendered as a page."""

    kind: str  # in words: simulation, comparison or sweep
    title: str
    subtitle: str
    question: str
    answer_label: str
    answer: list[str]
    figures: list[Figure]
    pictures: list[Chart]  # of the first screen: one beside the answer, or several below it
    cards: list[Card]
    sections: list[Section]
    footer: str


def warning_part(warnings: list[str]) -> Listing | Text:
    """The warnings as a list, or a sentence that there are none."""
    if warnings:
        return Listing(warnings, "warning")
    return Text([_("Nothing looks wrong, and there are enough data.")])
