"""The command that makes files for a game to ship: bake."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roomtone.cli.output import echo_json, progress_bar
from roomtone.errors import EXIT_UNAVAILABLE, RoomtoneError

if TYPE_CHECKING:
    from roomtone.bake.kept import Files
    from roomtone.bake.order import Order
    from roomtone.bake.prompts import Makers
    from roomtone.bake.session import Estimate, Session

_FOLDER = click.Path(file_okay=False, path_type=Path)
_PATH = click.Path(path_type=Path)
_MB = 1_000_000


class _MissingExtraError(RoomtoneError):
    """An optional part of the package that is not installed."""

    exit_code = EXIT_UNAVAILABLE


def _loudness(_context: click.Context, _option: click.Parameter, text: str) -> float | None:
    """Read a loudness; `keep` leaves levels as they are."""
    if text == "keep":
        return None
    try:
        return float(text)
    except ValueError:
        raise click.BadParameter(f"'{text}' is neither a number of LUFS nor `keep`") from None


def _states(_context: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> Any:
    if not texts:
        return ()
    from roomtone.bake.states import read_states

    return read_states(texts)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=_PATH, metavar="PATH...")
@click.option("-o", "--out", type=_PATH, required=True, help="The folder to bake into.")
@click.option(
    "--seconds", type=click.FloatRange(3, 3600), default=60.0, show_default=True, help="How long a file is."
)
@click.option("--loop/--no-loop", default=True, show_default=True, help="Close files on themselves.")
@click.option("--format", type=click.Choice(["wav", "flac", "ogg"]), default="wav", show_default=True)
@click.option("--rate", "rate_hz", type=int, default=48_000, show_default=True, help="Of the files, in Hz.")
@click.option("--channels", type=click.Choice(["keep", "mono", "stereo"]), default="keep", show_default=True)
@click.option(
    "--lufs",
    default="-23",
    show_default=True,
    callback=_loudness,
    help="How loud a scene's loudest state is; layers keep their levels. `keep` changes nothing.",
)
@click.option(
    "--true-peak", "true_peak_db", type=float, default=-1.0, show_default=True, help="What nothing goes over."
)
@click.option("--stems/--mix", default=True, show_default=True, help="A file for each layer, or for all.")
@click.option(
    "--states",
    multiple=True,
    callback=_states,
    show_default="the default",
    help="Moods, and values of parameters: calm,storm|rain=0,0.5,1.",
)
@click.option(
    "--variations", type=click.IntRange(1, 64), default=1, show_default=True, help="Takes of everything."
)
@click.option("--jobs", type=click.IntRange(1, 256), show_default="one for each core", help="Processes.")
@click.option("--cluster", metavar="ADDRESS", help="Work on a Ray cluster: HOST:PORT of its head, or auto.")
@click.option(
    "--store",
    metavar="URL",
    show_default="in the output",
    help="What the cluster shares: s3://…, gs://…, or a folder that all of it sees.",
)
@click.option("--seed", type=click.IntRange(0), help="Of the first take, instead of the scenes' own.")
@click.option(
    "--licence-policy", "policy", type=click.Choice(["any", "commercial"]), default="any", show_default=True
)
@click.option("--engine", type=click.Choice(["none", "godot", "unity"]), default="none", show_default=True)
@click.option(
    "--model", default="", show_default="the only one installed", help="Makes prompts that name none."
)
@click.option("--synths", is_flag=True, help="Let synths make prompts, whatever models there are.")
@click.option(
    "--models-dir", type=_FOLDER, envvar="ROOMTONE_MODELS_DIR", show_default="your own", help="Models."
)
@click.option(
    "--cache-dir", type=_FOLDER, envvar="ROOMTONE_CACHE_DIR", show_default="your own", help="Clips."
)
@click.option("--device", default="auto", show_default=True, help="Where models run.")
@click.option(
    "--dry-run", is_flag=True, help="Say what would be made, how long it takes and how large it is."
)
@click.option("--open", "open_report", is_flag=True, help="Show the report when it is done, on a terminal.")
@click.option("--verbose", is_flag=True, help="Show what models' processes write.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
def bake(
    paths: tuple[Path, ...],
    *,
    jobs: int | None,
    cluster: str | None,
    store: str | None,
    model: str,
    synths: bool,
    models_dir: Path | None,
    cache_dir: Path | None,
    device: str,
    dry_run: bool,
    verbose: bool,
    as_json: bool,
    stems: bool,
    open_report: bool,
    **how: Any,
) -> int:
    """Make files of scenes and prompts that a game ships.

    PATH is a scene, a folder of scenes, or a list of prompts (YAML or CSV: name, prompt, seconds, variations,
    model, tags). Files loop, keep their levels against each other, and say where they come from; manifest.json
    lists them, report.html lets you hear them. What has not changed is not made again.

    \b
    roomtone bake scenes/rainy_street.yaml -o baked --states drizzle,cloudburst
    """  # noqa: D301 - click's mark for a paragraph that keeps its lines
    with extra():
        from roomtone.bake.order import Order, read_paths
        from roomtone.bake.session import estimate

    scenes, lists = read_paths(paths)
    order = Order(scenes=scenes, lists=lists, mix=not stems, **how)
    makers = open_makers_at(model, models_dir, cache_dir, device, synths=synths)
    workers = jobs or os.cpu_count() or 1
    if dry_run:
        _show_estimate(estimate(order, makers, jobs=workers), as_json=as_json)
        return 0
    farm = (cluster, store or str((order.out / ".roomtone").resolve())) if cluster else None
    session = _run(order, makers, jobs, farm, verbose=verbose)
    _show(session, as_json=as_json)
    if open_report and sys.stdout.isatty():
        click.launch(str(order.out / "report.html"))
    return session.exit_code


@contextmanager
def extra(name: str = "bake") -> Iterator[None]:
    """Say which extra is missing, where one is."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "roomtone").partition(".")[0] == "roomtone":
            raise
        what, fix = f"baking needs '{error.name}'", f"install it: pip install 'roomtone[{name}]'"
        raise _MissingExtraError("bake.not-installed", what=what, fix=fix) from error


