"""Locations of designs: those shipped with shequn, and the file of a name or path."""

from pathlib import Path

from shequn.sim import hints
from shequn.sim.language import _
from shequn.sim.scenario.errors import ScenarioError, scenario_error
from shequn.sim.scenario.locations import split_variant

_ENDINGS = (".yaml", ".yml")


def shipped() -> dict[str, Path]:
    """Names and files of the designs shipped with shequn."""
    folder = Path(__file__).resolve().parents[1]
    return {
        path.stem: path
        for path in sorted(folder.glob("*.yaml"))
        if any(line.startswith("scenario:") for line in path.read_text(encoding="utf-8").splitlines())
    }


def find_design(name_or_path: str) -> Path:
    """The file of a design: a path, a shipped name, or NAME.yaml in the current folder.

    Raises
    ------
    ScenarioError
        No such design.
    """
    text = name_or_path
    if not text.strip():
        raise scenario_error(_("no design is named: give a shipped name or a path to a YAML file"))
    path = Path(text)
    if path.suffix.lower() in _ENDINGS or "/" in text or "\\" in text:
        return path
    known = shipped()
    if text in known:
        return known[text]
    try:
        for local in (*(Path(text + ending) for ending in _ENDINGS), path):
            if local.exists():
                return local
    except (OSError, ValueError):  # the name is too long or has a NUL, so there is no such file
        pass
    local_names = [other.stem for ending in _ENDINGS for other in Path().glob("*" + ending)]
    shown = text if len(text) <= 80 else text[:79] + "…"
    raise scenario_error(
        _("there is no design {shown!r}{text}").format(
            shown=shown, text=hints.did_you_mean(text, [*known, *local_names])
        )
    )


def scenario_place(spec: str, folder: Path) -> tuple[str, str | None]:
    """Scenario and variant that a design in ``folder`` names; its paths are relative to the folder.

    Raises
    ------
    ScenarioError
        It names a file that is not YAML by its ending: a design by somebody else may not have any file read.
    """
    name, variant = split_variant(spec)
    if Path(name).suffix.lower() in _ENDINGS:
        return str(folder / name), variant
    if "/" in name or "\\" in name:
        raise scenario_error(
            _("scenario is {name}; allowed: a shipped name, or the path of a .yaml or .yml file").format(
                name=name
            )
        )
    return name, variant


class DesignError(ScenarioError):
    """A design that cannot be used; ``problems`` lists all its problems."""

    subject = "this design"
