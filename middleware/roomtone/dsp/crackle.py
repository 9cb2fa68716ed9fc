"""Crackling: snaps of burning wood, which come in flurries, with dust between them and a rare pop."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.kernel import kernel
from roomtone.dsp.overlap import Bank, Overlap, bank_of, drain, lay, overlap_state
from roomtone.dsp.random import Rng, exponential, normal, pareto, poisson, rng_state, uniform

_SIZES: Final = 24
_VARIANTS: Final = 7
_LARGEST_HZ: Final = 900.0
_SMALLEST_HZ: Final = 9_500.0
_SNAP_FRAMES: Final = 1_536
_TOP_HZ: Final = 11_500.0
# No snap alone comes nearer to full scale: loud ones crowd below it, whole, instead of being cut off at the top.
_LOUDEST: Final = 0.58

# A flurry is a row: snaps left, frames until the next one, gain, size.
_FLURRIES: Final = 6
_LEFT, _WAIT, _GAIN, _SIZE = range(4)
_GAP_FRAMES: Final = 0.018 * SAMPLE_RATE_HZ
_GAP_SIGMA: Final = 1.3
# A pop throws sparks: the hiss flares up and dies in this time.
_FLARE_DECAY: Final = float(np.exp(-BLOCK_S / 0.13))


def _burst(chance: np.random.Generator, hz: float, tau_s: float) -> NDArray[np.float64]:
    """Make a crack, (frames,): noise around `hz` that starts at once and is gone after a few `tau_s`."""
    t = np.arange(_SNAP_FRAMES) / SAMPLE_RATE_HZ
    noise = chance.normal(size=_SNAP_FRAMES) * np.exp(-t / tau_s)
    bins_hz = np.fft.rfftfreq(_SNAP_FRAMES, 1.0 / SAMPLE_RATE_HZ)
    shape = 1.0 / (1.0 + (1.1 * np.log2((bins_hz + 20.0) / hz)) ** 2)
    # Air and bark take the top off: what is left above swings from sample to sample and is heard as a fault.
    shape *= 1.0 / (1.0 + (bins_hz / _TOP_HZ) ** 6)
    shape[0] = 0.0
    return np.asarray(np.fft.irfft(np.fft.rfft(noise) * shape, _SNAP_FRAMES))


def _ringing(chance: np.random.Generator, hz: float, tau_s: float) -> NDArray[np.float64]:
    t = np.arange(_SNAP_FRAMES) / SAMPLE_RATE_HZ
    return np.asarray(np.exp(-t / tau_s) * np.sin(2.0 * np.pi * hz * t + chance.uniform(0.0, 0.5)))


def snap(chance: np.random.Generator, smallness: float) -> NDArray[np.float64]:
    """Make one snap.

    Args:
        chance: for its noise and its wood.
        smallness: 0 is a thick log that pops, 1 a dry twig that ticks.

    Returns:
        (frames,) with peak 1.
    """
    hz = _LARGEST_HZ * (_SMALLEST_HZ / _LARGEST_HZ) ** smallness * np.exp(0.25 * chance.normal())
    tau_s = 0.0022 * 0.1**smallness * np.exp(0.3 * chance.normal())
    sound = _burst(chance, hz, tau_s)
    sound /= np.abs(sound).max()
    # The wood keeps tearing after it gave way: a faint rustle behind the crack.
    rustle = _burst(chance, 1.3 * hz, chance.uniform(0.004, 0.009))
    sound += chance.uniform(0.03, 0.2) * rustle / np.abs(rustle).max()
    for _ in range(3):
        mode_hz = hz * chance.uniform(0.35, 1.6)
        sound += 0.35 * chance.random() * _ringing(chance, mode_hz, 9.0 / mode_hz)
    sound += 0.5 * (1.0 - smallness) ** 2 * _ringing(chance, chance.uniform(110.0, 260.0), 0.007)
    length = int(_SNAP_FRAMES * (1.0 - 0.6 * smallness))
    sound = sound[:length] * np.minimum(1.0, np.arange(length)[::-1] / (0.3 * length))
    return np.asarray(sound / np.abs(sound).max())


@cache
def snap_bank() -> Bank:
    """Make snaps of every size, largest first, several of each; the same for every voice."""
    chance = np.random.Generator(np.random.PCG64(0xF12E))
    return bank_of([snap(chance, size / (_SIZES - 1)) for size in range(_SIZES) for _ in range(_VARIANTS)])


@dataclass(slots=True)
class Crackle:
    """The state of one fire's crackling; `flare[0]` is how much its sparks hiss just now."""

    rng: Rng
    overlap: Overlap
    flurries: NDArray[np.float64]
    flare: NDArray[np.float64]


