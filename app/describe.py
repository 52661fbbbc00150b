"""The command `describe`: activity logs and runs, measured by the same statistics."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.log_options import MEASURING, READING, read
from shequn.app.output import check_out, note
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.extras import require
from shequn.sim.language import _

if TYPE_CHECKING:
    from shequn.experiments.logs.description import Description

_TEXT, _FIGURE, _CSV = "description.txt", "figure.png", "statistics.csv"
_MOST_LOGS = 7  # colours of the figures
_NONE = "-"  # stands for "not given" where an option is given for each log


def _for_each(name: str, metavar: str, text: str, **more: Any) -> Callable[[Any], Any]:
    """An option given once for all logs, or once for each in their order."""
    return click.option(name, metavar=metavar, multiple=True, help=text, **more)


def _reading_options(command: Any) -> Any:
    """Add the options about a log's file."""
    for option in reversed((*READING, *MEASURING)):
        command = _for_each(option.name, option.metavar, option.help)(command)
    return command


@click.command()
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_reading_options
@_for_each("--silence", "DAYS", "Days without an event that mean somebody has left; default: 180.", type=str)
@click.option(
    "--kind-of",
    type=click.Choice(["all", "chat", "forum", "list"]),
    default="all",
    show_default=True,
    help="Real communities to show beside: of which kind.",
)
@click.option(
    "--out", metavar="FOLDER", type=click.Path(path_type=Path), help="Write the table and the figures there."
)
@click.option("--csv", is_flag=True, help="Write the numbers as CSV too (needs --out).")
def describe(logs: tuple[Path, ...], kind_of: str, out: Path | None, csv: bool, **asked: Any) -> None:
    """Measure activity logs: who stays, who writes, who leaves; real ones and runs side by side.

    LOG is a table of events (CSV, TSV, Excel, Parquet; one row for each message, post or other deed), an export
    of WeChat, QQ, WhatsApp, Telegram, Discord, Slack, Discourse, Zulip or a mailing list (mbox), or a run's
    folder. Columns are recognised by their usual names. Names become numbers when read.

    An option about columns or files is for every LOG when given once; given several times, the
    first is for the first LOG and so on ("-" for none). Runs need none.
    """
    require("describe")
    if csv and out is None:
        raise UserError(_("--csv says to write the numbers as CSV too: say where with --out FOLDER"))
    if out is not None:
        check_out(out, (_TEXT, _FIGURE, _CSV))
    if len(logs) > _MOST_LOGS:
        raise UserError(
            _("{n} logs: at most {most_logs} fit side by side").format(n=len(logs), most_logs=_MOST_LOGS)
        )
    given = [_given(asked, number, len(logs)) for number in range(len(logs))]
    silences = [_silence(one.pop("silence")) for one in given]

    from shequn.app.answers.log_words import in_words
    from shequn.app.answers.logs import KINDS, table, understood
    from shequn.experiments.logs.description import Description

    described = []
    for path, layout, silence in zip(logs, given, silences, strict=True):
        log = read(path, layout)
        for remark in log.notes:
            note(f"{log.title}: {remark}")
        described.append(Description(log, silence))
    described = _with_distinct_titles(described, logs)
    real = _("the real communities") if kind_of == "all" else _("real {kind}").format(kind=_(KINDS[kind_of]))
    text = "\n".join(
        [
            *(
                _("{title}: {size}; left after {silence} days of silence").format(
                    title=one.log.title, size=understood(one.log, one.activity), silence=one.silence
                )
                for one in described
            ),
            "",
            table(described, kind_of),
            "",
            _("real: lowest to highest of {real}, or a published value; < below, > above them.").format(
                real=real
            ),
            _("n: people that a value is over."),
            "",
            *(in_words(one, kind_of) for one in described),
        ]
    )
    click.echo(text)
    if out is not None:
        with show_user_errors():
            _write(out, text, described, kind_of, csv)
        click.echo(
            "\n"
            + _("Wrote {files} in {out}").format(files=", ".join([_TEXT, _FIGURE] + [_CSV] * csv), out=out),
            err=True,
        )


def _given(asked: dict[str, tuple[str, ...]], number: int, logs: int) -> dict[str, Any]:
    """The options of one log."""
    found: dict[str, Any] = {}
    for name, values in asked.items():
        if len(values) not in (0, 1, logs):
            option = "--" + name.replace("_", "-")
            raise UserError(
                _("{option} is given {n} times for {logs} logs; give it once, or once for each").format(
                    option=option, n=len(values), logs=logs
                )
            )
        value = None if not values else values[0] if len(values) == 1 else values[number]
        found[name] = None if value == _NONE else value
    return found


def _silence(text: str | None) -> int:
    from shequn.experiments.logs.statistics import SILENCE

    if text is None:
        return SILENCE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 36_500:
        raise UserError(
            _("--silence {text}: a whole number of days from 1 to 36500 is needed").format(text=text)
        )
    return int(text)


def _with_distinct_titles(described: "Sequence[Description]", logs: Sequence[Path]) -> "list[Description]":
    """The logs under titles that differ."""
    import dataclasses

    titles = [one.log.title for one in described]
    found = []
    for number, one in enumerate(described):
        same = titles[:number].count(one.log.title)
        title = f"{one.log.title} ({same + 1})" if same else one.log.title
        found.append(dataclasses.replace(one, log=dataclasses.replace(one.log, title=title)))
    return found


def _write(out: Path, text: str, described: "Sequence[Description]", kind: str, csv: bool) -> None:
    """Write each file aside and rename it, all at the end."""
    from shequn.app.figures.logs import write_figure
    from shequn.experiments.logs.description import frame, statistics_table

    out.mkdir(parents=True, exist_ok=True)
    aside = {name: out / f".{name}.part" for name in [_TEXT, _FIGURE] + [_CSV] * csv}
    try:
        aside[_TEXT].write_text(text + "\n", encoding="utf-8", newline="\n")
        for remark in write_figure(aside[_FIGURE], described):
            note(remark)
        if csv:
            table = statistics_table([one.log.title for one in described])
            table.to_csv(frame(described, kind), aside[_CSV])
        for name, path in aside.items():
            path.replace(out / name)
    finally:
        for path in aside.values():
            path.unlink(missing_ok=True)
