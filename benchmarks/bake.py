"""Baking against rendering the same layers live, from one process to two, and what a file costs besides its sound."""

import shutil
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.report import Figure, Section
from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ
from roomtone.bake.kept import FOLDER, Kept, LocalFiles
from roomtone.bake.order import Order
from roomtone.bake.prompts import Makers, open_makers
from roomtone.bake.session import Session, run
from roomtone.bake.working import Alone, Pool
from roomtone.layers.performance import Performance
from roomtone.models.service import ServiceOptions
from roomtone.scene.files import load_scene
from roomtone.scene.model import Scene
from roomtone.synths.catalogue import catalogue

SCENES = Path(__file__).parent.parent / "scenes"
DEMO_SCENES = ("rainy_street", "cafe", "night_forest")
_SECONDS = 60.0
_ROUNDS = 2


def measure() -> Section:
    """Bake the demo's scenes, in this process and in pools of one and of two."""
    folder = Path(tempfile.mkdtemp(prefix="roomtone-bench-"))
    try:
        return _measured(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measured(folder: Path) -> Section:
    scenes = tuple(
        load_scene(SCENES / f"{name}.yaml", root=SCENES, catalogue=catalogue()) for name in DEMO_SCENES
    )
    makers = open_makers(
        ServiceOptions(models_dir=folder / "models", cache_dir=folder / "cache"), model="", synths_only=True
    )
    order = Order(scenes=scenes, lists=(), out=folder / "warm", seconds=_SECONDS)
    _bake(replace(order, seconds=5.0), makers, 0)
    live_cpu_s, live_s = _live(scenes)
    started_s = time.process_time()
    alone = _bake(replace(order, out=folder / "alone"), makers, 0)
    baked_cpu_s = time.process_time() - started_s
    audio_s = alone.baked.audio_s
    files = len(alone.baked.written)
    started_s = time.perf_counter()
    _bake(replace(order, out=folder / "alone"), makers, 0)
    again_s = time.perf_counter() - started_s
    one_s, two_s = _pools(order, makers, folder)
    besides_s = baked_cpu_s - audio_s * live_cpu_s / live_s
    return Section(
        title="Baking",
        method=(
            f"The demo's scenes ({', '.join(DEMO_SCENES)}) at their default state, {_SECONDS:g} s a layer, looped, "
            f"WAV. Live: the same layers, block by block, {_SECONDS:g} s. CPU time in one process; wall time in pools "
            f"of one and of two processes that are warm, the better of {_ROUNDS} rounds each."
        ),
        figures=(
            Figure(
                name="audio for a CPU-second, baked",
                value=audio_s / baked_cpu_s,
                unit="s",
                beside=f"{live_s / live_cpu_s:.0f} s rendered live; {files} files, {audio_s:.0f} s of sound",
            ),
            Figure(
                name="what a file costs besides rendering its sound",
                value=1e3 * besides_s / files,
                unit="ms CPU",
                beside="a quarter more to choose the loop from, the splice, measuring, writing, decoding",
            ),
            Figure(
                name="what a file costs that is there already",
                value=1e3 * again_s / files,
                unit="ms",
                beside="its digest is checked",
            ),
            Figure(
                name="two processes against one, of twice as fast",
                value=one_s / two_s / 2.0,
                unit="x",
                beside=f"{one_s:.1f} s and {two_s:.1f} s",
                bar=">= 0.9",
            ),
            Figure(
                name="speed with two processes",
                value=audio_s / two_s,
                unit="× real time",
                beside=f"{audio_s:.0f} s of sound",
                bar=">= 50",
            ),
        ),
    )


def _live(scenes: tuple[Scene, ...]) -> tuple[float, float]:
    """Render every layer block by block; returns the CPU time, and how much sound that is."""
    cpu_s = audio_s = 0.0
    blocks = round(_SECONDS * SAMPLE_RATE_HZ / BLOCK_FRAMES)
    for scene in scenes:
        performance = Performance(scene)
        for layer in scene.layers:
            performance.open(layer)
        started_s = time.process_time()
        for _ in range(blocks):
            performance.render()
        cpu_s += time.process_time() - started_s
        audio_s += _SECONDS * len(scene.layers)
    return cpu_s, audio_s


def _bake(order: Order, makers: Makers, workers: int, pool: Pool | None = None) -> Session:
    files = LocalFiles(order.out / FOLDER)
    kept = Kept(files)
    of = pool or Alone(order.out, kept)
    return run(
        order,
        makers,
        partial(_open, of),
        kept,
        jobs=max(1, workers),
        tell=lambda *_: None,
        log=lambda _: None,
    )


class _open:  # noqa: N801 - a context, as `open_workers` is
    """Workers that are there already."""

    def __init__(self, workers: Alone | Pool) -> None:
        self._workers = workers

    def __enter__(self) -> Alone | Pool:
        return self._workers

    def __exit__(self, *_: object) -> None:
        """They stay for the next round."""


def _pools(order: Order, makers: Makers, folder: Path) -> tuple[float, float]:
    """Bake with one process and with two, in turn; returns the better time of each."""
    best = {1: float("inf"), 2: float("inf")}
    for count in (1, 2):
        out = folder / f"pool{count}"
        with Pool(out, out / FOLDER, workers=count) as pool:
            _bake(replace(order, out=out, seconds=4.0), makers, count, pool)
            for n in range(_ROUNDS):
                started_s = time.perf_counter()
                # Another seed: nothing of it is there yet.
                _bake(replace(order, out=out, seed=1_000 + n), makers, count, pool)
                best[count] = min(best[count], time.perf_counter() - started_s)
    return best[1], best[2]
