"""What is wrong with a scenario: each problem with its location, all reported together."""

from dataclasses import dataclass

from shequn.sim.language import N_, _
from shequn.sim.scenario.nodes import Mark
from shequn.sim.text_width import columns

_SHOWN = 25  # problems listed before "and … more"
_WIDTH = 100  # columns shown of a line, around the caret


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    ``where`` is the name of the variant that has the problem; ``hint`` says how to fix it.
    """

    message: str
    mark: Mark | None = None
    hint: str = ""
    where: str = ""

    @property
    def line(self) -> int | None:
        """Line in the file, from 1; None for a problem without a location in a file."""
        if self.mark is None or not self.mark.source.is_file or not self.mark.source.lines:
            return None
        return self.mark.line + 1

    def __str__(self) -> str:
        where = _(" (in variant {where})").format(where=self.where) if self.where else ""
        text = _printable(f"{_location(self.mark)}{self.message}{where}")
        if self.mark is not None and self.mark.line < len(self.mark.source.lines):
            text += "\n" + _excerpt(self.mark)
        return text + ("\n  " + _("hint: {hint}").format(hint=_printable(self.hint)) if self.hint else "")


class ScenarioError(ValueError):
    """A scenario that cannot be used; ``problems`` lists everything that is wrong with it."""

    subject = N_("this scenario")  # what has the problems

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(self._text())

    def __reduce__(self) -> tuple[type["ScenarioError"], tuple[list[Problem]]]:
        return type(self), (self.problems,)

    def _text(self) -> str:
        shown = [str(problem) for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            shown.append(_("… and {n} more").format(n=len(self.problems) - _SHOWN))
        if len(self.problems) > 1:
            shown.insert(0, _("{n} errors in {of}").format(n=len(self.problems), of=_(self.subject)))
        return "\n".join(shown)


def scenario_error(message: str, mark: Mark | None = None, hint: str = "") -> ScenarioError:
    """An error with one problem."""
    return ScenarioError([Problem(message, mark, hint)])


def _location(mark: Mark | None) -> str:
    if mark is None or not mark.source.name:
        return ""
    if mark.source.is_file and mark.source.lines:
        return f"{mark.source.name}:{mark.line + 1}:{mark.column + 1}: "
    return f"{mark.source.name}: "


def _printable(text: str) -> str:
    """One line without control characters, so that a file cannot control the terminal."""
    return "".join(" " if c == "\t" else c if c.isprintable() else "?" for c in text)


def _excerpt(mark: Mark) -> str:
    """The line with carets under the marked characters; a long line is cut around them."""
    line = _printable(mark.source.lines[mark.line])
    column = min(mark.column, len(line))
    start = max(0, column - _WIDTH // 2) if len(line) > _WIDTH else 0
    shown = line[start : start + _WIDTH]
    marked = shown[column - start : column - start + max(1, mark.length)]
    number = f"{mark.line + 1:>5} | " if mark.source.is_file else "    | "
    pad = " " * (len(number) - 2) + "| " + " " * columns(shown[: column - start])
    return f"{number}{shown}\n{pad}{'^' * max(1, columns(marked))}"