def open_makers_at(
    model: str, models_dir: Path | None, cache_dir: Path | None, device: str, *, synths: bool
) -> "Makers":
    """Look at what models there are."""
    from roomtone.bake.prompts import open_makers
    from roomtone.model_settings import service_options
    from roomtone.settings import Settings

    settings = Settings(scenes_dir=Path(), models_dir=models_dir, cache_dir=cache_dir, device=device)
    return open_makers(service_options(settings), model=model, synths_only=synths)


def _run(
    order: "Order", makers: "Makers", jobs: int | None, farm: tuple[str, str] | None, *, verbose: bool
) -> "Session":
    from roomtone.bake.kept import FOLDER, Kept, LocalFiles
    from roomtone.bake.report import write_report
    from roomtone.bake.session import run
    from roomtone.bake.working import open_workers

    def log(line: str) -> None:
        if verbose:
            click.echo(line, err=True)

    count = jobs or os.cpu_count() or 1
    files: Files = LocalFiles(order.out / FOLDER)
    workers: Any = partial(open_workers, count, order.out, order.out / FOLDER)
    if farm is not None:
        with extra("farm"):
            from roomtone.bake.farm import open_farm
            from roomtone.bake.shared import open_files
        files = open_files(farm[1])
        workers = partial(open_farm, farm[0], order.out, files, farm[1], workers=jobs)
    with progress_bar(1.0, "baking") as progress:
        session = run(order, makers, workers, Kept(files), jobs=count, tell=_told(progress), log=log)
        write_report(session, Kept(files))
    return session


def _told(progress: Callable[[float], None]) -> Callable[[str, int, int], None]:
    """Turn what is told of each step into one bar: rendering is most of the work."""
    parts = {"clips": (0.0, 0.3), "sounds": (0.3, 0.85), "mixes": (0.85, 0.9), "files": (0.9, 1.0)}

    def tell(what: str, done: int, total: int) -> None:
        low, high = parts[what]
        progress(low + (high - low) * (done / total if total else 1.0))

    return tell


def _show_estimate(found: "Estimate", *, as_json: bool) -> None:
    if as_json:
        echo_json(
            {
                "make": list(found.make),
                "reuse": list(found.reuse),
                "clips": found.clips,
                "audio_s": found.audio_s,
                "seconds": found.seconds,
                "size_bytes": found.size_bytes,
            }
        )
        return
    for path in found.make:
        click.echo(f"make   {path}")
    for path in found.reuse:
        click.echo(f"reuse  {path}")
    clips = f", {found.clips} clips by models" if found.clips else ""
    click.echo(
        f"{len(found.make)} files to make, {len(found.reuse)} to reuse{clips}: {found.audio_s:.0f} s of sound in "
        f"about {found.seconds:.0f} s; {found.size_bytes / _MB:.0f} MB in all",
        err=True,
    )


def _show(session: "Session", *, as_json: bool) -> None:
    out = session.baked.plan.order.out
    made = [path for path, each in session.baked.written.items() if each.key in session.baked.made]
    if as_json:
        echo_json(
            {
                "manifest": str(out / "manifest.json"),
                "report": str(out / "report.html"),
                "files": sorted(session.baked.written),
                "made": sorted(made),
                "stale": list(session.stale),
                "failures": session.record["failures"],
                "audio_s": session.baked.audio_s,
                "wall_s": session.wall_s,
            }
        )
        return
    click.echo(out / "manifest.json")
    click.echo(out / "report.html")
    _show_faults(session)
    speed = f", {session.baked.audio_s / session.wall_s:.0f} × real time" if session.baked.audio_s else ""
    click.echo(
        f"{len(made)} files made, {len(session.baked.written) - len(made)} reused, in {session.wall_s:.1f} s{speed}",
        err=True,
    )


def _show_faults(session: "Session") -> None:
    for path, record in session.record["files"].items():
        if record["seam"] and not record["seam"]["good"]:
            click.echo(f"{path}: its joint may be heard: {record['seam']['reason']}", err=True)
    for path in session.stale:
        click.echo(f"{path}: of an earlier bake, no part of this one", err=True)
    for each in session.baked.failures:
        where = f"{each.at}: " if each.at else ""
        fix = f"; {each.fix}" if each.fix else ""
        click.echo(f"error: {where}{each.about}: {each.what}{fix} [{each.code}]", err=True)
