"""The five assumed numbers that affect the answer most."""

import importlib.resources
import re

import pandas as pd

from shequn.agents.rules import GROUPS
from shequn.app.answers.comparison import N_NAMED
from shequn.app.answers.response_names import capitalise, short_name
from shequn.app.report.parts import Table, Text
from shequn.experiments.comparison.assumed import is_assumed, is_known
from shequn.sim.fields import NEVER
from shequn.sim.language import _
from shequn.sim.scenario import Scenario

#: Measures of ``sensitivity.csv`` that describe the answer.
_MEASURES = ("members", "K", "temperature", "evaporation", "retention")


def run_table(scenario: Scenario, name: str) -> Table | Text:
    """The assumed numbers that matter most in a run's scenario, from ``experiments/sensitivity.csv``.

    Parameters
    ----------
    scenario : Scenario
    name : str
        Name of the shipped scenario with its variant; measurements made in it count too.
    """
    with (
        importlib.resources.files("shequn.experiments")
        .joinpath("sensitivity.csv")
        .open(encoding="utf-8") as file
    ):
        rows = pd.read_csv(file, keep_default_na=False)
    effects = _effects(rows[rows["where"].isin(["", name])])
    # a coefficient of 0 is switched off, so changing it by half has no meaning
    effects = effects[
        [scenario.rules[key.partition(".")[0]][key.partition(".")[2]] != 0 for key in effects["coefficient"]]
    ]
    if not len(effects):
        return Text([_("Which assumed numbers matter has not been measured.")])
    effect_sizes = effects.groupby(["coefficient", "measure"])["size"].max().unstack("measure").fillna(0.0)
    score = (effect_sizes / effect_sizes.max().where(effect_sizes.max() > 0, 1.0)).sum(axis=1)
    chosen_keys = score.sort_values(ascending=False, kind="stable").head(N_NAMED).index
    texts = {f"{group.name}.{c.name}": c.text for group in GROUPS for c in group.coefficients}
    by_size = effects.sort_values("size", ascending=False, kind="stable")
    table = pd.DataFrame(
        {
            _("assumed number"): [f"rules.{key}" for key in chosen_keys],
            _("here"): [_value(scenario, key) for key in chosen_keys],
            _("what it is"): [texts.get(key, "") for key in chosen_keys],
            _("at half the value; at 1.5 times the value"): [
                "; ".join(
                    f"{_measure(row['measure'])} {row['minus']}, {row['plus']}"
                    for row in by_size[by_size["coefficient"] == key].head(3).to_dict("records")
                )
                for key in chosen_keys
            ],
        }
    )
    note = _(
        "Measured in small communities, one number at a time (MODEL.md), and not in this run. For "
        "members, K, temperature, evaporation and retention, each effect is taken as a share of the "
        "largest one; the ranking is by the sum of these shares. To see whether your own answer "
        "depends on them: shequn compare A B --assumed."
    )
    return Table("assumed-numbers", _("The five assumed numbers that move the answer most"), table, note=note)


def _measure(word: str) -> str:
    return {
        "members": _("members"),
        "K": "K",
        "temperature": _("temperature"),
        "evaporation": _("evaporation"),
        "retention": _("retention"),
    }[word]


def _effects(rows: pd.DataFrame) -> pd.DataFrame:
    sources = {f"{group.name}.{c.name}": c.source for group in GROUPS for c in group.coefficients}
    assumed = [name for name, source in sources.items() if is_assumed(source)]
    rows = rows[rows["measure"].isin(_MEASURES) & rows["coefficient"].isin(assumed)]
    size = [max(abs(_number(row["minus"])), abs(_number(row["plus"]))) for row in rows.to_dict("records")]
    return rows.assign(size=size)


def _number(text: str) -> float:
    match = re.match(r"[+-]?[\d.]+", str(text).replace("−", "-"))
    return float(match.group()) if match else 0.0


def _value(scenario: Scenario, key: str) -> str:
    group, _separator, name = key.partition(".")
    value = scenario.rules[group][name]
    return _("never") if value == NEVER else f"{value:g}" if isinstance(value, float) else str(value)


def comparison_table(rows: pd.DataFrame, response: str) -> Table:
    """The numbers that affect a comparison's difference most, as measured by its ``--assumed``.

    Parameters
    ----------
    rows : DataFrame
        The rows of the response in the table ``assumed``.
    response : str
    """
    chosen_keys = rows.head(N_NAMED)
    known = is_known(rows)

    def words(holds: bool) -> str:
        return (_("yes") if holds else _("no")) if known else _("unknown")

    table = pd.DataFrame(
        {
            _("assumed number"): [f"rules.{name}" for name in chosen_keys["number"]],
            _("difference as assumed"): [f"{value:.4g}" for value in chosen_keys["difference"]],
            _("at half the value"): [f"{value:.4g}" for value in chosen_keys["half"]],
            _("at 1.5 times the value"): [f"{value:.4g}" for value in chosen_keys["more"]],
            _("clear"): [words(clear) for clear in chosen_keys["clear"]],
            _("changes the sign"): [words(changes_sign) for changes_sign in chosen_keys["turns"]],
        }
    )
    note = _(
        "Each number was tried at 0.5 and 1.5 times its value in both arms. Clear: the change is more "
        "than four standard errors."
    )
    title = _("{what}: the five assumed numbers that move its difference most")
    return Table(
        f"assumed-numbers-{response}", title.format(what=capitalise(short_name(response))), table, note=note
    )
