"""Running shequn's commands in a test."""

from click.testing import CliRunner

from shequn.app.cli import cli


def command(*arguments: object) -> str:
    """What a command prints; it succeeds."""
    done = CliRunner().invoke(cli, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output
