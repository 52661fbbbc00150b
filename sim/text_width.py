"""Text in the columns of a terminal, where a Chinese character takes two."""

import textwrap
import unicodedata

_NEVER_FIRST = frozenset("，。、；：？！）》」』”’…％%,.;:?!)]}")
_NEVER_LAST = frozenset("（《「『“‘([{")


def columns(text: str) -> int:
    """Columns that a text takes on a terminal.

    >>> columns("ab社群")
    6
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def left(text: str, width: int) -> str:
    """The text at the left of so many columns."""
    return text + " " * (width - columns(text))


def right(text: str, width: int) -> str:
    """The text at the right of so many columns."""
    return " " * (width - columns(text)) + text


def centred(text: str, width: int) -> str:
    """The text in the middle of so many columns."""
    before = (width - columns(text)) // 2
    return left(" " * max(before, 0) + text, width)


def fold(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """A paragraph in lines of at most so many columns.

    Lines break at spaces, and between Chinese characters, but no line begins with a closing mark
    or ends with an opening one.

    Parameters
    ----------
    text : str
        One paragraph.
    width : int
        Columns of a line.
    first, rest : str
        What the first line and the others begin with.
    """
    if columns(text) == len(text):
        return textwrap.wrap(
            text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        )
    lines: list[str] = []
    line = first
    for piece in _pieces(" ".join(text.split())):
        begun = len(line) > len(rest if lines else first)
        if begun and columns(line) + columns(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, piece = rest, piece.lstrip()
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """What is never broken: words with their space, single Chinese characters with their marks."""
    pieces: list[str] = []
    for character in text:
        before = pieces[-1][-1] if pieces else ""
        together = before and (
            character in _NEVER_FIRST
            or before in _NEVER_LAST
            or character == " "
            or (before != " " and columns(before) == 1 and columns(character) == 1)
        )
        if together:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
