"""Commands about neural models: models list, add, remove, check, tiny."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roomtone.cli.output import echo_json, error_record, progress_bar
from roomtone.errors import EXIT_UNAVAILABLE, ModelError

if TYPE_CHECKING:
    from roomtone.models.checking import Checked
    from roomtone.models.library import Installed

_FOLDER = click.Path(file_okay=False, path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
_library = click.option(
    "--models-dir",
    type=_FOLDER,
    envvar="ROOMTONE_MODELS_DIR",
    help="The folder of installed models, also in ROOMTONE_MODELS_DIR.",
    show_default="your own",
)
_GB = 1e9


def _root(models_dir: Path | None) -> Path:
    from roomtone.model_settings import default_models_folder

    return models_dir or default_models_folder()


def _option(text: str) -> tuple[str, Any]:
    """Read `NAME=VALUE`: a number, true or false, or text."""
    import json

    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.BadParameter(f"'{text}' is not NAME=VALUE, e.g. dtype=bfloat16")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _beside(text: str) -> tuple[str, str]:
    """Read `SUBFOLDER=FOLDER`."""
    name, equals, source = text.partition("=")
    if not (name and equals and source):
        raise click.BadParameter(f"'{text}' is not SUBFOLDER=FOLDER, e.g. t5=/weights/t5-large")
    return name, source


@click.group()
def models() -> None:
    """Install neural models and see what they can do here."""


@models.command("list")
@_library
@_json
def list_models(models_dir: Path | None, *, as_json: bool) -> None:
    """List the installed models, and what their weights' licences allow."""
    from roomtone.models.library import ModelLibrary

    library = ModelLibrary(_root(models_dir))
    found, broken = library.installed(), library.broken()
    if as_json:
        echo_json(
            {
                "folder": str(library.root),
                "models": [_record(model) for model in found.values()],
                "broken": {name: error_record(error) for name, error in broken.items()},
            }
        )
        return
    for model in found.values():
        _show(model)
    for name, error in broken.items():
        click.echo(f"{click.style(name, bold=True)}  ✗ {error}")
    if not found and not broken:
        click.echo(f"none in {library.root}; add one: roomtone models add NAME --from FOLDER", err=True)


def _record(model: "Installed") -> dict[str, Any]:
    from roomtone.models.checking import missing_packages

    return {
        "name": model.name,
        "family": model.family,
        "folder": str(model.folder),
        "weights": model.weights,
        "size_bytes": model.size_bytes,
        "licence": asdict(model.licence),
        "source": model.source,
        "python": model.python,
        "missing_packages": missing_packages(model),
    }


def _show(model: "Installed") -> None:
    from roomtone.models.checking import missing_packages

    size = f", {model.size_bytes / _GB:.2g} GB" if model.files else ", not hashed"
    click.echo(f"{click.style(model.name, bold=True)}  ({model.family}{size}) weights {model.weights[:12]}")
    allows = {
        "yes": "commercial use allowed",
        "no": "no commercial use",
        "conditions": "commercial use on conditions",
    }
    note = f" ({model.licence.note})" if model.licence.note else ""
    click.echo(f"    licence: {model.licence.name}: {allows[model.licence.commercial]}{note}")
    lacking = missing_packages(model)
    if lacking:
        click.echo(f"    cannot run here: {', '.join(lacking)} is not installed")


@models.command("add")
@click.argument("name")
@click.option("--from", "source", required=True, metavar="FOLDER|HUB-ID", help="Where its weights are.")
@click.option(
    "--with",
    "beside",
    type=_beside,
    multiple=True,
    metavar="SUBFOLDER=FOLDER|HUB-ID",
    help="What else it needs beside it, e.g. t5=FOLDER.",
)
@click.option("--revision", default="", help="Of the hub's repository; left out, the newest is pinned.")
@click.option("--family", default="", help="Where the folder does not say it by itself.")
@click.option("--link", is_flag=True, help="Leave the weights where they are instead of copying them.")
@click.option("--no-convert", is_flag=True, help="Leave pickles as they are.")
@click.option(
    "--adapter", default="", help="Of a family of one's own: file.py:Class or package.module:Class."
)
@click.option("--python", default="", help="The interpreter that it runs in.")
@click.option(
    "--option", "options", type=_option, multiple=True, metavar="NAME=VALUE", help="For its adapter."
)
@click.option("--licence", default="", help="Of the weights, where it is not the family's usual one.")
@click.option(
    "--commercial",
    type=click.Choice(["yes", "no", "conditions"]),
    default="no",
    help="What that licence allows.",
)
@_library
@_json
def add(
    name: str,
    *,
    models_dir: Path | None,
    licence: str,
    commercial: Any,
    options: tuple[tuple[str, Any], ...],
    beside: tuple[tuple[str, str], ...],
    no_convert: bool,
    as_json: bool,
    **what: Any,
) -> None:
    """Install a model under a NAME for scenes to use.

    FOLDER is copied. A HUB-ID such as facebook/audiogen-medium is downloaded from the Hugging Face hub, by this
    command alone: nothing else in Roomtone uses the network.
    """
    from roomtone.models.adding import Addition, add_model
    from roomtone.models.families import Licence

    addition = Addition(
        name=name,
        options=dict(options),
        beside=dict(beside),
        licence=Licence(name=licence, commercial=commercial) if licence else None,
        convert=not no_convert,
        **what,
    )
    with progress_bar(1.0, name) as progress:
        model = add_model(
            _root(models_dir), addition, progress=progress, tell=lambda line: click.echo(line, err=True)
        )
    if as_json:
        echo_json(_record(model))
    else:
        _show(model)


