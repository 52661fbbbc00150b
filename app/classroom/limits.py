"""All limits of the class page, which bound what one visitor can use."""

MAX_PEOPLE = 2_000  # in a community; can still be drawn more than 5 times a second
MAX_DAYS = 730  # two years
MAX_SESSIONS = 40  # browsers at once; a class and its teacher
MAX_CONNECTIONS = 400  # open at once, pages that are loading included; a browser opens about six
HEADER_SECONDS = 10.0  # in which a request's header must arrive, and as long again its body
MAX_MESSAGE_BYTES = 65_536  # per message; the largest that the page sends has about 300
MESSAGES_PER_SECOND = 60.0  # of one browser, sustained; the page sends about 12
MESSAGE_BURST = 240  # of one browser, in a burst
STARTS_PER_SECOND = 2.0  # runs that one visitor may start, sustained
START_BURST = 6  # in a burst
STEP_SECONDS = 0.08  # computing time of one visitor before the next one gets a turn
MAX_DAYS_PER_UPDATE = 14  # at the fastest pace
MAX_JOURNAL_ROWS = 2_000_000  # of a community's journal: 32 MB
