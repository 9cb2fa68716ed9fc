"""The command that shows what can sound: explore."""

from pathlib import Path

import click

from roomtone.cli.baking import extra, open_makers_at
from roomtone.cli.output import echo_json

CATEGORIES = ("natural", "urban", "domestic", "animals", "mechanical", "abstract")

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("categories", nargs=-1, type=click.Choice(CATEGORIES), metavar="[CATEGORY]...")
@click.option("-o", "--out", type=_FOLDER, default=Path("explored"), show_default=True, help="Where to.")
@click.option(
    "--seconds", type=click.FloatRange(3, 600), default=10.0, show_default=True, help="How long a take is."
)
@click.option(
    "--takes", type=click.IntRange(1, 16), default=3, show_default=True, help="Of each sound, by other seeds."
)
@click.option("--model", default="", show_default="the synths", help="Which model makes them.")
@click.option(
    "--models-dir", type=_FOLDER, envvar="ROOMTONE_MODELS_DIR", show_default="your own", help="Models."
)
@click.option(
    "--cache-dir", type=_FOLDER, envvar="ROOMTONE_CACHE_DIR", show_default="your own", help="Clips."
)
@click.option("--device", default="auto", show_default=True, help="Where models run.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
def explore(
    categories: tuple[str, ...],
    *,
    out: Path,
    seconds: float,
    takes: int,
    model: str,
    models_dir: Path | None,
    cache_dir: Path | None,
    device: str,
    as_json: bool,
) -> None:
    """Hear what can sound, category by category.

    CATEGORY is natural, urban, domestic, animals, mechanical or abstract; all of them, if left out. Writes each
    sound in several takes, a README for each category, and index.html that plays them, shows their spectrograms,
    compares the takes and says how long each took.
    """
    with extra():
        from roomtone.bake.exploring import explore as make
        from roomtone.bake.exploring import records

    found = make(
        categories or CATEGORIES,
        out,
        open_makers_at(model, models_dir, cache_dir, device, synths=not model),
        seconds=seconds,
        takes=takes,
        model=model,
        tell=lambda name: click.echo(f"{name} …", err=True),
    )
    if as_json:
        echo_json({"index": str(out / "index.html"), "categories": records(found)})
        return
    click.echo(out / "index.html")
