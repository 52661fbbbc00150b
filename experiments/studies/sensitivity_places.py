"""The places in which coefficients are changed: small communities in which each can have an effect.

Each coefficient is first changed in the usual place of its group. If it has no clear effect there, it is changed again
in a place where its effect should be largest, for example where people care for little else. A place in which a
coefficient plays no part would show nothing about it.
"""

from pathlib import Path
from typing import Any, NamedTuple

from shequn.sim.scenario import Scenario

LIVELY_FILE = str(Path(__file__).with_name("lively.yaml"))


class Place(NamedTuple):
    """A scenario with changed settings, and its number of replicates."""

    name: str
    scenario: str
    variant: str | None = None
    settings: tuple[tuple[str, Any], ...] = ()
    replicates: int = 64

    def with_(self, rules: dict[str, float]) -> Scenario:
        """The scenario, with some coefficients changed as well."""
        overrides = dict(self.settings) | {f"rules.{key}": value for key, value in rules.items()}
        return Scenario.load(self.scenario, variant=self.variant, overrides=overrides)


def _lively(name: str, replicates: int = 64, /, **settings: Any) -> Place:
    changed = tuple((key.replace("__", "."), value) for key, value in settings.items())
    return Place(f"lively, {name}", LIVELY_FILE, None, changed, replicates)


def _small(name: str, scenario: str, variant: str | None = None, /, **settings: Any) -> Place:
    """A shipped scenario with 600 people, for 180 days."""
    small: dict[str, Any] = {"population.people": 600, "days": 180}
    small |= {key.replace("__", "."): value for key, value in settings.items()}
    return Place(name, scenario, variant, tuple(small.items()))


LIVELY = Place("lively", LIVELY_FILE)
FORUM = _small("forum", "forum", population__people=400, days=400, community__strangers_per_day=1)
CITY = _small("city-hobby", "city-hobby")
GATED = _small("gated-group", "gated-group")
CHAIN = _small("invitation-chain", "invitation-chain", days=120)
#: A campaign with both rewards during the whole run.
REWARDED = _small(
    "rewarded chain",
    "invitation-chain",
    days=120,
    operations__campaign={"day": 0, "days": 120, "reminders": 0, "pay_inviter": 5, "pay_invited": 5},
)
EVENTS = _small("flash-event:monthly", "flash-event", "monthly", population__founders=60)
OPEN = _small("open-group", "open-group")
DEMANDING = _small("open-group:demanding", "open-group", "demanding")
SILENT = _small(
    "silent start", "cold-start", days=120, population__talkativeness__mean=0.03, population__pace__mean=1
)
#: A shock twelve times the default's.
SHOCKED = _small("demanding, shock .6", "open-group", "demanding", rules__perception__shock=0.6)
HALL = _small("large-hall", "large-hall", days=90, population__founders=200)
CLOCK = _small("open-group, clock", "open-group", rules__leaving__mode="clock")
STAY = _small("open-group, stay", "open-group", rules__leaving__mode="stay")

#: Points for posts, at once and after a month; a course that is sold; a camp with homework.
POINTS = _small("points", "points")
LATE_POINTS = _small("points:after-a-month", "points", "after-a-month")
SELLING = _small("premium", "premium", population__people=1500)
#: The course is sold to everybody, most of whom do not know the seller, at two thirds of what it is worth.
SOLD_TO_STRANGERS = _small(
    "premium:at-once, worth 150", "premium", "at-once", population__people=1500, offers__course__worth=150
)
CAMP = Place("training-camp", "training-camp", replicates=32)

#: Communities whose people care for little besides one driver, and one whose members also expect much of others.
BENEFIT_FIRST = _lively("benefit first", population__drivers__benefit=2)
TIES_FIRST = _lively("relationship first", population__drivers__relationship=3)
LEVEL_FIRST = _small("demanding, interest first", "open-group", "demanding", population__drivers__interest=4)
#: Nobody knows anybody, so all ties are made during the run; one place has a cap on ties that binds. The effect of
#: slow fading shows in many runs only.
_STRANGERS = {
    "population__drivers__relationship": 3,
    "population__graph": {"generator": "empty_graph"},
    "days": 240,
}
STRANGERS = _lively("among strangers", 768, **_STRANGERS)
CAPPED = _lively("among strangers, 10 ties", 192, **_STRANGERS, rules__relationship__max_ties=10)
#: Everybody comes back to read answers, and nearly everybody answers.
CALLED_BACK = _lively("all called back", rules__visiting__recall=1, rules__posting__answer_back=0.9)
#: People care for recognition, and read popular posts first: both depend on reactions.
APPLAUSE = _lively("honor first, hot", 768, population__drivers__honor=4, community__order="hot")
#: The shipped chat of three years, in which habits have time to matter.
CHAT = Place("chat", "chat", replicates=32)