@models.command("remove")
@click.argument("name")
@_library
def remove(name: str, *, models_dir: Path | None) -> None:
    """Remove a model; clips that it made stay in the cache."""
    from roomtone.models.adding import remove_model

    remove_model(_root(models_dir), name)


@models.command("check")
@click.argument("names", nargs=-1)
@click.option("--device", default="auto", show_default=True, help="Where to run: auto, cpu, cuda:0, mps.")
@click.option("--verbose", is_flag=True, help="Show what its process writes.")
@_library
@_json
def check(
    names: tuple[str, ...], *, models_dir: Path | None, device: str, verbose: bool, as_json: bool
) -> int:
    """Read, load and run models, and say what they can do here.

    Without NAMES, all of them. Ends with 69 when one does not work.
    """
    from roomtone.models.library import ModelLibrary

    library = ModelLibrary(_root(models_dir))
    chosen = names or (*library.installed(), *library.broken())
    if not chosen:
        raise ModelError("model.none", what="no model is installed", at=str(library.root), fix="add one")
    found = {name: _checked(library.find, name, device, verbose=verbose) for name in chosen}
    if as_json:
        echo_json({name: _checked_record(each) for name, each in found.items()})
    else:
        for name, each in found.items():
            _show_checked(name, each)
    return EXIT_UNAVAILABLE if any(isinstance(each, ModelError) for each in found.values()) else 0


def _checked(find: Any, name: str, device: str, *, verbose: bool) -> "Checked | ModelError":
    from roomtone.models.checking import check_model

    def log(line: str) -> None:
        if verbose:
            click.echo(f"    {line}", err=True)

    try:
        with progress_bar(1.0, f"reading {name}") as progress:
            return check_model(find(name), device=device, progress=progress, log=log)
    except ModelError as error:
        return error


def _checked_record(each: "Checked | ModelError") -> dict[str, Any]:
    return {"error": error_record(each)} if isinstance(each, ModelError) else asdict(each)


def _show_checked(name: str, each: "Checked | ModelError") -> None:
    if isinstance(each, ModelError):
        click.echo(f"✗ {name}: {each}")
        return
    able = each.able
    click.echo(
        f"✓ {name}: {able.sample_rate_hz} Hz, {able.channels} channels, up to {able.longest_s:g} s; "
        f"loaded in {each.load_s:.1f} s, {each.memory_gb:.1f} GB"
    )
    if each.lufs is not None:
        can = [
            word for word in ("continues", "varies", "blends", "negative", "melody") if getattr(able, word)
        ]
        click.echo(
            f"    {each.clip_s:.1f} s of sound in {each.run_s:.1f} s; {able.batch} at once; loops: {able.loop}; "
            f"{', '.join(can) or 'nothing more'}"
        )


@models.command("tiny")
@click.argument("folder", type=_FOLDER)
@click.argument("families", nargs=-1)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the random weights.")
def tiny(folder: Path, families: tuple[str, ...], *, seed: int) -> int:
    """Write tiny random checkpoints of every family into FOLDER.

    They sound of nothing in particular, and go through everything that real ones go through: for tests, and for
    trying the pipeline before downloading gigabytes. Serve with `--models-dir FOLDER`.
    """
    command = [
        sys.executable,
        "-m",
        "roomtone.models.adapters.tiny",
        str(folder),
        *families,
        "--seed",
        str(seed),
    ]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own module
