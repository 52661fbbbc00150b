"""The compile decorator: when it compiles, with what options, and where compiled code is kept."""

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from shequn.agents import compiled as compiling
from shequn.agents.compiled import (
    Compiled,
    cache_folder,
    compiled,
    extends_numba,
    folder_digest,
    source_digest,
)

DAY = 86_400.0


def doubled(x: float) -> float:
    """Twice x."""
    return 2.0 * x


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cache folder of the test's own, and nothing remembered from before or afterwards."""
    monkeypatch.setenv("SHEQUN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("NUMBA_BOUNDSCHECK", raising=False)
    _forget()
    yield
    _forget()


def _forget() -> None:
    compiling._folder_for.cache_clear()
    compiling._shared_folder.cache_clear()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree of sources that counts as ours."""
    root = tmp_path / "tree"
    for name in ("agents/rule.py", "sim/kernel/loop.py", "sim/tables/table.py", "app/page.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"a = 1\nb = 2\n")
    monkeypatch.setattr(compiling, "_ROOT", root)
    return root


class Njit:
    """Stands for ``numba.njit``: notes its options and where numba would keep the code."""

    def __init__(self, numba: ModuleType) -> None:
        self.options: dict[str, Any] = {}
        self.folder = ""
        self.calls = 0
        self._numba = numba

    def __call__(self, **options: Any) -> Any:
        self.options = options
        self.calls += 1
        self.folder = self._numba.config.CACHE_DIR

        def made(function: Any) -> Any:
            def dispatcher(*args: Any) -> Any:
                return ("compiled", function(*args))

            dispatcher._numba_type_ = ("type of", function)  # type: ignore[attr-defined]
            return dispatcher

        return made


@pytest.fixture
def njit(monkeypatch: pytest.MonkeyPatch) -> Njit:
    """numba with compilation replaced by notes, its cache folder as a user might have set it."""
    numba = importlib.import_module("numba")
    fake = Njit(numba)
    monkeypatch.setattr(numba, "njit", fake)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "the user's own")
    monkeypatch.setattr(compiling, "_EXTENSIONS", [])
    return fake


# --- when it compiles


@pytest.mark.parametrize("value", ["1", "2", "yes"])
def test_with_compilation_disabled_the_function_is_returned_as_it_is(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", value)
    assert compiled(doubled) is doubled
    assert compiled(boundscheck=True)(doubled) is doubled


@pytest.mark.parametrize("value", [None, "", "0"])
def test_else_it_is_wrapped_and_keeps_its_name_words_and_module(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    else:
        monkeypatch.setenv("NUMBA_DISABLE_JIT", value)
    for wrapped in (compiled(doubled), compiled(boundscheck=True)(doubled)):
        assert isinstance(wrapped, Compiled)
        assert wrapped.py_func is doubled
        assert (wrapped.__name__, wrapped.__doc__, wrapped.__module__) == ("doubled", "Twice x.", __name__)


def test_wrapping_compiles_nothing_and_the_first_call_does_once(njit: Njit) -> None:
    wrapped = Compiled(doubled, {})
    assert njit.calls == 0
    assert wrapped(3.0) == ("compiled", 6.0)
    assert wrapped(4.0) == ("compiled", 8.0)
    assert njit.calls == 1


# --- with what options


@pytest.mark.parametrize(("version", "linked"), [("0.68.0", True), ("0.68.3", True), ("0.69.0", False)])
def test_what_python_calls_is_cached_divides_as_numpy_does_and_links_what_it_calls(
    version: str, linked: bool, njit: Njit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(njit._numba, "__version__", version)
    linking = importlib.import_module("shequn.agents.linking")
    entry = {"pipeline_class": linking.EntryCompiler} if linked else {}
    assert Compiled(doubled, {}).dispatcher(1.0) == ("compiled", 2.0)
    assert njit.options == {"cache": True, "error_model": "numpy", **entry}


def test_options_of_ones_own_go_to_numba(njit: Njit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    compiled(cache=False, boundscheck=True)(doubled).dispatcher  # noqa: B018
    assert njit.options["boundscheck"]
    assert not njit.options["cache"]


@pytest.mark.parametrize(("version", "linked"), [("0.68.0", True), ("0.68.3", True), ("0.69.0", False)])
def test_what_compiled_code_calls_is_lean_and_linked_only_where_that_was_tried(
    version: str, linked: bool, njit: Njit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(njit._numba, "__version__", version)
    linking = importlib.import_module("shequn.agents.linking")
    expected: dict[str, Any] = {
        "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False, "error_model": "numpy",
    }  # fmt: skip
    if linked:
        expected["pipeline_class"] = linking.LinkedCompiler
    wrapped = Compiled(doubled, {})
    assert wrapped.inner is wrapped.inner
    assert njit.options == expected
    assert njit.calls == 1
    assert Compiled(doubled, {"_nrt": True}).inner
    assert njit.options == {**expected, "_nrt": True}


def test_numba_sees_the_inner_function(njit: Njit) -> None:
    wrapped = Compiled(doubled, {})
    assert wrapped._numba_type_.dispatcher is wrapped.inner
    assert njit.options["no_cpython_wrapper"]


def test_another_numba_sees_its_own_type_of_function(njit: Njit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(njit._numba, "__version__", "0.69.0")
    assert Compiled(doubled, {}, only_with=1)._numba_type_ == ("type of", doubled)


def test_numbas_own_folder_is_set_only_while_ours_are_made(
    njit: Njit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Compiled(doubled, {}).dispatcher
    assert njit.folder == str(compiling._folder_for(Path(__file__).resolve().parent))
    assert njit._numba.config.CACHE_DIR == "the user's own"

    def refuse(**options: Any) -> Any:
        raise RuntimeError("no")

    monkeypatch.setattr(njit._numba, "njit", refuse)
    with pytest.raises(RuntimeError, match="no"):
        Compiled(doubled, {}).dispatcher  # noqa: B018
    assert njit._numba.config.CACHE_DIR == "the user's own"


def test_types_are_taught_before_anything_is_compiled(
    njit: Njit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a_type_of_ours.py").write_text("taught = True\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    extends_numba("a_type_of_ours")
    assert compiling._EXTENSIONS == ["a_type_of_ours"]
    assert "a_type_of_ours" not in sys.modules
    assert Compiled(doubled, {}).dispatcher
    assert sys.modules.pop("a_type_of_ours").taught


# --- digests of sources


def test_a_digest_is_16_hexadecimal_digits_and_the_same_for_the_same_sources(tree: Path) -> None:
    digest = source_digest()
    assert len(digest) == 16
    assert int(digest, 16) >= 0
    assert source_digest() == digest


@pytest.mark.parametrize("name", ["agents/rule.py", "sim/kernel/loop.py", "sim/tables/table.py"])
def test_a_digest_changes_with_every_source_of_rules_and_simulator(name: str, tree: Path) -> None:
    before = source_digest()
    (tree / name).write_bytes(b"a = 1\nb = 3\n")
    assert source_digest() != before
    (tree / name).write_bytes(b"a = 1\nb = 2\n")
    assert source_digest() == before


def test_a_digest_changes_with_a_files_name_and_with_a_new_file(tree: Path) -> None:
    before = source_digest()
    (tree / "agents" / "rule.py").rename(tree / "agents" / "law.py")
    renamed = source_digest()
    assert renamed != before
    (tree / "agents" / "rule.py").write_bytes(b"")
    assert source_digest() not in (before, renamed)


def test_a_digest_looks_at_nothing_else(tree: Path) -> None:
    before = source_digest()
    (tree / "app" / "page.py").write_bytes(b"other\n")
    (tree / "sim" / "notes.txt").write_bytes(b"other\n")
    assert source_digest() == before


def test_folders_pick_the_sources(tree: Path) -> None:
    before, without = source_digest(["sim/kernel"]), source_digest(["sim"], "sim/tables")
    assert before != source_digest()
    (tree / "sim" / "tables" / "table.py").write_bytes(b"other\n")
    assert source_digest(["sim/kernel"]) == before
    assert source_digest(["sim"], "sim/tables") == without


def test_ends_of_lines_and_the_places_of_the_tree_make_no_difference(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = source_digest()
    (tree / "agents" / "rule.py").write_bytes(b"a = 1\r\nb = 2\r\n")
    assert source_digest() == before
    tree.rename(tmp_path / "elsewhere")
    monkeypatch.setattr(compiling, "_ROOT", tmp_path / "elsewhere")
    assert source_digest() == before


def test_a_model_of_ones_own_goes_by_the_sources_in_its_folder(tmp_path: Path) -> None:
    home = tmp_path / "model"
    home.mkdir()
    (home / "rules.py").write_bytes(b"a = 1\n")
    (home / "notes.txt").write_bytes(b"x")
    before = folder_digest(home)
    assert len(before) == 16
    (home / "notes.txt").write_bytes(b"y")
    assert folder_digest(home) == before
    (home / "rules.py").write_bytes(b"a = 2\n")
    assert folder_digest(home) != before
    (home / "rules.py").write_bytes(b"a = 1\n")
    (home / "more.py").write_bytes(b"")
    assert folder_digest(home) != before


# --- kinds, whose files hold words beside a compiled rule

KIND = """
class Door:
    text = "a door"
    width = 1

@compiled
def passes(gate):
    return gate["door_width"] > 1

@other
def said():
    return "words"

def plain():
    return "words"
"""


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ('"a door"', '"a gate"', False),  # a text of the class
        (
            'return "words"\n\ndef',
            'return "others"\n\ndef',
            False,
        ),  # of a function that another decorator marks
        (
            'def plain():\n    return "words"',
            'def plain():\n    return "text"',
            False,
        ),  # of one that none marks
        ('gate["door_width"]', 'gate["door_height"]', True),  # a field that compiled code reads
        ("> 1", "> 2", True),
        ("width = 1", "width = 2", True),
        ("@compiled", "@other", True),
    ],
)
def test_texts_of_a_kind_count_inside_compiled_functions_only(
    before: str, after: str, counts: bool, tree: Path
) -> None:
    file = tree / "sim" / "kernel" / "gates" / "door.py"
    file.parent.mkdir()
    file.write_text(KIND, encoding="utf-8")
    digest = compiling.compiled_digest()
    assert len(digest) == 16
    assert int(digest, 16) >= 0
    assert before in KIND
    file.write_text(KIND.replace(before, after), encoding="utf-8")
    assert (compiling.compiled_digest() != digest) is counts


def test_compiled_functions_are_those_with_the_decorator_by_its_bare_name(tree: Path) -> None:
    file = tree / "sim" / "kernel" / "gates" / "door.py"
    file.parent.mkdir()
    for decorator, counts in (
        ("compiled", True), ("compiled(only_with=2)", True), ("tools.compiled", False), ("a", False),
        ("zebra", False),
    ):  # fmt: skip
        file.write_text(f"@{decorator}\ndef f():\n    return 'one'\n", encoding="utf-8")
        before = compiling.compiled_digest()
        file.write_text(f"@{decorator}\ndef f():\n    return 'two'\n", encoding="utf-8")
        assert (compiling.compiled_digest() != before) is counts


# --- where compiled code is kept


def test_the_folder_is_made_where_the_environment_says_and_named_by_the_sources(
    tree: Path, tmp_path: Path
) -> None:
    folder = cache_folder()
    assert folder.is_dir()
    assert folder.parent == tmp_path / "cache"
    assert folder.name.startswith("compiled-")
    (tree / "sim" / "tables" / "table.py").write_bytes(b"other\n")
    assert cache_folder() == folder
    (tree / "sim" / "kernel" / "loop.py").write_bytes(b"other = 1\n")
    other = cache_folder()
    assert other != folder
    assert other.is_dir()
    assert cache_folder() == other


def test_without_the_environments_word_it_lies_in_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def user_cache_dir(name: str, appauthor: object) -> str:
        asked.append((name, appauthor))
        return str(tmp_path / "user")

    monkeypatch.setattr(compiling, "platformdirs", SimpleNamespace(user_cache_dir=user_cache_dir))
    monkeypatch.setenv("SHEQUN_CACHE_DIR", "")
    assert cache_folder().parent == tmp_path / "user"
    assert asked == [("shequn", False)]


@pytest.mark.parametrize(
    ("value", "apart"), [(None, False), ("", False), ("0", False), ("1", True), ("2", True)]
)
def test_code_with_bounds_checked_is_kept_apart(
    value: str | None, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = cache_folder()
    if value is not None:
        monkeypatch.setenv("NUMBA_BOUNDSCHECK", value)
    assert cache_folder().name == plain.name + ("-checked" if apart else "")


def _aged(folder: Path, days: float) -> Path:
    folder.mkdir(parents=True)
    (folder / "code.nbi").write_bytes(b"")
    then = time.time() - days * DAY
    os.utime(folder, (then, then))
    return folder


def test_a_new_folder_deletes_those_unused_for_30_days_and_no_others(tmp_path: Path) -> None:
    base = tmp_path / "cache"
    seconds = 10.0 / DAY
    old = _aged(base / "compiled-old", 30.0 + seconds)
    recent = _aged(base / "compiled-recent", 30.0 - seconds)
    foreign = _aged(base / "pictures", 400.0)
    assert cache_folder().is_dir()
    assert not old.exists()
    assert recent.exists()
    assert foreign.exists()


def test_a_folder_that_is_there_deletes_nothing_and_counts_as_used(tmp_path: Path) -> None:
    folder = cache_folder()
    then = time.time() - 29.0 * DAY
    os.utime(folder, (then, then))
    old = _aged(tmp_path / "cache" / "compiled-old", 31.0)
    assert cache_folder() == folder
    assert old.exists()
    assert time.time() - folder.stat().st_mtime < DAY


def test_our_functions_share_one_folder_and_a_model_of_ones_own_has_one_within(
    tree: Path, tmp_path: Path
) -> None:
    shared = cache_folder()
    assert compiling._folder_for(tree / "agents") == shared
    assert compiling._folder_for(tree / "sim" / "kernel") == shared
    own = tmp_path / "model"
    own.mkdir()
    (own / "rules.py").write_bytes(b"a = 1\n")
    assert compiling._folder_for(own) == shared / f"own-{folder_digest(own)}"
    assert compiling._folder_for(tree / "app") == shared / f"own-{folder_digest(tree / 'app')}"


def test_the_sources_are_read_once_in_a_process(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(compiling, "source_digest", lambda *folders: made.append(folders) or "0" * 16)
    first = compiling._folder_for(tree / "agents")
    assert compiling._folder_for(tree / "sim" / "kernel") == first
    assert compiling._folder_for(tree / "agents") == first
    assert len(made) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_where_no_cache_can_be_written_it_is_private_and_goes_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")  # no folder can be made in it, not even by root
    words = "import os; from shequn.agents.compiled import cache_folder; f = cache_folder(); print(f, f.stat().st_mode)"
    environment = {
        **os.environ,
        "SHEQUN_CACHE_DIR": str(tmp_path / "file" / "cache"),
        "TMPDIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith(str(tmp_path / "shequn-"))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