def crackle_state(seed: int, *path: str | int, channels: int) -> Crackle:
    """Start in silence."""
    return Crackle(
        rng=rng_state(seed, *path, "crackle"),
        overlap=overlap_state(snap_bank(), latest_frames=0, channels=channels),
        flurries=np.zeros((_FLURRIES, 4)),
        flare=np.zeros(1),
    )


@kernel
def _snap_at(
    rng: Rng,
    samples: NDArray[np.float32],
    starts: NDArray[np.int64],
    smallness: float,
    gain: float,
    ring: NDArray[np.float32],
    start: int,
) -> None:
    place = min(1.0, max(0.0, smallness + 0.12 * normal(rng))) * (_SIZES - 1)
    i = int(place + 0.5) * _VARIANTS + int(uniform(rng) * _VARIANTS)
    crowded = gain / np.cbrt(1.0 + (gain / _LOUDEST) ** 3)
    lay(ring, start, samples[starts[i] : starts[i + 1]], crowded, 0.0)


@kernel
def _begin_flurry(rng: Rng, flurries: NDArray[np.float64], wait: float, gain: float, size: float) -> None:
    for f in range(flurries.shape[0]):
        if flurries[f, _LEFT] < 1.0:
            flurries[f, _LEFT] = np.floor(1.6 * pareto(rng, 1.1, 12.0))
            flurries[f, _WAIT] = wait
            flurries[f, _GAIN] = gain
            flurries[f, _SIZE] = size
            return


@kernel
def _crackle(
    rng: Rng,
    samples: NDArray[np.float32],
    starts: NDArray[np.int64],
    flurries: NDArray[np.float64],
    flare: NDArray[np.float64],
    flurries_hz: float,
    dust_hz: float,
    pops_hz: float,
    gain: float,
    smallness: float,
    ring: NDArray[np.float32],
    cursor: NDArray[np.int64],
    out: Samples,
) -> None:
    frames = out.shape[0]
    flare[0] *= _FLARE_DECAY
    for _ in range(poisson(rng, flurries_hz * BLOCK_S)):
        loud = np.exp(0.7 * normal(rng))
        _begin_flurry(rng, flurries, uniform(rng) * frames, loud, smallness + 0.15 * normal(rng))
    for _ in range(poisson(rng, dust_hz * BLOCK_S)):
        loud = 0.035 * pareto(rng, 1.4, 30.0)
        _snap_at(
            rng, samples, starts, smallness + 0.15, gain * loud, ring, cursor[0] + int(uniform(rng) * frames)
        )
    for _ in range(poisson(rng, pops_hz * BLOCK_S)):
        onset, loud = uniform(rng) * frames, 3.0 * np.exp(0.35 * normal(rng))
        _snap_at(rng, samples, starts, smallness - 0.35, gain * loud, ring, cursor[0] + int(onset))
        _begin_flurry(rng, flurries, onset + 0.5 * _GAP_FRAMES * exponential(rng), 0.3 * loud, smallness)
        flare[0] += loud
    for f in range(flurries.shape[0]):
        now = flurries[f]
        while now[_LEFT] >= 1.0 and now[_WAIT] < frames:
            loud = now[_GAIN] * np.exp(0.8 * normal(rng))
            _snap_at(rng, samples, starts, now[_SIZE], gain * loud, ring, cursor[0] + int(now[_WAIT]))
            flare[0] += 0.15 * loud
            now[_LEFT] -= 1.0
            now[_WAIT] += 24.0 + _GAP_FRAMES * np.exp(_GAP_SIGMA * normal(rng))
        now[_WAIT] -= frames
    drain(ring, cursor, out)


def crackle(
    state: Crackle,
    *,
    flurries_hz: float,
    dust_hz: float,
    pops_hz: float,
    gain: float,
    smallness: float,
    out: Samples,
) -> None:
    """Add one block of crackling into `out`.

    Args:
        state: from `crackle_state`.
        flurries_hz: flurries that begin each second; each is 1 to 19 snaps with log-normal gaps, median 18 ms.
        dust_hz: single faint ticks a second, heavy-tailed.
        pops_hz: loud pops a second.
        gain: of an ordinary snap.
        smallness: 0 (thick, damp, dull) to 1 (thin, dry, sharp).
        out: (BLOCK_FRAMES, channels) float32.

    Source: A. Farnell (2010), "Designing Sound", fire; the clustering from recordings of camp fires.
    """
    bank, overlap = snap_bank(), state.overlap
    _crackle(
        state.rng, bank.samples, bank.starts, state.flurries, state.flare, flurries_hz, dust_hz, pops_hz, gain,
        smallness, overlap.ring, overlap.cursor, out,
    )  # fmt: skip
