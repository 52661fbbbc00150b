"""All limits of the class page, which bound what one visitor can use."""

from shequn.app.serving.limits import Limits

MAX_PEOPLE = 2_000  # in a community; can still be drawn more than 5 times a second
MAX_DAYS = 730  # two years
MAX_SESSIONS = 40  # browsers at once; a class and its teacher
HEADER_SECONDS = 10.0  # in which a request must arrive
MAX_MESSAGE_BYTES = 65_536  # per message; the largest that the page sends has about 300
STARTS_PER_SECOND = 2.0  # runs that one visitor may start, sustained
START_BURST = 6  # in a burst
STEP_SECONDS = 0.08  # computing time of one visitor before the next one gets a turn
MAX_DAYS_PER_UPDATE = 14  # at the fastest pace
MAX_JOURNAL_ROWS = 2_000_000  # of a community's journal: 32 MB
SERVER = Limits(
    sessions=MAX_SESSIONS,
    connections=400,
    header_seconds=HEADER_SECONDS,
    message_bytes=MAX_MESSAGE_BYTES,
    messages_per_second=60.0,  # the page sends about 12
    message_burst=240,
)
