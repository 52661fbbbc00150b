"""The tables of duties and tasks: what the staff did and left undone, and what members did, day by day."""

from typing import Any

import numpy as np
import pandas as pd

from shequn.sim.results.schema import RUN, Column, Table

DUTIES = Table(
    "duties",
    "One row for each day and duty, day 0 (the start) included: the day that ends.",
    (
        RUN,
        Column("day", "int64", "day", "Day that ends at this time, in days since the start."),
        Column("duty", "string", "", "Name of the duty."),
        Column("job", "string", "", "Name of the job."),
        Column("staff", "int64", "people", "People who have the job, at the end of the day."),
        Column("minutes", "double", "minutes", "Time spent on it that day.", adds_up=True),
        Column("done", "int64", "pieces", "Pieces of work done that day.", adds_up=True),
        Column("waiting", "int64", "pieces", "Pieces of work that wait, at the end of the day."),
        Column(
            "missed",
            "int64",
            "pieces",
            "Left undone that day: too late, the member gone, the post out of view.",
            adds_up=True,
        ),
        Column(
            "waited",
            "double",
            "days",
            "Mean time from the occasion to the end.",
            "nothing was done that day",
            weight="done",
        ),
    ),
)
TASKS = Table(
    "tasks",
    "One row for each day and task, day 0 (the start) included: the day that ends.",
    (
        RUN,
        Column("day", "int64", "day", "Day that ends at this time, in days since the start."),
        Column("task", "string", "", "Name of the task."),
        Column("done", "int64", "people", "Members who did it that day.", adds_up=True),
        Column("answered", "int64", "people", "Answers to it by the staff that day.", adds_up=True),
        Column("members", "int64", "people", "Members at the end of the day."),
        Column("open", "bool", "", "Whether it could be done on that day."),
    ),
)


def duties_table(outcome: Any) -> pd.DataFrame:
    """The table :data:`DUTIES` of one run."""
    rows = outcome.duty_days
    names = np.array(outcome.duties, dtype=object)
    jobs = np.array([outcome.scenario.duties[name].job for name in outcome.duties], dtype=object)
    words = {"duty": _of(names, rows["duty"]), "job": _of(jobs, rows["duty"])}
    return DUTIES.frame({name: rows[name] for name in rows.dtype.names} | words)


def tasks_table(outcome: Any) -> pd.DataFrame:
    """The table :data:`TASKS` of one run."""
    rows = outcome.task_days
    names = np.array(list(outcome.scenario.tasks), dtype=object)
    opens = np.zeros(len(rows), dtype=bool)
    for number, task in enumerate(outcome.scenario.tasks.values()):
        own = rows["task"] == number
        days = rows["day"][own]
        opens[own] = _is_open(task, days) & _is_during(task, days, outcome.stages)
    words = {"task": _of(names, rows["task"]), "open": opens}
    return TASKS.frame({name: rows[name] for name in rows.dtype.names} | words)


def _is_open(task: Any, day: Any) -> Any:
    """Whether a task is open for any time within the day that ends at each of these times."""
    last = np.floor((np.nextafter(day, -np.inf) - task.first) / task.every)  # that begins before the day ends
    if task.until is not None:
        last = np.minimum(last, np.floor((task.until - task.first) / task.every))
    stays_open = task.every if task.open is None else task.open
    return (last >= 0) & (task.first + last * task.every + stays_open > day - 1.0)


def _is_during(task: Any, day: Any, stages: Any) -> Any:
    """Whether the stage of the days that end at these times, which began before them, is one of the task's."""
    if task.during is None:
        return True
    begins = np.array([at for at, _ in stages])
    is_on = np.array([name in task.during for _, name in stages])
    return is_on[np.maximum(np.searchsorted(begins, day - 1.0, side="right") - 1, 0)]


def _of(names: Any, numbers: Any) -> Any:
    return names[numbers] if len(names) else np.zeros(0, dtype=object)
