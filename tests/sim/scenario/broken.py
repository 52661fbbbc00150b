"""Broken scenarios: the text, the line the message must name, and words it must hold."""

from typing import NamedTuple

HEAD = "format: 2\ntitle: x\n"  # what follows begins in line 3
HEAD_1 = "format: 1\ntitle: x\n"


class Broken(NamedTuple):
    """One broken scenario. ``line`` is None when no line can be told."""

    name: str
    text: str | bytes
    line: int | None
    words: tuple[str, ...]


def _tail(name: str, tail: str, line: int, *words: str) -> Broken:
    return Broken(name, HEAD + tail, line, words)


def _old(name: str, tail: str, line: int, *words: str) -> Broken:
    return Broken(f"format 1: {name}", HEAD_1 + tail, line, words)


BROKEN: tuple[Broken, ...] = (
    # not a scenario at all
    Broken("empty", "", None, ("is empty",)),
    Broken("only a comment", "# nothing\n", None, ("is empty",)),
    Broken("a list", "- format: 1\n", 1, ("mapping", "a list")),
    Broken("a text", "hello\n", 1, ("mapping", "a single text")),
    Broken("binary", b"\x89PNG\r\n\x00\x01", None, ("not a text file",)),
    Broken("no encoding", b"format: 1\ntitle: \xff\xff\xff\n", None, (":2:", "neither UTF-8 nor GB18030")),
    Broken("huge", b"# " + b"x" * 1_000_001, None, ("larger than 1 MB",)),
    Broken("control character", "format: 1\ntitle: a\x07b\n", 2, ("U+0007",)),
    Broken("deep", HEAD + "why: " + "[" * 200, 3, ("nested deeper",)),
    # not YAML, or YAML we refuse
    _tail("tab", "population:\n\tpeople: 3\n", 4, "tab", "spaces"),
    _tail("full-width colon", "days：30\nseed: 3\n", 3, "full-width colon"),
    _tail("full-width colon inside", "population:\n  people：300\n  founders: 3\n", 4, "full-width colon"),
    _tail("full-width colon alone", "population:\n  people：300\n", 4, "full-width colon"),
    _tail("full-width colon in braces", "community: {rooms： 3}\n", 3, "full-width colon"),
    _tail("full-width comma", "community: {openness: 0.5，rooms: 3}\n", 3, "full-width comma"),
    _tail("no space after the colon", "community:\n  rooms:3\n", 4, "a space is needed after the colon"),
    _tail("open bracket", "gates: [{kind: fee, amount: 3}\n", 3, "bracket is not closed"),
    _tail("open quote", 'description: "abc\n', 3, "quotation mark"),
    _tail("colon in a text", "description: note: this\n", 3, "a key is not allowed here"),
    _tail("indentation", "community:\n    rooms: 3\n  openness: 1\n", 5, "indentation"),
    _tail("at sign", "who: @everyone\n", 3, "cannot begin with @", "quotes"),
    _tail("duplicate key", "days: 3\nseed: 1\ndays: 4\n", 5, "duplicate key days", "line 3"),
    _tail("duplicate key deep", "community:\n  rooms: 1\n  rooms: 2\n", 5, "duplicate key rooms"),
    _tail("tag", "why: !!python/object:os.system ls\n", 3, "tags", "not allowed"),
    _tail("alias bomb", "gates: &a [x, x]\nwhat: [*a, *a]\n", 4, "aliases"),
    _tail("merge key", "community: &c {rooms: 1}\npopulation:\n  <<: *c\n", 5, "aliases"),
    _tail("second document", "---\nformat: 1\n", 3, "second document"),
    _tail("list as a key", "? [a, b]\n: 3\n", 3, "single word"),
    # wrong at the top
    Broken("no format", "title: x\n", 1, ("format is missing",)),
    Broken("no title", "format: 1\n", 1, ("title is missing",)),
    Broken("format of the future", "format: 3\ntitle: x\n", 1, ("format is 3", "allowed: 2")),
    Broken("format true", "format: true\ntitle: x\n", 1, ("format is true", "allowed: 2")),
    Broken("empty title", "format: 1\ntitle: ''\n", 2, ("title is an empty text",)),
    Broken("title a number", "format: 1\ntitle: 3\n", 2, ("title is 3", "text")),
    Broken("title of two lines", 'format: 1\ntitle: "a\\nb"\n', 2, ("contains a line break",)),
    _tail("escape character", 'where: "\\e[31m"\n', 3, "U+001B"),
    _tail("half a character", 'who: "\\uD800"\n', 3, 'who is "?"'),
    _tail("a key like the name of a model", "Campaign: 0\n", 3, "unknown key Campaign"),
    _old(
        "such a key in a gate",
        "gates:\n  - {kind: rules, RulesGate: 2}\n",
        4,
        "unknown key RulesGate in gates.rules",
    ),
    _tail("unknown key", "comunity: {}\n", 3, "unknown key comunity", "did you mean community?"),
    _tail("unknown key deep", "community:\n  opennes: 1\n", 4, "did you mean openness?"),
    _tail("no such date", "start: 2026-02-30\n", 3, "a date such as"),
    _tail("date the wrong way", "start: 01.02.2026\n", 3, "a date such as"),
    _tail("no days", "days: 0\n", 3, "days is 0", "from 1 to 36500"),
    _tail("half a day", "days: 1.5\n", 3, "whole number"),
    _tail("quoted number", 'days: "30"\n', 3, "remove the quotes"),
    _tail("seed negative", "seed: -1\n", 3, "seed is -1"),
    _tail("seed too large", "seed: 9223372036854775808\n", 3, "from 0 to 9223372036854775807"),
    _tail("seed of 5,000 digits", "seed: " + "9" * 5000 + "\n", 3, "400 digits"),
    _tail("true for a number", "runs: true\n", 3, "runs is true"),
    _tail("journal", "journal: ful\n", 3, "full, membership, none", "did you mean full?"),
    # people
    _tail("a list for a mapping", "population:\n  - people: 3\n", 3, "a mapping", "this is not a list"),
    _tail("nothing for a mapping", "population:\n", 3, "population is empty", "a mapping"),
    _tail("10 billion people", "population: {people: 10000000000}\n", 3, "from 1 to 268435455"),
    _tail("no people", "population: {people: 0}\n", 3, "people is 0"),
    _tail("2,000 people", 'population: {people: "2,000"}\n', 3, "write 2000"),
    _tail("people with a unit", "population: {people: 2000人}\n", 3, "write 2000"),
    _tail("more founders than people", "population: {people: 3, founders: 4}\n", 3, "4 founders, but only 3"),
    _tail("founders a word", "population: {founders: everybody}\n", 3, "a whole number", "all"),
    _tail("founders negative", "population: {founders: -1}\n", 3, "founders is -1"),
    _tail("percent", "population: {readers: {share: 50%}}\n", 3, "write 0.5 for 50%"),
    _tail("nan", "population: {contentment_sd: .nan}\n", 3, "contentment_sd is .nan"),
    _tail("infinite", "population: {pace: {mean: .inf}}\n", 3, "mean is .inf"),
    _tail("too large for a float", "population: {pace: {mean: 1e999}}\n", 3, "mean is 1e999"),
    _tail("distribution", "population: {quality: {distribution: betta}}\n", 3, "did you mean beta?"),
    _tail(
        "uniform upside down",
        "population:\n  quality: {distribution: uniform, low: .9, high: .2}\n",
        4,
        "above high",
    ),
    _tail(
        "beta's key in uniform", "population:\n  quality: {distribution: uniform, a: 2}\n", 4, "unknown key a"
    ),
    _tail(
        "no drivers",
        "population: {drivers: {"
        + ", ".join(f"{d}: 0" for d in ("honor", "interest", "benefit", "relationship", "event", "locality"))
        + "}}\n",
        3,
        "all drivers have weight 0",
    ),
    _tail("leaders", "population: {founders: 2, leaders: {count: 3}}\n", 3, "only 2 founders"),
    _tail(
        "no such generator",
        "population:\n  graph: {generator: wats_strogatz_graph}\n",
        4,
        "did you mean watts_strogatz_graph?",
    ),
    _tail(
        "no such argument",
        "population:\n  graph: {generator: watts_strogatz_graph, arguments: {k: 4, q: 1}}\n",
        4,
        "no argument q",
    ),
    _tail(
        "argument missing",
        "population:\n  graph: {generator: watts_strogatz_graph, arguments: {k: 4}}\n",
        4,
        "needs p",
    ),
    _tail(
        "argument supplied",
        "population:\n  graph: {generator: path_graph, arguments: {n: 4}}\n",
        4,
        "n is set by shequn",
    ),
    _tail(
        "argument nan",
        "population:\n  graph: {generator: watts_strogatz_graph, arguments: {k: 4, p: .nan}}\n",
        4,
        "finite",
    ),
    _tail("shares above 1", "population:\n  graph: {place_share: .7, interest_share: .5}\n", 4, "sum to 1.2"),
    _tail("graph missing", "population: {graph: {file: nowhere.txt}}\n", 3, "no graph file"),
    _tail("graph outside", "population: {graph: {file: ../x.txt}}\n", 3, "outside", "--graph"),
    _tail("graph absolute", "population: {graph: {file: /etc/passwd}}\n", 3, "outside"),
    _tail("graph on a drive", "population: {graph: {file: 'C:\\x.txt'}}\n", 3, "outside"),
    _tail("graph a folder", "population: {graph: {file: .}}\n", 3, "is a folder"),
    _tail(
        "graph file and people",
        "population: {people: 3, graph: {file: x.txt}}\n",
        3,
        "people cannot be set",
    ),
    # community
    _tail("openness above 1", "community:\n  openness: 1.5\n", 4, "openness is 1.5", "from 0 to 1"),
    _tail("decimal comma", 'community:\n  openness: "0,5"\n', 4, "the decimal separator is a point"),
    _tail("never misspelt", "community: {return_after: nevr}\n", 3, "did you mean never?"),
    _tail("negative days", "community: {return_after: -3}\n", 3, "return_after is -3", "not negative"),
    _tail("rhythm of 25 hours", f"community:\n  rhythm: {[1] * 25}\n", 4, "a list of 24 numbers"),
    _tail("rhythm without a visit", f"community:\n  rhythm: {[0] * 24}\n", 4, "rhythm"),
    _tail("too little shown", "community: {shown: 3}\n", 3, "from 8 to 1024"),
    _tail("two reaches", "community: {reach: 0.1, strangers_per_day: 3}\n", 3, "give one of them"),
    _tail("posts without end", "community: {rooms: 1000000, shown: 1024}\n", 3, "at most 50,000,000"),
    _tail("a map of the world", "population: {places: {city_km: 9000}}\n", 3, "cells of 250 m"),
    _tail("no seats", "community: {capacity: 10}\n", 3, "50 founders do not fit into 10 seats"),
    # staff and offers
    _tail(
        "hours past midnight", "staff: {host: {hours: [22, 9]}}\n", 3, "hours is [22, 9]", "the earlier first"
    ),
    _tail(
        "hours as a clock", "staff:\n  host: {hours: [19:00, 23:30]}\n", 4, "such as [9, 18] or [19, 23.5]"
    ),
    _tail(
        "an offer of nothing",
        "spaces: {a: {}, b: {}}\noffers: {x: {takes: {money: 1}, seat: b}}\n",
        4,
        "gives nothing",
    ),
    _tail(
        "an offer that lasts",
        "marks: {m: {}}\noffers: {x: {takes: {money: 1}, mark: m, lasts: 3}}\n",
        4,
        "lasts",
    ),
    _tail(
        "a title that is a level",
        "units: {p: {}}\nmarks: {m: {by: p, steps: [1]}}\nearn: {e: {for: post, pay: {p: 1}}}\n"
        "offers: {x: {takes: {money: 1}, mark: m}}\n",
        6,
        "only a title",
    ),
    _tail(
        "an unknown title",
        "marks: {star: {}}\noffers: {x: {takes: {money: 1}, mark: stra}}\n",
        4,
        "did you mean star?",
    ),
    _tail("a stage that never ends", "stages: {a: {}, b: {}}\n", 3, "a never ends, but b comes after it"),
    _tail("a stage without an end", "stages: {a: {until: {for: 3}}, b: {}}\n", 3, "give day, or a measure"),
    _tail(
        "the end of a stage",
        "stages: {a: {until: {measure: members, above: 3, below: 9}}, b: {}}\n",
        3,
        "either above or below",
    ),
    _tail("a stage's side", "stages: {a: {until: {day: 3, above: 3}}, b: {}}\n", 3, "need a measure"),
    _tail(
        "a stage's measure", "stages: {a: {until: {measure: member, above: 3}}}\n", 3, "did you mean members?"
    ),
    _tail(
        "an unknown stage",
        "stages: {opening: {}}\nearn:\n  e: {for: post, pay: {money: 1}, during: [opning]}\n",
        5,
        "did you mean opening?",
    ),
    _tail(
        "an operation of no stage",
        "operations:\n  x: {do: set_openness, to: 1, at_stage: late}\n",
        4,
        "this scenario has no stages",
    ),
    _tail(
        "no stage", "stages: {a: {}}\nearn: {e: {for: post, pay: {money: 1}, during: []}}\n", 4, "during is"
    ),
    _tail("what a mark allows", "marks: {vip: {allows: {invites: 1}}}\n", 3, "did you mean invite?"),
    _tail(
        "what a mark allows, twice",
        "marks: {vip: {allows: {invite: 1}}, star: {allows: {invite: 1}}}\n",
        3,
        "marks.vip allows invite already",
    ),
    _tail("a level that there is not", "marks: {vip: {allows: {post: 2}}}\n", 3, "above the highest, 1"),
    _tail(
        "a task with the name of an act",
        "tasks: {post: {gives: {honor: 1}}}\nmarks: {vip: {allows: {post: 1}}}\n",
        4,
        "post is the name of several",
    ),
    _tail(
        "a seat for two",
        "spaces: {a: {}, b: {}}\noffers: {x: {takes: {money: 1}, worth: 1, seat: b, buyers: 2}}\n",
        4,
        "one buyer",
    ),
    _tail(
        "stock below the buyers",
        "offers: {x: {takes: {money: 1}, worth: 1, buyers: 3, stock: 2}}\n",
        3,
        "fewer than the 3",
    ),
    _tail("too many buyers", "offers: {x: {takes: {money: 1}, worth: 1, buyers: 65}}\n", 3, "from 1 to 64"),
    _tail(
        "rooms of nothing",
        "operations: {x: {do: award, day: 1, rooms: true, pay: {money: 1}}}\n",
        3,
        "needs of",
    ),
    _tail(
        "the last room of nothing",
        "operations: {x: {do: remove, day: 1, who: last_room, share: 1}}\n",
        3,
        "needs of",
    ),
    _tail(
        "rooms that nobody compares",
        "spaces: {a: {}, b: {}}\noperations:\n  x: {do: remove, day: 1, who: random, of: a, share: 1}\n",
        5,
        "only who: last_room",
    ),
    # gates
    _old("gate without kind", "gates:\n  - {amount: 3}\n", 4, "kind is missing"),
    _old("gate a word", "gates:\n  - fee\n", 4, "write {kind: fee"),
    _old(
        "gates a mapping",
        "gates: {kind: fee}\n",
        3,
        "gates is a mapping; in format 1 it is a list",
        "format: 2",
    ),
    _old("gate unknown", "gates:\n  - {kind: invitaton}\n", 4, "did you mean invitation?"),
    _old("fee without amount", "gates:\n  - {kind: fee}\n", 4, "amount is missing"),
    _old("fee negative", "gates:\n  - {kind: fee, amount: -3}\n", 4, "amount is -3"),
    _old(
        "two quotas",
        "gates:\n  - {kind: quota, per_day: 1}\n  - {kind: quota, per_day: 2}\n",
        5,
        "second quota",
    ),
    _old(
        "place without places",
        "gates:\n  - {kind: identity, sees: place, within: 3}\n",
        4,
        "places is not set",
    ),
    _old("17 gates", "gates:\n" + "  - {kind: rules}\n" * 17, 3, "at most 16"),
    # operations
    _old("operation without when", "operations:\n  - {do: set_openness, to: 1}\n", 4, "day, date, every, if"),
    _old(
        "operation with two whens",
        "operations:\n  - {do: set_openness, to: 1, day: 3, every: 2}\n",
        4,
        "day and every",
    ),
    _old("operation unknown", "operations:\n  - {do: shok, day: 3}\n", 4, "did you mean shock?"),
    _old(
        "before the start",
        "operations:\n  - {do: set_openness, to: 1, date: 2025-12-31}\n",
        4,
        "before the start",
    ),
    _old(
        "first without every",
        "operations:\n  - {do: set_openness, to: 1, day: 3, first: 2}\n",
        4,
        "is only possible with every",
    ),
    _old(
        "measure",
        "operations:\n  - {do: set_openness, to: 1, if: {measure: member, above: 3}}\n",
        4,
        "did you mean members?",
    ),
    _old(
        "neither above nor below",
        "operations:\n  - {do: set_openness, to: 1, if: {measure: members}}\n",
        4,
        "above or below",
    ),
    _old("campaign of nothing", "operations:\n  - {do: campaign, day: 3}\n", 4, "changes nothing"),
    _old(
        "remove without share", "operations:\n  - {do: remove, day: 3, who: random}\n", 4, "share is missing"
    ),
    _old("every 0 days", "operations:\n  - {do: remove, every: 0}\n", 4, "every is 0", "from 0.01"),
    _old(
        "every millisecond",
        "operations:\n  - {do: remove, every: 1e-8, who: random, share: .1}\n",
        4,
        "every is 1e-8",
        "from 0.01",
    ),
    _old(
        "gate of an operation",
        "operations:\n  - {do: set_gates, day: 1, gates: [{kind: fee}]}\n",
        4,
        "amount is missing",
    ),
    _old(
        "until before first",
        "operations:\n  - {do: remove, every: 9, first: 9, until: 3}\n",
        4,
        "before first",
    ),
    _old("topics farther than possible", "gates:\n  - {kind: identity, sees: topic, within: 3}\n", 4, "0.5"),
    _old(
        "quality of an operation",
        "operations:\n  - {do: shock, day: 1, people: 3, quality: "
        "{distribution: uniform, low: 1, high: 0}}\n",
        4,
        "above high",
    ),
    _tail(
        "argument nan in a list",
        "population:\n  graph: {generator: random_shell_graph, arguments: {constructor: [[3, 2, .nan]]}}\n",
        4,
        "finite",
    ),
    _tail("text for a rhythm", "community: {rhythm: dayly}\n", 3, "did you mean daily?"),
    _tail("yes for true", "population:\n  graph: {layers: yes}\n", 4, "write true"),
    _tail("thousands by a letter", "population: {people: 3k}\n", 3, "write 3000"),
    _tail("date of a datetime", "start: 2026-01-01T00:00\n", 3, "a date such as"),
    _old(
        "name a number", "operations:\n  - {do: shock, day: 1, people: 3, name: 3}\n", 4, "text of 1 to 100"
    ),
    _old(
        "name twice",
        "operations:\n"
        "  - {do: shock, day: 1, people: 3, name: a}\n"
        "  - {do: shock, day: 1, people: 3, name: a}\n",
        5,
        "a second operation named 'a'",
    ),
    _old(
        "name twice in a variant",
        "variants:\n  v:\n    operations:\n"
        "      - {do: shock, day: 1, people: 3, name: a}\n"
        "      - {do: shock, day: 1, people: 3, name: a}\n",
        7,
        "a second operation named 'a'",
        "in variant v",
    ),
    # maps by name
    _tail(
        "list of gates", "gates:\n  - {kind: rules}\n", 3, "gates is a list of 1", "lists belong to format 1"
    ),
    _tail("no kind", "gates:\n  charge: {amount: 3}\n", 4, "kind is missing in gates.charge"),
    _tail("a word for a gate", "gates:\n  charge: fee\n", 4, 'gates.charge is "fee"', "write {kind: fee"),
    _tail("kind misspelt", "gates:\n  charge: {kind: fe, amount: 3}\n", 4, "did you mean fee?"),
    _tail("no amount", "gates:\n  charge: {kind: fee}\n", 4, "amount is missing in gates.charge"),
    _tail(
        "a name in the entry", "operations:\n  a: {do: remove, every: 3, name: b}\n", 4, "unknown key name"
    ),
    _tail(
        "a name like a model's",
        "operations:\n  Shock: {do: shock, day: 1}\n",
        4,
        "people is missing in operations.Shock",
    ),
    _tail("no name", "operations:\n  '': {do: remove, every: 3}\n", 4, "a name has 1 to 110 characters"),
    _tail(
        "too many gates",
        "gates:\n" + "".join(f"  g{n}: {{kind: rules}}\n" for n in range(17)),
        3,
        "at most 16",
    ),
    _tail("the same name twice", "gates:\n  a: {kind: rules}\n  a: {kind: rules}\n", 5, "duplicate key a"),
    _tail(
        "the same draws",
        "operations:\n  a: {do: remove, every: 3}\n  name a: {do: remove, every: 3}\n",
        5,
        "random draws of operations.a",
    ),
    _tail(
        "nothing to take away",
        "gates:\n  charge: {kind: fee, amount: 3}\nvariants:\n  free:\n    gates: {charg: null}\n",
        7,
        "no gate named charg to take away; did you mean charge?",
        "in variant free",
    ),
    _tail(
        "nothing to take away at all", "operations:\n  end: null\n", 4, "no operation named end to take away"
    ),
    _tail(
        "nothing to change",
        "gates:\n  charge: {kind: fee, amount: 3}\nvariants:\n  cheap:\n    gates: {charg: {amount: 1}}\n",
        7,
        "kind is missing in gates.charg",
        "did you mean charge?",
    ),
    _tail(
        "a gate of an operation",
        "operations:\n  door: {do: set_gates, day: 1, gates: {charge: {kind: fee}}}\n",
        4,
        "amount is missing in operations.door.gates.charge",
    ),
    _tail(
        "an entry left empty", "gates:\n  charge:\n", 4, "gates.charge is empty; expected a mapping with kind"
    ),
    _tail(
        "an entry of a variant left empty",
        "gates:\n  charge: {kind: fee, amount: 3}\nvariants:\n  free:\n    gates:\n      charge:\n",
        8,
        "gates.charge is empty",
        "write null to take it away",
        "in variant free",
    ),
    _tail(
        "gates of a variant left empty",
        "gates:\n  charge: {kind: fee, amount: 3}\nvariants:\n  free:\n    gates:\n    days: 3\n",
        7,
        "gates is empty; allowed: a mapping",
        "in variant free",
    ),
    # groups of the population
    _tail(
        "groups of less than all",
        "population:\n  groups:\n    a: {share: 0.5}\n    b: {share: 0.4}\n",
        4,
        "the shares of all groups sum to 0.9; they must sum to 1",
    ),
    _tail(
        "groups of nearly all",
        "population: {groups: {a: {share: 0.99999999}}}\n",
        3,
        "sum to 0.99999999; they must",
    ),
    _tail(
        "group without a share",
        "population: {groups: {a: {}}}\n",
        3,
        "share is missing in population.groups.a",
    ),
    _tail("group's share", "population: {groups: {a: {share: 1.5}}}\n", 3, "share is 1.5", "from 0 to 1"),
    _tail(
        "group's key",
        "population: {groups: {a: {share: 1, talkative: 3}}}\n",
        3,
        "did you mean talkativeness?",
    ),
    _tail(
        "group's quality",
        "population:\n  groups:\n    a:\n      share: 1\n      quality: {distribution: uniform, low: 0.5, high: 0.2}\n",
        7,
        "low (0.5) is above high (0.2)",
    ),
    _tail(
        "group's distribution",
        "population: {groups: {a: {share: 1, quality: {distribution: betta}}}}\n",
        3,
        "population.groups.a.quality.distribution",
        "did you mean beta?",
    ),
    _tail(
        "group without drivers",
        "population:\n  groups:\n    a:\n      share: 1\n      drivers: {"
        + ", ".join(
            f"{name}: 0" for name in ("honor", "interest", "benefit", "relationship", "event", "locality")
        )
        + "}\n",
        7,
        "all drivers have weight 0",
    ),
    _tail("group's name", "population: {groups: {a.b: {share: 1}}}\n", 3, "this name has no dots"),
    _tail(
        "seventeen groups",
        "population: {groups: {" + ", ".join(f"g{n}: {{share: 0}}" for n in range(17)) + "}}\n",
        3,
        "at most 16",
    ),
    _tail("groups of a word", "population: {groups: six-need}\n", 3, "did you mean six-needs?"),
    _tail("groups a list", "population: {groups: [{share: 1}]}\n", 3, "population.groups", "a list"),
    _tail(
        "unknown group of arrivals",
        "population: {groups: {expert: {share: 1}}}\n"
        "operations:\n  new: {do: arrivals, day: 3, per_day: 1, group: exprt}\n",
        5,
        "there is no group exprt",
        "did you mean expert?",
    ),
    _tail(
        "unknown group to remove from",
        "operations:\n  out: {do: remove, day: 3, who: random, share: 0.5, group: expert}\n",
        4,
        "there is no group expert; its population has no groups",
    ),
    _tail(
        "unknown group to talk to",
        "population: {groups: six-needs}\nstaff: {host: {}}\n"
        "duties:\n  coffee: {job: host, do: talk, group: lern}\n",
        6,
        "there is no group lern; did you mean learn?",
    ),
    _tail(
        "group of a variant that is not there",
        "population: {groups: six-needs}\nvariants:\n  a: {population: {groups: {lern: null}}}\n",
        5,
        "population.groups.lern",
        "in variant a",
    ),
    # rules and variants
    _tail("rule group", "rules: {leavin: {cap: 1}}\n", 3, "did you mean leaving?"),
    _tail("rule", "rules: {leaving: {capp: 1}}\n", 3, "did you mean cap?"),
    _tail("rule out of range", "rules: {leaving: {cap: 2}}\n", 3, "cap is 2", "from 0 to 1"),
    _tail("rule's word", "rules: {leaving: {mode: visits}}\n", 3, "visit, clock, stay"),
    _tail("rule never", "rules: {leaving: {cap: never}}\n", 3, 'cap is "never"'),
    _tail(
        "variant wrong", "variants:\n  a: {community: {openness: 2}}\n", 4, "openness is 2", "in variant a"
    ),
    _tail(
        "variant contradicts",
        "population: {people: 100}\nvariants:\n  a: {population: {founders: 200}}\n",
        5,
        "200 founders, but only 100",
        "in variant a",
    ),
    _tail("variant's format", "variants:\n  a: {format: 1}\n", 4, "cannot differ"),
    _tail("variant's name", "variants:\n  a/b: {}\n", 4, "cannot be the name of a variant"),
    _tail("variants a list", "variants: [a]\n", 3, "a mapping from names"),
    _tail("variant a number", "variants:\n  a: 3\n", 4, "a mapping of what differs"),
)
