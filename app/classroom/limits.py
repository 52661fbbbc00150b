"""All limits of the class page, which bound what one visitor can use."""

from shequn.app.serving.limits import Limits

# 5,000 people take 2.5 ms a day, and drawing them once a second is far below what a browser can do
MAX_PEOPLE = 5_000  # in a community
MAX_BROUGHT = (
    20_000  # whom operations bring in a run; with MAX_PEOPLE below 32,768, for 16 bits in the journal's copy
)
MAX_DAYS = 1_095  # three years
MAX_SESSIONS = 40  # browsers at once; a class and its teacher
HEADER_SECONDS = 10.0  # in which a request must arrive
MAX_MESSAGE_BYTES = 65_536  # per message; the largest that the page sends has about 300
STARTS_PER_SECOND = 2.0  # runs that one visitor may start, sustained
START_BURST = 6  # in a burst
STEP_SECONDS = 0.08  # computing time of one visitor before the next one gets a turn
MAX_DAYS_PER_UPDATE = 28  # at the fastest pace
MAX_JOURNAL_ROWS = 2_000_000  # of a community's journal: 32 MB
PAIRS = 10  # of runs, behind the button that asks what comes back
MAX_WORKERS = 4  # processes for these, and at most one fewer than there are processors
MAX_SERIES = 12  # visitors who wait for their ten pairs at once
SERIES_PER_SECOND = 0.2  # series of ten pairs that one visitor may start, sustained
SERIES_BURST = 3  # in a burst
PAIR_SECONDS = 60.0  # after which a pair is given up
SERVER = Limits(
    sessions=MAX_SESSIONS,
    connections=400,
    header_seconds=HEADER_SECONDS,
    message_bytes=MAX_MESSAGE_BYTES,
    messages_per_second=60.0,  # the page sends about 12
    message_burst=240,
)
