"""Designs: what they generate, and that all their mistakes are told at once."""

import math
from pathlib import Path

import numpy as np
import pytest

from shequn import Scenario, simulate
from shequn.experiments.designs.design import Design
from shequn.experiments.designs.places import shipped
from shequn.experiments.designs.reading import read_design
from shequn.experiments.designs.responses import Response, measure, named_responses, response
from shequn.sim.kernel.chance import run_seed
from shequn.sim.result import Result
from shequn.sim.results.key_figures import KEY_FIGURES
from shequn.sim.results.tables import DAILY
from shequn.sim.scenario.errors import ScenarioError
from tests.sim.results.synthetic import synthetic_outcome
from tests.sim.small_worlds import world

HEAD = "format: 1\ntitle: A design\nscenario: open-group\n"


def design(tmp_path: Path, text: str, head: str = HEAD) -> Design:
    path = tmp_path / "design.yaml"
    path.write_text(head + text, encoding="utf-8")
    return read_design(str(path))


def values(found: Design) -> list[tuple[object, ...]]:
    return [found.values(point) for point in range(len(found.points))]


def problems(tmp_path: Path, text: str, head: str = HEAD) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        design(tmp_path, text, head)
    return [str(problem) for problem in error.value.problems]


def test_a_grid_has_every_combination(tmp_path: Path) -> None:
    found = design(
        tmp_path,
        "factors:\n  community.openness: [0, 0.5]\n"
        "  gate: {key: gates, levels: {none: [], fee: [{kind: fee, amount: 3}]}}\n",
    )
    assert values(found) == [(0, "none"), (0, "fee"), (0.5, "none"), (0.5, "fee")]
    last = found.scenario(3)
    assert last.community.openness == 0.5
    assert [gate.kind for gate in last.gates] == ["fee"]
    assert found.scenario(0).gates == ()


def test_gates_and_operations_are_reached_by_name(tmp_path: Path) -> None:
    head = HEAD.replace("open-group", "gated-group")
    found = design(
        tmp_path,
        "factors:\n  gates.fee.amount: [9, 99]\n  gates.task: [null, {at_least: 0.7}]\n"
        "  door: {key: gates, levels: {as-is: {}, free: null}}\n"
        "  talk: {key: operations.talk, levels: {none: {do: set_openness, day: 3, to: 0}}}\n",
        head,
    )
    first, last = found.scenario(0), found.scenario(len(found.points) - 2)
    assert [gate.kind for gate in first.gates] == ["rules", "fee"]
    assert [gate.price() for gate in first.gates] == [0, 9]
    assert (last.gates[1].at_least, last.gates[2].price()) == (0.7, 99)  # type: ignore[attr-defined]
    assert [operation.do for operation in last.operations] == ["set_openness"]
    assert found.scenario(1).gates == ()


def test_a_name_that_is_not_there_is_reported_at_its_place_with_the_nearest(tmp_path: Path) -> None:
    head = HEAD.replace("open-group", "gated-group")
    for key in ("gates.fe.amount", "gates.fe"):
        (found,) = problems(tmp_path, f"factors:\n  {key}: [null]\n", head)
        assert "design.yaml:5:9: there is no gate named fe; did you mean fee?" in found
    found = problems(tmp_path, "design: space\nfactors:\n  gates.fe.amount: {low: 1, high: 3}\n", head)[0]
    assert "there is no gate named fe; did you mean fee?" in found


def test_a_whole_list_of_operations_is_a_level(tmp_path: Path) -> None:
    found = design(
        tmp_path,
        "factors:\n  operations:\n    - []\n    - [{do: set_openness, day: 3, to: 0}]\n",
    )
    assert [len(found.scenario(point).operations) for point in (0, 1)] == [0, 1]
    assert found.values(1) == ("[{do: set_openness, day: 3, to: 0}]",)


def test_settings_move_several_keys_together(tmp_path: Path) -> None:
    found = design(
        tmp_path,
        "set: {days: 30}\nfactors:\n  size:\n    settings:\n"
        "      small: {population.people: 300, population.founders: 10}\n"
        "      large: {population.people: 900, population.founders: 30}\n",
    )
    large = found.scenario(1)
    assert (large.population.people, large.population.founders, large.days) == (900, 30, 30)
    assert found.values(1) == ("large",)


def test_a_variant_is_a_level(tmp_path: Path) -> None:
    text = "factors:\n  variant: [base, fee-only, no-gates]\n"
    found = design(tmp_path, text, HEAD.replace("open-group", "gated-group"))
    assert [len(found.scenario(point).gates) for point in range(3)] == [3, 1, 0]


