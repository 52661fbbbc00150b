"""What a report is made of: sections of texts, charts, tables, numbers and the replay."""

from typing import Any, NamedTuple

import pandas as pd


class Text(NamedTuple):
    """Paragraphs; with ``mono`` one text whose line breaks are kept, folded away under ``title``."""

    paragraphs: list[str]
    mono: bool = False
    title: str = ""


class Listing(NamedTuple):
    """A list of sentences, such as alerts."""

    items: list[str]
    kind: str = "plain"  # or warning


class Figure(NamedTuple):
    """One number of the first screen."""

    value: str
    spread: str  # over runs, or its interval; may be empty
    name: str
    meaning: str


class Table(NamedTuple):
    """Rows to read and to take away as CSV."""

    name: str  # of the CSV file, without its ending
    title: str
    rows: pd.DataFrame
    is_shown: bool = True  # else it is only offered as a file
    note: str = ""


class Chart(NamedTuple):
    """A Bokeh figure, what it shows, and the numbers in it."""

    title: str
    model: Any
    caption: str
    table: Table


class Replay(NamedTuple):
    """The network as it fills and empties: what ``replay.js`` draws."""

    content: dict[str, Any]
    caption: str
    table: Table


Part = Text | Listing | Table | Chart | Replay


class Section(NamedTuple):
    """A heading and what stands under it."""

    name: str  # anchor
    title: str
    parts: list[Part]


class Report(NamedTuple):
    """The whole report, ready to be put on a page."""

    kind: str  # of what: a run, a comparison, a sweep
    title: str
    subtitle: str
    question: str
    answer: list[str]
    figures: list[Figure]
    picture: Chart | None
    sections: list[Section]
    footer: str
