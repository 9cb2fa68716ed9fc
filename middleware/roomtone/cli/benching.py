"""The command about the speed of neural models: bench-models."""

import subprocess
import sys

import click


def _family(text: str) -> str:
    from roomtone.models.families import FAMILIES

    names = [name for name, family in FAMILIES.items() if family.makes == "clips"]
    if text not in names:
        raise click.BadParameter(f"'{text}' is none of {', '.join(names)}")
    return text


@click.command("bench-models")
@click.option(
    "--family",
    "families",
    multiple=True,
    type=_family,
    metavar="FAMILY",
    help="May be given again; all by default.",
)
@click.option(
    "--size",
    type=click.Choice(["auto", "real", "tiny"]),
    default="auto",
    show_default=True,
    help="Of the random models: as published, or tiny; real on CUDA.",
)
@click.option("--device", default="auto", show_default=True, help="Where to run: auto, cpu, cuda:0, mps.")
@click.option("--seconds", type=click.FloatRange(0.1, 60.0), help="Of each clip.")
@click.option("--steps", type=click.IntRange(1, 500), help="Of denoising, in the library's calls and ours.")
@click.option("--compile", "compiled", is_flag=True, help="Try compiling as well, which takes minutes.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for scripts.")
def bench_models(
    families: tuple[str, ...],
    *,
    size: str,
    device: str,
    seconds: float | None,
    steps: int | None,
    compiled: bool,
    as_json: bool,
) -> int:
    """Measure how fast neural models are here.

    Each runs beside its own library's call. No weights are needed: they are random, in the sizes of the published
    models on CUDA, tiny elsewhere. Ends with 69 when a family cannot be measured, with 70 when one does not make what
    its library makes.
    """
    command = [sys.executable, "-m", "roomtone.models.adapters.bench", "--size", size, "--device", device]
    command += [f"--family={family}" for family in families]
    command += [] if seconds is None else ["--seconds", str(seconds)]
    command += [] if steps is None else ["--steps", str(steps)]
    command += ["--compile"] * compiled + ["--json"] * as_json
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own module
