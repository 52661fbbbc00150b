"""Interrupts (Ctrl-C, SIGTERM, SIGHUP): the exit code of an interrupted command, and how no interrupt is lost.

Python raises KeyboardInterrupt wherever it happens to be. In a callback of the interpreter itself (of a weak
reference or a module's lock) the exception is printed and dropped, and the command would continue. An
interrupt is therefore remembered, and raised again at the next step of progress.
"""

import signal
from types import FrameType
from typing import NoReturn

#: Signals that end a command as Ctrl-C does: it says how to continue. Windows has no SIGHUP.
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

_interrupted = 0  # the signal


def _remember(number: int, frame: FrameType | None) -> NoReturn:
    global _interrupted
    _interrupted = number
    raise KeyboardInterrupt


def remember_interrupts() -> None:
    """Remember interrupts from now on, unless the process ignores or handles them already."""
    for number in _SIGNALS:
        if signal.getsignal(number) in (signal.default_int_handler, signal.SIG_DFL):
            signal.signal(number, _remember)


def exit_code() -> int:
    """Exit code of an interrupted command: 128 + the signal, as in shells."""
    return 128 + (_interrupted or signal.SIGINT)


def raise_interrupt() -> None:
    """Raise a remembered interrupt again, in case it was dropped.

    Raises
    ------
    KeyboardInterrupt
        There was an interrupt.
    """
    if _interrupted:
        raise KeyboardInterrupt
