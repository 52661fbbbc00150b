"""Interrupts (Ctrl-C): the exit code of an interrupted command, and how no interrupt is lost.

Python raises KeyboardInterrupt wherever it happens to be. In a callback of the interpreter itself (of a weak
reference or a module's lock) the exception is printed and dropped, and the command would continue. An
interrupt is therefore remembered, and raised again at the next step of progress.
"""

import signal
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130  # exit code: 128 + SIGINT, as in shells

_interrupted = False


def _remember(number: int, frame: FrameType | None) -> NoReturn:
    global _interrupted
    _interrupted = True
    raise KeyboardInterrupt


def remember_interrupts() -> None:
    """Remember interrupts from now on, unless the process ignores or handles them already."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _remember)


def raise_interrupt() -> None:
    """Raise a remembered interrupt again, in case it was dropped.

    Raises
    ------
    KeyboardInterrupt
        There was an interrupt.
    """
    if _interrupted:
        raise KeyboardInterrupt
