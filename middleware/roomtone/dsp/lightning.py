"""A lightning channel as it is heard: every bend of it sends a shock wave, and each arrives in its own time.

A stroke is forged once, as a list of arrivals (when, how loud, how far it came); blocks then play what is due. The
crooked channel makes claps by itself: where it runs across the line of sight, many waves arrive together.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.grains import drain_ring, place_grain
from roomtone.dsp.kernel import kernel
from roomtone.dsp.random import Rng, bipolar, exponential, normal, rng_state, uniform

SHOCK_FRAMES: Final = 3_840
_SCATTER: Final = 2.2
_SOUND_M_S: Final = 340.0
_CAPACITY: Final = 16_384
_RANGES: Final = 12
_VARIANTS: Final = 8
_NEAREST_M: Final = 120.0
_FARTHEST_M: Final = 16_000.0
_TURN: Final = 0.24
_BRANCHES: Final = 5
_CLUSTER_S: Final = 0.06
_ECHOES: Final = 6

# Columns of an arrival: frames from now, gain, how much farther than the nearest it came in metres: what all of them
# have on their way, `dsp.propagation` takes.
_WHEN, _GAIN, _FARTHER_M = 0, 1, 2


@dataclass(slots=True)
class Lightning:
    """The state of a sky: chance, the waves still on their way (the first `count[0]` rows), and the ring."""

    rng: Rng
    arrivals: NDArray[np.float64]
    count: NDArray[np.int64]
    ring: Samples
    cursor: NDArray[np.int64]
    waves: Samples


def lightning_state(seed: int, *path: str | int) -> Lightning:
    """Start a quiet sky; see `rng_state`."""
    return Lightning(
        rng=rng_state(seed, *path, "lightning"),
        arrivals=np.zeros((_CAPACITY, 3)),
        count=np.zeros(1, np.int64),
        ring=np.zeros((480 * 10, 1), np.float32),
        cursor=np.zeros(1, np.int64),
        waves=shock_waves(),
    )


@cache
def shock_waves() -> Samples:
    """Make shock waves, (ranges × variants, frames), the near ones short and sharp, the far ones long and round.

    Source: Few (1969), N-waves of a lightning channel; the rise grows with the air's absorption.
    """
    rng = np.random.default_rng(5)
    t = (np.arange(SHOCK_FRAMES) - 480) / SAMPLE_RATE_HZ
    rows = [
        _shock_wave(rng, t, range_m)
        for range_m in np.geomspace(_NEAREST_M, _FARTHEST_M, _RANGES)
        for _ in range(_VARIANTS)
    ]
    edge = np.minimum(1.0, np.minimum(np.arange(SHOCK_FRAMES), np.arange(SHOCK_FRAMES)[::-1]) / 240.0)
    return np.asarray(np.array(rows) * edge, np.float32)


def _shock_wave(rng: np.random.Generator, t: NDArray[np.float64], range_m: float) -> NDArray[np.float64]:
    length_s = min(0.016, 0.0035 * (range_m / 300.0) ** 0.35 * np.exp(rng.normal(0.0, 0.4)))
    wave = np.where((t >= 0.0) & (t < length_s), 1.0 - 2.0 * t / length_s, 0.0)
    # Turbulent air scatters: the farther, the more of the wave arrives late and blurred.
    coda_s = 0.009 * (range_m / _NEAREST_M) ** 0.3
    paths = rng.normal(size=len(t)) * np.exp(-np.maximum(t, 0.0) / coda_s) * (t > 0.0)
    spectrum = np.fft.rfft(wave) * (
        1.0 + _SCATTER * np.fft.rfft(np.roll(paths, -480)) / np.sqrt(coda_s * SAMPLE_RATE_HZ / 2)
    )
    hz = np.fft.rfftfreq(len(t), 1 / SAMPLE_RATE_HZ)
    rise_s = 3e-5 * (range_m / _NEAREST_M) ** 0.95
    air = (1.0 + (2.0 * np.pi * hz * rise_s) ** 2) ** -1.1 * (hz > 0.0)
    return np.asarray(np.fft.irfft(spectrum * air, len(t)))


@kernel
def _send(
    arrivals: NDArray[np.float64], count: NDArray[np.int64], when_s: float, gain: float, farther_m: float
) -> None:
    if count[0] < arrivals.shape[0]:
        arrivals[count[0], :] = (when_s * SAMPLE_RATE_HZ, gain, farther_m)
        count[0] += 1


@kernel
def _forge_channel(
    rng: Rng,
    arrivals: NDArray[np.float64],
    count: NDArray[np.int64],
    at: NDArray[np.float64],
    heading: NDArray[np.float64],
    length_m: float,
    gain: float,
    nearest_m: float,
) -> None:
    # `at` and `heading` are walked along the channel; the listener stands at the origin.
    run_m = 0.0
    while run_m < length_m:
        step_m = 3.0 + 12.0 * uniform(rng) + 9.0 * exponential(rng)
        run_m += step_m
        size = 0.0
        for k in range(3):
            heading[k] += _TURN * normal(rng)
            size += heading[k] * heading[k]
        size = np.sqrt(size)
        range_m, along = 0.0, 0.0
        for k in range(3):
            heading[k] /= size
            at[k] += step_m * heading[k]
            range_m += at[k] * at[k]
            along += at[k] * heading[k]
        at[2] = max(at[2], 10.0)
        range_m = max(np.sqrt(range_m), 60.0)
        across = 1.0 - min(1.0, (along / range_m) ** 2)
        strength = gain * np.sqrt(step_m / 25.0) * (0.15 + 0.85 * across) * np.exp(0.5 * normal(rng))
        strength *= (nearest_m / range_m) ** 0.75 * np.exp(-range_m / 9_000.0)
        # A bend that points at the listener is heard along its whole length: late and smeared.
        late_s = (1.0 - across) * step_m / _SOUND_M_S * uniform(rng)
        # No bend is a point: kinks finer than its length spread its wave over a cluster.
        when_s = (range_m - nearest_m) / _SOUND_M_S + late_s + _CLUSTER_S * uniform(rng)
        # From afar the first waves come through the most turbulent air: it begins softly.
        strength *= min(1.0, 0.2 + when_s * 2_500.0 / nearest_m)
        if when_s >= 0.0:
            _send(arrivals, count, when_s, strength, range_m - nearest_m)


@kernel
def _forge(
    rng: Rng,
    arrivals: NDArray[np.float64],
    count: NDArray[np.int64],
    ground_m: float,
    gain: float,
    echo: float,
) -> None:
    first = count[0]
    at, heading = np.zeros(3), np.zeros(3)
    cloud_m = 2_500.0 + 2_500.0 * uniform(rng)
    nearest_m = 0.9 * ground_m
    at[:] = (ground_m, 0.0, 10.0)
    heading[:] = (0.3 * bipolar(rng), 0.3 * bipolar(rng), 1.0)
    _forge_channel(rng, arrivals, count, at, heading, cloud_m, gain, nearest_m)
    # Inside the cloud it turns level and runs on for kilometres.
    heading[:] = (bipolar(rng), bipolar(rng), 0.1)
    _forge_channel(rng, arrivals, count, at, heading, 2_000.0 + 5_000.0 * uniform(rng), 0.8 * gain, nearest_m)
    for _ in range(_BRANCHES):
        at[:] = (ground_m + 40.0 * bipolar(rng), 40.0 * bipolar(rng), 60.0 + 1_200.0 * uniform(rng))
        heading[:] = (bipolar(rng), bipolar(rng), -0.4)
        _forge_channel(rng, arrivals, count, at, heading, 150.0 + 500.0 * uniform(rng), 0.4 * gain, nearest_m)
    # The last leaders crackle before the stroke: only a near one is heard to tear the air.
    tear = gain * max(0.0, 1.0 - ground_m / 1_500.0)
    for _ in range(90):
        _send(arrivals, count, 0.22 * uniform(rng) ** 1.5, 0.12 * tear * exponential(rng), 0.0)
    last = count[0]
    for k in range(_ECHOES):
        late_s, share = 0.7 + 1.3 * k * (0.6 + 0.8 * uniform(rng)), echo * 0.45 * 0.75**k
        for i in range(first + k, last, 3):
            when_s = arrivals[i, _WHEN] / SAMPLE_RATE_HZ + late_s + 0.25 * uniform(rng)
            _send(
                arrivals, count, when_s, share * arrivals[i, _GAIN], arrivals[i, _FARTHER_M] + 340.0 * late_s
            )


def forge_stroke(lightning: Lightning, *, ground_m: float, gain: float, echo: float) -> None:
    """Send out the waves of one stroke; the first arrives at once. Waves beyond the capacity are left out.

    Args:
        lightning: from `lightning_state`.
        ground_m: how far away it strikes.
        gain: about the peak of its loudest clap.
        echo: 0 (open sea) to 1 (a valley): how much comes back from the land.

    Source: Ribner & Roy (1982), tortuous channel of N-waves; Few (1969), string-of-pearls model.
    """
    _forge(lightning.rng, lightning.arrivals, lightning.count, ground_m, gain, echo)


@kernel
def _arrive(
    rng: Rng,
    arrivals: NDArray[np.float64],
    count: NDArray[np.int64],
    waves: Samples,
    ring: Samples,
    cursor: NDArray[np.int64],
    out: Samples,
) -> float:
    frames, power, i = out.shape[0], 0.0, 0
    octaves = (_RANGES - 1.0) / np.log(_FARTHEST_M / _NEAREST_M)
    while i < count[0]:
        if arrivals[i, _WHEN] >= frames:
            arrivals[i, _WHEN] -= frames
            i += 1
            continue
        gain = arrivals[i, _GAIN]
        row = int(octaves * np.log(1.0 + max(arrivals[i, _FARTHER_M], 0.0) / _NEAREST_M) + 0.5 * bipolar(rng))
        row = min(max(row, 0), _RANGES - 1) * _VARIANTS + int(uniform(rng) * _VARIANTS)
        sign = 1.0 if uniform(rng) < 0.85 else -1.0
        place_grain(ring, cursor[0] + int(arrivals[i, _WHEN]), waves[row], sign * gain, 0.0)
        power += gain * gain
        count[0] -= 1
        arrivals[i, :] = arrivals[count[0], :]
    drain_ring(ring, cursor, out)
    return power


def hear_arrivals(lightning: Lightning, out: Samples) -> float:
    """Add what arrives in this block into `out`, (BLOCK_FRAMES, 1), and return the sum of its squared gains."""
    sky = lightning
    return float(_arrive(sky.rng, sky.arrivals, sky.count, sky.waves, sky.ring, sky.cursor, out))
