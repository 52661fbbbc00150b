"""Models of one's own: the guide's runs, sweeps keep it like any other, edited rules are compiled anew."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from shequn.experiments.studies.cottica.model import RESPONSES, Cottica
from shequn.experiments.studies.cottica.parameters import Parameters
from shequn.experiments.sweeps import custom_sweep as sweeps
from shequn.experiments.sweeps.custom_sweep import custom_sweep
from shequn.experiments.sweeps.plan import MismatchError

ROOT = Path(__file__).resolve().parents[2]
SIZES = [10, 14]
MODELS = [Cottica(Parameters(members=members)) for members in SIZES]


def python(*arguments: str, folder: Path, **environment: str) -> str:
    """What a script says that is run in a folder, with our packages."""
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_guides_model_runs_and_meets_theory(tmp_path: Path) -> None:
    """Mean line of M/M/1; five standard errors, and what starting empty takes off."""
    text = (ROOT / "docs/en/how-to/own-rules.md").read_text(encoding="utf-8")
    (shop,) = (code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "class Shop" in code)
    (tmp_path / "shop.py").write_text(shop, encoding="utf-8")
    python("shop.py", folder=tmp_path)
    rows = pd.read_parquet(tmp_path / "results" / "shop" / "tables" / "responses.parquet")
    assert len(rows) == 150
    for load, values in rows.groupby("load")["value"]:
        expected = load / (1 - load)
        start = expected**2 / 1000.0 * 10
        assert abs(values.mean() - expected) < 5 * values.sem() + start


def swept(folder: Path, **where: Any) -> bytes:
    """The table of a small sweep."""
    assert custom_sweep(MODELS, {"members": SIZES}, RESPONSES, folder, replicates=3, **where) == 0
    return (folder / "tables" / "responses.parquet").read_bytes()


def test_own_runs_are_the_same_wherever_they_are_made_and_share_their_luck(tmp_path: Path) -> None:
    here = swept(tmp_path / "here", on="here")
    assert swept(tmp_path / "there", on="processes", jobs=1) == here
    rows = pd.read_parquet(tmp_path / "here" / "tables" / "responses.parquet")
    assert len(rows) == 2 * 3 * len(RESPONSES)
    assert rows.groupby("run")["seed"].nunique().eq(1).all()
    assert rows["members"].unique().tolist() == [10.0, 14.0]


def test_custom_sweeps_go_on_after_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def watch(total: int, n_finished: int) -> Any:
        told.append((total, n_finished))
        left = iter(range(2))

        def tell(_: Any) -> None:
            if next(left, None) is None and len(told) == 1:
                raise Killed

        return tell

    told: list[tuple[int, int]] = []
    whole = swept(tmp_path / "whole", on="here")
    with pytest.raises(Killed):
        swept(tmp_path / "cut", on="here", watch=watch)
    assert not (tmp_path / "cut").exists()
    assert swept(tmp_path / "cut", on="here", watch=watch) == whole
    assert told == [(6, 0), (6, 3)]
    monkeypatch.setattr(sweeps, "execute_on", None)  # what is there is not run again
    assert swept(tmp_path / "cut", on="here") == whole


def test_own_results_are_not_mixed_with_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swept(tmp_path / "sweep", on="here")
    with pytest.raises(MismatchError, match="another design"):
        custom_sweep(MODELS[:1], {"members": SIZES[:1]}, RESPONSES, tmp_path / "sweep", replicates=3)
    monkeypatch.setattr("shequn.experiments.sweeps.custom_model.folder_digest", lambda _: "edited")
    with pytest.raises(MismatchError, match="another design"):
        swept(tmp_path / "sweep", on="here")
    swept(tmp_path / "sweep", on="here", restart=True)


class Odd(NamedTuple):
    """A model that fails with odd seeds."""

    level: str

    def parameters(self) -> Mapping[str, Any]:
        return self._asdict()

    def run(self, seed: int) -> Mapping[str, float]:
        if seed % 2:
            raise ArithmeticError("odd")
        return {"seed": float(seed)}


def test_an_own_run_that_fails_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    failed = custom_sweep([Odd("a")], {"level": ["a"]}, ["seed"], folder, replicates=20, on="here")
    failures = pd.read_parquet(folder / "tables" / "failures.parquet")
    assert 0 < failed == len(failures) < 20
    assert set(failures["message"]) == {"ArithmeticError: odd"}
    assert len(pd.read_parquet(folder / "tables" / "responses.parquet")) == 20 - failed


RULE = "from shequn.agents.compiled import compiled\n\n\n@compiled\ndef rule(x):\n    return 2.0 * x\n"
LOOP = (
    "from pathlib import Path\nfrom shequn.agents.compiled import compiled\nfrom own_rule import rule\n\n\n"
    "@compiled\ndef loop(x):\n    return rule(x) + 1.0\n\n\nprint(loop(3.0))\n"
    "print(len(list(Path(loop.dispatcher.stats.cache_path).glob('own_loop.loop-*.nbi'))))\n"
)


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"), reason="nothing is compiled")
def test_an_edited_rule_of_an_own_model_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "own_rule.py").write_text(RULE, encoding="utf-8")
    (tmp_path / "own_loop.py").write_text(LOOP, encoding="utf-8")
    place = {"SHEQUN_CACHE_DIR": str(tmp_path / "cache")}
    for _ in range(2):  # the second time from the cache
        assert python("-c", "import own_loop", folder=tmp_path, **place) == "7.0\n1\n"
    (tmp_path / "own_rule.py").write_text(RULE.replace("2.0", "5.0"), encoding="utf-8")
    assert python("-c", "import own_loop", folder=tmp_path, **place) == "16.0\n1\n"
