"""One bake from beginning to end: what is there is counted, the rest is made, and the manifest says what came of it."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.bake.baking import Baked, Tell, bake, make_clips, prepare, stale_files
from roomtone.bake.earlier import NAME, forget_aside, read_manifest
from roomtone.bake.engines import hand_over
from roomtone.bake.jobs import Heard
from roomtone.bake.kept import FOLDER, Kept, LocalFiles, write_json
from roomtone.bake.manifest import manifest, order_record
from roomtone.bake.order import Format, Order, check_order
from roomtone.bake.plan import Plan, make_plan
from roomtone.bake.prompts import Makers
from roomtone.bake.working import Workers
from roomtone.layers.sources import layer_channels

PACE: Final = "pace.json"
_USUAL_CPU_S: Final = 0.04
"""CPU-seconds for a second of sound, before anything was measured here."""
_MODEL_S: Final = 10.0

# Bytes for a second of one channel, 48 kHz: PCM is exact, the others are what textures take.
_BYTES_A_SECOND: Final[Mapping[Format, float]] = {"wav": 144_000.0, "flac": 105_000.0, "ogg": 14_000.0}

Open = Callable[[], AbstractContextManager[Workers]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a bake would make.

    Attributes:
        make, reuse: files by path.
        clips: how many clips models have to make first.
        audio_s: how much sound has to be rendered.
        seconds: how long that takes, about.
        size_bytes: of all files, about.
    """

    make: tuple[str, ...]
    reuse: tuple[str, ...]
    clips: int
    audio_s: float
    seconds: float
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What came of a bake.

    Attributes:
        record: the manifest.
        wall_s: how long it took.
        stale: files of earlier bakes that are no part of this one.
    """

    baked: Baked
    record: Mapping[str, Any]
    wall_s: float
    stale: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0, or that of the first failure."""
        return self.baked.failures[0].exit_code if self.baked.failures else 0


def estimate(order: Order, makers: Makers, *, jobs: int) -> Estimate:
    """Say what an order takes; nothing is made.

    Raises:
        OrderError, OrderErrors, OutputError: it cannot be made.
    """
    check_order(order)
    recipes = prepare(order, makers)
    missing = set(recipes) - makers.room.there(recipes)
    kept = Kept(LocalFiles(order.out / FOLDER))
    plan = make_plan(order, makers)
    found = {key: kept.find(key) for key in plan.jobs}
    make, reuse = _sorted_out(plan, found, order)
    audio_s = sum(job.seconds for key, job in plan.jobs.items() if found[key] is None)
    return Estimate(
        make=tuple(make),
        reuse=tuple(reuse),
        clips=len(missing),
        audio_s=audio_s,
        seconds=audio_s * _cpu_s(order.out) / jobs + len(missing) * _MODEL_S,
        size_bytes=_size_bytes(plan, found),
    )


def _sorted_out(plan: Plan, found: Mapping[str, object], order: Order) -> tuple[list[str], list[str]]:
    """Tell files that have to be made from those that are there; what is silent is no file."""
    record = read_manifest(order.out) or {}
    before = record.get("files", {})
    # What was set aside tells of files that may be others by now.
    same = (order.out / NAME).is_file() and record.get("order") == order_record(order)
    make: list[str] = []
    reuse: list[str] = []
    for group in plan.groups:
        # One sound more may be louder, and move the level of all that belongs to it.
        whole = same and all(found[sound.job.key] is not None for sound in group.sounds)
        for sound in group.sounds:
            heard = found[sound.job.key]
            if not (isinstance(heard, Heard) and heard.silent):
                there = whole and sound.path in before and (order.out / sound.path).is_file()
                (reuse if there else make).append(sound.path)
    return make, reuse


def _size_bytes(plan: Plan, found: Mapping[str, object]) -> int:
    order, total = plan.order, 0.0
    a_second = _BYTES_A_SECOND[order.format] * order.rate_hz / SAMPLE_RATE_HZ
    for group in plan.groups:
        for sound in group.sounds:
            heard = found[sound.job.key]
            if isinstance(heard, Heard) and heard.silent:
                continue
            own = layer_channels(group.scene.layers[sound.layer]) if sound.layer else 2
            channels = {"keep": own, "mono": 1, "stereo": 2}[order.channels]
            total += a_second * channels * sound.job.seconds
    return round(total)


def run(
    order: Order,
    makers: Makers,
    open_workers: Open,
    kept: Kept,
    *,
    jobs: int,
    tell: Tell,
    log: Callable[[str], None],
    clock: Callable[[], float] = time.perf_counter,
) -> Session:
    """Bake an order.

    Raises:
        OrderError, OrderErrors: it cannot be made; nothing was begun.
        OutputError: it cannot be written, or the disk is full; what is finished is kept.
    """
    started_s = clock()
    check_order(order)
    recipes = prepare(order, makers)
    before = (read_manifest(order.out) or {}).get("files", {})
    with open_workers() as workers:
        make_clips(recipes, makers, workers, tell, log)
        baked = bake(order, makers, workers, kept, tell)
    record = manifest(baked, makers)
    hand_over(record, order.out)
    write_json(order.out / NAME, record)
    forget_aside(order.out)
    wall_s = clock() - started_s
    if baked.audio_s > 0.0:
        write_json(order.out / FOLDER / PACE, {"audio_s": baked.audio_s, "cpu_s": wall_s * jobs})
    return Session(
        baked=baked, record=record, wall_s=wall_s, stale=tuple(stale_files(baked, before, order.out))
    )


def _cpu_s(out: Path) -> float:
    """Say how long a second of sound takes here: as the last bake did."""
    try:
        pace = json.loads((out / FOLDER / PACE).read_text(encoding="utf-8"))
        return float(pace["cpu_s"]) / float(pace["audio_s"])
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return _USUAL_CPU_S
