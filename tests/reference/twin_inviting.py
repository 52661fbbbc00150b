"""Invitations by the twin's people: whom they invite and when, and the answer."""

import math
from typing import Any

from shequn.agents import benefit, interest, inviting, paying
from shequn.agents.drivers import Driver
from shequn.sim.kernel.chance import Purpose, exponential, pair, uniform
from shequn.sim.kernel.state import Act, Channel, EventKind, JournalKind, State
from tests.reference.twin_records import add


class Inviter:
    """How a person invites others, and answers."""

    def plan_invitation(self) -> None:
        """Draw the waiting time to the next invitation (one clock per member)."""
        if self.model.p["inviting_mode"] == inviting.MEMBER:
            count = self.n_invites + 65536 * self.n_joins
            self.invite_work = self.exponential(Purpose.INVITE, count)
            self.invite_rate, self.invite_due = 0.0, math.inf
            self.update_invitation()

    def update_invitation(self) -> None:
        """The rate may have changed: run the rest of the same waiting time at the new rate."""
        model, p, now = self.model, self.model.p, self.model.now
        if p["inviting_mode"] != inviting.MEMBER:
            return
        before = self.invite_rate
        targets = 1.0 if model.everybody_meets else float(len(self.ties) - self.ties_inside)
        if self.lapsed:
            targets = 0.0
        gain = benefit.gain_of_money(model.operator.pay_inviter, model.scenario.population.purse.mean, p)
        promised = self.drivers[Driver.BENEFIT] * gain + model.market.worth(Act.INVITED, self)
        incentive = inviting.incentive(promised + model.market.worth_of_a_buyer(self), p)
        self.invite_rate = inviting.invitation_rate(targets, self.satisfaction, incentive, p)
        if self.invite_rate != before:
            if before > 0.0:
                self.invite_work = max(0.0, (self.invite_due - now) * before)
            self.invite_due = now + self.invite_work / self.invite_rate if self.invite_rate else math.inf
            model.cancel(self.next_invitation)
            if self.invite_rate:
                self.next_invitation = model.schedule(
                    self.invite_due, EventKind.INVITATION, self, self.invite
                )

    def be_reminded(self, days: float) -> None:
        """A reminder brings the next invitation forward (one clock per member)."""
        model = self.model
        if model.p["inviting_mode"] == inviting.MEMBER and self.invite_due < math.inf:
            self.invite_due = max(model.now, self.invite_due - days)
            model.cancel(self.next_invitation)
            self.next_invitation = model.schedule(self.invite_due, EventKind.INVITATION, self, self.invite)

    def update_inviters(self) -> None:
        """After a join or departure: those tied to the person have one fewer, or one more, to invite."""
        if not self.model.everybody_meets:
            for other in self.ties:
                if other.state == State.MEMBER:
                    other.update_invitation()

    def invite(self) -> None:
        """The clock has rung: invite somebody, and set the clock again."""
        if self.model.market.allows(self, "invite"):
            if self.model.everybody_meets:
                self.model.invite_anybody(self)
            else:
                self.invite_tied()
        self.n_invites += 1
        self.plan_invitation()

    def invite_tied(self) -> None:
        """Choose one of the people tied who are outside, by strength and topic; invite them if they may come."""
        p, now, best, least = self.model.p, self.model.now, None, math.inf
        for other, tie in self.ties.items():
            if other.state != State.MEMBER:
                match = interest.topic_match(self.topic, other.topic, p)
                weight = inviting.choice_weight(tie.strength(now, p), match, p)
                key = pair(self.key, other.key)
                if weight > 0.0:
                    race = exponential(self.model.run_seed, Purpose.INVITE_WHOM, key, self.n_invites) / weight
                    if race < least:
                        best, least = other, race
        if best is not None and best.may_come():
            self.invite_along(best)

    def invite_along(self, other: Any) -> None:
        """Invite somebody over a tie."""
        tie = self.ties[other]
        number = tie.invitations[self] = tie.invitations.get(self, 0) + 1
        self.send_invitation(other, number, number - 1, tie.strength(self.model.now, self.model.p))

    def send_invitation(self, invitee: Any, number: int, before: int, strength: float) -> None:
        """Invite somebody who may come in; they answer after a delay."""
        model, delay = self.model, self.model.p["inviting_delay"]
        model.write(JournalKind.INVITE, self, invitee, None, before, strength)
        unit = exponential(model.run_seed, Purpose.ANSWER_DELAY, pair(self.key, invitee.key), number)
        at = model.now + delay * unit
        model.schedule(
            at, EventKind.ANSWER, invitee, lambda: invitee.answer(self, number, before), self.number
        )

    def answer(self, inviter: Any, number: int, before: int) -> None:
        """Answer an invitation and, after a yes, come to the door.

        The invitation is void if the inviter has left since.
        """
        model, p, tie = self.model, self.model.p, self.ties.get(inviter)
        if inviter.state != State.MEMBER or not self.may_come():
            return
        strength = tie.strength(model.now, p) if tie else 1.0
        gates = [gate for space in model.spaces[0].leaf().path() for gate in space.gates]
        cost = add(gate.cost for gate in gates)
        gain = benefit.gain_of_money(model.operator.pay_invited, model.scenario.population.purse.mean, p)
        chance = inviting.acceptance_probability(
            strength,
            float(self.ties_inside),
            model.reputation,
            self.drivers[Driver.BENEFIT] * gain + model.market.worth_of_joining(self),
            cost,
            float(before),
            p,
        )
        price = add(gate.price() for gate in gates)
        if p["inviting_acceptance"] == inviting.MODEL and not paying.can_pay(price, self.left_in_purse()):
            chance = 0.0
        yes = uniform(model.run_seed, Purpose.ANSWER, pair(inviter.key, self.key), number) < chance
        kind = JournalKind.ACCEPT if yes else JournalKind.DECLINE
        model.write(kind, self, inviter, None, self.ties_inside, chance)
        if yes:
            model.come_to_door(self, Channel.INVITATION, inviter)

    def start_tie_clocks(self) -> None:
        """One clock per tie: draw when a new member first invites each person they are tied to."""
        if self.model.p["inviting_mode"] == inviting.TIE and not self.model.everybody_meets:
            for other in self.ties:
                self.set_tie_clock(other, self.n_joins)

    def set_tie_clock(self, other: Any, count: int) -> None:
        """Schedule the next invitation along one tie, if the other person may ever come in."""
        model = self.model
        never = model.scenario.community.return_after == math.inf
        joined_before = other.state in (State.MEMBER, State.LEFT)
        rate = model.p["inviting_rate"]
        if other.state == State.REMOVED or (joined_before and never) or rate <= 0.0:
            return
        at = model.now + exponential(model.run_seed, Purpose.INVITE, pair(self.key, other.key), count) / rate
        if at < self.left_at:
            ring = self.in_this_stay(lambda: self.ring_tie_clock(other))
            model.schedule(at, EventKind.INVITATION, self, ring, other.number)

    def ring_tie_clock(self, other: Any) -> None:
        """The clock of one tie has rung: invite the other person if they may come, and set it again."""
        if self.model.market.allows(self, "invite") and other.may_come():
            self.invite_along(other)
        self.n_invites += 1
        self.set_tie_clock(other, 65536 * self.n_joins + self.n_invites)
