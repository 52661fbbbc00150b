"""Figures of a sweep."""

from pathlib import Path

import pandas as pd
import pytest

from shequn.app.figures.sweep import write_figures
from shequn.experiments.designs.model import FigureContent


def test_a_missing_font_is_reported_whichever_figure_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = pd.DataFrame(
        {"openness": [0.0, 1.0], "gate": ["无", "task"], "response": "end", "value": [1.0, 2.0]}
    )
    (tmp_path / "tables").mkdir()
    (tmp_path / "figures").mkdir()
    rows.to_parquet(tmp_path / "tables" / "responses.parquet")
    inputs = [FigureContent(response="end", along=along) for along in ("gate", "openness")]
    monkeypatch.setattr("shequn.sim.presentation.style.lacks_cjk_font", lambda: True)
    assert len(write_figures(tmp_path, inputs, "Doors")) == 1
    assert write_figures(tmp_path, inputs[1:], "Doors") == []
