"""What the server of a page allows its browsers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of a server.

    Attributes
    ----------
    sessions : int
        Browsers at once.
    connections : int
        Open connections at once, pages that are loading included; a browser opens about six.
    header_seconds : float
        Time in which a request's header must arrive, and as long again its body.
    message_bytes : int
        Size of one message of a browser.
    messages_per_second, message_burst : float
        Messages of one browser: sustained, and in a burst.
    """

    sessions: int
    connections: int
    header_seconds: float
    message_bytes: int
    messages_per_second: float
    message_burst: float
