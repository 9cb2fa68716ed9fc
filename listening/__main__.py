"""`python -m listening`: sweep, calibrate, judge and look at sounds."""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click
import numpy as np

from listening import sweep as sweeps
from listening.keeping import SECONDS, SEEDS, Kept, keep
from listening.likeness import Judgement, judge, kinds, measure, nearest
from listening.pictures import picture as draw
from listening.sounds import claims_of, meanings_of
from listening.texture import windows
from roomtone.audio_files import read_clip
from roomtone.cli.arguments import assignment
from roomtone.synths import SYNTHS


@click.group()
def main() -> None:
    """Judge the sounds by number and by picture."""


@main.command()
@click.argument("synths", nargs=-1, type=click.Choice(list(SYNTHS)))
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes.")
def calibrate(synths: tuple[str, ...], jobs: int) -> None:
    """Make controls even to the ear: measure SYNTHS (all by default) and write `synths/responses/`."""
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for name, record in zip(synths or SYNTHS, pool.map(sweeps.calibrate, synths or SYNTHS), strict=True):
            click.echo(sweeps.write(record))
            _show_rows(name, record)


def _show_rows(name: str, record: dict) -> None:
    for meaning in meanings_of(name):
        row = record["controls"][meaning.control]
        rank, off = sweeps.straightness(meaning, np.array(row["measured"]))
        mark = "" if not meaning.even or sweeps.is_even(rank, off) else "  UNEVEN"
        click.echo(f"  {meaning.control}: {meaning.measure.name} {row['measured']} {row['unit']}; "
                   f"rank {rank:.2f}, off {off:.0%}{mark}")  # fmt: skip


@main.command()
@click.argument("synth", type=click.Choice(list(SYNTHS)))
@click.argument("controls", nargs=-1)
@click.option("--raw", is_flag=True, help="As the synth has it, without its measured curves.")
def sweep(synth: str, controls: tuple[str, ...], raw: bool) -> None:
    """Show what comes of a synth's CONTROLS over their ranges."""
    for meaning in meanings_of(synth):
        if controls and meaning.control not in controls:
            continue
        swept = sweeps.sweep(meaning, sweeps.PLACES, seeds=meaning.seeds, curves={} if raw else None)
        rank, off = sweeps.straightness(meaning, swept.measured)
        click.echo(
            f"{meaning}: {meaning.measure.name}, {meaning.measure.unit}; rank {rank:.2f}, off {off:.0%}"
        )
        for place, value, loud, peak in zip(
            sweeps.PLACES, swept.measured, swept.short_term_lufs, swept.peak_dbfs, strict=True
        ):
            click.echo(f"  {place:.1f}  {value:8.2f}   {loud:6.1f} LUFS  {peak:6.1f} dBFS")


@main.command("judge")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--as", "kind", type=click.Choice(sorted(kinds())), help="What it should be.")
def judge_files(files: tuple[Path, ...], kind: str | None) -> None:
    """Hold FILES against real recordings."""
    for path in files:
        measured = measure(windows(read_clip(path)))
        if measured is None:
            click.echo(f"{path}: silent")
            continue
        click.echo(
            f"{path}: nearest " + ", ".join(f"{name} {far:.2f}" for name, far in nearest(measured)[:5])
        )
        if kind:
            _show_judgement(judge(measured, kind))


def _show_judgement(judgement: Judgement) -> None:
    click.echo(f"  as {judgement.kind}: rank {judgement.rank}")
    for each in judgement.families:
        click.echo(
            f"    {each.family:12s} {each.own:5.2f}   real {each.real[0]:.2f} {each.real[1]:.2f} {each.real[2]:.2f}"
        )
    _show_left_out(judgement)
    low, middle, high = judgement.lively
    click.echo(
        f"    liveliness   {judgement.liveliness:5.2f}   real {low:.2f} {middle:.2f} {high:.2f}: {judgement.verdict}"
    )
    for off in judgement.worst:
        click.echo(f"    {off.label:58s} {off.own:7.2f}   real {off.low:7.2f} to {off.high:7.2f}")


