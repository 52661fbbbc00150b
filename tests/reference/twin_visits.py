"""A visit of the twin's people: read, feel, perhaps write; and when to come again."""

import math

from agents import benefit, interest, joining, leaving, perception, posting, satisfaction, visiting
from agents.curves import clamp, halving
from agents.drivers import Driver, signal
from agents.event import fading
from agents.seen import Seen
from sim.chance import Purpose, pair
from sim.state import EventKind, JournalKind, Reason
from tests.reference.twin_records import Post, add, round4


class Visitor:
    """What a person does at a visit."""

    def visit(self) -> None:
        """Read, feel, perhaps write; then stay, come less often, or leave."""
        model, p, now = self.model, self.model.p, self.model.now
        absent = now - self.last_visit_at
        self.come_in(absent)
        posts, unread = self.choose_posts()
        enjoyed, answer = self.read(posts)
        seen = self.perceive(posts, enjoyed, unread)
        feeling = self.feel(seen)
        model.write(JournalKind.VISIT, self, None, self.room, len(posts), feeling)
        self.speak(seen, answer)
        self.n_visits += 1
        need = visiting.need_left(self.need, absent, p)
        self.need = need + p["event_renewal"] * clamp(seen.event_intensity) * (1.0 - need)
        self.habit = visiting.habit_after_visit(self.habit, absent, p)
        self.commitment = joining.commitment_left(self.commitment, absent, p)
        closed = 1.0 - halving(absent, p["benefit_aspiration_half_life"])
        self.aspiration += closed * (self.gains - self.aspiration)
        if p["leaving_mode"] == leaving.VISIT and self.wants_to_leave(seen):
            u = self.uniform(Purpose.LAPSE, self.n_visits)
            if u >= p["leaving_lapse"]:
                self.leave(self.why(seen))
                return
            self.lapse(leaving.absence(u / p["leaving_lapse"], p))
        else:
            self.plan_visit()
        self.update_invitation()
        self.remember(seen)

    def come_in(self, absent: float) -> None:
        """Be seen; one who was away for long is back."""
        self.count_seen(int(self.last_visit_at), -1)
        self.last_visit_at = self.model.now
        self.be_seen()
        if self.lapsed:
            self.lapsed = False
            self.spread(1.0)
            self.model.write(JournalKind.RETURN, self, None, self.room, 0, absent)

    def be_seen(self) -> None:
        """Be counted on this day."""
        self.count_seen(int(self.model.now), 1)

    def count_seen(self, day: int, sign: int) -> None:
        """Count among those last seen on a day, or no longer."""
        assert self.room is not None
        self.fade_stocks()
        self.room.fade(self.model.now, self.model.p)
        self.room.count(day, sign, sign * self.recognition)
        self.model.count_seen(day, sign, self.quality)

    def choose_posts(self) -> tuple[list[Post], int]:
        """The posts to read: unread, in view, by others, in the room's order, up to one's attention."""
        model, room = self.model, self.room
        assert room is not None
        unread = len(room.posts) - self.known
        in_view = room.posts[self.known :][-model.shown :][::-1]
        unread -= sum(post.author is self for post in in_view)  # of an earlier stay
        attention = int(model.p["perception_attention"])
        if len(in_view) > attention:
            in_view.sort(key=self.rank, reverse=True)
        posts = [post for post in in_view if post.author is not self][:attention]
        self.known = len(room.posts)
        self.n_read += len(posts)
        return posts, unread

    def rank(self, post: Post) -> tuple[float, int]:
        """What is read first: newest, hot, on one's topic, or by people one knows; then the newest."""
        order = self.model.scenario.community.order
        first = {
            "newest": lambda: 0.0,
            "hot": lambda: post.hot,
            "followed": lambda: float(post.author in self.ties),
            "interest": lambda: interest.topic_match(self.topic, post.topic, self.model.p),
        }
        return first[order](), post.number

    def read(self, posts: list[Post]) -> tuple[list[tuple[float, float]], Post | None]:
        """Enjoy posts, react to some. Returns (enjoyed, worth) of each, and which one to answer."""
        model, p = self.model, self.model.p
        assert self.room is not None
        standard = interest.own_standard(self.quality, p)
        felt, answer, least = [], None, math.inf
        for post in posts:
            worth = interest.worth(post.quality, standard, p)
            enjoyed = worth * interest.topic_match(self.topic, post.topic, p)
            felt.append((enjoyed, worth))
            author = post.author
            if author.room is not self.room:
                continue
            tied, both = author in self.ties, pair(self.key, author.key)
            if model.uniform(Purpose.REACT, both, post.own) < posting.reaction_probability(enjoyed, p):
                post.hot += 1.0
                author.recognise(p["honor_per_reaction"])
                self.interact(author, may_tie=False)
                model.write(JournalKind.REACTION, self, author, self.room, post.number, 0.0)
            asks = posting.answer_weight(enjoyed, tied, post.own == 0, p)
            race = model.exponential(Purpose.REPLY, both, post.own) / asks
            if race < least:
                answer, least = post, race
        return felt, answer

    def perceive(self, posts: list[Post], felt: list[tuple[float, float]], unread: int) -> Seen:
        """What the visit looks like to this person."""
        model, room, p, now = self.model, self.room, self.model.p, self.model.now
        assert room is not None
        usefulness = add(worth for _, worth in felt)
        if posts:
            mean = add(post.quality for post in posts) / len(posts)
            self.level = perception.remembered_level(self.level, mean, p)
        self.gains += benefit.gain_of_reading(usefulness, p)
        active, held = room.active(int(now))
        of_others = max(0.0, held - self.recognition) / max(1, active - 1)
        strangers = sum(post.author not in self.ties for post in posts)
        self.fade_friends()
        return Seen(
            enjoyment=add(enjoyed for enjoyed, _ in felt),
            usefulness=usefulness,
            n_read=float(len(posts)),
            unread=float(unread),
            strangers_share=strangers / max(1, len(posts)),
            holding=float(self.n_read == 0 and now - self.joined_at < p["interest_expectation_days"]),
            recognition=self.recognition,
            recognition_of_others=of_others,
            gains=self.gains,
            aspiration=self.aspiration,
            friends=max(0.0, self.base_inside + self.grown_inside),
            answers=self.answers,
            event_intensity=add(fading(e.intensity, now - at, e.days) for at, e in model.hot_events),
            near_by=self.near_by(),
        )

    def feel(self, seen: Seen) -> float:
        """Satisfaction moves towards what the visit offered."""
        p = self.model.p
        weighted = add(self.drivers[d] * signal(d, seen, p) for d in self.model.possible)
        weight = add(self.drivers[d] for d in self.model.possible)
        crowded = satisfaction.crowding(seen, p)
        offer = satisfaction.offered(weighted, weight, self.contentment, crowded)
        feeling: float = satisfaction.satisfaction(self.satisfaction, offer, p["satisfaction_update"])
        self.satisfaction = feeling
        return feeling

    def speak(self, seen: Seen, answer: Post | None) -> None:
        """Perhaps write a post, or answer one just read."""
        model, p, count, room = self.model, self.model.p, self.n_visits, self.room
        assert room is not None
        chance = posting.posting_probability(
            self.talkativeness, self.satisfaction, signal(Driver.HONOR, seen, p), p
        )
        if self.uniform(Purpose.POST, 2 * count) >= chance:
            return
        if answer is not None and self.uniform(Purpose.POST, 2 * count + 1) >= p["posting_reply"]:
            answer = None
        quality = posting.post_quality(self.quality, self.normal(Purpose.POST_QUALITY, count), p)
        if answer is not None:
            author = answer.author
            answer.hot += 1.0
            author.recognise(p["honor_per_reply"])
            author.answers += float(self in author.ties)
            self.interact(author, may_tie=True)
        post = Post(self, len(room.posts), quality)
        room.posts.append(post)
        self.known = len(room.posts)
        self.n_posts += 1
        kind = JournalKind.POST if answer is None else JournalKind.REPLY
        model.write(kind, self, answer and answer.author, room, post.number, quality)

    def shortfall(self) -> float:
        """How far the perceived level lies below one's own standard."""
        p = self.model.p
        assert self.room is not None
        level = perception.perceived_level(self.level, self.room.level, p)
        return leaving.shortfall(interest.own_standard(self.quality, p), level)

    def wants_to_leave(self, seen: Seen) -> bool:
        """The judgement at the end of a visit."""
        p = self.model.p
        lost = leaving.lost_by_leaving(seen.friends, float(self.n_visits), p)
        reserve = leaving.reservation(self.quality, self.shortfall(), self.commitment, lost, p)
        chance = leaving.leaving_probability(self.satisfaction, reserve, p)
        return self.uniform(Purpose.LEAVE, self.n_visits) < chance

    def lapse(self, away: float) -> None:
        """Stay away for long instead of leaving."""
        model = self.model
        self.lapsed, self.visit_due, self.visit_rate = True, model.now + away, 0.0
        self.spread(-1.0)
        self.next_visit = model.schedule(self.visit_due, EventKind.VISIT, self, self.visit)
        model.write(JournalKind.LAPSE, self, None, self.room, 0, away)

    def impression(self, seen: Seen) -> list[float]:
        """Signals, shortfall and crowding: what is compared with the usual."""
        p = self.model.p
        return [*(signal(d, seen, p) for d in Driver), self.shortfall(), satisfaction.crowding(seen, p)]

    def remember(self, seen: Seen) -> None:
        """What is usual follows what was seen; the first visit sets it."""
        new = self.impression(seen)
        old, part = (new, 1.0) if self.usual is None else (self.usual, 0.3)
        self.usual = [round4(o + part * (n - o)) for o, n in zip(old, new, strict=True)]

    def why(self, seen: Seen) -> int:
        """What has fallen most below the usual, in satisfaction."""
        reason, most, p = Reason.OPTIONS, 1e-6, self.model.p
        if self.usual is None:
            return reason
        weight = add(self.drivers[d] for d in self.model.possible)
        new = self.impression(seen)
        falls = [(d, (self.usual[d] - new[d]) * (self.drivers[d] / weight)) for d in self.model.possible]
        falls += [(Reason.STANDARD, p["leaving_disappointment"] * (new[-2] - self.usual[-2]))]
        falls += [(Reason.CROWDING, new[-1] - self.usual[-1])]
        for cause, fall in falls:
            if fall > most:
                reason, most = cause, fall
        return reason

    def plan_visit(self) -> None:
        """Draw the waiting time to the next visit."""
        model = self.model
        unit = self.exponential(Purpose.VISIT, (self.n_joins << 32) | self.n_visits)
        self.visit_rate = self.rate_now()
        work = visiting.waiting_work(unit, model.p)
        self.visit_due = model.rhythm.when(model.now, work / self.visit_rate) if self.visit_rate else math.inf
        self.next_visit = model.schedule(self.visit_due, EventKind.VISIT, self, self.visit)

    def visit_at_once(self) -> None:
        """Joining is the first visit."""
        self.visit_rate, self.visit_due = 0.0, self.model.now if self.rate_now() else math.inf
        self.next_visit = self.model.schedule(self.visit_due, EventKind.VISIT, self, self.visit)

    def rate_now(self) -> float:
        """Visits per day; need and habit are as of the last visit."""
        model = self.model
        boost = add(fading(e.boost, model.now - at, e.days) for at, e in model.hot_events)
        return visiting.visit_rate(self.pace, self.satisfaction, self.need, self.habit, boost, model.p)

    def wait_on(self) -> None:
        """The rate may have changed: the rest of the same waiting time runs at the new one."""
        model, before = self.model, self.visit_rate
        if before > 0.0:
            self.visit_rate = self.rate_now()
        if self.visit_rate != before:
            work = before * (model.rhythm.at(self.visit_due) - model.rhythm.at(model.now))
            self.visit_due = model.rhythm.when(model.now, max(0.0, work) / self.visit_rate)
            model.cancel(self.next_visit)
            self.next_visit = model.schedule(self.visit_due, EventKind.VISIT, self, self.visit)
