"""Commands that do not run a scenario: check, new, list, schema."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shequn.app.options import resolved_scenario, scenario_options
from shequn.app.user_errors import UserError, show_user_errors
from shequn.sim.language import _, translate
from shequn.sim.text_width import fold

if TYPE_CHECKING:
    from shequn.sim.scenario import Scenario

_WIDTH = 88


@click.command()
@scenario_options
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the resolved scenario as YAML instead.")
def check(as_yaml: bool, **options: Any) -> None:
    """Check SCENARIO and explain it in plain sentences.

    Errors are reported with their lines and the allowed values (exit code 2), several at a time: first wrong
    values, then values that do not fit together, then files and what operations set.
    """
    from shequn.app.explanation.scenario import explain

    scenario = resolved_scenario(**options)
    _check_question(scenario)
    click.echo(scenario.dump() if as_yaml else _wrap(explain(scenario)), nl=False)


def _check_question(scenario: "Scenario") -> None:
    """Check that the responses of the question can be measured in the scenario or one of its variants.

    Raises
    ------
    UserError
        One of them cannot.
    """
    if not scenario.question.responses:
        return
    from shequn.experiments.designs.responses import named_responses, response

    try:
        named = named_responses([scenario, *scenario.with_variants()])
        for text in scenario.question.responses:
            response(text, scenario.days, named)
    except ValueError as error:
        raise UserError(f"question.responses: {error}") from None


def _wrap(text: str) -> str:
    """The text with its paragraphs folded to 88 columns; lists are not folded."""
    paragraphs = [
        part if "\n  - " in part else "\n".join(fold(part, _WIDTH))
        for part in text.rstrip("\n").split("\n\n")
    ]
    return "\n\n".join(paragraphs) + "\n"


@click.command()
@click.argument("name", required=False)
@click.option(
    "--from",
    "old",
    metavar="SCENARIO",
    help="Write this scenario with all its variants in the present format (2) instead, without its comments.",
)
def new(name: str | None, old: str | None) -> None:
    """Write a commented scenario NAME.yaml (default my-community.yaml) to start from."""
    from shequn.app.template import template
    from shequn.sim.scenario.locations import shipped

    if name is None:
        name = "my-community" if old is None else f"{Path(old).stem}-format-2"
    path = new_path(name)
    if path.stem in shipped():
        raise UserError(
            _("{stem} is the name of a shipped scenario; choose another name").format(stem=path.stem)
        )
    if old is not None:
        _write_in_format_2(old, path)
        return
    title = path.stem.replace("-", " ").replace("_", " ").strip().capitalize() or _("My community")
    display_path = str(path) if path.parent != Path() else path.name
    text = template(title[:200], display_path, _schema_for(path))
    with show_user_errors():
        _write_new(path, text)
    click.echo(_("Wrote {path}. Edit it, then: shequn check {shown}").format(path=path, shown=display_path))


def _write_in_format_2(old: str, path: Path) -> None:
    """Write a scenario in the present format: its keys and values, without its comments."""
    from shequn.sim.scenario import Scenario
    from shequn.sim.scenario.conversion import content_in_format_2
    from shequn.sim.scenario.dumping import dump
    from shequn.sim.scenario.locations import find_scenario
    from shequn.sim.scenario.shipped_texts import translations

    with show_user_errors():
        scenario = Scenario.load(old)
        content = content_in_format_2(scenario)
        if find_scenario(old).is_shipped:  # whoever changes the values can then change the title
            for path_of_text, words in translations(content):
                _set(content, path_of_text, words)
        _write_new(path, f"# yaml-language-server: $schema={_schema_for(path)}\n" + dump(content))
    for note in scenario.notes:
        click.echo(_("note: {note}").format(note=note), err=True)
    click.echo(
        _("Wrote {path}, the same as {old} in format 2. Comments of {old} are not in it.").format(
            path=path, old=old
        )
    )


def _set(content: dict[str, Any], path: tuple[str | int, ...], words: str) -> None:
    """Set the text at a path of nested dicts."""
    *above, last = map(str, path)
    for key in above:
        content = content[key]
    content[last] = words


def _write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet; if writing fails, no file is left behind."""
    try:
        file = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        raise UserError(_("{path} already exists; it was not changed").format(path=path)) from None
    except ValueError as error:  # a NUL in the name
        raise UserError(
            _("{path!r} cannot be the name of a file: {error}").format(path=str(path), error=error)
        ) from None
    try:
        with file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def new_path(name: str) -> Path:
    """The path of a new scenario by its name; `.yaml` is added if it is missing.

    Raises
    ------
    UserError
        It cannot be the name of a scenario.
    """
    path = Path(name)
    if name.endswith(("/", "\\")) or not path.name or path.name in (".", ".."):
        raise UserError(_("{name!r} cannot be the name of a scenario").format(name=name))
    if not name.isprintable():
        raise UserError(
            _("{name!r} cannot be the name of a scenario: it contains a control character").format(name=name)
        )
    if ":" in path.name or path.name.startswith("-"):
        raise UserError(
            _("{name!r} cannot be the name of a scenario: no colon, no dash at the beginning").format(
                name=path.name
            )
        )
    if path.suffix.lower() in (".yaml", ".yml"):
        return path
    return path.with_name(path.name + ".yaml")


def _schema_for(path: Path) -> str:
    """The schema's path relative to a new file; its address if the file is on another drive."""
    from shequn.sim.scenario.locations import shipped_folder

    target = shipped_folder() / "schema.json"
    try:
        return Path(os.path.relpath(target, path.resolve().parent)).as_posix()
    except ValueError:  # another drive (Windows)
        return target.as_uri()


@click.command("list")
def list_shipped() -> None:
    """List the shipped scenarios, each with its question and variants."""
    from shequn.sim.scenario.locations import shipped
    from shequn.sim.scenario.nodes import plain
    from shequn.sim.scenario.question import Question
    from shequn.sim.scenario.reading import parse, read_text

    with show_user_errors():
        for name, path in shipped().items():
            values = plain(parse(read_text(path)[0], path.name)[0])
            click.echo(f"{name}: {translate(str(values['title']))}")
            question = translate(str(Question.read(values.get("question"))))
            for line in fold(question, _WIDTH, "    ", "    "):
                click.echo(line)
            if values.get("variants"):
                variants = _(", ").join(values["variants"])
                click.echo("    " + _("variants: {variants}").format(variants=variants))


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors and other programs."""
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """The text of `scenarios/schema.json`."""
    from shequn.sim.scenario.model import json_schema

    return json.dumps(json_schema(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"
