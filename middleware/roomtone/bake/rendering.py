"""Rendering one job: the same performance as the live stream, closed on itself where a loop is wanted, and measured."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples, frames_of, gain_to_db
from roomtone.bake.jobs import Clips, Heard, RenderJob
from roomtone.bake.measuring import SILENCE_DB, loudness_lufs, repeats_after_s, true_peak_db
from roomtone.cache.store import Cache
from roomtone.layers.banks import BankRoom
from roomtone.layers.performance import Performance
from roomtone.layers.player import Placed, SourceChanged
from roomtone.models.library import ModelLibrary
from roomtone.offline import Listening
from roomtone.scene.model import ClipsSource, PromptSource
from roomtone.texture.loops import Loop, close_loop

WORST_SEAM: Final = 95.0
"""A joint ranks among the places inside its own file; above this it is reported."""

# What a loop is chosen from is longer than it has to be, and longer still where the first choice is heard.
_SPARE: Final = 0.25
_LEAST_SPARE_S, _MOST_SPARE_S = 4.0, 15.0
_MORE_SPARE: Final = 3.0


@dataclass(frozen=True, slots=True)
class _Take:
    """What was performed."""

    samples: Samples
    events: tuple[tuple[int, float, float, float], ...]
    source: str


def render_job(job: RenderJob, raw: Path) -> Heard:
    """Render a job, write its samples to `raw` (.npy, float32), and say what was measured.

    Raises:
        RoomtoneError: what it is made of cannot be read.
        OSError: the disk fails.
    """
    take, loop = _perform_closed(job)
    samples = take.samples if loop is None else loop.samples
    first = 0 if loop is None else loop.first_frame
    with raw.open("wb") as file:
        np.save(file, samples)
    silent = gain_to_db(float(np.abs(samples).max(initial=0.0))) < SILENCE_DB
    exact_s, alike_s = (None, None) if silent else repeats_after_s(samples)
    return Heard(
        key=job.key,
        frames=len(samples),
        channels=samples.shape[1],
        silent=silent,
        first_frame=first,
        loudness_lufs=None if silent else loudness_lufs(samples),
        true_peak_db=max(true_peak_db(samples, loop=loop is not None), -200.0),
        seam=None if loop is None else loop.seam,
        exact_again_s=exact_s,
        alike_again_s=alike_s,
        events=_inside(take.events, first, len(samples)),
        source=take.source,
    )


def _perform_closed(job: RenderJob) -> tuple[_Take, Loop | None]:
    if not job.loop:
        return _perform(job, job.seconds), None
    spare_s = min(max(_SPARE * job.seconds, _LEAST_SPARE_S), _MOST_SPARE_S)
    take = _perform(job, job.seconds + spare_s)
    if not take.samples.any():
        return _Take(take.samples[: frames_of(job.seconds)], take.events, take.source), None
    loop = close_loop(take.samples, seconds=job.seconds)
    if loop.seam.percentile <= WORST_SEAM:
        return take, loop
    more = _perform(job, job.seconds + _MORE_SPARE * spare_s)
    other = close_loop(more.samples, seconds=job.seconds)
    if other.seam.conspicuousness < loop.seam.conspicuousness:
        return more, other
    return take, loop


def _perform(job: RenderJob, seconds: float) -> _Take:
    performance = Performance(job.scene, seed=job.seed, values=job.values)
    names = (job.layer,) if job.layer else tuple(job.scene.layers)
    banks = _open(job.clips)
    try:
        channels = {name: performance.open(name, banks) for name in names}
    finally:
        if banks is not None:
            banks.close()
    frames = frames_of(seconds)
    out = np.zeros((-(-frames // BLOCK_FRAMES) * BLOCK_FRAMES, channels[job.layer] if job.layer else 2), np.float32)
    silence = {name: np.zeros((BLOCK_FRAMES, count), np.float32) for name, count in channels.items()}
    listening = Listening(job.scene)
    events: list[tuple[int, float, float, float]] = []
    sources: dict[str, str] = {}
    for start in range(0, len(out), BLOCK_FRAMES):
        block = performance.render()
        layers = {name: silence[name] if x is None else x for name, x in block.layers.items()}
        out[start : start + BLOCK_FRAMES] = layers[job.layer] if job.layer else listening.mix(block, layers)
        for change in block.changes:
            match change:
                case Placed(at_frame=at_frame, offset_m=offset_m):
                    events.append((at_frame, *offset_m))
                case SourceChanged(layer=layer, sourced=sourced):
                    sources[layer] = sourced.rung
    return _Take(out[:frames], tuple(events) if job.layer else (), _source(job, names, sources))


def _open(clips: Clips | None) -> BankRoom | None:
    if clips is None:
        return None
    return BankRoom(Cache(clips.cache_dir), ModelLibrary(clips.models_dir), default_model=clips.default_model)


def _source(job: RenderJob, names: tuple[str, ...], sources: dict[str, str]) -> str:
    """Say what a sound is made of: the first that is not a synth."""
    for name in names:
        match job.scene.layers[name].source:
            case PromptSource() if sources.get(name, "stand_in") != "stand_in":
                return "model"
            case PromptSource():
                return "stand_in"
            case ClipsSource():
                return "clips"
    return "synths"


def _inside(
    events: tuple[tuple[int, float, float, float], ...], first: int, frames: int
) -> tuple[tuple[int, float, float, float], ...]:
    """Keep the events of a stretch, and the one that still counts at its beginning."""
    before = [event for event in events if event[0] <= first][-1:]
    within = [event for event in events if first < event[0] < first + frames]
    return tuple((max(0, at - first), *where) for at, *where in (*before, *within))  # type: ignore[misc]
