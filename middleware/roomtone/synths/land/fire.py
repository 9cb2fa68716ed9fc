"""A camp fire: fluttering flames, flurries of crackles, sparks that hiss, now and then a pop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.crackle import Crackle, crackle, crackle_state
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.synths.model import Control, Reach, Synth, placed

_LOG_HZ: Final = np.log2(BED_CENTRES_HZ)


def _power(*points: tuple[float, float]) -> NDArray[np.float64]:
    """Draw a band curve of power through (Hz, dB) points."""
    hz, db = zip(*points, strict=True)
    return np.asarray(10.0 ** (np.interp(_LOG_HZ, np.log2(hz), db) / 10.0))


_ROAR: Final = _power((45, 0), (110, 0), (180, -14), (400, -30), (2000, -60))
_FLAMES: Final = _power(
    (45, -14), (100, -4), (220, 0), (330, -4), (460, -9), (800, -16), (2000, -26), (8000, -44), (2e4, -60)
)
_HISS: Final = _power((45, -60), (800, -24), (2000, -8), (4500, 0), (8000, 0), (12e3, -6), (2e4, -22))
# How much of the fast flutter reaches a band: flames flap below 500 Hz, steam does not.
_FLAP: Final = np.interp(_LOG_HZ, np.log2([45.0, 500.0, 1500.0]), [1.0, 1.0, 0.25])


@dataclass(slots=True)
class _State:
    rng: Rng
    bed: Bed
    bands: Bands
    flap_db: NDArray[np.float64]
    crackle: Crackle
    outlet: Outlet
    breath: Walks
    flutter: Walks
    steam: Walks
    restless: Walks


def _start(seed: int) -> _State:
    rng = rng_state(seed, "fire")
    return _State(
        rng=rng,
        bed=bed_state(seed, "fire", channels=1),
        bands=bands_state([_FLAMES, _ROAR, _HISS], reaches=[_FLAP, _FLAP, 0.0 * _FLAP], power=True),
        flap_db=np.zeros((1, 1)),
        crackle=crackle_state(seed, "fire", channels=1),
        outlet=outlet_state(1),
        breath=walks_state(rng, tau_s=np.array([60.0, 7.0, 1.6]), sigma=np.array([0.7, 0.9, 0.8])),
        flutter=walks_state(rng, tau_s=np.array([0.25, 0.07, 0.02]), sigma=np.array([1.2, 1.3, 1.0])),
        steam=walks_state(rng, tau_s=np.array([4.0, 0.5, 0.06, 0.025]), sigma=np.array([2.0, 1.0, 2.2, 1.2])),
        restless=walks_state(rng, tau_s=np.array([60.0, 9.0, 1.3]), sigma=np.array([0.25, 0.3, 0.35])),
    )


def _bed_gains(state: _State, intensity: float, size: float, dryness: float) -> NDArray[np.float64]:
    breath_db = step_walks(state.rng, state.breath)
    state.flap_db[0, 0] = step_walks(state.rng, state.flutter)
    steam_db = step_walks(state.rng, state.steam)
    flames_db = -28.5 + 21.0 * intensity + breath_db
    roar_db = -36.5 + 17.0 * intensity + 20.0 * size + 1.2 * breath_db
    hiss = 10.0 ** ((-56.0 + 11.0 * intensity - 5.0 * dryness + steam_db) / 10.0)
    sparks = 10.0 ** ((-44.0 + 8.0 * intensity) / 10.0) * float(state.crackle.flare[0])
    levels = (10.0 ** (flames_db / 10.0), 10.0 ** (roar_db / 10.0), hiss + sparks)
    return layer_bands(state.bands, levels, stir_db=state.flap_db)


def _render(state: _State, controls: Sequence[float], out: Samples) -> None:
    intensity, crackling, size, dryness, _, _ = controls
    render_bed(state.bed, _bed_gains(state, intensity, size, dryness), out)
    stir = np.exp(step_walks(state.rng, state.restless))
    crackle(
        state.crackle,
        flurries_hz=(0.4 + 5.0 * crackling**1.5) * (0.6 + intensity) * stir,
        dust_hz=(8.0 + 170.0 * crackling) * (0.3 + 1.4 * intensity) * stir,
        pops_hz=(0.02 + 0.3 * crackling) * (0.3 + 1.4 * intensity),
        gain=0.075 * 3.7**intensity * 2.6 ** (crackling - 0.5),
        smallness=0.36 + 0.4 * dryness,
        out=out,
    )
    finish(out, 0.0, state.outlet)


FIRE: Final = Synth(
    name="fire",
    summary="A wood fire with a place: embers, camp fire or blaze.",
    tags=("fire", "camp", "hearth", "warm"),
    kind="point",
    controls=(
        Control(
            name="intensity",
            at_0="embers that tick",
            at_half="a camp fire",
            at_1="a blaze",
            default=0.5,
            smooth_s=2.0,
        ),
        Control(
            name="crackle",
            at_0="calm flames, hardly a snap",
            at_half="crackling in flurries",
            at_1="spitting and popping",
            default=0.5,
            smooth_s=0.5,
        ),
        Control(
            name="size",
            at_0="a handful of twigs, no depth",
            at_half="a few logs",
            at_1="a bonfire that roars low",
            default=0.4,
            smooth_s=1.0,
        ),
        Control(
            name="dryness",
            at_0="damp wood: dull thuds and steam",
            at_half="seasoned logs",
            at_1="bone-dry twigs: sharp and bright",
            default=0.5,
            smooth_s=1.0,
        ),
        *placed("at arm's length", "across the clearing", "among the trees"),
    ),
    reach=Reach(near_m=1.5, far_m=40.0, open_m=15.0),
    source="A. Farnell (2010), Designing Sound, fire.",
    start=_start,
    render=_render,
)
