"""What the studio allows its browsers."""

from shequn.app.serving.limits import Limits
from shequn.sim.scenario.reading import MAX_BYTES

MAX_PAIRS = 2_000  # of a comparison
ASSUMED_PAIRS = 3  # for each assumed number, as `shequn compare --assumed`
MAX_VERSIONS = 100  # of a text that can be undone
SERVER = Limits(
    sessions=8,
    connections=100,
    header_seconds=10.0,
    message_bytes=4 * MAX_BYTES,  # a text of that many characters
    messages_per_second=40.0,  # one for each pause in typing
    message_burst=160,
)
