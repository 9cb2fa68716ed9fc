"""Under water: a murmur without highs that surges, bubbles that rise past, now and then a thump from far away."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp import bubbles as bub
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.bubbles import Bubbles, bubbles_state, pour
from roomtone.dsp.grains import Grains, grains_state, heavy_tail, scatter, unit_energy
from roomtone.dsp.kernel import kernel
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, bipolar, normal, rng_state, uniform
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import curve, power
from roomtone.synths.model import Control, Reach, Synth, placed

# What presses from all sides; what the water around does; what comes down from the surface.
_DEEP: Final = power((45, 0), (80, -1), (160, -10), (320, -24), (700, -42), (2e3, -66), (2e4, -110))
_MURMUR: Final = power(
    (45, -12), (120, -3), (240, 0), (420, -4), (800, -15), (1800, -33), (5e3, -60), (2e4, -100)
)
_SURFACE: Final = power(
    (45, -40), (200, -18), (500, -4), (900, 0), (1600, -7), (3000, -20), (7e3, -44), (2e4, -80)
)
_SURFACE_DB: Final = curve((45, 0), (400, -2), (1500, -12), (5000, -26), (2e4, -40))
_ALL: Final = np.ones(BED_BANDS)
# Sound travels so fast in water that both ears hear nearly the same.
_COHERENCE: Final = curve((60, 0.8), (400, 0.6), (3000, 0.25))

_PLUMES: Final = 6
_LEFT_S, _LIFE_S, _DENSITY_HZ, _LOUD, _PITCH, _SIDE, _WAY = range(7)
_THUMP_FRAMES: Final = 48_000


@dataclass(slots=True)
class _State:
    rng: Rng
    bed: Bed
    bands: Bands
    swell: Walks
    eddies: Walks
    drift: Walks
    plumes: NDArray[np.float64]
    populations: NDArray[np.float64]
    bubbles: Bubbles
    thumps: Grains
    outlet: Outlet


@cache
def _thumps() -> Samples:
    """Make what carries for miles through water: a hull, a rock, a pile, only their lowest notes left of them."""
    chance = np.random.default_rng(0x7B)
    t = np.arange(_THUMP_FRAMES) / SAMPLE_RATE_HZ
    made = np.zeros((24, _THUMP_FRAMES))
    for i in range(len(made)):
        for _ in range(5):
            hz, decay_s = 38.0 * 4.0 ** chance.random(), chance.uniform(0.05, 0.3)
            since = np.maximum(t - chance.exponential(0.06), 0.0)
            ringing = np.exp(-since / decay_s) * (1.0 - np.exp(-since / 0.012))
            made[i] += chance.normal() * ringing * np.sin(2.0 * np.pi * hz * since)
    made *= np.minimum(1.0, (t[-1] - t) / 0.2)
    return unit_energy(made)


def _start(seed: int) -> _State:
    rng = rng_state(seed, "underwater")
    # The last row are single bubbles, all around.
    populations = np.zeros((_PLUMES + 1, bub.COLUMNS))
    populations[:, bub.WIDTH] = (*[0.12] * _PLUMES, 1.0)
    populations[:, bub.SPREAD] = (*[0.45] * _PLUMES, 0.6)
    populations[:, bub.CHAIN] = 0.7
    populations[-1, bub.OCTAVE] = 1.9
    return _State(
        rng=rng,
        bed=bed_state(seed, "underwater", coherence=_COHERENCE),
        bands=bands_state(
            [_DEEP, _MURMUR, _SURFACE], reaches=[0.4 * _ALL, _ALL, _ALL], tilts_db=[_SURFACE_DB], power=True
        ),
        swell=walks_state(rng, tau_s=np.array([0.9, 2.2, 4.5]), sigma=np.array([1.0, 1.2, 1.0])),
        eddies=walks_state(rng, tau_s=np.geomspace(0.9, 0.09, 6), sigma=np.linspace(1.6, 2.4, 6)),
        drift=walks_state(rng, tau_s=np.array([70.0, 12.0]), sigma=np.array([0.7, 0.6])),
        plumes=np.zeros((_PLUMES, 7)),
        populations=populations,
        bubbles=bubbles_state(seed, "underwater", channels=2),
        thumps=grains_state(seed, "underwater", longest_frames=_THUMP_FRAMES, channels=2),
        outlet=outlet_state(2),
    )


@kernel
def _rise(
    rng: Rng, plumes: NDArray[np.float64], plumes_hz: float, gain: float, populations: NDArray[np.float64]
) -> None:
    """Let plumes of bubbles come, pass and go: each swells and fades, and sinks in pitch as its bubbles expand."""
    comes = uniform(rng) < plumes_hz * BLOCK_S
    for k in range(plumes.shape[0]):
        now, row = plumes[k], populations[k]
        if comes and now[_LEFT_S] <= 0.0:
            comes = False
            now[_LIFE_S] = now[_LEFT_S] = 1.3 * np.exp(0.5 * normal(rng))
            now[_DENSITY_HZ] = 26.0 * np.exp(0.7 * normal(rng))
            now[_LOUD] = np.exp(0.5 * normal(rng))
            now[_PITCH] = 1.6 + 0.5 * normal(rng)
            now[_SIDE], now[_WAY] = 0.8 * bipolar(rng), 0.3 * bipolar(rng)
        now[_LEFT_S] = max(0.0, now[_LEFT_S] - BLOCK_S)
        passed = 1.0 - now[_LEFT_S] / max(now[_LIFE_S], BLOCK_S)
        near = np.sin(np.pi * passed)
        row[bub.RATE_HZ] = now[_DENSITY_HZ] * near
        row[bub.OCTAVE] = now[_PITCH] - 0.3 * passed
        row[bub.GAIN] = gain * now[_LOUD] * (0.25 + 0.75 * near)
        row[bub.PAN] = now[_SIDE] + now[_WAY] * passed


def _render(state: _State, controls: Sequence[float], out: Samples) -> None:
    depth, bubbles, surge, _, _ = controls
    drift_db = step_walks(state.rng, state.drift)
    heave_db = (0.25 + 2.0 * surge) * step_walks(state.rng, state.swell)
    step_walks(state.rng, state.eddies)
    murmur = 10.0 ** ((-9.0 + 3.0 * surge - 3.0 * depth + heave_db + drift_db) / 10.0)
    deep = 10.0 ** ((-8.0 + 7.0 * depth + 0.4 * heave_db + drift_db) / 10.0)
    surface = 10.0 ** ((-18.0 - 16.0 * depth + 3.0 * surge + 1.4 * heave_db + drift_db) / 10.0)
    gains = layer_bands(state.bands, (deep, murmur, surface), tilts=(depth,), stir_db=state.eddies)
    render_bed(state.bed, gains, out)
    gain = 0.018 * 2.0**bubbles
    _rise(state.rng, state.plumes, 2.6 * bubbles**1.5, gain, state.populations)
    state.populations[-1, bub.RATE_HZ], state.populations[-1, bub.GAIN] = 40.0 * bubbles, 0.5 * gain
    pour(state.bubbles, state.populations, tilt=-0.6, tail=2.4, gap_s=0.05, out=out)
    scatter(state.thumps, _thumps(), heavy_tail(), rate_hz=0.1 + 0.12 * surge, gain=7.0 + 6.0 * depth, spread=0.6,
            out=out)  # fmt: skip
    finish(out, 0.0, state.outlet)


UNDERWATER: Final = Synth(
    name="underwater",
    summary="Below the surface: a muffled murmur that surges, bubbles that rise past, far thumps.",
    tags=("water", "sea", "dive", "muffled"),
    kind="bed",
    controls=(
        Control(
            name="depth",
            at_0="just below the surface: it laps overhead",
            at_half="a few metres down",
            at_1="in the dark, only pressure is left",
            default=0.4,
            smooth_s=1.5,
        ),
        Control(
            name="bubbles",
            at_0="none",
            at_half="plumes rise past now and then",
            at_1="a swarm on all sides",
            default=0.4,
            smooth_s=0.5,
        ),
        Control(
            name="surge",
            at_0="still water",
            at_half="a slow swell",
            at_1="heavy seas roll over",
            default=0.4,
            smooth_s=2.0,
        ),
        *placed("all around", "through the hull of a boat", "from deep below"),
    ),
    reach=Reach(near_m=1.0, far_m=40.0, open_m=12.0),
    source="Minnaert (1933) for bubbles; G. M. Wenz (1962), Acoustic ambient noise in the ocean, for the murmur.",
    start=_start,
    render=_render,
)