#: Members who write little and care for gains, some of whom advertise; a host takes down what others report.
SILENT = _lively(
    "silent, benefit first",
    population__drivers__benefit=2,
    population__talkativeness__mean=0.05,
    rules__advertising__rate=0.5,
    staff={"host": {"minutes": 60}},
    duties={"order": {"job": "host", "do": "moderate", "minutes": 1}},
)
#: Who has never written rarely dares; a message to everybody every other day, beside one a day from other groups.
SHY = _lively("shy", rules__daring__alone=0.3)
MESSAGES = _lively(
    "messages",
    operations__push={"do": "push", "every": 2, "who": "random", "share": 1},
    rules__attention__others=1,
)
#: Habits that go by the hour, and a need that fades and is renewed by buying.
BY_THE_HOUR = Place("chat, by the hour", "chat", None, (("rules.visiting.regular", 0.5),), 32)
RENEWED = _small(
    "premium, renewed",
    "premium",
    population__people=1500,
    rules__buying__renewal=0.5,
    rules__visiting__need_half_life=60,
)

#: The usual place of a group; the lively group for all others.
USUAL = {
    "visiting": FORUM,
    "locality": CITY,
    "event": EVENTS,
    "earning": POINTS,
    "buying": SELLING,
    "task": CAMP,
    "advertising": SILENT,
    "daring": SHY,
    "attention": MESSAGES,
}
#: Coefficients whose effect is known to need a certain place.
KNOWN = {
    "joining.binding": GATED,
    "joining.commitment_half_life": GATED,
    "joining.reputation": OPEN,
    "inviting.gate_cost": GATED,
    "inviting.reward": REWARDED,
    "inviting.asker_reward": REWARDED,
    "earning.patience": LATE_POINTS,
    "interest.discernment": LEVEL_FIRST,
    "interest.expectation": SILENT,
    "interest.expectation_days": SILENT,
    "relationship.growth": TIES_FIRST,
    "relationship.strangers_cost": TIES_FIRST,
    "relationship.half_life": STRANGERS,
    "relationship.max_ties": CAPPED,
    "leaving.hazard": CLOCK,
    "leaving.hazard_quality": CLOCK,
    "leaving.stay_days": STAY,
    "perception.exact": DEMANDING,
    "perception.shock": SHOCKED,
    "satisfaction.stock_half_life": BENEFIT_FIRST,
    "posting.pause": CHAT,
    "posting.reaction": APPLAUSE,
    "visiting.habit": CHAT,
    "visiting.habit_growth": CHAT,
    "visiting.habit_half_life": CHAT,
    "visiting.recall_delay": CALLED_BACK,
    "visiting.regular": BY_THE_HOUR,
    "visiting.hours_update": BY_THE_HOUR,
    "buying.renewal": RENEWED,
}
#: The second place of a group, for coefficients without a clear effect in the usual place.
SECOND = {
    "interest": LEVEL_FIRST,
    "benefit": BENEFIT_FIRST,
    "relationship": TIES_FIRST,
    "perception": DEMANDING,
    "leaving": DEMANDING,
    "posting": FORUM,
    "satisfaction": HALL,
    "visiting": LIVELY,
    "inviting": CHAIN,
    "joining": OPEN,
    "buying": SOLD_TO_STRANGERS,
}


def usual(name: str) -> Place:
    """The place in which a coefficient is changed first."""
    return KNOWN.get(name) or USUAL.get(name.partition(".")[0]) or LIVELY


def second(name: str) -> Place | None:
    """The place in which it is changed again if it had no clear effect; None if there is no better place."""
    place = SECOND.get(name.partition(".")[0])
    return None if name in KNOWN or place == usual(name) else place
