"""The twin's staff: desks with a line for each duty, and workers who do one thing at a time."""

import math
from collections.abc import Iterator
from itertools import islice
from typing import Any

from shequn.agents.curves import halving
from shequn.sim.graphs.graph import key_of
from shequn.sim.kernel.chance import Purpose, pair, uniform
from shequn.sim.kernel.duties.feature import FEATURED
from shequn.sim.kernel.state import Act, EventKind, JournalKind, Occasion, PostKind, Reason, State
from tests.reference.twin_records import Post, Room, Space, single

ROUNDING = 1e-9


class Piece:
    """A piece of work: what a duty is about this time."""

    def __init__(self, duty: "Duty", since: float, member: Any, post: Post | None, task: int | None) -> None:
        self.duty, self.since, self.member, self.post, self.task = duty, since, member, post, task
        self.stay = member.n_joins if member else 0

    def is_in_time(self, now: float) -> bool:
        """Whether it has not waited too long."""
        return now - self.since <= self.duty.within

    def can_be_done(self) -> bool:
        """Whether the member is still here and the post in view."""
        if self.member and (self.member.state != State.MEMBER or self.member.n_joins != self.stay):
            return False
        if self.post is None:
            return True
        shown = self.duty.job.staff.model.shown
        return self.post in self.post.room.in_view(shown) and self.post.kind != PostKind.TAKEN_DOWN


class Worker:
    """A place of the staff, and what the person there has done today."""

    def __init__(self, desk: "Desk", number: int, paid: Any) -> None:
        self.desk, self.job, self.number, self.paid = desk, desk.job, number, paid
        self.model = desk.job.staff.model
        self.person: Any = None
        self.piece: Piece | None = None
        self.finishing: Any = None
        self.spent = (0, 0.0)  # day, minutes

    def spent_today(self) -> float:
        """Minutes worked today."""
        day, minutes = self.spent
        return minutes if day == math.floor(self.model.now) else 0.0

    def can_begin(self, minutes: float) -> float:
        """When this worker can begin something of this length."""
        job, now, length = self.job, self.model.now, minutes / 1440.0
        begins, ends = (hour / 24.0 for hour in job.spec.hours)
        never = minutes > job.minutes + ROUNDING or begins + length > ends + ROUNDING
        if never or self.person.lapsed:
            return math.inf
        midnight = math.floor(now)
        at = max(now, midnight + begins)
        has_minutes = self.spent_today() + minutes <= job.minutes + ROUNDING
        if has_minutes and at + length <= midnight + ends + ROUNDING:
            return at
        return midnight + 1.0 + begins

    def begin(self, piece: Piece) -> None:
        """Begin a piece of work."""
        minutes, now = piece.duty.spec.minutes, self.model.now
        self.piece, self.spent = piece, (math.floor(now), self.spent_today() + minutes)
        self.finishing = self.model.schedule(
            now + minutes / 1440.0, EventKind.WORK, None, self.finish, self.number
        )

    def finish(self) -> None:
        """The minutes are spent: do it, unless it cannot be done, or is about this worker."""
        piece, self.piece, now = self.piece, None, self.model.now
        assert piece is not None
        if piece.member is not self.person and piece.can_be_done():
            room, duty = piece.post.room if piece.post else None, piece.duty
            self.model.write(
                JournalKind.DUTY, self.person, piece.member, room, duty.number, now - piece.since
            )
            getattr(self, duty.spec.do)(piece)
        self.desk.look()

    def hire(self, person: Any) -> None:
        """Somebody takes this place."""
        self.person = person
        if self.paid:
            person.state = State.STAFF
            person.update_neighbours(1)
        self.model.write(JournalKind.HIRE, person, None, None, self.job.number, 0.0)
        self.desk.look()

    def dismiss(self) -> None:
        """The person leaves this place; what they are doing stays undone."""
        person, self.person, self.piece = self.person, None, None
        self.model.cancel(self.finishing)
        self.model.write(JournalKind.DISMISS, person, None, None, self.job.number, 0.0)
        if self.paid:
            person.state = State.FORMER_STAFF
            person.update_neighbours(-1)
        self.desk.look()

    # ---- what the duties do ----------------------------------------------------------------------

    def answer(self, piece: Piece) -> None:
        """Answer a post by another one, or a task without."""
        person, post, author = self.person, piece.post, piece.member
        if post is None:
            progress = author.progress[piece.task]
            count = (author.n_joins << 40) | (piece.task + 1 << 32) | progress.answered
            progress.answered = min(progress.answered + 1, progress.done)
            author.be_answered(person, count)
            return
        post.hot += 1.0
        author.be_answered(person, person.n_posts)
        kind = PostKind.OFFICIAL if self.paid else PostKind.MEMBER
        traits = person.quality, post.topic
        answer = self.model.lay_post(person, post.room, author, person.n_posts, traits, kind)
        person.n_posts += 1
        self.model.write(JournalKind.REPLY, person, author, post.room, answer.number, person.quality)

    def welcome(self, piece: Piece) -> None:
        """Welcome a newcomer."""
        member = piece.member
        member.be_welcomed()
        self.person.interact(member, may_tie=True)
        waited = self.model.now - piece.since
        self.model.write(JournalKind.WELCOME, member, self.person, member.room, piece.duty.number, waited)

    def feature(self, piece: Piece) -> None:
        """Lay a post before more readers."""
        post, author = piece.post, piece.member
        assert post is not None
        room = self.job.target(post.room)
        traits = post.quality, post.topic
        copy = self.model.lay_post(author, room, None, post.own + FEATURED, traits, post.kind)
        self.model.write(JournalKind.FEATURE, self.person, author, room, copy.number, post.quality)
        self.model.market.note(Act.FEATURED, author)

    def call(self, piece: Piece) -> None:
        """Call a member."""
        member, duty = piece.member, piece.duty
        key = pair(pair(self.person.key, member.key), duty.key)
        member.call_back(uniform(self.model.run_seed, Purpose.CALL, key, duty.rounds))

    def talk(self, piece: Piece) -> None:
        """Talk to a member; who knows this worker feels answered."""
        member = piece.member
        if self.person in member.ties:
            member.answers += 1.0 / member.share_left()
        self.person.interact(member, may_tie=True)

    def post(self, piece: Piece) -> None:
        """Write a post into each room of the desk."""
        spec, person, model = piece.duty.spec, self.person, self.model
        topic = model.scenario.population.topic.centre if spec.topic is None else spec.topic
        for room in self.job.space.rooms:
            if room.desk == self.desk.position:
                traits = single(spec.quality), single(topic)
                kind = PostKind[spec.kind.upper()]
                post = model.lay_post(person, room, None, person.n_posts, traits, kind)
                if spec.pinned:
                    room.pinned = post
                person.n_posts += 1
                model.write(JournalKind.POST, person, None, room, post.number, spec.quality)

    def moderate(self, piece: Piece) -> None:
        """Judge a post, and perhaps remove its author."""
        post, spec, model = piece.post, piece.duty.spec, self.model
        assert post is not None
        if post.is_of_staff():
            return
        author = post.author
        is_against = post.kind == PostKind.ADVERTISEMENT or post.quality < spec.below
        key = pair(author.key, piece.duty.key)
        is_wrong = uniform(model.run_seed, Purpose.JUDGE, key, post.own) < spec.error
        if is_against == is_wrong:
            return
        post.kind = PostKind.TAKEN_DOWN
        model.write(
            JournalKind.TAKE_DOWN, self.person, author, post.room, post.number, 1.0 if is_against else 0.0
        )
        if author.state == State.MEMBER:
            author.strikes += 1
            if spec.strikes is not None and author.strikes >= spec.strikes:
                action = author.in_this_stay(lambda: author.leave(Reason.REMOVAL))
                model.schedule(model.now, EventKind.REMOVAL, author, action)


