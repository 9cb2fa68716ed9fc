"""Rain: drops over a plane around the listener, the nearest heard one by one, the rest as a moving bed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.grains import Grains, bursts, grains_state, scatter, unit_energy
from roomtone.dsp.random import Rng, normal, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.space import Space, place, space_state
from roomtone.synths.model import Control, Reach, Synth, placed

_VARIANTS: Final = 64
_DROP_FRAMES: Final = 192
_RING_FRAMES: Final = 960
_SPLATTER_FRAMES: Final = 2_400
_THROWN_S: Final = 0.012
# Drops within a fifth of the audible radius are grains; the others merge into the bed.
_PLANE_RADII: Final = 7.0
_DROPS_HZ: Final = 5_200.0
_GROWTH: Final = 30.0
_FULL_GAIN: Final = 0.22
_DROP_GAIN: Final = 2.4
_STRIKES: Final = 160
_MODES: Final = 10
_RING_S: Final = 0.004
# On earth, on stone, heavy on stone, on tin: tin is rarer and louder, for each rings long.
_KIND_GAINS: Final = (1.0, 1.0, 2.0, 2.8)
_PLACE_DB: Final = 1.2

_BED_HZ: Final = np.array([45, 100, 200, 350, 700, 1200, 2000, 4000, 8000, 13_000, 20_000], float)
_BED_DB: Final = np.array([0, 0, 0, 3, 4, 2, -1, -5, -8, -11, -24], float)

# What a hard surface adds by band, per unit of hardness: earth swallows the highs.
_HARDER_DB: Final = np.interp(np.log(BED_CENTRES_HZ), np.log([200.0, 1_000.0, 5_000.0]), [-4.0, 0.0, 9.0])


@dataclass(slots=True)
class _Rain:
    rng: Rng
    gusts: Walks
    bed: Bed
    bands: Bands
    drops: tuple[Grains, ...]
    banks: tuple[Samples, ...]
    levels: NDArray[np.float32]
    space: Space


def _rings(rng: np.random.Generator) -> NDArray[np.float64]:
    """Make strikes on sheets of tin, (strikes, frames), each with modes of its own.

    Shared modes would stand as lines in the spectrum of all drops, and many drops would hum a chord. So every
    mode has a narrow step of the spectrum for itself, dealt out at random, and as much power however long it rings.
    """
    t = np.arange(_RING_FRAMES) / SAMPLE_RATE_HZ
    steps = rng.permutation(_STRIKES * _MODES).reshape(_STRIKES, _MODES)
    hz = 900.0 * (8_000.0 / 900.0) ** ((steps + rng.uniform(size=steps.shape)) / steps.size)
    decay_s = rng.uniform(0.002, 0.007, hz.shape) * np.sqrt(3_000.0 / hz)
    size = rng.normal(size=hz.shape) * np.sqrt(_RING_S / decay_s)
    total = np.empty((_STRIKES, _RING_FRAMES))
    for i in range(_STRIKES):
        waves = np.sin(2 * np.pi * hz[i][:, None] * t) * np.exp(-t / decay_s[i][:, None])
        total[i] = size[i] @ waves
    total[:, :_DROP_FRAMES] += 0.5 * bursts(
        rng, _STRIKES, _DROP_FRAMES, low_hz=3_000.0, high_hz=9_000.0, tau_s=0.0004
    )
    return total * np.minimum(1.0, np.arange(_RING_FRAMES)[::-1] / 96.0)


def _splatter(rng: np.random.Generator) -> NDArray[np.float64]:
    """Make heavy drops, (variants, frames): an impact, and the droplets that it throws up coming down around it."""
    droplets = bursts(rng, _VARIANTS, _DROP_FRAMES, low_hz=3_000.0, high_hz=9_000.0, tau_s=0.0004)
    total = np.zeros((_VARIANTS, _SPLATTER_FRAMES))
    for i in range(_VARIANTS):
        total[i, :_DROP_FRAMES] += droplets[i]
        late = rng.exponential(_THROWN_S * SAMPLE_RATE_HZ, rng.integers(5, 20)).astype(int)
        for start in late[late < _SPLATTER_FRAMES - _DROP_FRAMES]:
            thrown = droplets[rng.integers(_VARIANTS)]
            total[i, start : start + _DROP_FRAMES] += thrown * 0.35 * np.exp(rng.normal(0.0, 0.7))
    return total


@cache
def _banks() -> tuple[Samples, ...]:
    """Make what drops sound like: on earth, on stone, heavy ones on stone, on tin."""
    rng = np.random.default_rng(1)
    soft = bursts(rng, _VARIANTS, _DROP_FRAMES, low_hz=350.0, high_hz=1_800.0, tau_s=0.0012)
    splash = bursts(rng, _VARIANTS, _DROP_FRAMES, low_hz=2_200.0, high_hz=7_000.0, tau_s=0.0006)
    return soft, splash, unit_energy(_splatter(rng)), unit_energy(_rings(rng))


@cache
def _levels() -> NDArray[np.float32]:
    """Draw drops on a plane, (4096,), faintest first, mean square 1: level ∝ mass / distance, mass log-normal."""
    rng = np.random.default_rng(2)
    radius = np.sqrt(rng.uniform(1.0, _PLANE_RADII**2, 4096))
    level = np.exp(rng.normal(0.0, 0.5, 4096)) / radius
    return np.asarray(np.sort(level) / np.sqrt((level**2).mean()), np.float32)


def _colour_db(rng: Rng) -> NDArray[np.float64]:
    # No two places have the same ground and walls: a few broad hills of a decibel or so, at the same power.
    hills_db = np.array([_PLACE_DB * normal(rng) for _ in range(5)])
    usual_db = np.interp(np.log(BED_CENTRES_HZ), np.log(_BED_HZ), _BED_DB)
    here_db = usual_db + np.interp(np.linspace(0.0, 4.0, len(usual_db)), np.arange(5), hills_db)
    return np.asarray(here_db - _power_db(here_db) + _power_db(usual_db))


def _power_db(bands_db: NDArray[np.float64]) -> float:
    return 10.0 * float(np.log10((np.gradient(BED_CENTRES_HZ) * 10.0 ** (bands_db / 10.0)).sum()))


def _start(seed: int) -> _Rain:
    rng = rng_state(seed, "rain")
    taus_s, sigmas_db = np.array([50.0, 6.0, 1.2, 0.3, 0.08]), np.array([0.6, 0.5, 0.5, 0.4, 0.3])
    return _Rain(
        rng=rng,
        gusts=walks_state(rng, tau_s=taus_s, sigma=sigmas_db),
        bed=bed_state(seed, "rain"),
        bands=bands_state([10.0 ** (_colour_db(rng) / 20.0)], tilts_db=[_HARDER_DB]),
        drops=tuple(
            grains_state(seed, "rain", i, longest_frames=bank.shape[1], channels=2)
            for i, bank in enumerate(_banks())
        ),
        banks=_banks(),
        levels=_levels(),
        space=space_state(2),
    )


def _render(rain: _Rain, controls: Sequence[float], out: Samples) -> None:
    intensity, hardness, brightness, distance, _ = controls
    density = (_GROWTH**intensity - 1.0) / (_GROWTH - 1.0)
    gust = 10.0 ** (step_walks(rain.rng, rain.gusts) / 20.0)
    # Brightness must not be loudness: what the tilt adds is taken away here.
    level = _FULL_GAIN * gust * 10.0 ** (-7.0 * (brightness - 0.5) / 20.0)
    gains = layer_bands(rain.bands, (level * density**0.5,), tilts=(hardness - 0.4,))
    render_bed(rain.bed, gains, out)
    # Light rain is small drops rather than few: both grow with the power of the rain.
    rate_hz = _DROPS_HZ * density**0.5 * gust
    near = _DROP_GAIN * level * density**0.25 * (1.0 - 0.45 * distance)
    # From afar no drop is near: the loudest fall away.
    levels = rain.levels[: round(len(rain.levels) * (1.0 - 0.015 * distance))]
    shares = (0.7 * (1.0 - hardness), 0.3 + 0.4 * hardness, 0.01 + 0.03 * hardness, 0.15 * hardness)
    for grains, bank, share, gain in zip(rain.drops, rain.banks, shares, _KIND_GAINS, strict=True):
        scatter(grains, bank, levels, rate_hz=share * rate_hz, gain=near * gain, spread=1.0, out=out)
    place(rain.space, out, tilt_db=14.0 * (brightness - 0.5), air_hz=17_000.0, diffuse=0.06)


RAIN: Final = Synth(
    name="rain",
    summary="Rain, from single drops to a downpour, on soft ground or on tin.",
    tags=("weather", "water", "bed"),
    kind="bed",
    controls=(
        Control(
            name="intensity", at_0="dry", at_half="steady rain", at_1="downpour", default=0.5, smooth_s=0.5
        ),
        Control(
            name="hardness",
            at_0="soft ground, dull",
            at_half="pavement",
            at_1="tin and glass, ringing",
            default=0.4,
        ),
        Control(name="brightness", at_0="dark", at_half="natural", at_1="crisp", default=0.5),
        *placed("all around", "across the street", "far off, merged"),
    ),
    reach=Reach(near_m=1.0, far_m=60.0, open_m=15.0),
    source="Zheng & James (2009); van den Doel (2005); levels of a plane of drops.",
    start=_start,
    render=_render,
)
