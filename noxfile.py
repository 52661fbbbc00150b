"""Every check, on every interpreter present: ``nox`` runs the fast tier, style and types.

Environments are locked by ``constraints.txt`` unless a session says otherwise.
"""

import shutil
import sys

import nox

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOWEST, NEWEST = "3.11", "3.13"
LOCKED = ("-c", "constraints.txt")
FAST = ("-m", "not slow", "-n", "2")

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["fast", "style"]


@nox.session(python=PYTHONS)
def fast(session: nox.Session) -> None:
    """The fast tier, a minute on two cores once compiled."""
    session.install(*LOCKED, "-e", ".[test]")
    session.run("pytest", *FAST, *session.posargs)


@nox.session(python=NEWEST)
def tests(session: nox.Session) -> None:
    """The whole suite."""
    session.install(*LOCKED, "-e", ".[test]")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session(python=NEWEST)
def newest(session: nox.Session) -> None:
    """The fast tier with the newest version of everything that the bounds allow."""
    session.install("--upgrade", "-e", ".[test]")
    session.run("pytest", *FAST, *session.posargs)


@nox.session(python=LOWEST, venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """The fast tier with the lowest version of each direct dependency."""
    session.install("--resolution", "lowest-direct", "-e", ".[test]")
    session.run("pytest", *FAST, *session.posargs)


@nox.session(python=PYTHONS)
def precompile(session: nox.Session) -> None:
    """Compile what the shipped scenarios use, for `wheel`."""
    session.install(*LOCKED, "-e", ".")
    session.run("python", "-m", "shequn.app.precompile")


@nox.session(python=False)
def wheel(session: nox.Session) -> None:
    """Build dist/*.whl with compiled code for every interpreter present, for this kind of machine."""
    shutil.rmtree("compiled", ignore_errors=True)
    for program in (("nox", "-s", "precompile"), ("hatchling", "build", "-t", "wheel")):
        session.run(sys.executable, "-m", *program, external=True)


@nox.session(python=LOWEST)
def style(session: nox.Session) -> None:
    """Style and types."""
    session.install(*LOCKED, "-e", ".[test]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session(python=LOWEST)
def mutation(session: nox.Session) -> None:
    """Mutants of the rules and of the kernel: how many do the tests notice?"""
    session.install(*LOCKED, "-e", ".[test,mutation]")
    session.run("python", "-m", "tests.mutation", *session.posargs)


@nox.session(python=LOWEST)
def bill(session: nox.Session) -> None:
    """Write bill-of-materials.json from constraints.txt: every package, for all interpreters and extras."""
    session.install("cyclonedx-bom>=7,<8")
    session.run(
        "cyclonedx-py", "requirements", "constraints.txt", "--pyproject", "pyproject.toml", "--output-reproducible",
        "--of", "JSON", "--sv", "1.6", "-o", "bill-of-materials.json",
    )  # fmt: skip


@nox.session(python=LOWEST, venv_backend="none")
def lock(session: nox.Session) -> None:
    """Write constraints.txt again, with the newest versions of the day for all interpreters."""
    uv = shutil.which("uv") or session.error("lock needs uv: pip install uv")
    session.run(
        uv, "pip", "compile", "--universal", "--python-version", LOWEST, "--all-extras", "--upgrade", "--quiet",
        "--no-annotate", "--no-header", "--no-emit-index-url", "--output-file", "constraints.txt", "pyproject.toml",
        external=True,
    )  # fmt: skip
