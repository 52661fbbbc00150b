"""Responses that name a column: what they read, over which days, in which words."""

import math
from pathlib import Path

import pytest

from shequn import simulate
from shequn.app.answers.response_names import response_name, short_name
from shequn.app.answers.values import alone
from shequn.experiments.designs.reading import read_design
from shequn.experiments.designs.responses import (
    NAMED,
    Response,
    declared,
    measure,
    named_responses,
    response,
    split_name,
)
from shequn.experiments.sweeps.plan import plan_of
from shequn.experiments.sweeps.work import perform_run
from shequn.sim.language import in_language
from shequn.sim.result import Result
from shequn.sim.saving.state_file import read_state
from tests.sim.small_worlds import world

DAYS = 34
NAMES = named_responses([world("bazaar"), world("mixture")])


@pytest.fixture(name="bazaar", scope="module")
def run_of_a_bazaar() -> Result:
    return simulate(world("bazaar", days=DAYS), 7)


def value(result: Result, text: str) -> float:
    (found,) = measure(result, [response(text, DAYS, NAMES)])
    return found


def test_counts_of_a_day_are_summed_up_to_the_day_or_over_the_run(bazaar: Result) -> None:
    tea = bazaar.offers[bazaar.offers["offer"] == "tea"].set_index("day")["money"]
    assert value(bazaar, "offers.tea.money@8") == sum(tea[day] for day in range(9)) > 0
    assert value(bazaar, "offers.tea.money") == tea.sum() > tea[:8].sum()
    best = bazaar.duties[bazaar.duties["duty"] == "best"]
    assert value(bazaar, "duties.best.minutes") == best["minutes"].sum() > 0


def test_levels_and_totals_are_read_on_the_day_or_on_the_last(bazaar: Result) -> None:
    hall = bazaar.spaces[bazaar.spaces["space"] == "hall"].set_index("day")
    assert value(bazaar, "spaces.hall.temperature@12") == hall["temperature"][12]
    assert value(bazaar, "spaces.hall.posts") == hall["posts"][DAYS] > hall["posts"][12]
    assert value(bazaar, "spaces.hall.posts@12") == hall["posts"][12]
    coins = bazaar.units[(bazaar.units["unit"] == "coins") & (bazaar.units["day"] == DAYS)]
    assert value(bazaar, "units.coins.outstanding") == coins["outstanding"].iloc[0] > 0


def test_a_mean_of_the_day_is_weighted_by_what_was_done(bazaar: Result) -> None:
    best = bazaar.duties[(bazaar.duties["duty"] == "best") & (bazaar.duties["done"] > 0)]
    waited = (best["waited"] * best["done"]).sum() / best["done"].sum()
    assert value(bazaar, "duties.best.waited") == pytest.approx(waited)
    assert waited > 0
    day = int(best["day"].iloc[0])
    assert value(bazaar, f"duties.best.waited@{day}") == pytest.approx(best["waited"].iloc[0])


def test_channels_spaces_and_marks_have_retention(bazaar: Result) -> None:
    channels = bazaar.channels.set_index("channel")
    for column in ("spoke", "quality", "cost", "retention"):
        assert value(bazaar, f"channels.arrivals.{column}") == channels[column]["arrivals"]
    assert 0 < value(bazaar, "channels.arrivals.retention") <= 1
    assert value(bazaar, "channels.stranger") == channels["joined"]["stranger"]
    assert math.isnan(value(bazaar, "channels.invitation.cost"))
    for kind, name in (("spaces", "hall"), ("marks", "rank")):
        table = getattr(bazaar, kind)
        last = table[(table[NAMED[kind].names] == name) & (table["day"] == DAYS)].iloc[0]
        assert value(bazaar, f"{kind}.{name}.retention") == last["retention"] > 0
        assert math.isnan(value(bazaar, f"{kind}.{name}.retention@20"))
    assert value(bazaar, "marks.rank") == value(bazaar, f"marks.rank.holders@{DAYS}") > 0
    assert 0 < value(bazaar, "wrote_within.2") <= value(bazaar, "wrote_within.7") < 1


