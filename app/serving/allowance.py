"""A rate limit for one browser, with bursts (token bucket)."""

import time


class Allowance:
    """A token bucket.

    Parameters
    ----------
    per_second : float
        Sustained rate.
    burst : float
        Largest burst.
    """

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second, self._burst = per_second, burst
        self._tokens, self._updated_at = burst, time.monotonic()

    def take(self, amount: float = 1.0) -> bool:
        """Take an amount if that much is left; return whether it was."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._updated_at) * self._per_second)
        self._updated_at = now
        if self._tokens < amount:
            return False
        self._tokens -= amount
        return True
