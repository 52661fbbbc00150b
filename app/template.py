"""The commented scenario that `shequn new` writes."""

import re
from collections.abc import Iterator

from shequn.sim.language import _
from shequn.sim.scenario.dumping import text_scalar

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
# A scenario of shequn. Only format and title are required; all other keys show their defaults.
# Check it:  shequn check {name}      Run it:  shequn run {name}
format: 2
title: {title}
# description: What happens here, in a paragraph.
# question: What do you want to know?
# why: Why the community is founded.
# what: What it offers.
# where: Where it meets.
# who: Whom it is for.

start: 2026-01-01        # day 0 begins at 00:00 of this date
days: 365                # length of a run
seed: 1                  # the same seed gives the same results
runs: 10                 # replicates: the same community with other luck
journal: full            # events written down: full | membership | none

population:
  people: 2000           # everybody who could ever be a member
  founders: 50           # members on day 0: a number, or all
  founders_by: random    # random | quality (the best) | connected (people who know each other)
  # Worth of what people contribute; or {{distribution: uniform, low: 0, high: 1}}.
  quality: {{distribution: beta, a: 2, b: 2}}
  # What moves people: mean weights, and how much people differ in them (0 = not at all, 1 = very much).
  drivers:
    honor: 0.15
    interest: 0.3
    benefit: 0.15
    relationship: 0.2
    event: 0
    locality: 0.15
    spread: 0.3
  topic: {{centre: 0.5, spread: 0.12}}   # interests on a circle of length 1; spread: uniform = any
  places: null           # null = no places; {{city_km: 10}} = a city, in which locality has an effect
  talkativeness: {{mean: 0.18, log_sd: 0.54}}   # posts per visit
  pace: {{mean: 0.38, log_sd: 1.9}}             # visits a day
  leaders: {{count: 0, quality: 0.95, talkativeness: 10, pace: 3}}   # opinion leaders among the founders
  koc: {{count: 0, quality: 0.8, talkativeness: 5, pace: 2}}         # members whom others follow
  readers: {{share: 0}}    # share of people who never post
  # Who knows whom: shequn's own generator; or {{generator: watts_strogatz_graph, arguments: {{k: 10, p: 0.1}}}}
  # (any networkx generator), {{file: friends.csv}} (then remove people), or {{generator: none}}.
  graph: {{generator: social, degree: 20, place_share: 0.3, interest_share: 0.4, homophily: 0.3}}

community:
  rooms: 1
  capacity: null         # members per room; null = unlimited
  placing: random        # room given to strangers: random | topic | fill
  shown: 64              # posts a room keeps in view
  order: newest          # which posts members read first: newest | hot | interest | followed | official
  openness: 0.3          # 0 = only invitees, 1 = anybody, without gates
  strangers_per_day: 5   # strangers who would find it each day if it were fully open
  rhythm: daily          # visits by hour: flat | daily | 24 or 168 weights
  mood: {{log_sd: 0, half_life: 30}}   # ups and downs that all share, on visits and discovery; 0 = none
  return_after: 60       # days until somebody who left may return, or never

# What candidates must pass to join, by name, in order. Remove {{}} and a # to use one.
gates: {{}}
#  friends: {{kind: invitation}}
#  fee: {{kind: fee, amount: 99}}
#  topic: {{kind: identity, sees: topic, within: 0.1}}
#  buyers: {{kind: purchase, share: 0.3}}
#  task: {{kind: task, at_least: 0.5}}
#  rules: {{kind: rules}}
#  waiting: {{kind: quota, per_day: 5, patience: 14}}
#  size: {{kind: capacity, members: 300}}

# People with a job, by name; what they do, in order of priority; what members may do at a visit.
staff: {{}}
#  host: {{people: 1, hours: [9, 22], minutes: 240, pay: 200}}   # from: members = volunteers
duties: {{}}
#  welcome: {{do: welcome, job: host, minutes: 2}}
#  answers: {{do: answer, job: host, to: first_post, minutes: 5}}
#  notice: {{do: post, job: host, every: 1, first: 0.4, quality: 0.8}}
tasks: {{}}
#  check-in: {{every: 1, effort: 0.1, gives: {{honor: 1, benefit: 0.5}}}}

# Units that members earn by what they do (money needs no entry), marks that they show, and offers that they take.
units: {{}}
#  points: {{expires: 90, most_per_day: 1000}}
marks: {{}}
#  level: {{by: points, steps: [100, 500, 2000], honor: 1}}
earn: {{}}
#  sign-in: {{for: visit, most: 1, pay: {{points: 5}}}}
#  week: {{for: visit, streak: 7, pay: {{points: 50}}}}
offers: {{}}
#  coupon: {{takes: {{points: 500}}, gives: {{money: 5}}, stock: 20, every: 7}}
#  course: {{takes: {{money: 99}}, worth: 200, from: host}}

# What the operator does, by name; when: day, date, every (days) or if. A name names the random draws, too.
operations: {{}}
#  campaign: {{do: campaign, day: 90, days: 14, discovery: 3, reminders: 1, pay_inviter: 5}}
#  event: {{do: hot_event, date: 2026-04-01, intensity: 0.8, days: 5}}
#  close: {{do: set_openness, if: {{measure: members, above: 500}}, to: 0.1}}
#  charge: {{do: set_gates, day: 120, gates: {{fee: {{kind: fee, amount: 99}}}}}}
#  shock: {{do: shock, day: 90, people: 500, over: 3}}
#  arrivals: {{do: arrivals, day: 0, per_day: 5}}
#  prune: {{do: remove, every: 30, who: inactive, unseen: 30}}
#  away: {{do: set_staff, day: 60, days: 7, job: host, minutes: 0}}

# Coefficients of the rules; `shequn schema` lists them all with unit, range and source.
rules: {{}}
#  leaving: {{outside: 0.15}}

# Variants state only what differs (null takes a gate or an operation away):  shequn run {name}:closed
variants:
  closed: {{community: {{openness: 0}}}}
"""

# Comments begin with `# ` and are translated; `#  ` disables an example.
_COMMENT = re.compile(r"(?<=# )(?!yaml-language-server|\s).+$", re.MULTILINE)


def comments() -> Iterator[str]:
    """The comments of the template in English, one message per line."""
    return (comment[0] for comment in _COMMENT.finditer(_TEMPLATE))


def template(title: str, file_name: str, schema: str) -> str:
    """The text of a new scenario.

    Parameters
    ----------
    title : str
        The scenario's title.
    file_name : str
        The file's name as the user will give it to `check` and `run`.
    schema : str
        Where editors find the JSON Schema: a path relative to the new file, or an address.
    """
    return _COMMENT.sub(lambda comment: _(comment[0]), _TEMPLATE).format(
        title=text_scalar(title), name=file_name, schema=schema
    )
