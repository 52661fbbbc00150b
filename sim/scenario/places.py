"""Where scenarios are: those that come with shequn, and how a name or path is found."""

from dataclasses import dataclass
from pathlib import Path

from shequn.sim.language import _
from shequn.sim.scenario import hints
from shequn.sim.scenario.errors import scenario_error

_ENDINGS = (".yaml", ".yml")


def shipped_folder() -> Path:
    """The folder of the scenarios that come with shequn, beside its packages."""
    return Path(__file__).resolve().parents[2] / "scenarios"


def shipped() -> dict[str, Path]:
    """Names and files of the scenarios that come with shequn, in order of name."""
    return {path.stem: path for path in sorted(shipped_folder().glob("*.yaml"))}


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario's file, its name, and what messages call it."""

    path: Path
    name: str
    is_shipped: bool = False


def find(name_or_path: str | Path) -> ScenarioFile:
    """The file of a scenario.

    A text that ends in .yaml or .yml, or holds a path separator, is a path; any other is the
    name of a shipped scenario, or else of a file NAME.yaml in the current folder.

    Raises
    ------
    ScenarioError
        No such scenario.
    """
    text = str(name_or_path)
    if not text.strip():
        raise scenario_error(
            _("no scenario named: a shipped name (shequn list) or a path to a YAML file is due")
        )
    path = Path(text)
    if isinstance(name_or_path, Path) or path.suffix.lower() in _ENDINGS or "/" in text or "\\" in text:
        return ScenarioFile(path, path.stem)
    known = shipped()
    if text in known:
        return ScenarioFile(known[text], text, is_shipped=True)
    try:
        for ending in _ENDINGS:
            if (local := Path(text + ending)).is_file():
                return ScenarioFile(local, text)
        if path.exists():
            return ScenarioFile(path, path.stem)
    except (OSError, ValueError):  # a name too long, or with a NUL: no file of that name
        pass
    local_names = [other.stem for ending in _ENDINGS for other in Path().glob("*" + ending)]
    near = hints.did_you_mean(text, [*known, *local_names])
    shown = text if len(text) <= 80 else text[:79] + "…"
    raise scenario_error(_("there is no scenario {shown!r}{near}").format(shown=shown, near=near))


def split_variant(spec: str) -> tuple[str, str | None]:
    """Scenario and variant of ``SCENARIO[:VARIANT]``; a Windows drive's colon is none."""
    name, colon, variant = spec.rpartition(":")
    if not colon or not name or "/" in variant or "\\" in variant:
        return spec, None
    if len(name) == 1 and name.isalpha() and Path(variant).suffix.lower() in _ENDINGS:
        return spec, None
    return name, variant
