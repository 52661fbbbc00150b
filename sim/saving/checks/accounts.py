"""Units, earn rules, offers and marks, and what members have on their accounts."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.incentives import incentive_records
from shequn.sim.kernel.heap import LARGEST_IN_TAG
from shequn.sim.kernel.state import MAX_BUYERS, MONEY, NEVER, NOBODY, EventKind, State
from shequn.sim.kernel.world import World
from shequn.sim.saving.checks.ranges import require
from shequn.sim.scenario import Scenario

#: Fields that change while a run goes on; all others are as the scenario says.
_CHANGING = {
    "units": ("issued", "outstanding", "first", "last", "earned", "spent", "expired"),
    "earn": ("paid", "sum"),
    "offers": ("opening", "gone", "n_signed", "since", "sold", "units", "money"),
    "marks": (),
}


def check_accounts(world: World, scenario: Scenario) -> None:
    """Check accounts, lots, promises and marks; raises ``ValueError``.

    Parameters
    ----------
    world : World
        Its fields are in their ranges, and its people and seats have been checked.
    scenario : Scenario
        The one run so far.
    """
    expected = incentive_records(scenario, 0, 0)
    for name, changing in _CHANGING.items():
        records, due = getattr(world, name), expected[name]
        require(len(records) == len(due), name)
        for field in set(due.dtype.names or ()) - set(changing):
            require((records[field] == due[field]).all(), f"{name}.{field}")
    require(len(world.purses) == len(expected["purses"]), "purses")
    require((world.purses <= expected["purses"]).all(), "purses")
    require(world.buyers.shape == expected["buyers"].shape, "buyers")
    require((world.buyers[:, 1] <= world.buyers[:, 0]).all(), "buyers")
    require(world.firsts.shape == (len(world.earn), len(world.rooms)), "firsts")
    seats = len(world.memberships)
    columns = {"holdings": "units", "acts": "earn", "taken": "offers", "levels": "marks"}
    for name, of in columns.items():
        own = getattr(world, name)
        require(own.ndim == 2 and len(own) >= seats and own.shape[1] == len(getattr(world, of)), name)
    ranks = any(place.space.ranks for place in scenario.places)
    require(len(world.board) == (len(world.levels) if ranks else 0), "board")
    require(((world.board >= 0) | (world.board == -1)).all(), "board")
    require(len(world.shown) == (len(world.levels) if len(world.marks) else 0), "shown")
    taken = np.zeros(len(world.memberships), dtype=bool)
    taken[world.people["membership"][world.people["state"] == State.MEMBER]] = True
    _check_balances(world, taken)
    _check_lots(world, taken)
    _check_promises(world)
    _check_marks(world, taken)
    _check_buyers(world, taken)
    _check_days(world)


def _check_balances(world: World, taken: npt.NDArray[np.bool_]) -> None:
    """What is outstanding is on the accounts of members, and nobody has more than they have earned."""
    holdings = world.holdings[: len(taken)][taken]
    require((world.units["outstanding"] == holdings["balance"].sum(axis=0)).all(), "units.outstanding")
    require((holdings["balance"] <= holdings["earned"]).all(), "holdings.balance")
    require((world.units["outstanding"] <= world.units["issued"]).all(), "units.issued")
    require((world.units["issued"] <= world.units["budget"]).all(), "units.issued")
    if len(world.units):
        require((holdings["balance"][:, MONEY] == 0).all(), "holdings.balance")


def _check_lots(world: World, taken: npt.NDArray[np.bool_]) -> None:
    """Each lot is in one line or free; lines are in order of time; members' lots add up to their balances."""
    total = world.totals[0]
    lots = world.lots[: int(total["n_lots"])]
    heads = np.concatenate((world.units["first"], [total["free_lot"]])).astype(np.int64)
    after = lots["after"].astype(np.int64)
    entered = np.concatenate((heads[heads != NOBODY], after[after != NOBODY]))
    require(np.array_equal(np.sort(entered), np.arange(len(lots))), "lots.after")
    queued = _units_with_expiry(world)
    for number, unit in enumerate(world.units):
        chain = _chain(after, int(unit["first"]), len(lots))
        require((chain[-1] if len(chain) else NOBODY) == unit["last"], "units.last")
        require(len(chain) == 0 or unit["expires"] < NEVER, "units.first")
        require((np.diff(lots["at"][chain]) >= 0).all(), "lots.at")
        require((number in queued) == (len(chain) > 0), "queue: expiry")
        left = np.bincount(lots["seat"][chain], weights=lots["left"][chain], minlength=len(taken))
        balance = world.holdings["balance"][: len(taken), number]
        if unit["expires"] < NEVER:
            require((left[taken] == balance[taken]).all(), "lots.left")
            require((left[~taken] == 0).all(), "lots.left")
        _check_own_lots(world, chain, number, taken)