class Desk:
    """The staff of a job in one room: their lines of work, the most urgent duty first."""

    def __init__(self, job: "Job", position: int, first: int, paid: Iterator[Any]) -> None:
        self.job, self.position = job, position
        self.workers: list[Worker] = []
        for number in range(first, first + job.spec.people):
            self.workers.append(Worker(self, number, next(paid) if job.spec.from_ == "outside" else None))
        self.lines: dict[Duty, list[Piece]] = {duty: [] for duty in job.duties}
        self.appointment: Any = None

    def add(self, piece: Piece) -> None:
        """Put a piece of work at the end of its line."""
        self.lines[piece.duty].append(piece)
        self.look()

    def look(self) -> None:
        """Whoever does nothing and can begin something begins it: who has worked least today, then by key.

        If something is left, they look again as soon as somebody can begin it.
        """
        model = self.job.staff.model
        while True:
            for line in self.lines.values():
                while line and not (line[0].is_in_time(model.now) and line[0].can_be_done()):
                    del line[0]
            waiting = [line for line in self.lines.values() if line]
            idle = [worker for worker in self.workers if worker.person and not worker.piece]
            times = [
                (worker.can_begin(line[0].duty.spec.minutes), worker, line)
                for worker in idle
                for line in waiting
            ]
            ready = [(worker, line) for at, worker, line in times if at <= model.now]
            if not ready:
                break
            first = min(ready, key=lambda one: (one[0].spent_today(), one[0].person.key))[0]
            first.begin(next(line for worker, line in ready if worker is first).pop(0))
        model.cancel(self.appointment)
        if times:
            at, worker, _ = min(times, key=lambda one: one[0])
            self.appointment = model.schedule(at, EventKind.WORK, None, self.look, worker.number)


