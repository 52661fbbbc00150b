"""The options about a log's file, the same for all commands that read one."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from shequn.app.output import note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.logs.activity import Activity
    from shequn.experiments.logs.log import Log
    from shequn.experiments.logs.reading import Layout

_MOST_ROWS = 1_000_000_000


class LogOption(NamedTuple):
    """An option about a log's file."""

    name: str
    metavar: str
    help: str

    @property
    def key(self) -> str:
        """Its name as a parameter."""
        return self.name.removeprefix("--").replace("-", "_")


#: For every command.
READING = (
    LogOption("--format", "NAME", "Format of an export, such as telegram, or table; default: recognised."),
    LogOption("--person", "COLUMN", "Column of who did it."),
    LogOption("--time", "COLUMN", "Column of when; two columns as DATE+TIME."),
    LogOption("--kind", "COLUMN", "Column of what kind of event a row is."),
    LogOption("--count", "KIND,...", "Kinds of rows that count, with commas between; default: all."),
    LogOption("--id", "COLUMN", "Column of the event's own number, for replies and repetitions."),
    LogOption("--columns", "NAME,...", "Names of the columns of a file without a header."),
    LogOption("--delimiter", "SIGN", "What stands between columns: comma, tab, semicolon, pipe, space, …"),
    LogOption("--encoding", "NAME", "Encoding of a text file; default: UTF-8, else GB18030."),
    LogOption("--tz", "ZONE", "Time zone of times written without one, such as Asia/Shanghai."),
    LogOption(
        "--time-format",
        "FORMAT",
        "How times are written, such as '%d/%m/%Y %H:%M'; or unix, unix-ms, unix-us, unix-ns, excel.",
    ),
    LogOption("--skip-bad", "N", "Leave out up to N rows that cannot be read, and list them; default: 0."),
    LogOption(
        "--keep",
        "KIND,...",
        "Keep what is left out or refused otherwise: deleted, bots, notices, repeats, rounded.",
    ),
    LogOption("--leave-out", "FILE", "People to leave out (bots), a name a line."),
    LogOption("--inviters", "FILE", "Table of who was invited by whom."),
    LogOption("--sheet", "NAME", "Sheet of an Excel file; default: the first."),
)
#: For `describe` beside these.
MEASURING = (
    LogOption("--reply-to", "COLUMN", "Column of the event that is answered."),
    LogOption("--quality", "COLUMN", "Column of a rating of the event, for invitations and who leaves."),
)


def reading_options(command: Any) -> Any:
    """Add the options about the file of one log to a click command."""
    for option in reversed(READING):
        command = click.option(option.name, metavar=option.metavar, help=option.help)(command)
    return command


def read(path: Path, given: dict[str, Any]) -> "Log":
    """A log or a run; what is wrong with it becomes a message."""
    from shequn.experiments.logs.exports.opening import is_slack_folder
    from shequn.experiments.logs.log import LogError
    from shequn.experiments.logs.reading import read_log
    from shequn.experiments.logs.runs import is_journal, read_run

    try:
        with show_user_errors():
            if path.is_dir() and not is_slack_folder(path):
                from shequn.app.finished_runs import finished_run

                return read_run(finished_run(path))
            return read_run(path) if is_journal(path) else read_log(path, layout_of(given))
    except LogError as error:
        raise UserError(str(error)) from None
    except MemoryError:
        raise UserError(_("{path}: there is not enough memory to read it").format(path=path)) from None


def understand(path: Path, settings: dict[str, Any]) -> "tuple[Log, Activity]":
    """Read the log of a command with `reading_options`, and print what was understood.

    Raises
    ------
    UserError
        It cannot be read.
    """
    from shequn.app.answers.logs import understood
    from shequn.experiments.logs.activity import Activity

    log = read(path, {option.key: settings[option.key] for option in READING})
    for remark in log.notes:
        note(f"{log.title}: {remark}")
    activity = Activity.of(log.person, log.time, log.end)
    click.echo(f"{log.title}: {understood(log, activity)}")
    return log, activity


def layout_of(given: dict[str, Any]) -> "Layout":
    """How a log is to be read, from the options by their keys; what is missing there is not given.

    Raises
    ------
    UserError
        An option is empty, or --skip-bad is no number.
    """
    from shequn.experiments.logs.reading import Layout

    for option in (*READING, *MEASURING):
        text = given.get(option.key)
        if text is not None and not (_listed(text) if option.metavar.endswith(",...") else text):
            raise UserError(
                _("{option} {text!r}: nothing is named; leave the option out, or name something").format(
                    option=option.name, text=text
                )
            )
    names = ("person", "time", "kind", "id", "reply_to", "quality")
    return Layout(
        columns={name: given.get(name) for name in names},
        zone=given.get("tz"),
        time_format=given.get("time_format"),
        count=_listed(given.get("count")),
        leave_out=Path(given["leave_out"]) if given.get("leave_out") else None,
        inviters=Path(given["inviters"]) if given.get("inviters") else None,
        sheet=given.get("sheet"),
        format=given.get("format"),
        delimiter=given.get("delimiter"),
        encoding=given.get("encoding"),
        names=_listed(given.get("columns")) or None,
        skip_bad=_number(given.get("skip_bad")),
        keep=frozenset(_listed(given.get("keep"))),
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _number(text: str | None) -> int:
    if text is None:
        return 0
    if not text.isascii() or not text.isdigit() or int(text) > _MOST_ROWS:
        raise UserError(_("--skip-bad {text}: a whole number of rows from 0 is needed").format(text=text))
    return int(text)
