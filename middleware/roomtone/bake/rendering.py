"""Rendering one job: the same performance as the live stream, closed on itself where a loop is wanted, and measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples, frames_of, gain_to_db
from roomtone.bake.jobs import Clips, Event, Heard, RenderJob
from roomtone.bake.kept import Kept, picture_name, raw_name
from roomtone.bake.measuring import SILENCE_DB, WORST_SEAM, loudness_lufs, repeats_after_s, true_peak_db
from roomtone.bake.pictures import write_spectrogram
from roomtone.cache.store import Cache
from roomtone.errors import ModelError
from roomtone.layers.banks import BankRoom, LoadedBank
from roomtone.layers.performance import Performance
from roomtone.layers.player import Placed, SourceChanged
from roomtone.layers.recipes import keys_at
from roomtone.layers.stops import Stop
from roomtone.models.library import Installed, ModelLibrary
from roomtone.offline import Listening
from roomtone.scene.model import ClipsSource, PromptSource
from roomtone.texture.loops import Loop, close_loop

# What a loop is chosen from is longer than it has to be, and longer still where the first choice is heard.
_SPARE: Final = 0.25
_LEAST_SPARE_S, _MOST_SPARE_S = 4.0, 15.0
_MORE_SPARE: Final = 3.0
# A joint that ranks in the middle is not found; looking for a better one is not worth the time.
_CONTENT: Final = 50.0


@dataclass(frozen=True, slots=True)
class _Take:
    """What was performed."""

    samples: Samples
    events: tuple[Event, ...]
    source: str


def render_job(job: RenderJob, kept: Kept) -> Heard:
    """Render a job, keep its samples (.npy, float32) and a picture of them, and say what was measured.

    Raises:
        AudioError: what it is made of cannot be read.
        OutputError: the disk fails.
    """
    take, loop = _perform_closed(job)
    samples = take.samples if loop is None else loop.samples
    first = 0 if loop is None else loop.first_frame
    silent = gain_to_db(float(np.abs(samples).max(initial=0.0))) < SILENCE_DB
    if not silent:
        kept.files.write(raw_name(job.key), partial(_save, samples))
        kept.files.write(picture_name(job.key), partial(write_spectrogram, samples))
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


def _save(samples: Samples, path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, samples)


def _perform_closed(job: RenderJob) -> tuple[_Take, Loop | None]:
    if not job.loop:
        return _perform(job, job.seconds), None
    spare_s = min(max(_SPARE * job.seconds, _LEAST_SPARE_S), _MOST_SPARE_S)
    take = _perform(job, job.seconds + spare_s)
    if not take.samples.any():
        return _Take(take.samples[: frames_of(job.seconds)], take.events, take.source), None
    loop = close_loop(take.samples, seconds=job.seconds, content_at=_CONTENT)
    if loop.seam.percentile <= WORST_SEAM:
        return take, loop
    more = _perform(job, job.seconds + _MORE_SPARE * spare_s)
    other = close_loop(more.samples, seconds=job.seconds, content_at=_CONTENT)
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
    out = np.zeros(
        (-(-frames // BLOCK_FRAMES) * BLOCK_FRAMES, channels[job.layer] if job.layer else 2), np.float32
    )
    silence = {name: np.zeros((BLOCK_FRAMES, count), np.float32) for name, count in channels.items()}
    listening = Listening(job.scene)
    events: list[Event] = []
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
    return None if clips is None else _ChosenClips(clips)


class _KnownModels(ModelLibrary):
    """The models that a job names, installed here or not: what they made is in the cache."""

    def __init__(self, models: tuple[Installed, ...]) -> None:
        super().__init__(None)
        self._known = models

    def _all(self) -> Iterator[tuple[str, Installed | ModelError]]:
        yield from ((model.name, model) for model in self._known)


class _ChosenClips(BankRoom):
    """The clips that a job names, and no others that the cache may have by now."""

    def __init__(self, clips: Clips) -> None:
        super().__init__(
            Cache(clips.cache_dir), _KnownModels(clips.models), default_model=clips.default_model
        )
        self._chosen = clips.keys

    def cached(self, source: PromptSource, stop: Stop) -> LoadedBank | None:
        """See `BankRoom`; a clip that is named must be there.

        Raises:
            CacheError: it is not.
        """
        try:
            keys = [key for key in keys_at(source, stop, self.model_of(source)) if key in self._chosen]
        except ModelError:
            return None
        return self.load(keys) if keys else None


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


def _inside(events: tuple[Event, ...], first: int, frames: int) -> tuple[Event, ...]:
    """Keep the events of a stretch, and the one that still counts at its beginning."""
    before = [event for event in events if event[0] <= first][-1:]
    within = [event for event in events if first < event[0] < first + frames]
    return tuple((max(0, at - first), *where) for at, *where in (*before, *within))  # type: ignore[misc]