def test_a_run_that_goes_on_from_a_state_knows_what_came_before(bazaar: Result, tmp_path: Path) -> None:
    simulate(world("bazaar", days=DAYS), 7, until=15, save=tmp_path / "state.npz")
    went_on = simulate(world("bazaar", days=DAYS), 7, past=read_state(tmp_path / "state.npz"))
    assert went_on.marks.equals(bazaar.marks) and went_on.spaces.equals(bazaar.spaces)
    assert went_on.wrote_within(7) == bazaar.wrote_within(7)


def test_what_a_run_lacks_adds_up_to_nothing_and_has_no_level() -> None:
    result = simulate(world("hall", days=3), 7)
    names = ("offers.tea.money", "duties.best.minutes", "channels.arrivals.spoke")
    assert measure(result, [Response(name) for name in names]) == [0, 0, 0]
    names = (
        "spaces.office.temperature",
        "units.coins.outstanding",
        "channels.arrivals.quality",
        "marks.star",
    )
    assert all(math.isnan(found) for found in measure(result, [Response(name) for name in names]))


def test_a_name_may_end_like_a_column() -> None:
    named = ("offers.tea", "offers.tea.money")
    assert response("offers.tea.money.units", 3, named) == Response("offers.tea.money.units")
    assert split_name("offers.tea.money.units") == ("offers", "tea.money", "units")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("spaces.hall.temprature", "did you mean spaces.hall.temperature"),
        ("spaces.hall.temprature@3", "no daily measure .*did you mean spaces.hall.temperature"),
        ("spaces.hal.temperature", "no response"),
        ("duties.best.job", "no response"),
        ("channels.arrivals.spoke@3", "no daily measure"),
        ("wrote_within.0", "allowed: wrote_within.1 to wrote_within.34"),
        ("wrote_within.35", "does not name days"),
        ("wrote_within.½", "does not name days"),
        ("wrote_within.7@9", "no daily measure"),
        ("wrote_witin.7", "did you mean wrote_within.7"),
        ("marks.star.retention@99", "not within the run"),
    ],
)
def test_a_column_that_is_not_there_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        response(text, DAYS, NAMES)


def test_every_column_has_words_in_both_languages() -> None:
    for kind, named in NAMED.items():
        for column in ("", *(f".{name}" for name in named.columns)):
            english = response_name(f"{kind}.x{column}@3")
            with in_language("zh"):
                assert response_name(f"{kind}.x{column}@3") != english != ""
    assert short_name("spaces.hall.retention") == "retention of hall"
    assert response_name("wrote_within.1") == "the share of newcomers who write within 1 day"
    with in_language("zh"):
        assert response_name("wrote_within.7") == "7 天内发言的新人比例"
        assert short_name("channels.stranger.retention") == "自己发现 的留存"


def test_values_have_the_unit_of_their_column() -> None:
    assert alone("channels.ads.retention", "retention of ads", 0.256) == "retention of ads at 26%"
    assert alone("offers.tea.money@8", "money paid for tea", 1234.0) == "money paid for tea at 1,234 yuan"
    assert alone("cost_per_join", "money spent per join", 3.25) == "money spent per join at 3.2 yuan"
    assert alone("spaces.hall.temperature", "mean quality in hall", 0.5) == "mean quality in hall at 0.50"


def test_only_what_the_full_journal_shows_needs_it() -> None:
    need = ("seen_week_4", "wrote_within.7", "marks.star", "marks.star.given@3", "spaces.hall.retention")
    assert all(Response(name).needs_journal for name in need)
    other = ("end", "spaces.hall", "spaces.hall.temperature@3", "channels.ads.retention", "funnel.bought")
    assert not any(Response(name).needs_journal for name in other)
    assert declared("no_such") is None


def test_a_sweep_measures_what_a_run_of_its_own_does(tmp_path: Path) -> None:
    path = tmp_path / "design.yaml"
    path.write_text(
        "format: 1\ntitle: Camps\nscenario: fan-club\nset: {days: 40, population.people: 300, "
        "population.founders: 20}\nfactors: {community.openness: [0.5]}\nreplicates: 1\n"
        "responses: [wrote_within.7, channels.stranger.retention, joins_per_founder, cost_per_join]\n",
        encoding="utf-8",
    )
    run = plan_of(read_design(str(path))).run(0)
    done = perform_run(run)
    assert not done.failure and done.values is not None
    alone_measured = measure(simulate(run.scenario, run.seed), run.responses)  # type: ignore[arg-type]
    assert done.values == pytest.approx(alone_measured, nan_ok=True)
    assert done.values[0] > 0
