# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Open the gate: one question, asked twice
#
# A group that was hard to enter: does it keep its level when the gate goes, and what did the gate cost?
# We run the shipped scenario `gated-group` and its variant without gates, on the same seeds, so that
# the same people have the same luck in both. Any difference comes from the gates.

# %%
import pandas as pd

from shequn import Scenario, simulate

SEEDS = range(4)
GATED = Scenario.load("gated-group", overrides={"days": 120})
OPEN = Scenario.load("gated-group", "no-gates", overrides={"days": 120})

# %% [markdown]
# One run, described by its summary:

# %%
simulate(GATED, seed=0)

# %% [markdown]
# ## Pairs, not averages
#
# `result.runs` is a table of one row, the key figures of a run. Four pairs of them:

# %%
runs = {
    name: pd.concat([simulate(scenario, seed=seed).runs for seed in SEEDS], ignore_index=True)
    for name, scenario in {"gated": GATED, "open": OPEN}.items()
}
shown = ["end", "joins", "departures", "temperature_start", "temperature_end", "dilution", "evaporation"]
pd.concat({name: table[shown].mean() for name, table in runs.items()}, axis=1).round(3)

# %% [markdown]
# The differences pair by pair: where all have one sign, few pairs are enough.

# %%
difference = runs["open"][shown] - runs["gated"][shown]
difference.describe().loc[["mean", "std", "min", "max"]].round(3)

# %% [markdown]
# ## Where did the level go?
#
# The temperature (mean quality) changes by joins (dilution), departures (evaporation) and removals
# (pruning) only, and the three add up exactly:

# %%
for table in runs.values():
    parts = table["dilution"] + table["evaporation"] + table["pruning"]
    assert (table["temperature_end"] - table["temperature_start"] - parts).abs().max() < 1e-9

# %%
simulate(OPEN, seed=0).plot("temperature")

# %% [markdown]
# **What to notice.** Is what you see dilution (who came) or evaporation (who left)? Only the second is
# evaporative cooling, and only where departing members are better than those who joined at about the same time:

# %%
runs["open"][["matched_rank", "matched_rank_error", "evaporation", "evaporation_control"]].round(3)

# %% [markdown]
# With intervals, more runs and a sentence you can repeat: `shequn compare gated-group:no-gates gated-group`.
