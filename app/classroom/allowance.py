"""A rate limit for one browser, with bursts (token bucket)."""

import time


class Allowance:
    """A token bucket.

    Parameters
    ----------
    per_second : float
        Sustained rate.
    at_once : float
        Largest burst.
    """

    def __init__(self, per_second: float, at_once: float) -> None:
        self._per_second, self._most = per_second, at_once
        self._left, self._as_of = at_once, time.monotonic()

    def take(self, amount: float = 1.0) -> bool:
        """Take an amount if that much is left; return whether it was."""
        now = time.monotonic()
        self._left = min(self._most, self._left + (now - self._as_of) * self._per_second)
        self._as_of = now
        if self._left < amount:
            return False
        self._left -= amount
        return True