class Duty:
    """A duty of a job."""

    def __init__(self, job: "Job", number: int, name: str, spec: Any) -> None:
        self.job, self.number, self.spec, self.key = job, number, spec, key_of(name)
        self.within = spec.every if spec.occasion() == Occasion.CALENDAR else spec.within
        self.rounds = 0
        self.since = 0  # number of posts at the last round

    def is_on(self) -> bool:
        """Whether it belongs to the present stage."""
        return bool(self.job.staff.model.operator.is_on(self.spec.during))

    def round(self, key: int) -> list[tuple[Desk, Piece]]:
        """The work of a round, in order, with the desk of each piece."""
        staff = self.job.staff
        if self.spec.do == "post":
            return [(desk, Piece(self, staff.model.now, None, None, None)) for desk in self.job.desks]
        if self.spec.do == "feature":
            found = [(post.author, post.room, post) for post in self.best(key)]
        else:
            chosen = staff.model.operator.chosen(self.spec, key, 0)
            found = [(member, member.room, None) for member in chosen]
        at = [(self.job.desk_of(room), member, post) for member, room, post in found]
        return [(desk, Piece(self, staff.model.now, member, post, None)) for desk, member, post in at if desk]

    def best(self, key: int) -> list[Post]:
        """The best posts of members since the last round that are in view and can be laid elsewhere."""
        model = self.job.staff.model
        posts = [
            post
            for room in model.rooms
            if self.job.target(room)
            for post in room.in_view(model.shown)
            if post.serial > self.since and post.own < FEATURED and post.kind <= PostKind.QUESTION
            if post.author.state == State.MEMBER
        ]
        self.since = model.n_posts
        worth = {post: post.hot if self.spec.by == "reactions" else post.quality for post in posts}
        draw = {post: post.author.uniform(Purpose.DUTY, key) for post in posts}
        return sorted(posts, key=lambda post: (-worth[post], draw[post], post.serial))

    def begin_round(self) -> None:
        """Begin a round, if anybody is there to do it: what is left of the last one comes too late."""
        key = self.key ^ self.rounds
        self.rounds += 1
        if not self.job.is_staffed() or not self.job.staff.model.operator.is_on(self.spec.during):
            return
        work = self.round(key)
        for desk in self.job.desks:
            desk.lines[self].clear()
        for desk in self.job.desks:
            own = (piece for at, piece in work if at is desk)
            for piece in islice(own, self.spec.most):
                desk.add(piece)


class Job:
    """A job, with its desks."""

    def __init__(self, staff: "Staff", number: int, name: str, spec: Any, space: Space) -> None:
        self.staff, self.number, self.spec, self.space, self.key = staff, number, spec, space, key_of(name)
        self.name, self.minutes, self.pay = name, spec.minutes, spec.pay
        self.duties: list[Duty] = []
        self.desks: list[Desk] = []

    def desk_of(self, room: Room) -> Desk | None:
        """The desk that looks after a room."""
        return next((self.desks[r.desk] for r in room.path() if r.space is self.space), None)

    def target(self, room: Room) -> Room | None:
        """The room into which a post is laid: that of the staff, or the next one around it with posts."""
        if self.desk_of(room) is None:
            return None
        around = [r for r in room.path() if r.space in self.space.path()]
        if self.space.child is None:
            around = around[1:]
        target = next((r for r in around if r.talks()), None)
        return None if target is room else target

    def workers(self) -> list[Worker]:
        """All its places."""
        return [worker for desk in self.desks for worker in desk.workers]

    def is_staffed(self) -> bool:
        """Whether anybody has the job now."""
        return any(worker.person for worker in self.workers())

    def is_on(self) -> bool:
        """Whether somebody should have it: in its term and, if it is paid at all, while it is paid."""
        first, days = self.spec.first, self.spec.days
        end = math.inf if days is None else first + days
        return first <= self.staff.model.now < end and (self.spec.pay == 0 or self.pay > 0)

    def begin_or_end(self) -> None:
        """Its term begins or ends, or it is paid again or no longer."""
        if not self.is_on():
            for worker in self.workers():
                if worker.person:
                    worker.dismiss()
        elif self.spec.from_ != "outside":
            self.fill()
        else:
            for worker in self.workers():
                if worker.person is None:
                    worker.hire(worker.paid)

    def fill(self) -> None:
        """Ask members of each room to take the vacant places: the best, of equals by a draw."""
        if self.spec.from_ == "outside" or not self.is_on():
            return
        model = self.staff.model
        life = model.p["satisfaction_stock_half_life"]
        worth = {
            "recognition": lambda p: p.recognition * halving(model.now - p.stocks_at, life),
            "quality": lambda p: p.quality,
            "random": lambda p: p.uniform(Purpose.VOLUNTEER, self.key),
        }[self.spec.chosen]
        busy = {worker.person for worker in self.staff.workers()}
        free = [p for p in model.operator.members() if not p.lapsed and p not in busy]
        free = [p for p in free if self.spec.from_ == "members" or p.n_joins > 1]
        free.sort(key=lambda p: (-worth(p), p.uniform(Purpose.VOLUNTEER, self.key)))
        for desk in self.desks:
            vacant = [worker for worker in desk.workers if worker.person is None]
            there = [p for p in free if self.desk_of(p.room) is desk]
            for worker, person in zip(vacant, there, strict=False):
                worker.hire(person)


