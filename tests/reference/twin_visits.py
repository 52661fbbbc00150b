"""A visit of the twin's people: read, update satisfaction, perhaps write; and when to visit next."""

import math
from array import array
from typing import Any, NamedTuple

from shequn.agents import benefit, honor, joining, leaving, perception, posting, satisfaction, visiting
from shequn.agents.advertising import advertising_probability, report_probability
from shequn.agents.attention import follow_probability
from shequn.agents.curves import clamp, exponential_wait, halving
from shequn.agents.daring import daring, likeness
from shequn.agents.drivers import Driver, signal
from shequn.agents.event import fading
from shequn.agents.interest import own_standard, topic_match, worth
from shequn.agents.observation import Observation
from shequn.agents.posting import reaction_probability
from shequn.agents.task import expected_answers, task_probability
from shequn.agents.task import worth as worth_of_task
from shequn.sim.kernel.chance import Purpose, exponential, pair, uniform
from shequn.sim.kernel.moderation import ADVERTISEMENT
from shequn.sim.kernel.reasons import USUAL_UPDATE
from shequn.sim.kernel.state import Act, EventKind, JournalKind, Occasion, PostKind, Reason, State
from tests.reference.twin_records import Post, add, single

# looked up once: looking up a member of an enum takes as long as calling a rule
DRIVERS = tuple(Driver)
POST, REACT, REPLY, LEAVE, STAY, ANSWER_BACK = (
    Purpose.POST, Purpose.REACT, Purpose.REPLY, Purpose.LEAVE, Purpose.VISIT, Purpose.ANSWER_BACK,
)  # fmt: skip
VISIT, VISITED = EventKind.VISIT, JournalKind.VISIT


class Reading(NamedTuple):
    """The outcome of reading at a visit."""

    n_read: int
    enjoyment: float
    usefulness: float
    quality: float
    strangers: int  # posts read by people without a tie to the reader
    answer: Post | None  # the post to answer, if any
    to_me: Post | None  # the newest post that answers the reader
    models: float  # likeness of those who were answered in what was read


