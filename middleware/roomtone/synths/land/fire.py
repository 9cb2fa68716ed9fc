"""Fire of any size: flames that puff at the pace of their width, flurries of crackles, sparks that hiss, pops."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.crackle import Crackle, crackle, crackle_state
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import curve, power
from roomtone.synths.model import Control, Reach, Synth, placed

_ROAR: Final = power((45, 0), (110, 0), (180, -14), (400, -30), (2000, -60))
_FLAMES: Final = power(
    (45, -14), (100, -4), (220, 0), (330, -4), (460, -9), (800, -16), (2000, -26), (8000, -44), (2e4, -60)
)
_HISS: Final = power((45, -60), (800, -24), (2000, -8), (4500, 0), (8000, 0), (12e3, -6), (2e4, -22))
# How much of the fast flutter reaches a band: flames flap below 500 Hz, steam does not.
_FLAP: Final = curve((45, 1), (500, 1), (1500, 0.25))
# A large fire is deeper, a small one lighter: per unit of size.
_DEEPER_DB: Final = curve((45, 9), (200, 0), (600, 5), (1500, 6), (4000, -3), (2e4, -10))

# Flames puff at 1.5 / sqrt(width in m) times a second: 15 for a match, one in three seconds for a burning wood.
_MATCH_M: Final = 0.01
_WOOD_M: Final = 20.0
_CAMP: Final = 0.6
# Snaps are so sharp that they stand higher between samples than at them.
_HEADROOM: Final = np.float32(0.835)
_FLUTTER_S: Final = np.array([0.25, 0.07, 0.02])
_FLUTTER_DB: Final = np.array([1.2, 1.3, 1.0])


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
        bands=bands_state(
            [_FLAMES, _ROAR, _HISS], reaches=[_FLAP, _FLAP, 0.0 * _FLAP], tilts_db=[_DEEPER_DB], power=True
        ),
        flap_db=np.zeros((1, 1)),
        crackle=crackle_state(seed, "fire", channels=1),
        outlet=outlet_state(1),
        breath=walks_state(rng, tau_s=np.array([60.0, 7.0, 1.6]), sigma=np.array([0.7, 0.9, 0.8])),
        flutter=walks_state(rng, tau_s=_FLUTTER_S, sigma=_FLUTTER_DB),
        steam=walks_state(rng, tau_s=np.array([4.0, 0.5, 0.06, 0.025]), sigma=np.array([2.0, 1.0, 2.2, 1.2])),
        restless=walks_state(rng, tau_s=np.array([60.0, 9.0, 1.3]), sigma=np.array([0.25, 0.3, 0.35])),
    )


def _pace(flutter: Walks, size: float) -> None:
    """Let the flames flutter at the pace of a fire as large as this."""
    slower = (_WOOD_M / _MATCH_M) ** (0.5 * (size - _CAMP))
    flutter[:, 1] = np.exp(-BLOCK_S / (slower * _FLUTTER_S))
    flutter[:, 2] = _FLUTTER_DB * np.sqrt(1.0 - flutter[:, 1] ** 2)


def _bed_gains(state: _State, intensity: float, larger: float, dryness: float) -> NDArray[np.float64]:
    breath_db = step_walks(state.rng, state.breath)
    state.flap_db[0, 0] = step_walks(state.rng, state.flutter)
    steam_db = step_walks(state.rng, state.steam)
    flames_db = -26.0 + 19.0 * intensity + breath_db + 16.0 * larger
    roar_db = -26.0 + 17.0 * intensity + 1.2 * breath_db + 22.0 * larger
    hiss = 10.0 ** ((-53.5 + 11.0 * intensity - 5.0 * dryness + steam_db + 16.0 * larger) / 10.0)
    sparks = 10.0 ** ((-41.5 + 8.0 * intensity + 18.0 * larger) / 10.0) * float(state.crackle.flare[0])
    levels = (10.0 ** (flames_db / 10.0), 10.0 ** (roar_db / 10.0), hiss + sparks)
    return layer_bands(state.bands, levels, tilts=(larger,), stir_db=state.flap_db)


def _render(state: _State, controls: Sequence[float], out: Samples) -> None:
    intensity, crackling, size, dryness, _, _ = controls
    larger = size - _CAMP
    _pace(state.flutter, size)
    render_bed(state.bed, _bed_gains(state, intensity, larger, dryness), out)
    # A larger fire has more wood to crack, and thicker; each crack is louder, for more of it gives way.
    stir = np.exp(step_walks(state.rng, state.restless)) * 6.0**larger
    crackle(
        state.crackle,
        flurries_hz=(0.4 + 5.0 * crackling**1.5) * (0.6 + intensity) * stir,
        dust_hz=(8.0 + 170.0 * crackling) * (0.3 + 1.4 * intensity) * stir,
        pops_hz=(0.02 + 0.3 * crackling) * (0.3 + 1.4 * intensity) * 10.0**larger,
        gain=0.125 * 3.2**intensity * 2.6 ** (crackling - 0.5) * 2.1**larger,
        smallness=0.36 + 0.4 * dryness - 0.25 * larger,
        out=out,
    )
    finish(out, 0.0, state.outlet)
    out *= _HEADROOM


FIRE: Final = Synth(
    name="fire",
    summary="Fire with a place, from a match over hearth and camp fire to a burning forest.",
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
            default=0.65,
            smooth_s=0.5,
        ),
        Control(
            name="size",
            at_0="a match: a quick soft flutter",
            at_half="a hearth",
            at_1="a forest that burns: a deep, slow roar",
            default=0.6,
            smooth_s=1.0,
            names=(
                ("match", 0.0),
                ("torch", 0.25),
                ("hearth", 0.5),
                ("campfire", 0.6),
                ("bonfire", 0.8),
                ("forest", 1.0),
            ),
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
    source="A. Farnell (2010), Designing Sound, fire; B. M. Cetegen & T. A. Ahmed (1993), puffing of flames.",
    start=_start,
    render=_render,
)