def test_one_at_a_time_moves_one_thing_from_the_base(tmp_path: Path) -> None:
    found = design(
        tmp_path,
        "design: one_at_a_time\nset: {community.openness: 0.3}\n"
        "factors:\n  community.openness: [0.1, 0.3, 0.5]\n  days: [100, 200]\n",
    )
    assert values(found) == [(0.3, 365), (0.1, 365), (0.5, 365), (0.3, 100), (0.3, 200)]
    assert (found.scenario(3).days, found.scenario(3).community.openness) == (100, 0.3)


def test_a_list_of_parameter_sets_may_leave_out_what_stays(tmp_path: Path) -> None:
    found = design(
        tmp_path,
        "design: list\nfactors:\n  gate: {key: gates, levels: {none: [], task: [{kind: task}]}}\n"
        "parameter_sets:\n  - {gate: task, days: 100}\n  - {community.openness: 0.2}\n",
    )
    assert values(found) == [("task", 100, 0.8), ("none", 365, 0.2)]
    assert found.scenario(0).gates[0].kind == "task"


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_a_sample_has_one_point_in_each_stratum_of_each_factor(kind: str, tmp_path: Path) -> None:
    text = (
        f"design: {kind}\npoints: 32\nfactors:\n  community.openness: {{low: 0.2, high: 0.6}}\n"
        "  rules.leaving.stay_days: {low: 1, high: 100, scale: log}\n"
        "  days: {low: 10, high: 41, whole: true}\n  journal: [full, none]\n"
    )
    found = design(tmp_path, text)
    assert values(found) == values(design(tmp_path, text))  # its chance is the design's seed
    openness, stay, days, journal = (list(column) for column in zip(*values(found), strict=True))
    strata = np.sort(np.floor((np.array(openness, dtype=float) - 0.2) / 0.4 * 32))
    assert strata.tolist() == list(range(32))
    logs = np.sort(np.floor(np.log(np.array(stay, dtype=float)) / np.log(100.0) * 32))
    assert logs.tolist() == list(range(32))
    assert sorted(days) == list(range(10, 42)) and all(isinstance(day, int) for day in days)
    assert journal.count("full") == 16
    assert found.scenario(5).days == days[5]


def test_replicates_share_their_seeds_over_all_points(tmp_path: Path) -> None:
    from shequn.experiments.sweeps.plan import plan_of

    plan = plan_of(design(tmp_path, "seed: 7\nreplicates: 4\nfactors:\n  days: [5, 6, 7]\n"))
    seeds = {plan.point_and_replicate(number): plan.seed_of(number) for number in range(plan.runs)}
    assert len(seeds) == 12
    assert all(seed == run_seed(7, replicate) for (_, replicate), seed in seeds.items())
    assert len({plan.key(number) for number in range(plan.runs)}) == 12


def test_a_run_is_named_by_its_parameters_not_by_its_place(tmp_path: Path) -> None:
    from shequn.experiments.sweeps.plan import plan_of

    first = plan_of(design(tmp_path, "replicates: 2\nfactors:\n  days: [5, 6]\n"))
    second = plan_of(
        design(tmp_path, "replicates: 2\ndesign: list\nparameter_sets: [{days: 6}, {days: 5}]\n")
    )
    assert first.key(0) == second.key(1) and first.key(3) == second.key(2)


def test_names_of_responses_are_the_tables_columns() -> None:
    result = Result(synthetic_outcome(3, people=60, founders=10, days=20, per_day=5))
    assert tuple(result.runs.columns) == ("seed", *KEY_FIGURES)
    assert tuple(result.days.columns) == ("day", *DAILY)


def test_a_response_is_what_the_table_says() -> None:
    result = Result(synthetic_outcome(3, people=60, founders=10, days=20, per_day=5))
    assert response("temperature@12", 20) == Response("temperature", 12)
    found = measure(result, [response("end", 20), response("temperature@12", 20)])
    assert found == [result.runs["end"].iloc[0], result.days.set_index("day")["temperature"][12]]


