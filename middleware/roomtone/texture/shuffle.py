"""Clips in random order, joined by crossfades whose level follows how alike the two ends are."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples, frames_of
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, rng_state, uniform

# Opposite phases would need an unbounded gain to keep the level; below this the dip is left alone.
_LEAST_CORRELATION: Final = -0.5
_SHORTEST_FADE_FRAMES: Final = SAMPLE_RATE_HZ // 100
SHORTEST_CLIP_FRAMES: Final = 2 * _SHORTEST_FADE_FRAMES
"""A clip must have room for a join at either end."""


@dataclass(slots=True)
class Shuffle:
    """The state of one endless stream.

    Attributes:
        pcm: (frames, channels): all clips end to end.
        bounds: (clips, 2): first and last-plus-one frame of each in `pcm`.
        alike: (clips, clips): correlation of the end of one with the beginning of another.
        fade: (fade_frames,): position in the crossfade, 0 to 1.
        place: (3,): the clip that plays, the next clip (-1 outside a crossfade), frames into the playing clip.
    """

    rng: Rng
    pcm: Samples
    bounds: NDArray[np.int64]
    alike: NDArray[np.float64]
    fade: NDArray[np.float64]
    place: NDArray[np.int64]


def shuffle_state(clips: tuple[Samples, ...], *, seed: int, crossfade_s: float) -> Shuffle:
    """Start an endless stream of `clips`.

    Args:
        clips: at least one, each (frames, channels) at 48 kHz, of `SHORTEST_CLIP_FRAMES` or more; mono clips are
            widened where others are stereo.
        seed: decides the order.
        crossfade_s: length of a join; at most half of the shortest clip.
    """
    channels = max(clip.shape[1] for clip in clips)
    pcm = np.concatenate([np.broadcast_to(clip, (len(clip), channels)) for clip in clips]).astype(np.float32)
    ends = np.cumsum([len(clip) for clip in clips])
    bounds = np.stack([ends - [len(clip) for clip in clips], ends], axis=1)
    fade_frames = _fade_frames(crossfade_s, shortest=min(len(clip) for clip in clips))
    rng = rng_state(seed, "shuffle")
    first = int(uniform(rng) * len(clips))
    return Shuffle(
        rng=rng,
        pcm=pcm,
        bounds=bounds,
        alike=_correlations(pcm, bounds, fade_frames),
        fade=(np.arange(fade_frames) + 0.5) / fade_frames,
        place=np.array([first, -1, 0]),
    )


def render_shuffle(shuffle: Shuffle, out: Samples) -> None:
    """Overwrite `out` with the next block of the stream."""
    _render(shuffle.rng, shuffle.pcm, shuffle.bounds, shuffle.alike, shuffle.fade, shuffle.place, out)


def _fade_frames(crossfade_s: float, *, shortest: int) -> int:
    assert shortest >= SHORTEST_CLIP_FRAMES
    return min(max(frames_of(crossfade_s), _SHORTEST_FADE_FRAMES), shortest // 2)


def _correlations(pcm: Samples, bounds: NDArray[np.int64], fade_frames: int) -> NDArray[np.float64]:
    """Correlate every clip's end with every clip's beginning, over the crossfade and all channels."""
    tails = np.stack([pcm[end - fade_frames : end].ravel() for _, end in bounds]).astype(np.float64)
    heads = np.stack([pcm[start : start + fade_frames].ravel() for start, _ in bounds]).astype(np.float64)
    norms = np.linalg.norm(tails, axis=1)[:, None] * np.linalg.norm(heads, axis=1)[None, :]
    return np.asarray(tails @ heads.T / np.maximum(norms, 1e-12))


@kernel
def _another(rng: Rng, current: int, clips: int) -> int:
    if clips == 1:
        return 0
    pick = int(uniform(rng) * (clips - 1))
    return pick + 1 if pick >= current else pick


@kernel
def _render(
    rng: Rng,
    pcm: Samples,
    bounds: NDArray[np.int64],
    alike: NDArray[np.float64],
    fade: NDArray[np.float64],
    place: NDArray[np.int64],
    out: Samples,
) -> None:
    fade_frames = fade.shape[0]
    for i in range(out.shape[0]):
        now = place[0]
        into = place[2]
        left = bounds[now, 1] - bounds[now, 0] - into
        if left == fade_frames:
            place[1] = _another(rng, now, bounds.shape[0])
        source = bounds[now, 0] + into
        if place[1] < 0:
            for c in range(out.shape[1]):
                out[i, c] = pcm[source, c]
        else:
            after = fade_frames - left
            x = fade[after] * (np.pi / 2.0)
            a, b = np.cos(x), np.sin(x)
            rho = max(alike[now, place[1]], _LEAST_CORRELATION)
            level = 1.0 / np.sqrt(a * a + b * b + 2.0 * a * b * rho)
            other = bounds[place[1], 0] + after
            for c in range(out.shape[1]):
                out[i, c] = level * (a * pcm[source, c] + b * pcm[other, c])
        place[2] += 1
        if left == 1:
            place[0] = place[1]
            place[1] = -1
            place[2] = fade_frames
