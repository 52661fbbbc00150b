"""The tables of the playbook: everything from which the page is made."""

from shequn.experiments.playbook.study import MEASURED
from shequn.sim.results.schema import Column, Table

_KIND = Column("kind", "string", "", "Kind of community.")
_LEVER = Column("lever", "string", "", "Name of the lever.")
_MIX = Column("mix", "string", "", "Mix of drivers: as-shipped, or the driver whose weight is raised.")
_GOAL = Column("goal", "string", "", "What it is tried for: retention, quality, growth or income.")
_PER = Column(
    "per", "string", "", "By what: the lever, 1,000 yuan of its cost, or an hour of the staff's work."
)
_UNIT = "of the goal"
_FEW = "known in fewer than 2 pairs"
_NOWHERE = "known in no pair"


def _texts(name: str, text: str) -> tuple[Column, Column]:
    return (
        Column(f"{name}_en", "string", "", f"{text} In English."),
        Column(f"{name}_zh", "string", "", f"{text} In Chinese."),
    )


def _interval(name: str, unit: str, text: str) -> tuple[Column, Column, Column]:
    return (
        Column(name, "double", unit, text, _NOWHERE),
        Column(f"{name}_low", "double", unit, "Lower end of its corrected interval.", _FEW),
        Column(f"{name}_high", "double", unit, "Upper end of its corrected interval.", _FEW),
    )


KINDS = Table(
    "kinds",
    "One row for each kind of community.",
    (
        _KIND,
        *_texts("title", "What it is."),
        Column("scenario", "string", "", "The shipped scenario."),
        Column("days", "int64", "days", "Length of its runs."),
        Column("retention", "string", "", "Of whom retention is measured: newcomers or members."),
    ),
)
LEVERS = Table(
    "levers",
    "One row for each kind and lever: what it is, and what it costs with the mix as shipped.",
    (
        _KIND,
        _LEVER,
        *_texts("title", "As an operator says it."),
        *_texts("what", "What is done."),
        *_texts("source", "Where it and its size come from."),
        *_interval("money", "yuan", "Rewards, reach and pay, more than as it is; the mean."),
        *_interval("hours", "hours", "Work of the staff on their duties, more than as it is; the mean."),
    ),
)
MIXES = Table(
    "mixes",
    "One row for each mix of drivers, that of the scenarios first.",
    (_MIX, *_texts("title", "What it is.")),
)
EFFECTS = Table(
    "lever_effects",
    "One row for each mix, kind, lever and goal: with the lever minus as it is.",
    (
        _MIX,
        _KIND,
        _LEVER,
        _GOAL,
        Column("n", "int64", "pairs", "Pairs in which both are known."),
        Column("before", "double", _UNIT, "Mean as it is.", _NOWHERE),
        Column("after", "double", _UNIT, "Mean with the lever.", _NOWHERE),
        *_interval("effect", _UNIT, "The mean difference."),
        Column(
            "turns", "string", "", "Whether its sign turns against the mix as shipped: no, perhaps or shown."
        ),
    ),
)
RATIOS = Table(
    "ratios",
    "One row for each kind, lever, goal and cost that is clearly above 0, with the mix as shipped.",
    (_KIND, _LEVER, _GOAL, _PER, *_interval("ratio", _UNIT, "The effect for each of these.")),
)
RANKS = Table(
    "ranks",
    "One row for each kind, goal, cost and lever, the best first, with the mix as shipped.",
    (
        _KIND,
        _GOAL,
        _PER,
        Column("rank", "int64", "number", "Its place, from 1."),
        _LEVER,
        Column("value", "double", _UNIT, "By which it is ranked."),
        Column(
            "ahead", "bool", "", "Whether it is clearly ahead of the next: the interval of their difference."
        ),
    ),
)
FIRSTS = Table(
    "firsts",
    "One row for each mix, kind and goal: the lever that is first there.",
    (
        _MIX,
        _KIND,
        _GOAL,
        _LEVER,
        Column("lead_over", "string", "", "The lever to take first with the mix as shipped."),
        *_interval("lead", _UNIT, "Its lead over that one with this mix."),
    ),
)
RUN_VALUES = Table(
    "lever_runs",
    "One row for each run: what all else is computed from.",
    (
        _MIX,
        _KIND,
        Column("arm", "string", "", "The lever, or as-it-is."),
        Column("run", "int32", "number", "The pair: all arms of a pair have the same seed."),
        *(
            Column(
                name.replace(".", "_"),
                "double",
                "",
                "The response of this name.",
                "unknown, or the run failed",
            )
            for name in MEASURED
        ),
    ),
)
STUDY = Table(
    "playbook",
    "One row: how much was run.",
    (
        Column("pairs", "int64", "pairs", "Pairs of runs of each lever, with the mix as shipped."),
        Column("mix_pairs", "int64", "pairs", "The same, with each other mix."),
        Column("quick", "bool", "", "Whether this was a quick run, with few of both."),
        Column("intervals", "int64", "intervals", "Number of effects for which each interval is corrected."),
        Column("mix_intervals", "int64", "intervals", "The same, of the effects with other mixes."),
        Column("raised_by", "double", "share", "By how much the weight of a driver is raised in a mix."),
        Column("committed", "string", "", "Commit of the designs, before any run."),
        Column("version", "string", "", "Version of shequn."),
    ),
)
TABLES = (STUDY, KINDS, LEVERS, MIXES, EFFECTS, RATIOS, RANKS, FIRSTS, RUN_VALUES)
