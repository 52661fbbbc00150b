"""Errors that the user can fix: one clear message on stderr, exit code 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from shequn.sim.language import _


class UserError(click.ClickException):
    """An error that the user can fix; nothing was written."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message."""
        click.echo(
            _("Error: {message}").format(message=self.format_message()),
            file=file,
            err=file is None,
        )


@contextmanager
def show_user_errors() -> Iterator[None]:
    """Turn errors of a scenario or a file into a `UserError`."""
    from shequn.sim.results.folder import DamagedError
    from shequn.sim.scenario.errors import ScenarioError

    try:
        yield
    except (ScenarioError, DamagedError) as error:
        raise UserError(str(error)) from None
    except BrokenPipeError:
        raise  # the reader of the output has closed it; click then exits quietly
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        raise UserError(f"{name}{error.strerror or error}") from None
