"""The statistics of five real communities come out as they were published to us, to four decimals."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.logs.statistics import statistics

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
LOGS = ("lean_zulip", "stacker_news", "r-sig-geo", "lobsters_2012_2018", "whatwg_irc_speech")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real logs are not here ({DATA})")


def events(log: str) -> pd.DataFrame:
    """Columns person and time of a log's events, bots left out."""
    logs = DATA / "logs"
    match log:
        case "lean_zulip":
            frame = pd.read_csv(logs / "lean.csv.gz").rename(columns={"user": "person"})
            return frame[~frame.person.isin(pd.read_csv(logs / "lean-bots.csv").user)]
        case "whatwg_irc_speech":
            frame = pd.read_csv(logs / "whatwg.csv.gz").rename(columns={"nick": "person"})
            bots = [int(line) for line in (logs / "whatwg-bots.txt").read_text(encoding="utf-8").split()]
            return frame[~frame.person.isin(bots) & frame.type.isin(["msg", "act"])]
        case "lobsters_2012_2018":
            frame = pd.read_csv(logs / "lobsters-stories.csv.gz").rename(columns={"user": "person"})
            since = pd.to_datetime(frame.created_at, utc=True) - pd.Timestamp(0, tz="UTC")
            return frame.assign(ts=since // pd.Timedelta("1s"))
    name = {"stacker_news": "stacker-news", "r-sig-geo": "r-sig-geo"}[log]
    return pd.read_csv(logs / f"{name}.csv.gz").rename(columns={"user": "person"})


@pytest.mark.parametrize("log", LOGS)
def test_all_44_statistics_are_those_of_the_targets(log: str) -> None:
    targets = json.loads((DATA / "targets.json").read_text(encoding="utf-8"))
    frame = events(log)
    found = statistics(frame.person.to_numpy(), frame.ts.to_numpy(), 90 if log == "stacker_news" else 180)
    assert found.keys() == targets.keys()
    wanted = {name: target["logs_here"][log] for name, target in targets.items()}
    np.testing.assert_allclose(list(found.values()), [wanted[name] for name in found], rtol=0, atol=0.5001e-4)
