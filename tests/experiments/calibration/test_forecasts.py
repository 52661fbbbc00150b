"""The command of the forecasts study, with fits that are given."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from shequn.experiments.studies.calibration import forecasts
from shequn.experiments.studies.real_logs import RealLog


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Origins that were fitted; at each the model errs by the origin's share, the baseline by 70 %."""
    origins: list[float] = []

    def at_origin(_whole: Any, share: float, _study: Any, _silence: int, folder: Path, _jobs: int) -> Any:
        origins.append(share)
        folder.mkdir(parents=True)
        rows = {
            "forecast": ["model", "stationary"],
            "weeks": [4, 4],
            "active": [share, 0.7],
            "joins": [0.0, 0.0],
        }
        return SimpleNamespace(held_out=SimpleNamespace(scores=pd.DataFrame(rows)))

    monkeypatch.setattr(RealLog, "activity", lambda self, folder: None)
    monkeypatch.setattr(forecasts, "at_origin", at_origin)
    return origins


def test_the_study_is_told_as_a_mean_over_its_origins(fitted: list[float], tmp_path: Path) -> None:
    done = CliRunner().invoke(
        forecasts.main, [str(tmp_path), "--log", "lean", "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0
    assert fitted == [0.5, 0.65, 0.8]
    assert done.stdout.splitlines()[-1].split() == ["lean", "4", "65.0%*", "70.0%"]
    assert len(pd.read_csv(tmp_path / "out" / "forecasts.csv")) == 6


def test_other_origins_may_be_asked_for(fitted: list[float], tmp_path: Path) -> None:
    chosen = ["--origin", "0.35", "--origin", "0.4"]
    done = CliRunner().invoke(
        forecasts.main, [str(tmp_path), "--log", "lean", *chosen, "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0
    assert fitted == [0.35, 0.4]
    assert "lean at 35% of its life" in done.stderr
