"""How much of something one browser may have: so much at once, so much in the long run."""

import time


class Allowance:
    """So many at once, and so many a second in the long run.

    Parameters
    ----------
    per_second, at_once : float
    """

    def __init__(self, per_second: float, at_once: float) -> None:
        self._per_second, self._most = per_second, at_once
        self._left, self._as_of = at_once, time.monotonic()

    def take(self, amount: float = 1.0) -> bool:
        """Take one, if there is one left."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._as_of) * self._per_second)
        self._as_of = now
        if self._left < amount:
            return False
        self._left -= amount
        return True
