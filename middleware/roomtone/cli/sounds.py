"""Commands about scenes and sounds as files: check, render, synth, synths."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roomtone.cli.arguments import assignment, find_scene, setting, timed_assignment, timed_setting
from roomtone.cli.output import echo_json, error_record, progress_bar
from roomtone.errors import EXIT_BAD_DATA, SceneError, SceneErrors

if TYPE_CHECKING:
    from roomtone.offline import Change, Rendered
    from roomtone.synths.model import Synth

MAX_SECONDS = 10_800.0

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_out = click.option("-o", "--out", type=_FILE, required=True, help="What to write: .wav (24-bit) or .flac.")
_seconds = click.option(
    "--seconds", type=click.FloatRange(0.01, MAX_SECONDS), default=30.0, show_default=True, help="How long."
)
_json = click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_json
def check(files: tuple[Path, ...], *, as_json: bool) -> int:
    """Check scene files.

    FILES may be folders too. Shows all mistakes at once, each with its line, its column and what to do.
    Ends with 65 when there are any.
    """
    found = {str(path): _mistakes(path) for path in _scene_files(files)}
    if as_json:
        echo_json({path: [error_record(error) for error in errors] for path, errors in found.items()})
    else:
        _show_mistakes(found)
    return EXIT_BAD_DATA if any(found.values()) else 0


def _scene_files(paths: Sequence[Path]) -> list[Path]:
    from roomtone.scene.files import find_scenes

    return [file for path in paths for file in (find_scenes(path).values() if path.is_dir() else [path])]


def _mistakes(path: Path) -> tuple[SceneError, ...]:
    from roomtone.scene.files import load_scene
    from roomtone.synths.catalogue import catalogue

    try:
        load_scene(path, root=path.parent, catalogue=catalogue())
    except SceneErrors as errors:
        return errors.errors
    return ()


def _show_mistakes(found: dict[str, tuple[SceneError, ...]]) -> None:
    for path, errors in found.items():
        for error in errors:
            click.echo(f"error: {error}", err=True)
        if not errors:
            click.echo(f"{path}: good")


@click.command()
@click.argument("scene")
@_out
@_seconds
@click.option("--seed", type=int, help="Instead of the scene's own: another take of the same scene.")
@click.option(
    "--set",
    "values",
    type=assignment,
    metavar="NAME=NUMBER",
    multiple=True,
    help="Start with a parameter elsewhere.",
)
@click.option(
    "--at",
    "changes",
    type=timed_assignment,
    metavar="SECONDS:NAME=NUMBER",
    multiple=True,
    help="Move a parameter on the way.",
)
@click.option(
    "--stems", "stems_dir", type=_FOLDER, help="Write every layer to this folder too, as float WAV."
)
@click.option(
    "--scenes", "scenes_dir", type=_FOLDER, default=Path("scenes"), help="Where scenes are found by name."
)
@click.option(
    "--models-dir", type=_FOLDER, envvar="ROOMTONE_MODELS_DIR", show_default="your own", help="Models."
)
@click.option(
    "--cache-dir", type=_FOLDER, envvar="ROOMTONE_CACHE_DIR", show_default="your own", help="Clips."
)
@_json
def render(
    scene: str,
    *,
    out: Path,
    seconds: float,
    seed: int | None,
    values: tuple[tuple[str, float], ...],
    changes: tuple[tuple[float, str, float], ...],
    stems_dir: Path | None,
    scenes_dir: Path,
    models_dir: Path | None,
    cache_dir: Path | None,
    as_json: bool,
) -> None:
    """Render a scene to a sound file.

    SCENE is a file, or a name in ./scenes. The mix is what a listener at the origin hears; the stems are,
    sample for sample, what a game is sent. Prompts sound as the clips that the cache has of them, else as their
    stand-ins.

    \b
    roomtone render rainy_cafe -o cafe.wav --seconds 60 --set rain=0.2 --at 20:rain=1
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    from roomtone.model_settings import open_banks
    from roomtone.offline import render_scene
    from roomtone.scene.files import load_scene
    from roomtone.settings import Settings
    from roomtone.synths.catalogue import catalogue

    path = find_scene(scene, scenes_dir)
    if stems_dir is not None:
        stems_dir.mkdir(parents=True, exist_ok=True)
    started_s = time.perf_counter()
    with progress_bar(seconds, path.stem) as progress:
        rendered = render_scene(
            load_scene(path, root=path.parent, catalogue=catalogue()),
            out,
            seconds=seconds,
            seed=seed,
            values=dict(values),
            changes=_changes(changes),
            stems_dir=stems_dir,
            banks=open_banks(Settings(scenes_dir=scenes_dir, models_dir=models_dir, cache_dir=cache_dir)),
            progress=progress,
        )
    _show_rendered(rendered, time.perf_counter() - started_s, as_json=as_json)


