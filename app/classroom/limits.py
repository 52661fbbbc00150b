"""What one visitor may have: every limit of the class page in one place."""

MOST_PEOPLE = 2_000  # of a community; drawn at more than 5 updates a second
MOST_DAYS = 730  # two years
MOST_SESSIONS = 40  # browsers at once; a class and its teacher
MESSAGE_BYTES = 65_536  # of one message; the largest that the page itself sends has some 300
MESSAGES_PER_SECOND = 60.0  # of one browser, lasting; the page itself sends about 12
MESSAGES_AT_ONCE = 240  # of one browser, in a burst
STARTS_PER_SECOND = 2.0  # worlds that one visitor may have built, lasting
STARTS_AT_ONCE = 6
STEP_SECONDS = 0.08  # how long one visitor may keep the machine before another has a turn
DAYS_AN_UPDATE = 14  # the fastest playing
ROWS_KEPT = 2_000_000  # of a community's journal: 32 MB
