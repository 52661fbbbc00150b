"""Interrupts (Ctrl-C): what an interrupted command returns, and that none is lost.

Python raises KeyboardInterrupt wherever it happens to be. In a callback of the interpreter itself (of
a weak reference, of a module's lock) the exception is printed and forgotten, and the command would run on.
So an interrupt is remembered, and raised again at the next step of progress.
"""

import signal
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130  # 128 + SIGINT, as shells count

_interrupted = False


def _remember(number: int, frame: FrameType | None) -> NoReturn:
    global _interrupted
    _interrupted = True
    raise KeyboardInterrupt


def remember_interrupts() -> None:
    """From now on remember interrupts, unless the process is to ignore them."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _remember)


def raise_interrupt() -> None:
    """Raise an interrupt that was swallowed.

    Raises
    ------
    KeyboardInterrupt
        There was one.
    """
    if _interrupted:
        raise KeyboardInterrupt