def test_what_a_scenario_names_is_a_response() -> None:
    scenario = world("bazaar")
    named = named_responses([scenario])
    assert {
        "tasks.check-in",
        "duties.best",
        "earned.speaking",
        "units.coins",
        "offers.tea",
        "spaces.hall",
        "channels.arrivals",
    } <= set(named)
    assert "funnel.bought" in named
    result = simulate(scenario, 7)
    texts = ("tasks.check-in", "tasks.check-in@9", "duties.best", "earned.speaking@5", "units.coins", "offers.tea@8",
             "spaces.hall@12", "spaces.hall", "funnel.bought", "channels.arrivals")  # fmt: skip
    found = dict(zip(texts, measure(result, [response(text, 24, named) for text in texts]), strict=True))
    tasks = result.tasks[result.tasks["task"] == "check-in"]
    duties = result.duties[result.duties["duty"] == "best"]
    open_days = tasks[tasks["open"]]
    assert found["tasks.check-in"] == open_days["done"].sum() / open_days["members"].sum() > 0.05
    ninth = tasks[tasks["day"] == 9].iloc[0]
    assert found["tasks.check-in@9"] == ninth["done"] / ninth["members"]
    assert found["duties.best"] == duties["done"].sum() / (duties["done"] + duties["missed"]).sum()
    earned = result.earned[(result.earned["rule"] == "speaking") & (result.earned["day"] <= 5)]
    assert found["earned.speaking@5"] == earned["sum"].sum() > 0
    assert found["units.coins"] == result.units["earned"][result.units["unit"] == "coins"].sum() > 0
    sold = result.offers[(result.offers["offer"] == "tea") & (result.offers["day"] <= 8)]
    assert found["offers.tea@8"] == sold["sold"].sum() > 0
    joined = result.channels.set_index("channel")["joined"]
    assert found["channels.arrivals"] == joined["arrivals"] > 0
    halls = result.spaces[result.spaces["space"] == "hall"].set_index("day")["members"]
    assert (found["spaces.hall@12"], found["spaces.hall"]) == (halls[12], halls[24])
    assert found["funnel.bought"] == result.funnel["people"][result.funnel["step"] == "bought"].sum() > 0


def test_members_of_a_group_are_a_response() -> None:
    scenario = world("mixture")
    named = named_responses([scenario])
    assert {"groups.ordinary", "groups.expert", "groups.lurker"} <= set(named)
    result = simulate(scenario, 7)
    found = measure(result, [response(text, 18, named) for text in ("groups.expert@9", "groups.expert")])
    experts = result.groups[result.groups["group"] == "expert"].set_index("day")["members"]
    assert found == [experts[9], experts[18]]
    (without,) = measure(simulate(world("hall", days=3), 7), [response("groups.expert", 3, named)])
    assert math.isnan(without)


def test_what_an_arm_lacks_is_nothing_sold_and_no_share() -> None:
    result = simulate(world("hall", days=3), 7)
    named = named_responses([world("bazaar")])
    found = measure(
        result, [response(text, 3, named) for text in ("offers.tea", "tasks.check-in", "spaces.office")]
    )
    assert found[0] == 0
    assert math.isnan(found[1]) and math.isnan(found[2])


@pytest.mark.parametrize(
    ("text", "message"),
    [("tasks.chek-in", "did you mean tasks.check-in"), ("funnel.bought@3", "no daily measure"),
     ("offers", "no response"), ("offers.tea@25", "not within the run")],
)  # fmt: skip
def test_a_name_that_nothing_has_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        response(text, 24, named_responses([world("bazaar")]))


#: Each line of it holds one mistake, or the number given after it in a comment.
TWENTY = """\
format: 2                                            # 1
titel: Twenty mistakes                               # 2, with the missing title
question: [what]                                     # 1
scenario: opengroup                                  # 1
set: {comunity.openness: 0.5}                        # 1
design: gird                                         # 1
factors:
  community.openness: [0, 20%, 1.5]                  # 2
  gates: {levels: {task: [{kind: taks}]}}            # 1
  rules.joining.bindin: [1, 2]                       # 1
  size: {low: 3, high: 1}                            # 1
  both: {levels: [1], low: 0, high: 1}               # 1
  pace: {key: population.pace.mean, levels: []}      # 1
  seed: [1, 2]                                       # 1
replicates: ten                                      # 1
responses: [evaporatoin, temperature, members@999]   # 3
figures: [{response: end, along: opennes}]           # 1, no such factor; end is no response: 1
"""


