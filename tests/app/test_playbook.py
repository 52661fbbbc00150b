"""The command `playbook`: what it would run, and what it refuses."""

from click.testing import CliRunner

from shequn.app.cli import cli


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["playbook", *arguments])
    return result.exit_code, result.output


def test_check_says_what_would_run() -> None:
    code, output = _run("--check", "--quick", "--only", "chat", "--pairs", "4")
    assert code == 0
    assert output == "1 kinds, 12 levers: 52 runs, and 156 with other mixes of drivers\n"


def test_an_unknown_kind_is_refused() -> None:
    code, output = _run("--only", "chats")
    assert code == 2
    assert "there is no kind chats in the playbook; did you mean chat?" in output
    assert "Traceback" not in output