def _check_own_lots(
    world: World, chain: npt.NDArray[np.int64], unit: int, taken: npt.NDArray[np.bool_]
) -> None:
    """The lots of each member with anything left are a chain in order of time, from ``first`` to ``last``."""
    lots = world.lots
    full = chain[lots["left"][chain] > 0]
    order = full[np.argsort(lots["seat"][full], kind="stable")]
    seat = lots["seat"][order]
    first = np.flatnonzero(np.r_[True, seat[1:] != seat[:-1]]) if len(order) else np.zeros(0, dtype=np.int64)
    heads = np.full(len(taken), NOBODY)
    heads[seat[first]] = order[first]
    holdings = world.holdings[: len(taken), unit]
    require((holdings["first"] == heads)[taken].all(), "holdings.first")
    same = seat[1:] == seat[:-1]
    require((lots["next"][order[:-1]][same] == order[1:][same]).all(), "lots.next")
    ends = np.flatnonzero(np.r_[seat[1:] != seat[:-1], True]) if len(order) else np.zeros(0, dtype=np.int64)
    require((lots["next"][order[ends]] == NOBODY).all(), "lots.next")
    require((holdings["last"][seat[ends]] == order[ends]).all(), "holdings.last")


def _chain(after: npt.NDArray[np.int64], first: int, most: int) -> npt.NDArray[np.int64]:
    """The records of a line from its first one on."""
    chain: list[int] = []
    while first != NOBODY and len(chain) <= most:
        chain.append(first)
        first = int(after[first])
    return np.array(chain, dtype=np.int64)


def _queued(world: World, kind: EventKind) -> Any:
    """What the events of a kind in the queue are about."""
    tags = world.queue.tags[: int(world.queue.size[0])]
    return (tags[tags >> 59 == kind] >> 3) & LARGEST_IN_TAG


def _units_with_expiry(world: World) -> set[int]:
    """Units whose next expiry is in the queue, each once."""
    units = _queued(world, EventKind.EXPIRY)
    require(len(np.unique(units)) == len(units) and (units < len(world.units)).all(), "queue: expiry")
    return set(units.tolist())


def _check_promises(world: World) -> None:
    """Each promise is in the queue once, or free; and it is of a rule that pays later."""
    total = world.totals[0]
    promises = world.promises[: int(total["n_promises"])]
    free = _chain(promises["after"].astype(np.int64), int(total["free_promise"]), len(promises))
    promised = _queued(world, EventKind.PAYOUT).astype(np.int64)
    everyone = np.sort(np.concatenate((free, promised)))
    require(np.array_equal(everyone, np.arange(len(promises))), "promises.after")
    require((world.earn["delay"][promises["rule"][promised]] > 0).all(), "promises.rule")


def _check_marks(world: World, taken: npt.NDArray[np.bool_]) -> None:
    """Levels go by what was earned, titles are 0 or 1, and their sum is what members show."""
    if not len(world.marks):
        return
    levels = world.levels[: len(taken)][taken]
    for number, mark in enumerate(world.marks):
        if mark["unit"] == NOBODY:
            require(np.isin(levels[:, number], (0, 1)).all(), "levels")
        else:
            earned = world.holdings["earned"][: len(taken)][taken][:, mark["unit"]]
            due = np.searchsorted(mark["steps"][: mark["n_steps"]], earned, side="right")
            require((levels[:, number] == due).all(), "levels")
    shown = (levels * world.marks["honor"]).sum(axis=1)
    require(np.allclose(world.shown[: len(taken)][taken], shown, rtol=1e-9, atol=1e-9), "shown")


def _check_buyers(world: World, taken: npt.NDArray[np.bool_]) -> None:
    """Who waits for more buyers has been here since; what lasts has not come for longer than it lasts."""
    require(world.signed.shape == (len(world.offers), MAX_BUYERS), "signed")
    for offer, signed in zip(world.offers, world.signed, strict=True):
        waiting = signed[: offer["n_signed"]]
        require(offer["n_signed"] < offer["buyers"] or offer["n_signed"] == 0, "offers.n_signed")
        require(len(np.unique(waiting["person"])) == len(waiting), "signed.person")
        require((waiting["stay"] <= world.people["n_joins"][waiting["person"]]).all(), "signed.stay")
    mine = world.taken[: len(taken)][taken]
    require((mine["since"] <= mine["until"]).all(), "taken.since")
    require((mine["until"] - mine["since"] <= world.offers["lasts"] + 1e-9).all(), "taken.until")


def _check_days(world: World) -> None:
    """One row for each day and unit, rule or offer, in order."""
    days, total = world.days[: int(world.totals["n_days"][0])], world.totals[0]
    of = {
        "unit_days": ("unit", world.units),
        "rule_days": ("rule", world.earn),
        "offer_days": ("offer", world.offers),
    }
    for name, (own, records) in of.items():
        rows = getattr(world, name)[: int(total[f"n_{name}"])]
        require(len(rows) == len(days) * len(records), name)
        require((rows["day"] == np.repeat(days["day"], len(records))).all(), f"{name}.day")
        require((rows[own] == np.tile(np.arange(len(records)), len(days))).all(), f"{name}.{own}")