def test_twenty_mistakes_give_twenty_messages(tmp_path: Path) -> None:
    found = problems(tmp_path, TWENTY, head="")
    for text in (
        "1:9: format is 2; allowed: 1",
        "title is missing",
        "2:1: unknown key titel; did you mean title?",
        "question is [what]; allowed: a text",
        "there is no scenario 'opengroup'; did you mean open-group?",
        "unknown key comunity; did you mean community?",
        'design is "gird"; allowed: grid, list',
        'community.openness is "20%"; allowed: a number from 0 to 1',
        "community.openness is 1.5",
        'gates.0.kind is "taks"; allowed: capacity',
        "unknown key bindin in rules.joining; did you mean binding?",
        "factor size: low (3) is not below high (1)",
        "factor both has more than one of levels",
        "factor pace has no level",
        "seed cannot be set here",
        'replicates is "ten"; allowed: a whole number',
        "there is no response 'evaporatoin'; did you mean evaporation?",
        "temperature is a daily measure",
        "members@999 is not within the run",
        "figures.0.along is 'opennes', no factor",
    ):
        assert sum(text in message for message in found) == 1, text
    assert len(found) == 21  # … and the figure's response, none of the three that are wrong
    assert all("\n" in message and "^" in message for message in found)  # each shows its place


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("factors: {days: [5]}\npoints: 4", "points belongs to latin_hypercube and sobol"),
        (
            "design: sobol\npoints: 100\nfactors: {days: {low: 1, high: 9}}",
            "takes a power of two (64 or 128)",
        ),
        ("design: sobol\nfactors: {days: {low: 1, high: 9}}", "points is missing"),
        ("factors: {days: {low: 1, high: 9}}", "factor days is a range; grid needs levels"),
        ("design: list\nfactors: {days: [5]}", "parameter_sets is missing"),
        ("parameter_sets: [{days: 5}]", "parameter_sets belongs to a list"),
        ("design: grid", "factors is missing"),
        ("factors: {days: [5, 5]}", "has the level 5 twice"),
        ("factors: {days: [5], length: {key: days, levels: [6]}}", "vary the same key days"),
        ("factors: {run: {key: days, levels: [6]}}", "no factor can be named run"),
        ("factors: {variant: [fee]}", "there is no variant 'fee' (allowed: base"),
        ("factors: {days: {low: 1, high: 9, levels: [1]}}", "more than one of levels"),
        ("design: sobol\npoints: 4\nfactors: {days: {low: 1}}", "has a range without high"),
        (
            "design: sobol\npoints: 4\nfactors: {days: {low: 0, high: 9, scale: log}}",
            "a log scale needs a low above 0",
        ),
        ("design: list\nparameter_sets: [{days: 5}, {dys: 6}]", "unknown key dys; did you mean days?"),
        ("factors: {population.founders: [10, 20000]}", "founders"),
        ("factors: {days: [5]}\nresponses: [end, end]", "the response end appears twice"),
        ("factors: {days: [5]}\nresponses: []", "responses is an empty list; allowed: a list of 1 or more"),
        ("factors: {days: [5]}\nresponses: [members@" + "9" * 5000 + "]", "is not within the run"),
    ],
    ids=lambda text: text[:40],
)
def test_a_broken_design_says_what_is_wrong(text: str, said: str, tmp_path: Path) -> None:
    found = problems(tmp_path, text + "\n")
    assert len(found) == 1
    assert said in found[0]


def test_what_contradicts_only_in_a_combination_names_it(tmp_path: Path) -> None:
    (found,) = problems(
        tmp_path, "factors:\n  population.people: [100, 500]\n  population.founders: [20, 300]\n"
    )
    assert "100, 300" in found and "design.yaml:" in found


def test_a_response_needs_its_day_in_every_run(tmp_path: Path) -> None:
    text = "factors: {days: [%s, 400]}\nresponses: [members@390]\n"
    assert design(tmp_path, text % "395").responses == (Response("members", 390),)
    (found,) = problems(tmp_path, text % "300")
    assert "members@390 lies after the end of some runs, which last 300 days" in found


def test_every_shipped_design_can_be_read() -> None:
    assert shipped()
    for name in shipped():
        found = read_design(name)
        assert isinstance(found.scenario(0), Scenario)
        assert found.figures or found.content["design"] == "space"


@pytest.mark.parametrize("name", ["secret.txt", "../secret", "/etc/hosts", "a/b:c"])
def test_a_design_has_no_other_file_read_as_its_scenario(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("password: 12345\n")
    (tmp_path / "d.yaml").write_text(f"format: 1\ntitle: x\nscenario: {name}\nfactors: {{seed: [1]}}\n")
    with pytest.raises(ScenarioError) as caught:
        read_design(str(tmp_path / "d.yaml"))
    assert "12345" not in str(caught.value)
    assert "localhost" not in str(caught.value)


def test_a_grid_has_a_bound_and_is_refused_at_once(tmp_path: Path) -> None:
    levels = ", ".join(str(k / 200) for k in range(179))
    keys = ("openness", "visibility", "bypass", "welcome.share", "staff")
    factors = "".join(f"  community.{key}: [{levels}]\n" for key in keys)
    (tmp_path / "d.yaml").write_text(f"format: 1\ntitle: x\nscenario: open-group\nfactors:\n{factors}")
    with pytest.raises(
        ScenarioError, match=r"the grid has 183,765,996,899 parameter sets; allowed: at most 1,000,000"
    ):
        read_design(str(tmp_path / "d.yaml"))