@click.command()
@click.argument("name")
@_out
@_seconds
@click.option("--seed", type=int, default=0, show_default=True, help="Another take of the same sound.")
@click.option(
    "--set",
    "values",
    type=setting,
    metavar="NAME=NUMBER",
    multiple=True,
    help="A control, 0 to 1, or a setting that has a name.",
)
@click.option(
    "--at",
    "changes",
    type=timed_setting,
    metavar="SECONDS:NAME=NUMBER",
    multiple=True,
    help="Move a control on the way.",
)
@click.option("--ambisonics", is_flag=True, help="A bed all around: AmbiX, first order, four channels.")
@_json
def synth(
    name: str,
    *,
    out: Path,
    seconds: float,
    seed: int,
    values: tuple[tuple[str, float | str], ...],
    changes: tuple[tuple[float, str, float | str], ...],
    ambisonics: bool,
    as_json: bool,
) -> None:
    """Render one synth to a sound file.

    NAME is one that `roomtone synths` lists.

    \b
    roomtone synth rain -o rain.wav --seconds 20 --set intensity=0.2 --at 10:intensity=1
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    from roomtone.offline import render_synth
    from roomtone.synths.voice import get_synth, setting_of

    row = get_synth(name)
    started_s = time.perf_counter()
    with progress_bar(seconds, name) as progress:
        rendered = render_synth(
            name,
            out,
            seconds=seconds,
            seed=seed,
            values={control: setting_of(row, control, value) for control, value in values},
            changes=_changes(
                [(at_s, control, setting_of(row, control, value)) for at_s, control, value in changes]
            ),
            ambisonics=ambisonics,
            progress=progress,
        )
    _show_rendered(rendered, time.perf_counter() - started_s, as_json=as_json)


def _changes(changes: Sequence[tuple[float, str, float]]) -> list["Change"]:
    from roomtone.offline import Change

    return [Change(at_s=at_s, name=name, value=value) for at_s, name, value in changes]


def _show_rendered(rendered: "Rendered", wall_s: float, *, as_json: bool) -> None:
    if as_json:
        echo_json(
            {
                "files": [str(path) for path in rendered.paths],
                "seconds": rendered.seconds,
                "peak_db": rendered.peak_db,
                "times_real_time": rendered.seconds / wall_s,
            }
        )
        return
    for path in rendered.paths:
        click.echo(path)
    click.echo(
        f"{rendered.seconds:g} s in {wall_s:.1f} s, {rendered.seconds / wall_s:.0f} × real time; "
        f"peak {rendered.peak_db:.1f} dBFS",
        err=True,
    )


@click.command()
@click.argument("names", nargs=-1)
@_json
def synths(names: tuple[str, ...], *, as_json: bool) -> None:
    """List the synths and what their controls mean.

    NAMES narrows the list.
    """
    from roomtone.synths import SYNTHS
    from roomtone.synths.voice import get_synth

    chosen = [get_synth(name) for name in names] or list(SYNTHS.values())
    if as_json:
        echo_json([_synth_record(each) for each in chosen])
        return
    for each in chosen:
        _show_synth(each)


def _synth_record(synth: "Synth") -> dict[str, object]:
    return {
        "name": synth.name,
        "summary": synth.summary,
        "kind": synth.kind,
        "channels": synth.channels,
        "tags": list(synth.tags),
        "struck": synth.strike is not None,
        "controls": [
            {
                "name": control.name,
                "default": control.default,
                "smooth_s": control.smooth_s,
                "at_0": control.at_0,
                "at_half": control.at_half,
                "at_1": control.at_1,
            }
            for control in synth.controls
        ],
        "source": synth.source,
    }


def _show_synth(synth: "Synth") -> None:
    click.echo(f"{click.style(synth.name, bold=True)}  ({synth.kind}) {synth.summary}")
    for control in synth.controls:
        click.echo(f"    {control.name} = {control.default:g}")
        click.echo(f"        0: {control.at_0} · ½: {control.at_half} · 1: {control.at_1}")
