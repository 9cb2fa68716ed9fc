"""The commands: one function each, no logic; what a command runs is imported when it runs."""

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final

import click

from roomtone import VERSION
from roomtone.cli.baking import bake
from roomtone.cli.benching import bench_models
from roomtone.cli.caching import cache
from roomtone.cli.exploring import explore
from roomtone.cli.generating import generate
from roomtone.cli.modelling import models
from roomtone.cli.output import show_error
from roomtone.cli.running import demo, doctor, keys, play, serve
from roomtone.cli.sounds import check, render, synth, synths
from roomtone.errors import EXIT_INTERNAL, EXIT_USAGE, RoomtoneError

# As shells report a process that ended on SIGINT, and on SIGPIPE.
EXIT_INTERRUPTED: Final = 130
EXIT_READER_GONE: Final = 141


class _InOrder(click.Group):
    """Lists the commands in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)


@click.group(cls=_InOrder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="roomtone")
def roomtone() -> None:
    """Keep a game's ambience sounding, and let the game steer it."""


for _command in (
    demo,
    serve,
    play,
    check,
    render,
    synths,
    synth,
    generate,
    explore,
    bake,
    models,
    bench_models,
    cache,
    keys,
    doctor,
):
    roomtone.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code, after BSD's sysexits."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    # A Windows pipe or an old terminal may lack a letter that we write: never an error.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return int(roomtone.main(arguments, prog_name="roomtone", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except RoomtoneError as error:
        show_error(error, as_json="--json" in arguments)
        return error.exit_code
    except click.Abort:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # What is still buffered must not complain on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_READER_GONE
    except Exception:
        traceback.print_exc()
        click.echo("error: this is a bug in Roomtone; please report the lines above [internal]", err=True)
        return EXIT_INTERNAL
