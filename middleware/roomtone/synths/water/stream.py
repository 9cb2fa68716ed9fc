"""Running water: places where it falls and gurgles, each a swarm of bubbles, over a turbulent bed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import bubbles as bub
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.bubbles import Bubbles, bubbles_state, pour
from roomtone.dsp.kernel import kernel
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import curve
from roomtone.synths.model import Control, Reach, Synth, placed

_PLACES: Final = 7
_SWIRLS: Final = 8

_OCTAVES_FROM_1K: Final = np.log2(BED_CENTRES_HZ / 1_000.0)

_SHALLOW_DB: Final = curve(
    (60, -16), (200, -9), (500, -4), (900, 0), (2000, -1), (4500, -9), (9000, -15), (18e3, -27)
)
_DEEP_DB: Final = curve(
    (60, 1), (150, 4), (300, 1), (700, -3), (1500, -6), (4000, -14), (9000, -19), (18e3, -31)
)


_BAND_SHARE: Final = np.gradient(BED_CENTRES_HZ) / 24_000.0
_STIRRED: Final = np.ones(BED_BANDS)


def _loudness(gains: NDArray[np.float64]) -> float:
    """RMS of a bed with these gains."""
    return math.sqrt(float(_BAND_SHARE @ (gains * gains)))


@dataclass(slots=True)
class _State:
    rng: Rng
    bed: Bed
    bands: Bands
    bubbles: Bubbles
    outlet: Outlet
    fast: Walks
    slow: Walks
    drift: Walks
    swirls: Walks
    populations: NDArray[np.float64]
    home: NDArray[np.float64]
    weight: NDArray[np.float64]


def _bands() -> Bands:
    shallow = 10.0 ** (_SHALLOW_DB / 20.0)
    return bands_state([shallow], reaches=[_STIRRED], tilts_db=[_DEEP_DB - _SHALLOW_DB, _OCTAVES_FROM_1K])


def _start(seed: int) -> _State:
    rng = rng_state(seed, "stream")
    place = np.random.Generator(np.random.PCG64(int(rng[0])))
    populations = np.zeros((2 * _PLACES, bub.COLUMNS))
    populations[:, bub.PAN] = np.tile(place.permutation(np.linspace(-0.85, 0.85, _PLACES)), 2)
    populations[:, bub.WIDTH] = np.repeat((0.1, 0.3), _PLACES)
    populations[:_PLACES, bub.SPREAD] = place.uniform(0.2, 0.65, _PLACES)
    populations[_PLACES:, bub.SPREAD] = 0.6
    return _State(
        rng=rng,
        bed=bed_state(seed, "stream"),
        bands=_bands(),
        bubbles=bubbles_state(seed, "stream", channels=2),
        outlet=outlet_state(2),
        fast=walks_state(rng, tau_s=place.uniform(0.12, 0.35, _PLACES), sigma=np.full(_PLACES, 0.45)),
        slow=walks_state(rng, tau_s=place.uniform(1.5, 9.0, _PLACES), sigma=np.full(_PLACES, 0.35)),
        drift=walks_state(rng, tau_s=np.full(_PLACES, 70.0), sigma=np.full(_PLACES, 0.3)),
        swirls=walks_state(rng, tau_s=place.uniform(0.08, 1.2, _SWIRLS), sigma=np.full(_SWIRLS, 0.7)),
        populations=populations,
        home=place.permutation(np.linspace(-0.75, 0.75, _PLACES)),
        weight=place.dirichlet(np.full(_PLACES, 5.0)),
    )


@kernel
def _move_places(
    rng: Rng,
    fast: Walks,
    slow: Walks,
    drift: Walks,
    home: NDArray[np.float64],
    weight: NDArray[np.float64],
    flow: float,
    depth: float,
    gain: float,
    populations: NDArray[np.float64],
) -> None:
    step_walks(rng, fast)
    step_walks(rng, slow)
    step_walks(rng, drift)
    for i in range(_PLACES):
        surge = (1.35 - 0.35 * flow) * (fast[i, 0] + slow[i, 0] + drift[i, 0])
        gurgle, spray = populations[i], populations[_PLACES + i]
        gurgle[bub.RATE_HZ] = 36.0 * 33.0**flow * weight[i] * np.exp(surge)
        gurgle[bub.OCTAVE] = 3.4 - 1.5 * depth - 0.2 * flow + home[i] - 0.2 * surge
        gurgle[bub.CHAIN] = 1.2 - 0.8 * flow
        gurgle[bub.GAIN] = gain * np.exp(0.25 * surge)
        spray[bub.RATE_HZ] = 170.0 * 18.0**flow * weight[i] * np.exp(0.6 * surge)
        spray[bub.OCTAVE] = 4.7 - 0.6 * depth + 0.2 * home[i]
        spray[bub.GAIN] = 0.9 * gain * np.exp(0.5 * surge)


def _render(state: _State, controls: Sequence[float], out: Samples) -> None:
    flow, bubbliness, depth, brightness, _, _ = controls
    step_walks(state.rng, state.swirls)
    colour = (depth, 3.0 * brightness - 1.5)
    loudness = _loudness(layer_bands(state.bands, (1.0,), tilts=colour))
    level = 10.0 ** ((-36.5 + 22.0 * flow - 13.0 * bubbliness) / 20.0) / loudness
    render_bed(state.bed, layer_bands(state.bands, (level,), tilts=colour, stir_db=state.swirls), out)
    # Large bubbles ring longer and small ones are more: evened out, so that colour leaves loudness alone.
    even_db = 1.0 - 3.4 * brightness - 6.0 * depth + 6.0 * depth * brightness
    gain = 10.0 ** ((-29.3 + 2.0 * flow + 7.0 * (bubbliness - 0.5) + even_db) / 20.0)
    _move_places(state.rng, state.fast, state.slow, state.drift, state.home, state.weight, flow, depth, gain,
                 state.populations)  # fmt: skip
    tilt = 0.2 + 0.8 * (brightness - 0.5)
    pour(state.bubbles, state.populations, tilt=tilt, tail=3.0, gap_s=0.03, out=out)
    finish(out, 0.0, state.outlet)


STREAM: Final = Synth(
    name="stream",
    summary="Running water, from a trickle to a river: gurgles and splashes over a rushing bed.",
    tags=("water", "nature", "brook", "river"),
    kind="bed",
    controls=(
        Control(
            name="flow",
            at_0="a trickle, single bubbles",
            at_half="a lively brook",
            at_1="a rushing river",
            default=0.5,
            smooth_s=1.0,
        ),
        Control(
            name="bubbliness",
            at_0="smooth water that only rushes",
            at_half="gurgling over stones",
            at_1="bubbling all over",
            default=0.5,
            smooth_s=0.5,
        ),
        Control(
            name="depth",
            at_0="shallow, tinkling over pebbles",
            at_half="knee-deep",
            at_1="deep, hollow and low",
            default=0.35,
            smooth_s=0.5,
        ),
        Control(
            name="brightness",
            at_0="muffled, behind reeds",
            at_half="open air",
            at_1="crisp and close",
            default=0.5,
            smooth_s=0.3,
        ),
        *placed("at the bank", "down the slope", "across the valley"),
    ),
    reach=Reach(near_m=2.0, far_m=120.0, open_m=25.0),
    source="van den Doel (2005), Physically based models for liquid sounds; Minnaert (1933).",
    start=_start,
    render=_render,
)
