# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Day by day: a community as a Mesa model
#
# `Community` is a `mesa.Model`; a step is a day. So a policy that a scenario file cannot express
# can be written in Python: here, the operator closes the door while the community is too quiet
# to take care of newcomers.

# %%
from shequn import Community

community = Community("open-group", seed=3, days=90)
community

# %% [markdown]
# ## A custom policy
#
# Each day: how many of the members have been seen in a month? Below four fifths the door almost shuts.

# %%
doors = []
while community.running and community.time < 90:
    community.step()
    today = community.datacollector.get_model_vars_dataframe().iloc[-1]
    door = 0.3 if today["active_month"] > 0.8 * today["members"] else 0.02
    community.set_openness(door)
    doors.append(door)
community

# %% [markdown]
# The daily measures are a table of pandas, through Mesa's collector:

# %%
days = community.datacollector.get_model_vars_dataframe()
days[["members", "active_month", "joins", "temperature"]].iloc[::15].round(3)

# %% [markdown]
# ## Members
#
# `agents` are views of the records of the present members. Do members of long standing differ from newcomers?

# %%
import pandas as pd

members = pd.DataFrame(
    {"joined": member.joined_at, "quality": member.quality, "posts": member.n_posts}
    for member in community.agents
)
members.groupby(pd.cut(members["joined"], [-1, 0, 30, 60, 90]), observed=True).agg(
    n=("quality", "size"), quality=("quality", "mean"), posts=("posts", "mean")
).round(2)

# %% [markdown]
# Change the two numbers of the policy, or the seed, and run the page again. For many seeds at once,
# Mesa's own `batch_run` takes `Community` (README, *From Mesa*), and `shequn sweep` takes a design.
