"""The tutorials with Python run as notebooks, from the first cell to the last; what they show comes out."""

import os
import re
from pathlib import Path

import pytest

from tests.documents import DOCS, ROOT, blocks, text

jupytext = pytest.importorskip("jupytext", reason="jupytext is not installed")
nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")

#: A cell, and what it shows.
_SHOWN = re.compile(r"^```python\n([^`]*)\n```\n\n```text\n([^`]*)\n```", re.MULTILINE)
TUTORIALS = [path for path in sorted((DOCS / "en/tutorials").glob("*.md")) if blocks(path, "python")]


def test_there_are_tutorials() -> None:
    assert len(TUTORIALS) >= 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("path", TUTORIALS, ids=[path.stem for path in TUTORIALS])
def test_a_tutorial_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    notebook = jupytext.read(path)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    said = [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    assert [
        text for text in said if "TqdmWarning" not in text
    ] == []  # tqdm misses ipywidgets, which is as well
    assert any("<h4>" in output.get("data", {}).get("text/html", "") for output in outputs)
    plain = {
        cell.source: [output["data"]["text/plain"] for output in cell.outputs if "data" in output]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    shown = _SHOWN.findall(text(path))
    assert len(shown) >= 2
    for source, said in shown:
        assert [line.rstrip() for line in plain[source][0].splitlines()] == said.splitlines()
