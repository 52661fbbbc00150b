"""Inviting 裂变: members bring members; how often they invite, and how the invitee answers."""

import math
from typing import Any

from shequn.agents.coefficients import Coefficient, Group
from shequn.agents.compiled import compiled
from shequn.agents.curves import halving, power

MEMBER, TIE = 0, 1  # modes
MODEL, ALWAYS = 0, 1  # acceptance

GROUP = Group(
    "inviting",
    "Inviting: who invites whom, how often, and the answer.",
    (
        Coefficient("mode", "member", "", "One clock per member, or one per tie.", "model.md", choices=("member", "tie")),
        Coefficient("rate", 0.004, "per tie outside and day", "Rate of invitations (with complete mixing: per member and day).", "assumed"),
        Coefficient("by_satisfaction", 1.0, "share", "How far the rate depends on satisfaction: 1 = proportional, 0 = not at all.", "model.md", 0.0, 1.0),
        Coefficient("strong_ties", 1.0, "exponent", "A tie is chosen in proportion to strength to this power, times the match of topics.", "C4", -10.0, 10.0),
        Coefficient("acceptance", "model", "", "The rule below decides, or the answer is always yes.", "model.md", choices=("model", "always")),
        Coefficient("delay", 1.0, "days", "Mean time to the answer (exponential; 0 = at once)."),
        Coefficient("odds", 0.15, "odds", "Odds of accepting over a tie of strength 1, with one friend inside, average reputation and no reward."),
        Coefficient("trust", 1.0, "exponent", "The odds are proportional to the tie's strength to this power; below 0 weak ties convert better.", "assumed", -10.0, 10.0),
        Coefficient("friends", 0.8, "exponent", "They are also proportional to the number of friends inside to this power (rising, concave: Backstrom et al. 2006).", "assumed", -10.0, 10.0),
        Coefficient("reward", 5.0, "log odds per gain", "What each unit of gains promised to the invitee adds, times the weight of the benefit driver."),
        Coefficient("asker_reward", 5.0, "share per gain", "Share by which each unit of gains promised to the inviter raises the rate, times the weight of the benefit driver."),
        Coefficient("reminder", 2.0, "days", "By how much a reminder read at a visit brings the member's next invitation forward."),
        Coefficient("gate_cost", 1.0, "log odds per cost", "What each unit of the gates' cost takes off."),
        Coefficient("fatigue", 3.0, "invitations", "Number of earlier invitations by the same person that halves the odds; 0 = no fatigue.", "Leskovec et al. 2007"),
    ),
)  # fmt: skip


@compiled
def invitation_rate(n_targets: float, satisfaction: float, incentive: float, p: Any) -> float:
    """Invitations per day of a member with ``n_targets`` people to choose from, >= 0."""
    w = p["inviting_by_satisfaction"]
    eagerness = 1.0 - w + w * 2.0 * satisfaction
    return p["inviting_rate"] * n_targets * eagerness * incentive


@compiled
def incentive(reward: float, p: Any) -> float:
    """Factor on the rate of invitations; ``reward`` is the gains promised, times the weight of benefit."""
    return 1.0 + p["inviting_asker_reward"] * reward


@compiled
def choice_weight(strength: float, match: float, p: Any) -> float:
    """Weight of one tie when a member chooses whom to invite, relative to the others."""
    return power(strength, p["inviting_strong_ties"]) * match


@compiled
def acceptance_probability(
    strength: float,
    friends_inside: float,
    reputation: float,
    reward: float,
    cost: float,
    invited_before: float,
    p: Any,
) -> float:
    """Chance that the invitee says yes, in [0, 1].

    ``reputation`` is 1 on average; ``reward`` is the gains promised, times the invitee's weight of benefit;
    ``invited_before`` counts earlier invitations by the same inviter.
    """
    if p["inviting_acceptance"] == ALWAYS:
        return 1.0
    odds = p["inviting_odds"] * power(strength, p["inviting_trust"])
    odds *= max(1.0, friends_inside) ** p["inviting_friends"]
    log_odds = reputation - 1.0 + p["inviting_reward"] * reward - p["inviting_gate_cost"] * cost
    odds *= math.exp(min(50.0, log_odds))  # e^50 is certainty already
    if p["inviting_fatigue"] > 0.0:
        odds *= halving(invited_before, p["inviting_fatigue"])
    return odds / (1.0 + odds)
