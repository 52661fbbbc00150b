"""Text in columns of a terminal, where a Chinese character takes two."""

import textwrap
import unicodedata

_NEVER_FIRST = frozenset("，。、；：？！）》」』”’…％%,.;:?!)]}")
_NEVER_LAST = frozenset("（《「『“‘([{")


def columns(text: str) -> int:
    """Number of columns that a text takes on a terminal.

    >>> columns("ab社群")
    6
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def left(text: str, width: int) -> str:
    """The text, padded to this many columns, aligned left."""
    return text + " " * (width - columns(text))


def right(text: str, width: int) -> str:
    """The text, padded to this many columns, aligned right."""
    return " " * (width - columns(text)) + text


def centred(text: str, width: int) -> str:
    """The text, padded to this many columns, centred."""
    before = (width - columns(text)) // 2
    return left(" " * max(before, 0) + text, width)


def fold(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """A paragraph folded into lines of at most ``width`` columns.

    Lines break at spaces and between Chinese characters, but no line begins with a closing mark or ends with
    an opening one.

    Parameters
    ----------
    text : str
        One paragraph.
    width : int
        Columns of a line.
    first, rest : str
        Prefixes of the first line and of the other lines.
    """
    if columns(text) == len(text):
        return textwrap.wrap(
            text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
        )
    lines: list[str] = []
    line = first
    for piece in _pieces(" ".join(text.split())):
        has_text = len(line) > len(rest if lines else first)
        if has_text and columns(line) + columns(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line, piece = rest, piece.lstrip()
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """The pieces that are never broken: words with their space, Chinese characters with their marks."""
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
