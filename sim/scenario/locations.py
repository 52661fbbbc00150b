"""Finds scenario files: those shipped with shequn, and those given by name or path."""

from dataclasses import dataclass
from pathlib import Path

from shequn.sim import hints
from shequn.sim.language import _
from shequn.sim.scenario.errors import scenario_error

_SUFFIXES = (".yaml", ".yml")


def shipped_folder() -> Path:
    """The folder of the shipped scenarios."""
    return Path(__file__).resolve().parents[2] / "scenarios"


def shipped() -> dict[str, Path]:
    """Names and files of the shipped scenarios, in order of name."""
    return {path.stem: path for path in sorted(shipped_folder().glob("*.yaml"))}


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario's file and name, and whether it is shipped with shequn."""

    path: Path
    name: str
    is_shipped: bool = False


def find_scenario(name_or_path: str | Path) -> ScenarioFile:
    """The file of a scenario.

    A text that ends in .yaml or .yml or contains a path separator is a path. Any other text is the name of a
    shipped scenario or, if there is none, of a file NAME.yaml in the current folder.

    Raises
    ------
    ScenarioError
        There is no such scenario.
    """
    text = str(name_or_path)
    if not text.strip():
        raise scenario_error(
            _("no scenario given; expected the name of a shipped one (shequn list) or a path to a YAML file")
        )
    path = Path(text)
    if isinstance(name_or_path, Path) or path.suffix.lower() in _SUFFIXES or "/" in text or "\\" in text:
        return ScenarioFile(path, path.stem)
    known = shipped()
    if text in known:
        return ScenarioFile(known[text], text, is_shipped=True)
    try:
        for suffix in _SUFFIXES:
            if (local_path := Path(text + suffix)).is_file():
                return ScenarioFile(local_path, text)
        if path.exists():
            return ScenarioFile(path, path.stem)
    except (OSError, ValueError):  # a name that is too long or contains NUL: there is no such file
        pass
    local_names = [other.stem for suffix in _SUFFIXES for other in Path().glob("*" + suffix)]
    near = hints.did_you_mean(text, [*known, *local_names])
    shown = text if len(text) <= 80 else text[:79] + "…"
    raise scenario_error(_("there is no scenario {shown!r}{near}").format(shown=shown, near=near))


def split_variant(argument: str) -> tuple[str, str | None]:
    """Scenario and variant of ``SCENARIO[:VARIANT]``; the colon of a Windows drive does not separate them."""
    name, colon, variant = argument.rpartition(":")
    if not colon or not name or "/" in variant or "\\" in variant:
        return argument, None
    if len(name) == 1 and name.isalpha() and Path(variant).suffix.lower() in _SUFFIXES:
        return argument, None
    return name, variant
