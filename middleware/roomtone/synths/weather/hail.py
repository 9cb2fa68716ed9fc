"""Hail: stones of ice over a plane around the listener, near ones heard bouncing, the rest as a rattling bed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import patter as pat
from roomtone.dsp.bands import Bands, Curve, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.hailstones import GROUNDS, SIZES, hailstone_bank
from roomtone.dsp.patter import Patter, patter, patter_state, plane_levels
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.space import Space, place, space_state
from roomtone.dsp.spectra import curve
from roomtone.synths.model import Control, Reach, Synth, placed
from roomtone.synths.weather import surfaces
from roomtone.synths.weather.surfaces import SURFACES

_PLANE_RADII: Final = 9.0
_STONES_HZ: Final = 1_100.0
_GROWTH: Final = 50.0
_FULL_GAIN: Final = 0.125
_STONE_GAIN: Final = 4.8
# A cloud lets fall stones of many sizes: this part of all sizes at any time.
_SORTS: Final = 0.45
# Large stones are rarer, louder, fly longer when they bounce, and merge into less of a hiss.
_RARER: Final = 18.0
_LOUDER: Final = 2.6
_FEWER: Final = 0.25
_FLIGHT_S: Final = (0.06, 0.26)
_DULLER_DB: Final = curve((200, 3), (1000, 1), (3000, -3), (8000, -8), (16e3, -12))
_BED_DB: Final = curve(
    (45, -9), (200, -6), (700, -2), (2000, 1), (4000, 1), (8000, -3), (13e3, -8), (2e4, -22)
)
# Where each surface alone is heard on the even scale of the control.
_PLACES: Final = (0.0, 0.25, 0.49, 0.69, 0.79, 0.88, 1.0)
_PAVEMENT: Final = _PLACES[SURFACES.index("pavement")]


@dataclass(slots=True)
class _Hail:
    rng: Rng
    squall: Walks
    bed: Bed
    bands: Bands
    colours: tuple[Curve, ...]
    stones: Patter
    populations: NDArray[np.float64]
    levels: NDArray[np.float32]
    space: Space


def _start(seed: int) -> _Hail:
    rng = rng_state(seed, "hail")
    colours = surfaces.merged(rng, _BED_DB)
    return _Hail(
        rng=rng,
        squall=walks_state(rng, tau_s=np.array([40.0, 5.0, 1.0, 0.25]), sigma=np.array([0.9, 1.1, 0.8, 0.6])),
        bed=bed_state(seed, "hail"),
        bands=bands_state(colours[:2], tilts_db=[_DULLER_DB], power=True),
        colours=colours,
        stones=patter_state(seed, "hail", bank=hailstone_bank(SURFACES)),
        populations=np.zeros((2, pat.COLUMNS)),
        levels=plane_levels(_PLANE_RADII),
        space=space_state(2),
    )


def _render(hail: _Hail, controls: Sequence[float], out: Samples) -> None:
    intensity, surface, size, distance, _ = controls
    density = (_GROWTH**intensity - 1.0) / (_GROWTH - 1.0)
    squall = 10.0 ** (step_walks(hail.rng, hail.squall) / 20.0)
    level = _FULL_GAIN * squall * _LOUDER ** (size - 0.4)
    rate_hz = _STONES_HZ * density**0.75 * squall * _RARER ** (0.4 - size)
    near = _STONE_GAIN * level * density**0.1 * (1.0 - 0.4 * distance) * _LOUDER ** (size - 0.4)
    lower, upper_share = surfaces.between(surface)
    shares = (1.0 - upper_share, upper_share)
    smallest, count = size * (1.0 - _SORTS) * SIZES, _SORTS * SIZES
    for i, share in enumerate(shares):
        kind = lower + i
        ground = GROUNDS[SURFACES[kind]]
        hail.bands.shapes[i] = hail.colours[kind]
        hail.populations[i] = (
            share * rate_hz, near * ground.gain, kind * SIZES + smallest, count, ground.spring,
            _FLIGHT_S[0] + size * (_FLIGHT_S[1] - _FLIGHT_S[0]),
        )  # fmt: skip
    merged = (_FULL_GAIN * squall) ** 2 * density * _FEWER ** (size - 0.4)
    gains = layer_bands(hail.bands, (shares[0] * merged, shares[1] * merged), tilts=(size - 0.4,))
    render_bed(hail.bed, gains, out)
    # From afar no stone is near: the loudest fall away.
    levels = hail.levels[: round(len(hail.levels) * (1.0 - 0.03 * distance))]
    patter(hail.stones, hail.populations, levels, out=out)
    place(hail.space, out, tilt_db=0.0, air_hz=17_000.0, diffuse=0.06)


HAIL: Final = Synth(
    name="hail",
    summary="Hail, from a few grains of ice to a barrage of stones, bouncing on what it falls on.",
    tags=("weather", "ice", "storm", "bed"),
    kind="bed",
    controls=(
        Control(
            name="intensity", at_0="nothing falls", at_half="a hail shower", at_1="a barrage", default=0.6,
            smooth_s=0.5,
        ),
        Control(
            name="surface", at_0=surfaces.AT_0, at_half=surfaces.AT_HALF, at_1=surfaces.AT_1, default=_PAVEMENT,
            smooth_s=1.0, names=tuple(zip(SURFACES, _PLACES, strict=True)),
        ),
        Control(
            name="size", at_0="grains of ice, hissing and ticking", at_half="peas, bouncing",
            at_1="walnuts: few, heavy knocks", default=0.4, smooth_s=1.0,
        ),
        *placed("all around", "across the street", "far off, merged"),
    ),
    reach=Reach(near_m=1.0, far_m=60.0, open_m=15.0),
    source="K. van den Doel, P. Kry & D. K. Pai (2001), FoleyAutomatic, impacts of modes and their rebounds; "
           "Hertz (1882), contact of solids.",
    start=_start,
    render=_render,
)  # fmt: skip