def _show_left_out(judgement: Judgement) -> None:
    if judgement.left_out:
        click.echo(f"    without {', '.join(judgement.left_out)}: the recordings', not the sound's")


@main.command()
@click.argument("synths", nargs=-1, type=click.Choice(list(SYNTHS)))
@click.option("--seeds", type=click.IntRange(1), default=SEEDS, show_default=True)
@click.option("--seconds", type=click.FloatRange(5.0), default=SECONDS, show_default=True)
def claims(synths: tuple[str, ...], seeds: int, seconds: float) -> None:
    """Hold SYNTHS against the real sounds that they are meant to be."""
    for name in synths or SYNTHS:
        for claim in claims_of(name):
            _show_kept(keep(claim, seeds=seeds, seconds=seconds))


def _show_kept(kept: Kept) -> None:
    low, middle, high = kept.judgements[0].lively
    click.echo(f"{kept.claim}: {'kept' if kept.is_kept else 'NOT KEPT'}; median rank {kept.rank:g}; "
               f"liveliness {kept.liveliness:.2f}, real {low:.2f} {middle:.2f} {high:.2f}")  # fmt: skip
    for family, (own, (_, usual, most)) in kept.families().items():
        click.echo(
            f"    {family:12s} {own:5.2f}   real median {usual:.2f}, at most {most:.2f}{'' if own <= most else '  OFF'}"
        )
    _show_left_out(kept.judgements[0])
    taken = [judgement.nearest[0][0] for judgement in kept.judgements]
    click.echo("    taken for: " + ", ".join(f"{name} {taken.count(name)}" for name in dict.fromkeys(taken)))


@main.command()
@click.argument("synth", type=click.Choice(list(SYNTHS)))
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option(
    "--set", "values", type=assignment, metavar="NAME=NUMBER", multiple=True, help="A control, 0 to 1."
)
@click.option("--seconds", type=click.FloatRange(1.0), default=30.0, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def picture(synth: str, out: Path, values: Sequence[tuple[str, float]], seconds: float, seed: int) -> None:
    """Draw a synth: spectrogram, bands over time, events."""
    x = sweeps.hear(synth, dict(values), seconds=seconds, seed=seed)
    draw(x, out, title=f"{synth} {' '.join(f'{name}={value:g}' for name, value in values)}, seed {seed}")
    click.echo(out)


@main.command()
@click.argument("synths", nargs=-1, type=click.Choice(list(SYNTHS)))
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/sound-report"),
    show_default=True,
    help="The folder.",
)
@click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Processes."
)
@click.option(
    "--seeds", type=click.IntRange(1), default=SEEDS, show_default=True, help="Held against recordings."
)
@click.option(
    "--minutes", type=click.FloatRange(0.5), default=10.0, show_default=True, help="Listened to each."
)
def report(synths: tuple[str, ...], out: Path, jobs: int, seeds: int, minutes: float) -> None:
    """Measure SYNTHS (all by default), and write a page with players, pictures and figures.

    Takes about a minute of a core for each.
    """
    from listening.report.making import make

    for line in make(synths or tuple(SYNTHS), out, jobs=jobs, seeds=seeds, minutes=minutes):
        click.echo(line)


@main.command()
@click.option("--pictures/--no-pictures", default=True, show_default=True, help="Draw them anew, too.")
def catalogue(*, pictures: bool) -> None:
    """Write `docs/sounds.md` and its pictures."""
    from listening.report.catalogue import write

    for path in write(pictures=pictures):
        click.echo(path)


@main.command()
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("scenes")
)
@click.option("--seconds", type=click.FloatRange(4.0), default=12.0, show_default=True)
def scenes(folder: Path, seconds: float) -> None:
    """Say how loud every scene of FOLDER is, as it comes and in each of its moods."""
    from listening.mixes import mixes

    for each in mixes(folder, seconds=seconds):
        mark = "" if each.is_usual else "  UNUSUAL"
        click.echo(f"{each.scene:16s} {each.mood:14s} {each.lufs:6.1f} LUFS  {each.peak_db:6.1f} dBFS{mark}")


if __name__ == "__main__":
    main()
