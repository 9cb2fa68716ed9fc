"""What commands write: progress bars for people, JSON for scripts, and errors for both."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

from roomtone.errors import OrderErrors, RoomtoneError, SceneErrors

_BAR_STEPS: Final = 1000


@contextmanager
def progress_bar(seconds: float, label: str) -> Iterator[Callable[[float], None]]:
    """Show how far the work has come: on standard error, and only on a terminal.

    Yields:
        What to call with how many of the `seconds` are done.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(
        length=_BAR_STEPS, label=label, file=sys.stderr, update_min_steps=_BAR_STEPS // 200
    ) as bar:
        yield lambda done_s: bar.update(round(done_s / seconds * _BAR_STEPS) - bar.pos)


def echo_json(record: Any) -> None:
    """Write one JSON document to standard output: ASCII, so that no pipe can garble it."""
    click.echo(json.dumps(record, indent=2))


def error_record(error: RoomtoneError) -> dict[str, str]:
    """Say in fields what an error says."""
    return {"code": error.code, "what": error.what, "at": error.at, "fix": error.fix}


def show_error(error: RoomtoneError, *, as_json: bool) -> None:
    """Write an error: for people to standard error, for scripts to standard output."""
    errors = error.errors if isinstance(error, SceneErrors | OrderErrors) else (error,)
    if as_json:
        echo_json({"errors": [error_record(each) for each in errors]})
        return
    for each in errors:
        click.echo(f"error: {each}", err=True)
