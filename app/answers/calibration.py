"""The results of a calibration in words: the printed tables, and the comments of the fitted scenario."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from shequn.app.answers.logs import value_text
from shequn.experiments.calibration.calibration import MEMBERS, Calibration
from shequn.experiments.calibration.mood import HALF_LIVES, LARGEST, GroupMood
from shequn.experiments.calibration.posterior import LEVEL, Posterior
from shequn.experiments.calibration.tables import moment_table, parameter_table
from shequn.experiments.logs.statistic_names import GROUPS
from shequn.sim.language import N_, _, translate
from shequn.sim.scenario.dumping import dump
from shequn.sim.scenario.scenario import TEXTS
from shequn.sim.text_width import centred, columns, left, right

#: Printed names of the model and of the baselines that it has to beat.
NAMES = {
    "model": N_("model"),
    "combined": N_("shequn forecast"),
    "stationary": N_("stationary"),
    "bass": N_("bass"),
    "persistence": N_("persistence"),
}


_LINES = {line.name: line for group in GROUPS.values() for line in group}


def statistic_words(name: str) -> str:
    """One of the 44 statistics in the words of `shequn describe`."""
    return _(_LINES[name].text).format(n=_LINES[name].n)


def parameter_lines(posterior: Posterior, best: npt.NDArray[np.float64]) -> list[str]:
    """Format the parameters, and say what the log does not identify."""
    table = parameter_table(posterior, best)
    width = max(len(key) for key in table["key"])
    headings = centred(_("{level:.0%} interval").format(level=LEVEL), 19)
    headings += "  " + centred(_("searched"), 19) + "  " + right(_("remaining"), 10)
    points = right(_("best"), 10) + right(_("median"), 10)
    lines = [(left(_("parameter"), width) + points + "  " + headings).rstrip()]
    for row in table.itertuples():
        interval, searched = (
            f"{low:.3g} … {high:.3g}" for low, high in ((row.low, row.high), (row.range_low, row.range_high))
        )
        numbers = f"{row.best:>10.3g}{row.median:>10.3g}"
        mark = "  " + _("!! AT THE END") if row.pressed else ""
        lines.append(f"{row.key:{width}}{numbers}  {interval:^19}  {searched:^19}  {row.left:>9.0%}{mark}")
    warnings = not_identified(posterior)
    return [
        *lines,
        "",
        *(warnings or [_("Every parameter is identified, and each is distinguished from the others.")]),
    ]


def mood_lines(mood: GroupMood | None) -> list[str]:
    """Say how much luck the members share, and how they are at the end of the log."""
    if mood is None:
        return [
            _(
                "Mood of the group: the log is too short, or too few write in a week; that of the scenario is kept."
            )
        ]
    if mood.log_sd == 0.0:
        return [_("Mood of the group: none; the weeks scatter as those of members who share no luck.")]
    low, high = np.exp([-mood.log_sd, mood.log_sd])
    lines = [
        _(
            "Mood of the group, a factor on visits and discovery: between {low:.2f} and {high:.2f} on two days of "
            "three, half of it gone in {days:.0f} days. At the end of the log it is {now:.2f}; its effect passes"
        ).format(low=low, high=high, days=mood.half_life, now=float(np.exp(mood.path[-1])))
    ]
    if mood.is_pressed:
        lines.append(
            _(
                "!! the mood is pressed against the end of what is searched (standard deviation up to {sd:g}, "
                "half-life up to {days:g} days): the log's level drifts or jumps, and the fitted model does not "
                "explain why"
            ).format(sd=LARGEST, days=HALF_LIVES[1])
        )
    return lines


def moment_lines(table: pd.DataFrame, max_rows: int = 44) -> list[str]:
    """Format the statistics of log and model side by side.

    Parameters
    ----------
    table : DataFrame
        The table :data:`shequn.experiments.calibration.tables.STATISTICS`.
    max_rows : int
        Largest number of statistics.
    """
    rows = table[table["log"].notna()].head(max_rows)
    words = [statistic_words(str(name)) for name in rows["statistic"]]
    width = max((columns(text) for text in words), default=0) + 2
    headings = right(_("log"), 10) + right(_("model"), 10)
    lines = [
        left(_("statistic"), width)
        + headings
        + "   "
        + centred(_("range of runs"), 21)
        + right(_("gap (SD)"), 11)
    ]
    for text, row in zip(words, rows.to_dict("records"), strict=True):
        unit = _LINES[row["statistic"]].unit
        seen, model, low, high = (
            value_text(row[key], unit) for key in ("log", "model", "model_low", "model_high")
        )
        runs = f"{low.removesuffix(' %')} … {high}"
        apart = f"{row['apart']:>11.1f}" if pd.notna(row["apart"]) else f"{'–':>11}"
        lines.append(f"{left(text, width)}{seen:>10}{model:>10}   {runs:^21}{apart}")
    return [
        *lines,
        "",
        _("Values as in `shequn describe`: shares in %, times in days. Gap: log minus model."),
    ]


def score_lines(scores: pd.DataFrame) -> list[str]:
    """Format the errors of the forecast and of the baselines."""
    headings = left(_("forecast"), 18) + right(_("weeks"), 6) + right(_("active"), 9) + right(_("joins"), 9)
    heading = headings + "   " + _("(weighted absolute percentage errors)")
    ordered = scores.sort_values(["weeks", "active"], kind="stable")
    rows = ordered.itertuples()
    return [
        heading,
        *(f"{left(_(NAMES[str(r.forecast)]), 18)}{r.weeks:>6}{r.active:>9.1%}{r.joins:>9.1%}" for r in rows),
    ]


def week_lines(weeks: pd.DataFrame) -> list[str]:
    """The people who write in each week held out: seen, and forecast with 90 % bands."""
    names = {name: _(NAMES[name]) for name in ("model", "combined")}
    lines = [
        _("People who write in a week, seen and forecast (median or mean, and 90 % band):"),
        right(_("week"), 6) + right(_("seen"), 8) + "".join(right(text, 26) for text in names.values()),
    ]
    for row in weeks[weeks["series"] == "active"].to_dict("records"):
        bands = [f"{row[name]:.1f} ({row[f'{name}_q05']:.1f} … {row[f'{name}_q95']:.1f})" for name in names]
        lines.append(f"{row['week']:>6}{row['seen']:>8.0f}" + "".join(f"{band:>26}" for band in bands))
    return lines


def summary(calibrated: Calibration, title: str, names: Sequence[str]) -> str:
    """Format the results of a calibration.

    Parameters
    ----------
    calibrated : Calibration
    title : str
        Title of the log.
    names : sequence of str
        Names of the statistics.
    """
    prepared, fitted = calibrated.setup, calibrated.fit
    part = prepared.part
    parts = [
        _(
            "{title}: {n:,} events of {n_people:,} people in {days:,} days, fitted by {trials:,} runs of "
            "{scenario!r}. {compared:,} of them count for the result: {outside:,} are like the log, but outside the "
            "narrower ranges of the second round; {unlike:,} have too few or too many events to be compared"
        ).format(
            title=title,
            n=len(part.person),
            n_people=part.n_people,
            days=part.days,
            trials=fitted.trials,
            scenario=translate(prepared.base.title),
            compared=fitted.compared,
            outside=fitted.trials - fitted.too_unlike - fitted.compared,
            unlike=fitted.too_unlike,
        ),
        "",
        *parameter_lines(fitted.posterior, fitted.best),
        "",
        *mood_lines(calibrated.mood),
        "",
        *moment_lines(moment_table(prepared.target, calibrated.replicates, names)),
    ]
    if calibrated.held_out is not None:
        parts += [
            "",
            _("The last {holdout} weeks were held out:").format(holdout=prepared.holdout),
            *score_lines(calibrated.held_out.scores),
            "",
            *week_lines(calibrated.held_out.weeks),
        ]
    return "\n".join(parts) + "\n"


def not_identified(posterior: Posterior, level: float = LEVEL) -> list[str]:
    """Say which parameters are at an end of their range or not identified, and which pairs cannot be distinguished."""
    ranges = {parameter.key: (parameter.low, parameter.high) for parameter in posterior.parameters}
    sides = {"low": N_("low"), "high": N_("high")}
    unidentified, pressed = posterior.unidentified(level), posterior.pressed(level)
    lines = [
        _(
            "!! {key} is pressed against the {side} end of the range searched ({low:g} … {high:g}): neither its value "
            "nor its interval is an estimate. The log lies where the model cannot go in this range: search a wider "
            "one (--fit {key}=LOW..HIGH), or do not trust what depends on it"
        ).format(key=key, side=_(sides[side]), low=ranges[key][0], high=ranges[key][1])
        for key, side in pressed.items()
    ]
    lines += [
        _(
            "! {key}: its interval touches the {side} end of the range searched ({low:g} … {high:g}): it may lie "
            "beyond; search a wider range (--fit {key}=LOW..HIGH)"
        ).format(key=key, side=_(sides[side]), low=ranges[key][0], high=ranges[key][1])
        for key, side in posterior.at_ends(level).items()
        if key not in pressed and key not in unidentified
    ]
    lines += [
        _(
            "{key} is not identified: its {level:.0%} interval covers {width:.0%} of the range searched"
        ).format(key=key, level=level, width=width)
        for key, width in unidentified.items()
    ]
    for key, other, rho in posterior.confounded():
        how = (
            _("equally well by more of both")
            if rho > 0
            else _("equally well by more of one and less of the other")
        )
        lines.append(
            _(
                "{key} and {other} cannot be distinguished: the log is fitted {how} (correlation {rho:+.2f})"
            ).format(key=key, other=other, how=how, rho=rho)
        )
    return lines


def _intervals(posterior: Posterior) -> list[str]:
    """The interval of each parameter in its own unit, to three digits."""
    return [
        f"{float(p.values(low)):.3g} … {float(p.values(high)):.3g}"
        for p, (low, high) in zip(posterior.parameters, posterior.interval(), strict=True)
    ]


def scenario_text(calibrated: Calibration, title: str) -> str:
    """The fitted scenario as a file, with the title of the log, and intervals and warnings in comments."""
    prepared = calibrated.setup
    resolved = calibrated.scenario.resolved()
    for key in TEXTS:  # of the scenario that it was fitted from
        resolved.pop(key, None)
    resolved["title"] = title
    resolved["description"] = _(
        "The group of the log {title}, by shequn calibrate. What was not fitted is as in {scenario!r}."
    ).format(title=title, scenario=translate(prepared.base.title))
    resolved["population"]["from_log"] = {"file": MEMBERS}
    resolved["journal"] = prepared.base.journal
    intervals = _intervals(calibrated.fit.posterior)
    notes = [
        f"#   {p.key}: {calibrated.values[p.key]:.4g} ({interval})"
        for p, interval in zip(prepared.parameters, intervals, strict=True)
    ]
    heading = ["# Calibration to a log by shequn calibrate; fitted values with their 90 % intervals:", *notes]
    n_people, n = prepared.whole.n_people, prepared.part.n_people
    if n < n_people:
        heading.append(
            f"# The group has {n_people:,} people who ever wrote; a run starts from {n:,} of them, drawn "
            f"by lot, so that counts of people are to be multiplied by {n_people / n:.3g}."
        )
    heading += [
        f"# {line}" for line in (*not_identified(calibrated.fit.posterior), *mood_lines(calibrated.mood))
    ]
    return "\n".join(heading) + "\n" + dump(resolved)
