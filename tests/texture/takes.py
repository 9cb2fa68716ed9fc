"""Material for the tests of textures: what a model would make, made by the synths, and noise."""

from functools import cache

import numpy as np

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.synths.voice import Voice, get_synth
from roomtone.texture.stitch import Stitch, render_stitch

S = SAMPLE_RATE_HZ


@cache
def takes(synth: str, *, count: int = 4, seconds: float = 10.0) -> tuple[Samples, ...]:
    """Variations of one sound: different stretches of one performance."""
    voice = Voice(get_synth(synth), 5)
    voice.read(6 * S)
    return tuple(voice.read(round(seconds * S)) for _ in range(count))


def noise(seed: int, seconds: float = 2.0, *, channels: int = 1) -> Samples:
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal((round(seconds * S), channels))).astype(np.float32)


def heard(stitch: Stitch, seconds: float, *, first_frame: int = 0) -> Samples:
    """A stream, block by block."""
    out = np.empty((round(seconds * 100) * BLOCK_FRAMES, stitch.bank.channels), np.float32)
    for frame in range(0, len(out), BLOCK_FRAMES):
        render_stitch(stitch, first_frame + frame, out[frame : frame + BLOCK_FRAMES])
    return out


def levels_db(samples: Samples, window_frames: int = 4800) -> np.ndarray:
    frames = len(samples) // window_frames * window_frames
    power = np.square(samples[:frames, 0].reshape(-1, window_frames)).mean(axis=1)
    return 10.0 * np.log10(power + 1e-20)
