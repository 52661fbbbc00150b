"""Progress bars with rate and time left, on stderr; if that is no terminal, silent or a line now and then."""

import sys
import time
from types import TracebackType
from typing import Any, Self

import click

from shequn.app.interrupts import raise_interrupt
from shequn.sim.language import _


class _ProgressBar:
    """A progress bar of tqdm, closed at the end of its ``with`` block."""

    _bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()


class Bar(_ProgressBar):
    """A progress bar over the simulated days of all replicates.

    Parameters
    ----------
    runs, days : int
        Number of replicates, and the last day of each.
    first : int
        Day on which they begin.
    """

    def __init__(self, runs: int, days: int, first: int = 0) -> None:
        from tqdm import tqdm

        self._at: dict[int, int] = {}
        self._first = first
        self._bar = tqdm(
            total=runs * (days - first),
            unit=" " + _("days"),
            unit_scale=True,
            leave=False,
            file=sys.stderr,
            disable=None,
        )

    def __call__(self, run: int, day: float) -> None:
        """Show that replicate ``run`` has reached ``day``."""
        raise_interrupt()
        if self._bar.disable:
            return
        before = self._at.get(run, self._first)
        self._at[run] = max(int(day), before)
        self._bar.set_description_str(_("run {number}").format(number=max(self._at)), refresh=False)
        self._bar.update(self._at[run] - before)


class Runs(_ProgressBar):
    """A progress bar over runs, with the time left."""

    def begin(self, runs: int, finished: int) -> None:
        """Show the bar; a line before it says that ``finished`` of ``runs`` already exist."""
        from tqdm import tqdm

        if self._bar is not None:
            self._bar.close()
        elif finished:
            click.echo(
                _("Continuing after {n_finished} of {runs} runs.").format(n_finished=finished, runs=runs),
                err=True,
            )
        self._bar = tqdm(
            total=runs,
            initial=finished,
            unit=" " + _("runs"),
            leave=False,
            file=sys.stderr,
            disable=None,
            smoothing=0.05,
        )

    def __call__(self, finished: Any) -> None:
        """Show that one more run is finished."""
        raise_interrupt()
        if self._bar is not None:
            self._bar.update()


class Trials(_ProgressBar):
    """A progress bar over the trials of a fit, or over runs; where stderr is no terminal, a line for each tenth.

    Parameters
    ----------
    trials : int
        Number of trials.
    """

    def __init__(self, trials: int) -> None:
        from tqdm import tqdm

        self._bar = tqdm(total=trials, unit=" " + _("trials"), leave=False, file=sys.stderr, disable=None)
        self._trials, self._finished, self._begin = trials, 0, time.monotonic()

    def __call__(self, n: int) -> None:
        """Show that ``n`` more trials are finished."""
        raise_interrupt()
        self._bar.update(n)
        before, self._finished = self._finished, self._finished + n
        if self._bar.disable and 10 * before // self._trials < 10 * self._finished // self._trials:
            minutes = (time.monotonic() - self._begin) / 60
            words = _("{finished:,} of {trials:,} runs after {minutes:.1f} min")
            click.echo(words.format(finished=self._finished, trials=self._trials, minutes=minutes), err=True)
