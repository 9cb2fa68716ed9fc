"""Commands that run: serve, demo, play; and those that prepare for it: keys, doctor."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from roomtone.cli.arguments import assignment, find_scene
from roomtone.cli.output import echo_json, progress_bar
from roomtone.settings import (
    CONFIG_NAME,
    DEFAULT_ENDPOINT,
    LOG_FORMATS,
    LOG_LEVELS,
    MAX_CACHE_GB,
    MAX_CANDIDATES,
    MAX_CLIENTS,
    MAX_LINGER_S,
    MAX_VRAM_GB,
    MIN_CACHE_GB,
    Settings,
    check_settings,
    read_config,
)

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


def _use_config(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    """Let the settings file say what neither a flag nor the environment says."""
    if path is None and Path(CONFIG_NAME).is_file():
        path = Path(CONFIG_NAME)
    if path is not None:
        context.default_map = dict(read_config(path))


def _compile_first() -> None:
    """Compile what the first start after an installation lacks, in a process of its own: a compiler leaves crumbs."""
    from roomtone.dsp.kernel_cache import can_keep, is_warm

    if is_warm() or not can_keep():
        return
    click.echo("compiling the sounds: about half a minute, once after an installation", err=True)
    command = [sys.executable, "-m", "roomtone", "doctor", "--warm"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)  # noqa: S603 - our own module


@click.command(context_settings={"auto_envvar_prefix": "ROOMTONE", "show_default": True})
@click.argument("scenes_dir", type=_FOLDER, default=Path("scenes"), envvar="ROOMTONE_SCENES_DIR")
@click.option("--endpoint", default=DEFAULT_ENDPOINT, help="Where clients connect; port * takes a free one.")
@click.option(
    "--token", default="", show_default="none", help="What clients must say; better in ROOMTONE_TOKEN."
)
@click.option("--keys", type=_FOLDER, show_default="none", help="A folder made by `roomtone keys`.")
@click.option("--supervise", is_flag=True, help="Start again at once when the daemon crashes.")
@click.option("--log", type=click.Choice(LOG_FORMATS), default="auto", help="How to log.")
@click.option("--log-level", type=click.Choice(LOG_LEVELS), default="info", help="The least that is logged.")
@click.option(
    "--linger-s",
    type=click.FloatRange(0, MAX_LINGER_S),
    default=15.0,
    help="Keep a lost client's session so long.",
)
@click.option("--max-clients", type=click.IntRange(1, MAX_CLIENTS), default=32, help="Refuse further ones.")
@click.option("--models-dir", type=_FOLDER, show_default="your own", help="The folder of installed models.")
@click.option("--model", default="", show_default="the only one", help="Makes prompts that name no model.")
@click.option("--device", default="auto", help="Where models run: auto, cpu, cuda:0, mps.")
@click.option(
    "--candidates",
    type=click.IntRange(1, MAX_CANDIDATES),
    default=1,
    help="Make so many of each clip, keep the best.",
)
@click.option("--cache-dir", type=_FOLDER, show_default="your own", help="Where generated clips are kept.")
@click.option(
    "--cache-max-gb",
    type=click.FloatRange(MIN_CACHE_GB, MAX_CACHE_GB),
    default=20.0,
    help="How much room they may take.",
)
@click.option(
    "--governor-max-share",
    type=click.FloatRange(0, 1),
    default=1.0,
    help="How much of their processor's time models may take.",
)
@click.option(
    "--governor-max-vram-gb",
    type=click.FloatRange(0, MAX_VRAM_GB),
    show_default="none",
    help="How much of its memory.",
)
@click.option(
    "--config",
    type=_FILE,
    is_eager=True,
    expose_value=False,
    callback=_use_config,
    show_default=f"./{CONFIG_NAME}",
    help='A settings file: TOML, `endpoint = "…"` and so on.',
)
def serve(scenes_dir: Path, *, keys: Path | None, supervise: bool, **others: Any) -> int:
    """Serve scenes to games until told to stop.

    Every scene file in SCENES_DIR can be opened, and is read again when it changes. Every flag may also
    stand in the settings file, or in the environment as ROOMTONE_ENDPOINT and so on.
    """
    settings = Settings(scenes_dir=scenes_dir, keys_dir=keys, **others)
    check_settings(settings)
    _compile_first()
    if supervise:
        from roomtone.supervisor import supervise as run
    else:
        from roomtone.daemon import serve as run
    return run(settings)


@click.command()
@click.option(
    "--out", type=_FOLDER, default=Path("demo"), show_default=True, help="Where walk.wav and walk.png go."
)
@click.option(
    "--seconds", type=click.FloatRange(5, 600), default=30.0, show_default=True, help="How long the walk is."
)
def demo(out: Path, seconds: float) -> int:
    """Hear and see in a minute what this is.

    Starts a daemon, connects as a game would, and walks a listener from a rainy street into a café and on
    to a forest at night. Writes the walk as sound and as a picture.
    """
    from roomtone.demo import run_demo

    return run_demo(out, seconds=seconds)


@click.command()
@click.argument("scene")
@click.option(
    "--set",
    "values",
    type=assignment,
    metavar="NAME=NUMBER",
    multiple=True,
    help="Start with a parameter elsewhere.",
)
@click.option(
    "--scenes", "scenes_dir", type=_FOLDER, default=Path("scenes"), help="Where scenes are found by name."
)
def play(scene: str, values: tuple[tuple[str, float], ...], scenes_dir: Path) -> int:
    """Hear a scene on this computer.

    SCENE is a file, or a name in ./scenes. Keys move its parameters while it plays.
    """
    from roomtone.play import play_scene

    return play_scene(find_scene(scene, scenes_dir), values=dict(values))


@click.command()
@click.argument("folder", type=_FOLDER)
@click.option(
    "--client", default="client", show_default=True, help="Names the client's files; add clients one by one."
)
@click.option("--force", is_flag=True, help="Replace keys that are there, the daemon's too.")
def keys(folder: Path, client: str, *, force: bool) -> None:
    """Make keys for a daemon that is not local.

    A daemon that other computers reach needs them. Copy server.key and NAME.key_secret to where the game
    runs; serve with `--keys FOLDER`.
    """
    from roomtone.server.keys import make_keys

    for path in make_keys(folder, client, force=force):
        click.echo(path)


@click.command()
@click.option("--warm", is_flag=True, help="Compile the kernels now, so that nothing has to later.")
@click.option("--scenes", "scenes_dir", type=_FOLDER, default=Path("scenes"), help="The scenes to look at.")
@click.option("--endpoint", default=DEFAULT_ENDPOINT, show_default=True, help="The address to look at.")
@click.option(
    "--models-dir",
    type=_FOLDER,
    envvar="ROOMTONE_MODELS_DIR",
    show_default="your own",
    help="The models to look at.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
def doctor(*, warm: bool, scenes_dir: Path, endpoint: str, models_dir: Path | None, as_json: bool) -> int:
    """Say what is missing here, and what to do.

    Ends with 69 when something that is needed is missing.
    """
    from roomtone.doctor import examine, warm_kernels

    if warm:
        with progress_bar(1.0, "compiling kernels") as progress:
            warm_kernels(progress)
        if not as_json:
            click.echo("kernels: compiled")
        return 0
    found = examine(scenes_dir=scenes_dir, endpoint=endpoint, models_dir=models_dir)
    if as_json:
        echo_json([finding.record() for finding in found])
    else:
        for finding in found:
            click.echo(finding)
    return max(finding.exit_code for finding in found)