class Visitor:
    """A person's visits."""

    def visit(self) -> None:
        """Read, update satisfaction, perhaps write; then stay, lapse or leave."""
        model, p = self.model, self.model.p
        absent = model.now - self.last_visit_at
        self.begin_visit(absent)
        posts, unread = self.choose_posts()
        reading = self.read(posts)
        self.use_what_lasts()
        model.market.note(Act.VISIT, self)
        reading = self.do_tasks(reading)
        observation = self.perceive(reading, unread)
        signals = [signal(driver, observation, p) for driver in DRIVERS]
        crowding = satisfaction.crowding(observation, p)
        new_satisfaction = self.update_satisfaction(signals, crowding)
        model.write(VISITED, self, None, self.room, len(posts), new_satisfaction)
        standing = honor.standing(observation.recognition, observation.recognition_of_others)
        self.maybe_write(standing, reading)
        self.perhaps_write_for_pay(2 * self.n_visits)
        self.perhaps_advertise(signals[Driver.BENEFIT], len(posts))
        self.n_visits += 1
        need = visiting.need_left(self.need, absent, p)
        renewed = p["event_renewal"] * self.drivers[Driver.EVENT] * clamp(observation.event_intensity)
        self.need = need + renewed * (1.0 - need)
        self.habit = visiting.habit_after_visit(self.habit, absent, self.keep_hours(), p)
        self.commitment = joining.commitment_left(self.commitment, absent, p)
        closed = 1.0 - halving(absent, p["benefit_aspiration_half_life"])
        self.aspiration += closed * (self.gains - self.aspiration)
        below = self.below_standard()
        if p["leaving_mode"] == leaving.VISIT and self.wants_to_leave(observation, below, absent):
            u = self.uniform(Purpose.LAPSE, self.n_visits)
            if u >= p["leaving_lapse"]:
                self.leave(self.departure_reason([*signals, below, crowding]))
                return
            self.lapse(leaving.absence(u / p["leaving_lapse"], p))
        else:
            self.plan_visit()
        self.update_invitation()
        if reminders := model.operator.reminders:
            self.be_reminded(reminders * p["inviting_reminder"])
        self.update_usual([*signals, below, crowding])
        self.look_at_offers()

    def keep_hours(self) -> float:
        """How near this visit is to the usual hour, which moves towards it."""
        share = self.model.p["visiting_regular"]
        if share <= 0.0:
            return 1.0
        angle = 2.0 * math.pi * (self.model.now - math.floor(self.model.now))
        now = math.cos(angle), math.sin(angle)
        near = 0.5 * (1.0 + self.hour[0] * now[0] + self.hour[1] * now[1])
        update = self.model.p["visiting_hours_update"]
        self.hour = (
            single(self.hour[0] + update * (now[0] - self.hour[0])),
            single(self.hour[1] + update * (now[1] - self.hour[1])),
        )
        return near

    def get_message(self, key: int, occurrence: int, offer: Any) -> None:
        """A message from the operator: perhaps come sooner."""
        p, now = self.model.p, self.model.now
        lately = self.messages * halving(now - self.messages_at, 7.0)
        chance = p["visiting_recall"]
        if offer is not None:
            chance += (1.0 - chance) * offer.chance(self)
        chance = follow_probability(chance, lately, p)
        self.messages, self.messages_at = single(lately + 1.0), now
        self.unread_messages += 1
        u = uniform(self.model.run_seed, Purpose.MESSAGE, pair(self.key, key), occurrence)
        self.come_earlier(u, chance)
        self.model.write(JournalKind.MESSAGE, self, None, None, self.unread_messages, chance)

    def begin_visit(self, absent: float) -> None:
        """Begin a visit: count this person as seen, end a lapse."""
        model, room = self.model, self.room
        assert room is not None
        self.fade_stocks()
        room.pond.fade(model.now, model.p)
        self.count_seen(int(self.last_visit_at), -1)
        self.last_visit_at = model.now
        self.count_seen(int(model.now), 1)
        if self.lapsed:
            self.lapsed = False
            self.add_presence(1.0)
            model.write(JournalKind.RETURN, self, None, room, 0, absent)
            model.staff.is_back(self)

    def count_seen(self, day: int, sign: int) -> None:
        """Add this person to those last seen on a day, or remove them (``sign`` -1)."""
        assert self.room is not None
        self.room.pond.count(day, sign, sign * self.recognition)
        self.model.count_seen(day, sign, self.quality)

    def choose_posts(self) -> tuple[list[Post], int]:
        """The posts to read: unread, in view, by others, here and in the rooms around, up to the attention."""
        model = self.model
        in_view: list[Post] = []
        unread = 0
        for room in self.room.path():
            if room.talks():
                news = len(room.posts) - self.known[room]
                shown = room.posts[: -min(news, model.shown) - 1 : -1] if news else []
                if self.n_read == 0:  # after a return, own posts of the earlier stay are not unread
                    news -= sum(post.author is self for post in shown)
                unread += news
                in_view += shown
                self.known[room] = len(room.posts)
        in_view.sort(key=lambda post: -post.serial)
        attention = max(0, int(model.p["perception_attention"] - model.operator.reminders))
        attention = max(0, attention - self.unread_messages)
        self.unread_messages = 0
        if len(in_view) > attention:
            in_view = self.ranked(in_view)
        chosen: list[Post] = []
        for post in in_view:
            if len(chosen) >= attention:
                break
            if post.kind == PostKind.TAKEN_DOWN:
                unread -= 1
            elif post.author is not self:
                chosen.append(post)
        self.n_read += len(chosen)
        return chosen, unread

    def ranked(self, posts: list[Post]) -> list[Post]:
        """Pinned posts, then the others by the room's order; ties by newest."""
        pinned = [post for post in posts if post is post.room.pinned]
        return pinned + self.in_order([post for post in posts if post is not post.room.pinned])

    def in_order(self, posts: list[Post]) -> list[Post]:
        """These posts by the room's order: newest, hot, on the reader's topic, by people followed; ties by newest."""
        match self.room.space.spec.order:
            case "hot":
                return sorted(posts, key=lambda post: -post.hot)
            case "followed":
                return sorted(posts, key=lambda post: post.author not in self.ties)
            case "official":
                return sorted(posts, key=lambda post: not post.is_of_staff())
            case "interest":
                p = self.model.p
                return sorted(posts, key=lambda post: -topic_match(self.topic, post.topic, p))
        return posts

    def read(self, posts: list[Post]) -> Reading:
        """Read posts, react to some, and choose the one to answer."""
        model, p, ties = self.model, self.model.p, self.ties
        seed, key, topic = model.run_seed, self.key, self.topic
        standard = own_standard(self.quality, p)
        enjoyment = usefulness = quality = models = 0.0
        strangers, answer, to_me, to_report, least = 0, None, None, None, math.inf
        for post in posts:
            author, own = post.author, post.own
            useful = worth(post.quality, standard, p)
            enjoyed = useful * topic_match(topic, post.topic, p)
            enjoyment += enjoyed
            usefulness += useful
            quality += post.quality
            strangers += author not in ties
            if post.kind == PostKind.ADVERTISEMENT and author.state == State.MEMBER:
                author.add_gains(p["advertising_gain"])
            if to_report is None and self.would_report(post, useful):
                to_report = post
            if post.answers is not None and post.answers is not self:
                models += likeness(self.quality, post.answers.quality, p)
            is_staff = author.state == State.STAFF
            if not is_staff and (author.room is None or post.room not in author.room.path()):
                continue
            both = pair(key, author.key)
            if uniform(seed, REACT, both, own) < reaction_probability(enjoyed, p):
                post.hot += 1.0
                if not is_staff:
                    author.recognise()
                self.interact(author, may_tie=False)
                model.write(JournalKind.REACTION, self, author, post.room, post.number, 0.0)
            if enjoyed > 0.0 and (race := exponential(seed, REPLY, both, own) / enjoyed) < least:
                answer, least = post, race
            if to_me is None and post.answers is self:
                to_me = post
        if to_report is not None:
            to_report.reported = True
            model.write(JournalKind.REPORT, self, to_report.author, to_report.room, to_report.number, 0.0)
            model.staff.give_to_moderators(Occasion.REPORT, to_report)
        return Reading(len(posts), enjoyment, usefulness, quality, strangers, answer, to_me, models)

    def would_report(self, post: Post, useful: float) -> bool:
        """Whether this person would report a post to moderators, if there are any."""
        is_advertisement = post.kind == PostKind.ADVERTISEMENT
        if not self.model.staff.has_moderators() or post.reported or post.is_of_staff():
            return False
        chance = report_probability(useful, is_advertisement, self.model.p)
        return (
            uniform(self.model.run_seed, Purpose.REPORT, pair(self.key, post.author.key), post.own) < chance
        )

    def perhaps_advertise(self, benefit: float, n_read: int) -> None:
        """Perhaps put an advertisement into the room."""
        model, room, p = self.model, self.room.home, self.model.p
        if room is None or not model.market.allows(self, "post"):
            return
        chance = advertising_probability(self.drivers[Driver.BENEFIT], benefit, float(n_read), p)
        if self.uniform(Purpose.ADVERTISE, self.n_visits) < chance:
            own, quality = ADVERTISEMENT + self.n_visits, p["advertising_quality"]
            traits = single(quality), single(self.uniform(Purpose.OFF_TOPIC, own))
            post = model.lay_post(self, room, None, own, traits, PostKind.ADVERTISEMENT)
            self.known[room] = len(room.posts)
            model.write(JournalKind.ADVERTISE, self, None, room, post.number, quality)
            model.staff.give_to_moderators(Occasion.ANY_POST, post)

    def do_tasks(self, reading: Reading) -> Reading:
        """Perhaps do the tasks that are open; what they give through interest adds to the enjoyment."""
        model, now = self.model, self.model.now
        for number, (name, task) in enumerate(model.scenario.tasks.items()):
            mine, gives = self.progress[number], task.gives.by_driver()
            this = math.floor((now - task.first) / task.every)
            begins = task.first + this * task.every
            is_set = this >= 0 and begins <= (math.inf if task.until is None else task.until)
            is_open = is_set and now < begins + (task.open or task.every)
            if not is_open or mine.last >= this or not model.operator.is_on(task.during):
                continue
            if not model.market.allows(self, name):
                continue
            expected = expected_answers(float(mine.done), float(mine.answered))
            gain = worth_of_task(gives, self.drivers, expected) + model.market.worth(Act.TASK, self, name)
            count = (self.n_joins << 40) | (self.n_visits << 8) | number
            if self.uniform(Purpose.TASK, count) < task_probability(gain, task.effort, model.p):
                mine.last, mine.done = this, mine.done + 1
                self.gains += gives[Driver.BENEFIT]
                self.answers += gives[Driver.RELATIONSHIP]
                reading = reading._replace(enjoyment=reading.enjoyment + gives[Driver.INTEREST])
                model.write(JournalKind.TASK, self, None, self.room, number, gain)
                model.staff.give(Occasion.TASK, self, self.room, task=number)
                model.market.note(Act.TASK, self, name)
        return reading

    def perceive(self, reading: Reading, unread: int) -> Observation:
        """What this person perceives at the visit."""
        model, room, p, now = self.model, self.room, self.model.p, self.model.now
        n_read, enjoyment, usefulness, quality, strangers, *_ = reading
        if n_read:
            self.level = perception.remembered_level(self.level, quality / n_read, p)
        self.gains += benefit.gain_of_reading(usefulness, p)
        active, held = room.pond.active(int(now))
        recognition = self.recognition
        self.fade_friends()
        return Observation(
            enjoyment,
            usefulness,
            float(n_read),
            float(unread),
            strangers / max(1, n_read),
            float(self.n_read == 0 and now - self.joined_at < p["interest_expectation_days"]),
            recognition,
            max(0.0, held - recognition) / max(1, active - 1),
            self.gains,
            self.aspiration,
            max(0.0, self.base_inside + self.grown_inside),
            self.answers,
            add(fading(e.intensity, now - at, e.days) for at, e in model.hot_events),
            self.shown,
            max(0.0, model.market.shown_in(room.pond) - self.shown) / max(1, active - 1),
            self.rank,
            self.near_by(),
        )

    def update_satisfaction(self, signals: list[float], crowding: float) -> float:
        """Move the satisfaction towards what the visit offered; returns the new value."""
        weighted, drivers = 0.0, self.drivers
        for driver in self.model.possible:
            weighted += drivers[driver] * signals[driver]
        offer = satisfaction.offer(weighted, self.weight, self.contentment, crowding)
        update = self.model.p["satisfaction_update"]
        new_satisfaction: float = satisfaction.satisfaction(self.satisfaction, offer, update)
        self.satisfaction = new_satisfaction
        return new_satisfaction

    def maybe_write(self, honor: float, reading: Reading) -> None:
        """Perhaps write: a reply to someone who answered this person, a reply to a post just read, or a post."""
        p, count = self.model.p, 2 * self.n_visits
        if self.room.home is None:
            return
        chance = posting.posting_probability(self.talkativeness, self.satisfaction, honor, p)
        if self.n_posts == 0:
            chance *= daring(reading.models, p)
        if self.answers_back(reading, count):
            self.write(reading.to_me)
        elif uniform(self.model.run_seed, POST, self.key, count) < chance:
            self.write(self.to_answer(reading))

    def answers_back(self, reading: Reading, count: int) -> bool:
        """Whether to answer back after reading an answer to an own post."""
        if reading.to_me is None:
            return False
        return self.uniform(ANSWER_BACK, count) < posting.answer_back_probability(self.model.p)

    def to_answer(self, reading: Reading) -> Post | None:
        """The post to which this person replies now; None for a new post."""
        chance = posting.reply_probability(float(self.n_visits), self.model.p)
        answers = self.uniform(POST, 2 * self.n_posts + 1) < chance
        return reading.answer if answers else None

    def write_again(self) -> None:
        """The session goes on: read what was posted meanwhile, and write once more."""
        if self.lapsed or self.room.home is None:
            return
        posts, _ = self.choose_posts()
        reading = self.read(posts)
        back = self.answers_back(reading, 2 * self.n_posts + 1)
        self.write(reading.to_me if back else self.to_answer(reading))

    def write(self, answered: Post | None) -> None:
        """Write a post, or a reply; perhaps write again later."""
        model, p = self.model, self.model.p
        if not model.market.allows(self, "post" if answered is None else "reply"):
            return
        self.put(answered, self.quality, self.topic)
        u = self.uniform(Purpose.WRITE_AGAIN, self.n_posts)
        chance = posting.again_probability(p)
        if u < chance:
            pause = exponential_wait(u / chance, p["posting_pause"]) / 1440.0
            model.schedule(
                model.now + pause, EventKind.WRITE_AGAIN, self, self.in_this_stay(self.write_again)
            )

    def put(self, answered: Post | None, quality: float, topic: float) -> None:
        """Put a post into a room, or a reply whose author may come back for it."""
        model, p, room = self.model, self.model.p, self.room.home
        kind, author, post_kind = JournalKind.POST, None, PostKind.MEMBER
        if answered is not None:
            room = answered.room if answered.room.open else room
            kind, author = JournalKind.REPLY, answered.author
            answered.hot += 1.0
            author.be_answered(self, self.n_posts)
        elif uniform(model.run_seed, Purpose.QUESTION, self.key, self.n_posts) < p["posting_question"]:
            post_kind = PostKind.QUESTION
        post = model.lay_post(self, room, author, self.n_posts, (single(quality), single(topic)), post_kind)
        self.known[room] = len(room.posts)
        self.n_posts += 1
        model.write(kind, self, author, room, post.number, quality)
        model.staff.give_to_moderators(Occasion.ANY_POST, post)
        model.staff.give(Occasion.POST, self, room, post)
        if post_kind == PostKind.QUESTION:
            model.staff.give(Occasion.QUESTION, self, room, post)
        if self.n_posts == 1:
            model.staff.give(Occasion.FIRST_POST, self, room, post)
        model.market.note(Act.POST if kind == JournalKind.POST else Act.REPLY, self)
        if self.n_posts == 1:
            model.market.note(Act.FIRST_POST, self)

    def be_answered(self, by: Any, count: int) -> None:
        """Be answered by somebody: recognition, a tie, and perhaps an earlier visit; to staff, a tie alone."""
        inside = self.state == State.MEMBER
        if inside:
            self.recognise()
            self.answers += float(by in self.ties)
        by.interact(self, may_tie=True)
        if inside:
            self.call_back(uniform(self.model.run_seed, Purpose.RECALL, pair(by.key, self.key), count))

    def call_back(self, u: float) -> None:
        """With some chance come earlier; ``u`` is the draw."""
        self.come_earlier(u, self.model.p["visiting_recall"])

    def come_earlier(self, u: float, chance: float) -> None:
        """With this chance come earlier; ``u`` is the draw."""
        model, p = self.model, self.model.p
        if u >= chance:
            return
        days = exponential_wait(u / chance, p["visiting_recall_delay"])
        due = model.rhythm.when(model.now, days)
        if due < self.visit_due:
            self.visit_due, self.visit_rate = due, 0.0
            model.cancel(self.next_visit)
            self.next_visit = model.schedule(due, VISIT, self, self.visit)

    def below_standard(self) -> float:
        """How far the perceived level of the room is below the own standard."""
        p = self.model.p
        level = perception.perceived_level(self.level, (self.room.home or self.room).level, p)
        return leaving.shortfall(own_standard(self.quality, p), level)

    def wants_to_leave(self, observation: Observation, below: float, absent: float) -> bool:
        """Whether this person decides to leave at the end of a visit."""
        p = self.model.p
        lost = leaving.lost_by_leaving(observation.friends, float(self.n_visits), p)
        reserve = leaving.reservation(self.quality, below, self.commitment, lost, p)
        reserve += self.drivers[Driver.BENEFIT] * self.rival
        chance = leaving.leaving_probability(self.satisfaction, reserve, p)
        chance *= leaving.exposure(absent, float(self.n_visits), p)
        return uniform(self.model.run_seed, LEAVE, self.key, self.n_visits) < chance

    def comes_again(self) -> bool:
        """Whether a graduate comes to the next term."""
        p = self.model.p
        self.fade_friends()
        lost = leaving.lost_by_leaving(
            max(0.0, self.base_inside + self.grown_inside), float(self.n_visits), p
        )
        reserve = leaving.reservation(self.quality, 0.0, self.commitment, lost, p)
        chance = leaving.coming_again_probability(self.satisfaction, reserve, p)
        return self.uniform(Purpose.ENROL, self.n_joins) < chance

    def lapse(self, away: float) -> None:
        """Lapse instead of leaving: the next visit comes after ``away`` days."""
        model = self.model
        self.lapsed, self.visit_due, self.visit_rate = True, model.now + away, 0.0
        self.add_presence(-1.0)
        self.next_visit = model.schedule(self.visit_due, VISIT, self, self.visit)
        model.write(JournalKind.LAPSE, self, None, self.room, 0, away)

    def update_usual(self, impression: list[float]) -> None:
        """Move what is usual (signals, shortfall, crowding) towards this visit; the first visit sets it."""
        if self.usual is None:
            self.usual = array("f", impression)
        else:
            pairs = zip(self.usual, impression, strict=True)
            self.usual = array("f", [usual + USUAL_UPDATE * (new - usual) for usual, new in pairs])

    def departure_reason(self, impression: list[float]) -> int:
        """The reason of a departure: what fell most below the usual, in units of satisfaction."""
        reason, most, p = Reason.OPTIONS, 1e-6, self.model.p
        if self.usual is None:
            return reason
        drops = [usual - new for usual, new in zip(self.usual, impression, strict=True)]
        falls = [(d, drops[d] * (self.drivers[d] / self.weight)) for d in self.model.possible]
        falls += [(Reason.STANDARD, p["leaving_disappointment"] * -drops[-2]), (Reason.CROWDING, -drops[-1])]
        for cause, fall in falls:
            if fall > most:
                reason, most = cause, fall
        return reason

    def plan_visit(self) -> None:
        """Draw the waiting time to the next visit."""
        model = self.model
        count = (self.n_joins << 32) | self.n_visits
        unit = exponential(model.run_seed, STAY, self.key, count)
        self.visit_rate = self.rate_now()
        work = visiting.waiting_work(unit, model.p)
        self.visit_due = model.rhythm.when(model.now, work / self.visit_rate) if self.visit_rate else math.inf
        self.next_visit = model.schedule(self.visit_due, VISIT, self, self.visit)

    def visit_at_once(self) -> None:
        """Schedule a newcomer's first visit for now."""
        self.visit_rate, self.visit_due = 0.0, self.model.now if self.rate_now() else math.inf
        self.next_visit = self.model.schedule(self.visit_due, VISIT, self, self.visit)

    def rate_now(self) -> float:
        """Visits per day; need and habit are as of the last visit."""
        model = self.model
        boosts = add(fading(e.boost, model.now - at, e.days) for at, e in model.hot_events)
        boost = self.drivers[Driver.EVENT] * boosts
        return visiting.visit_rate(self.pace, self.satisfaction, self.need, self.habit, boost, model.p)

    def reschedule_visit(self) -> None:
        """The rate may have changed: run the rest of the same waiting time at the new rate."""
        model, before = self.model, self.visit_rate
        if before > 0.0:
            self.visit_rate = self.rate_now()
        if self.visit_rate != before:
            work = before * (model.rhythm.at(self.visit_due) - model.rhythm.at(model.now))
            self.visit_due = model.rhythm.when(model.now, max(0.0, work) / self.visit_rate)
            model.cancel(self.next_visit)
            self.next_visit = model.schedule(self.visit_due, VISIT, self, self.visit)
