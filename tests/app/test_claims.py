"""The command `claims`: what it would run, and what it refuses."""

from click.testing import CliRunner

from shequn.app.cli import cli


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["claims", *arguments])
    return result.exit_code, result.output


def test_check_says_what_would_run() -> None:
    code, output = _run("--check", "--quick", "--only", "c05", "--only", "c04")
    assert code == 0
    assert output == "2 claims, 4 settings: 24 runs, and 8 with other assumed numbers\n"


def test_an_unknown_claim_is_refused() -> None:
    code, output = _run("--only", "c55")
    assert code == 2
    assert "there is no claim c55" in output
    assert "Traceback" not in output
