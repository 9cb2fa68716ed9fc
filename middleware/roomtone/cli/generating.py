"""The command that makes a sound of words: generate."""

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roomtone.cli.output import echo_json, progress_bar
from roomtone.errors import OutputError

if TYPE_CHECKING:
    from roomtone.generating import Generated
    from roomtone.models.library import Installed
    from roomtone.reading.reading import Reading

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_NAME = re.compile(r"[^a-z0-9]+")


@click.command()
@click.argument("prompt")
@click.option("-o", "--out", type=_FILE, help="The sound to write: .wav (24-bit) or .flac.")
@click.option("--scene", "scene_file", type=_FILE, help="A scene file to write, of what was understood.")
@click.option("--model", default="", show_default="the only one installed", help="Which model makes it.")
@click.option("--synths", is_flag=True, help="Let synths make it, whatever models there are.")
@click.option("--seconds", type=click.FloatRange(1, 3600), default=30.0, show_default=True, help="How long.")
@click.option("--loop", is_flag=True, help="Close it on itself; it is then at most --seconds long.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Another take.")
@click.option(
    "--variations",
    type=click.IntRange(1, 16),
    default=4,
    show_default=True,
    help="Of how many clips a model's sound is joined.",
)
@click.option(
    "--models-dir", type=_FOLDER, envvar="ROOMTONE_MODELS_DIR", show_default="your own", help="Models."
)
@click.option(
    "--cache-dir", type=_FOLDER, envvar="ROOMTONE_CACHE_DIR", show_default="your own", help="Clips."
)
@click.option("--device", default="auto", show_default=True, help="Where a model runs.")
@click.option("--verbose", is_flag=True, help="Show what the model's process writes.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
def generate(
    prompt: str,
    *,
    out: Path | None,
    scene_file: Path | None,
    model: str,
    synths: bool,
    models_dir: Path | None,
    cache_dir: Path | None,
    device: str,
    verbose: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Make a sound of words.

    The prompt is read into sounds, places, distances, amounts and times of day, and says what it understood and
    what no synth knows. Synths make it at once; an installed model makes it better.

    \b
    roomtone generate "rain on a tin roof with distant thunder and crickets" -o rain.wav
    roomtone generate "a café in the morning" --scene scenes/morning.yaml
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    from roomtone.reading.account import account_of
    from roomtone.reading.prompt import read_prompt

    if out is None and scene_file is None:
        raise click.UsageError("say what to write: a sound with -o, a scene file with --scene, or both")
    reading = read_prompt(prompt)
    account = account_of(reading)
    if not as_json:
        for line in account:
            click.echo(line, err=True)
    chosen = None if synths else _chosen(model, models_dir, needed=out is not None)
    if scene_file is not None:
        _write_scene(scene_file, reading, prompt, chosen.name if chosen else None)
    made, wall_s = None, 0.0
    if out is not None:
        started_s = time.perf_counter()
        made = _make(
            prompt, reading, chosen, out, _folders(models_dir, cache_dir, device), how, verbose=verbose
        )
        wall_s = time.perf_counter() - started_s
    _show(account, made, scene_file, wall_s, as_json=as_json)


def _chosen(name: str, models_dir: Path | None, *, needed: bool) -> "Installed | None":
    """Find the model: the one that is named, or the only one that makes clips."""
    from roomtone.model_settings import default_models_folder
    from roomtone.models.library import ModelLibrary

    library = ModelLibrary(models_dir or default_models_folder())
    if name:
        return library.find(name)
    makers = [model for model in library.installed().values() if model.makes == "clips"]
    if len(makers) > 1 and needed:
        names = ", ".join(model.name for model in makers)
        raise click.UsageError(f"there are several models ({names}): name one with --model, or use --synths")
    return makers[0] if len(makers) == 1 else None


def _folders(models_dir: Path | None, cache_dir: Path | None, device: str) -> Any:
    from roomtone.cache.store import default_cache_folder
    from roomtone.model_settings import default_models_folder
    from roomtone.models.service import ServiceOptions

    return ServiceOptions(
        models_dir=models_dir or default_models_folder(),
        cache_dir=cache_dir or default_cache_folder(),
        device=device,
    )


def _write_scene(path: Path, reading: "Reading", prompt: str, model: str | None) -> None:
    from roomtone.reading.scene_file import scene_text

    name = _NAME.sub("_", path.stem.lower()).strip("_")
    if path.suffix not in {".yaml", ".yml"} or name != path.stem:
        what = "a scene file's name is lower-case letters, digits and _, and ends in .yaml"
        raise OutputError("output.format", at=str(path), what=what, fix=f"call it {name or 'scene'}.yaml")
    try:
        # Never over a file that somebody may have edited.
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(scene_text(reading, name=name, prompt=prompt, model=model))
    except OSError as error:
        what = f"it cannot be written: {error.strerror}"
        raise OutputError(
            "output.failed", at=str(path), what=what, fix="take another name or folder"
        ) from error


def _make(
    prompt: str,
    reading: "Reading",
    model: "Installed | None",
    out: Path,
    options: Any,
    how: dict[str, Any],
    *,
    verbose: bool,
) -> "Generated":
    from roomtone.generating import Wanted, generate_with_model, generate_with_synths

    def log(line: str) -> None:
        if verbose or line.startswith("one clip less"):
            click.echo(line, err=True)

    wanted = Wanted(prompt=prompt, out=out, **how)
    if model is None:
        with progress_bar(wanted.seconds, "synths") as progress:
            return generate_with_synths(reading, wanted, progress)
    with progress_bar(1.0, model.name) as progress:
        return generate_with_model(wanted, reading, model, options, progress=progress, log=log)


def _show(
    account: tuple[str, ...], made: "Generated | None", scene: Path | None, wall_s: float, *, as_json: bool
) -> None:
    if as_json:
        echo_json(
            {
                "understood": list(account),
                "scene": str(scene) if scene else None,
                "files": [str(path) for path in made.rendered.paths] if made else [],
                "by": made.by if made else None,
                "seconds": made.rendered.seconds if made else 0.0,
                "peak_db": made.rendered.peak_db if made else None,
                "seam_percentile": made.seam_percentile if made else None,
            }
        )
        return
    for path in (*(made.rendered.paths if made else ()), *((scene,) if scene else ())):
        click.echo(path)
    if made:
        seam = (
            ""
            if made.seam_percentile is None
            else f"; its joint at the {made.seam_percentile:.0f}th percentile"
        )
        click.echo(
            f"{made.rendered.seconds:.1f} s by {made.by} in {wall_s:.1f} s; "
            f"peak {made.rendered.peak_db:.1f} dBFS{seam}",
            err=True,
        )
