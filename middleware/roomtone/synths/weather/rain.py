"""Rain: drops over a plane around the listener, the nearest heard one by one, the rest as a moving bed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import patter as pat
from roomtone.dsp.bands import Bands, Curve, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.drops import drop_bank
from roomtone.dsp.patter import Patter, patter, patter_state, plane_levels
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.space import Space, place, space_state
from roomtone.dsp.spectra import curve
from roomtone.synths.model import Control, Reach, Synth, placed
from roomtone.synths.weather import surfaces
from roomtone.synths.weather.surfaces import SURFACES

# Drops within a fifth of the audible radius are heard one by one; the others merge into the bed.
_PLANE_RADII: Final = 14.0
_DROPS_HZ: Final = 5_200.0
_GROWTH: Final = 30.0
_FULL_GAIN: Final = 0.14
_DROP_GAIN: Final = 2.4
# What part of the drops is so near that each stands out of a downpour.
_NEAREST: Final = 0.02
# How far above what `patter` lets one thing be a drop may stand that falls beside the ear.
_BESIDE: Final = 1.9

_BED_DB: Final = curve(
    (45, 0),
    (200, 0),
    (350, 3),
    (700, 4),
    (1200, 2),
    (2000, -1),
    (4000, -5),
    (8000, -8),
    (13e3, -11),
    (2e4, -24),
)
# How many drops are heard one by one on each, and how loud: what rings is rarer and louder.
_SHARES: Final = (0.5, 0.7, 0.6, 0.96, 0.8, 0.5, 0.3)
_GAINS: Final = (1.7, 1.1, 1.1, 1.0, 1.1, 1.5, 2.4)
# Where each surface alone is heard on the even scale of the control.
_PLACES: Final = (0.0, 0.17, 0.43, 0.7, 0.81, 0.93, 1.0)


@dataclass(slots=True)
class _Rain:
    rng: Rng
    gusts: Walks
    bed: Bed
    bands: Bands
    colours: tuple[Curve, ...]
    drops: Patter
    spans: tuple[tuple[int, int], ...]
    populations: NDArray[np.float64]
    levels: NDArray[np.float32]
    space: Space


def _start(seed: int) -> _Rain:
    rng = rng_state(seed, "rain")
    taus_s, sigmas_db = np.array([50.0, 6.0, 1.2, 0.3, 0.08]), np.array([0.6, 0.5, 0.5, 0.4, 0.3])
    gusts = walks_state(rng, tau_s=taus_s, sigma=sigmas_db)
    colours = surfaces.merged(rng, _BED_DB)
    bank, spans = drop_bank(SURFACES)
    return _Rain(
        rng=rng,
        gusts=gusts,
        bed=bed_state(seed, "rain"),
        bands=bands_state(colours[:2], power=True),
        colours=colours,
        drops=patter_state(seed, "rain", bank=bank),
        spans=spans,
        populations=np.zeros((2, pat.COLUMNS)),
        levels=plane_levels(_PLANE_RADII),
        space=space_state(2),
    )


def _render(rain: _Rain, controls: Sequence[float], out: Samples) -> None:
    intensity, surface, brightness, distance, _ = controls
    density = (_GROWTH**intensity - 1.0) / (_GROWTH - 1.0)
    gust = 10.0 ** (step_walks(rain.rng, rain.gusts) / 20.0)
    # Brightness must not be loudness: what the tilt adds, the more the brighter the surface, is taken away here.
    level = _FULL_GAIN * gust * 10.0 ** (-(2.0 + 10.0 * surface) * (brightness - 0.5) / 20.0)
    # Light rain is small drops rather than few: both grow with the power of the rain.
    rate_hz = _DROPS_HZ * density**0.5 * gust
    near = _DROP_GAIN / _BESIDE * level * density**0.25 * (1.0 - 0.45 * distance)
    lower, upper_share = surfaces.between(surface)
    shares = (1.0 - upper_share, upper_share)
    for i, share in enumerate(shares):
        kind = lower + i
        rain.bands.shapes[i] = rain.colours[kind]
        rain.populations[i, : pat.SPRING] = (
            share * _SHARES[kind] * rate_hz, near * _GAINS[kind], *rain.spans[kind]
        )  # fmt: skip
    merged = (level / _BESIDE) ** 2 * density
    gains = layer_bands(rain.bands, (shares[0] * merged, shares[1] * merged))
    render_bed(rain.bed, gains, out)
    # From afar no drop is near: the loudest fall away.
    levels = rain.levels[: round(len(rain.levels) * (1.0 - _NEAREST * distance))]
    patter(rain.drops, rain.populations, levels, out=out)
    out *= _BESIDE
    place(rain.space, out, tilt_db=14.0 * (brightness - 0.5), air_hz=17_000.0, diffuse=0.06)


RAIN: Final = Synth(
    name="rain",
    summary="Rain, from single drops to a downpour, on what it falls on: from a tent's cloth to a tin roof.",
    tags=("weather", "water", "bed"),
    kind="bed",
    controls=(
        Control(
            name="intensity", at_0="dry", at_half="steady rain", at_1="downpour", default=0.6, smooth_s=0.5
        ),
        Control(
            name="surface",
            at_0=surfaces.AT_0,
            at_half=surfaces.AT_HALF,
            at_1=surfaces.AT_1,
            default=0.7,
            smooth_s=1.0,
            names=tuple(zip(SURFACES, _PLACES, strict=True)),
        ),
        Control(name="brightness", at_0="dark", at_half="natural", at_1="crisp", default=0.5),
        *placed("all around", "across the street", "far off, merged"),
    ),
    reach=Reach(near_m=1.0, far_m=60.0, open_m=15.0),
    source="Zheng & James (2009); van den Doel (2005); levels of a plane of drops.",
    start=_start,
    render=_render,
)