class Staff:
    """All jobs and duties."""

    def __init__(self, model: Any, people: list[Any]) -> None:
        scenario, paid, places = model.scenario, iter(people), 0
        self.model = model
        self.jobs: list[Job] = []
        self.duties: list[Duty] = []
        for name, spec in scenario.staff.items():
            job = Job(self, len(self.jobs), name, spec, model.operator.space(spec.in_))
            self.jobs.append(job)
            for duty_name, duty in scenario.duties.items():
                if duty.job == name:
                    job.duties.append(Duty(job, len(self.duties), duty_name, duty))
                    self.duties.append(job.duties[-1])
            for position in range(len(job.space.rooms)):
                job.desks.append(Desk(job, position, places, paid))
                places += spec.people
        for person in people:
            person.state = State.FORMER_STAFF

    def workers(self) -> list[Worker]:
        """All places."""
        return [worker for job in self.jobs for worker in job.workers()]

    def give(
        self, occasion: Occasion, member: Any, room: Room, post: Post | None = None, task: int | None = None
    ) -> None:
        """Something happens that some duties are about."""
        for duty in self.duties:
            desk = duty.job.desk_of(room)
            if duty.spec.occasion() != occasion or desk is None or not duty.is_on():
                continue
            if occasion == Occasion.TASK and duty.spec.task not in (None, [*self.model.scenario.tasks][task]):
                continue
            key = pair(member.key, duty.key)
            count = (member.n_joins << 40) | (member.n_posts << 20) | member.n_visits
            count |= 0 if task is None else task + 1 << 56
            share = duty.spec.share
            if share == 1 or uniform(self.model.run_seed, Purpose.DUTY, key, count) < share:
                desk.add(Piece(duty, self.model.now, member, post, task))

    def has_moderators(self) -> bool:
        """Whether anybody has the duty to look at posts."""
        return any(duty.spec.do == "moderate" for duty in self.duties)

    def give_to_moderators(self, occasion: Occasion, post: Post) -> None:
        """A post is written or reported: duties to look at it."""
        for duty in self.duties:
            desk = duty.job.desk_of(post.room)
            if duty.spec.occasion() != occasion or desk is None or not duty.is_on():
                continue
            draw = uniform(self.model.run_seed, Purpose.DUTY, pair(post.author.key, duty.key), post.own)
            if duty.spec.share == 1 or draw < duty.spec.share:
                desk.add(Piece(duty, self.model.now, None, post, None))

    def sits_in(self, person: Any, room: Room | None) -> None:
        """Somebody sits in another room, or in none: they leave places that are elsewhere."""
        for worker in self.workers():
            if worker.person is person and (room is None or worker.job.desk_of(room) is not worker.desk):
                worker.dismiss()

    def is_back(self, person: Any) -> None:
        """Somebody is back who had lapsed."""
        for worker in self.workers():
            if worker.person is person:
                worker.desk.look()

    def update_jobs(self, changes: list[Any]) -> None:
        """Set minutes and pay of each job: those of the last change that lasts, else the scenario's."""
        for job in self.jobs:
            was_on = job.is_on()
            before = job.minutes, job.pay
            job.minutes, job.pay = job.spec.minutes, job.spec.pay
            for change in changes:
                if change.job == job.name:
                    job.minutes = job.minutes if change.minutes is None else change.minutes
                    job.pay = job.pay if change.pay is None else change.pay
            if job.is_on() != was_on:
                job.begin_or_end()
            if (job.minutes, job.pay) != before:
                for desk in job.desks:
                    desk.look()
