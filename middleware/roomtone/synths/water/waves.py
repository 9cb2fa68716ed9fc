"""The sea at a shore: waves that swell, break and run out, foam that fizzes after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp import bubbles as bub
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.bubbles import Bubbles, bubbles_state, pour
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import power
from roomtone.dsp.surf import BREAK, Surf, roll, surf_state
from roomtone.synths.model import Control, Reach, Synth, placed

_EDDIES: Final = 9
_STIRRED: Final = np.ones(BED_BANDS)


_SWELL: Final = power((45, -3), (120, -1), (250, -4), (500, -14), (1200, -29), (4000, -50), (2e4, -85))
_BREAK: Final = power(
    (45, -10), (150, -3), (400, 0), (900, -1), (2000, -8), (4000, -16), (8000, -27), (2e4, -49)
)
_WASH: Final = power(
    (45, -19), (200, -9), (600, -5), (1200, -7), (2500, -13), (5000, -20), (9000, -28), (2e4, -49)
)
_DRAG: Final = power((45, -31), (300, -17), (800, -11), (2000, -13), (4500, -20), (9000, -28), (2e4, -49))
_OPEN_SEA: Final = power(
    (45, -1), (120, 0), (350, 0), (800, -3), (1600, -12), (4000, -25), (9000, -40), (2e4, -63)
)
_STAGES: Final = np.stack((_SWELL, _BREAK, _WASH, _DRAG))
# What a storm's breakers add as they fall on air that they have caught: a thump that shakes the ground.
_THUMP: Final = power((45, 9), (90, 8), (180, 3), (350, -12), (700, -40), (2e4, -70))
# The sea was there before the listener: this much of it runs before the first block.
_BEFORE_BLOCKS: Final = 1_000

# The surf's layer of the bed, written by `roll` at each block.
_SURF: Final = 0
_UNBROKEN: Final = np.zeros(BED_BANDS)

_FIZZ, _DROPS, _SLAPS = range(3)


@dataclass(slots=True)
class _State:
    rng: Rng
    bed: Bed
    surf: Surf
    bubbles: Bubbles
    outlet: Outlet
    eddies: Walks
    drift: Walks
    churn: Walks
    populations: NDArray[np.float64]
    bands: Bands


def _start(seed: int) -> _State:
    rng = rng_state(seed, "waves")
    populations = np.zeros((3, bub.COLUMNS))
    populations[:, bub.OCTAVE] = (4.7, 3.4, 1.4)
    populations[:, bub.SPREAD] = (0.5, 0.5, 0.45)
    populations[:, bub.WIDTH] = (1.0, 0.8, 0.6)
    populations[:, bub.CHAIN] = (0.0, 0.3, 1.5)
    surf = surf_state(seed, "waves")
    bands = bands_state([_UNBROKEN, _OPEN_SEA], reaches=[_STIRRED, _STIRRED], power=True)
    for _ in range(_BEFORE_BLOCKS):
        roll(surf, period_s=10.0, vigour=0.5, colours=_STAGES, power=bands.shapes[_SURF])
    return _State(
        rng=rng,
        bed=bed_state(seed, "waves"),
        surf=surf,
        bubbles=bubbles_state(seed, "waves", channels=2),
        outlet=outlet_state(2),
        eddies=walks_state(rng, tau_s=np.geomspace(0.5, 0.06, _EDDIES), sigma=np.linspace(1.8, 0.9, _EDDIES)),
        drift=walks_state(rng, tau_s=np.array([90.0, 20.0, 5.0]), sigma=np.array([0.7, 0.8, 0.8])),
        churn=walks_state(rng, tau_s=np.array([0.8, 0.2, 0.06]), sigma=np.array([0.8, 0.9, 0.6])),
        populations=populations,
        bands=bands,
    )


def _froth(state: _State, intensity: float, foam: float) -> None:
    fresh, settled = state.surf.foam
    rows = state.populations
    rows[:, bub.PAN] = 0.5 * state.surf.lean[0]
    rows[_FIZZ, bub.RATE_HZ] = 2200.0 * foam * min(2.0, settled)
    rows[_DROPS, bub.RATE_HZ] = (40.0 + 260.0 * foam) * min(2.5, fresh)
    rows[_SLAPS, bub.RATE_HZ] = 5.0 + 14.0 * min(2.5, fresh)
    rows[_FIZZ, bub.GAIN] = 0.008 * (0.25 + foam)
    rows[_DROPS, bub.GAIN] = 0.008 * (0.4 + 0.8 * foam)
    rows[_SLAPS, bub.GAIN] = 0.011
    rows[:, bub.GAIN] *= 4.0**intensity


def _render(state: _State, controls: Sequence[float], out: Samples) -> None:
    intensity, pace, foam, _, _ = controls
    colours = _STAGES * np.array([1.0, 1.0, 4.0 ** (foam - 0.5), 6.0 ** (foam - 0.5)])[:, None]
    colours[BREAK] += intensity * intensity * _THUMP
    roll(
        state.surf,
        period_s=14.0 * 0.36**pace,
        vigour=intensity,
        colours=colours,
        power=state.bands.shapes[_SURF],
    )
    step_walks(state.rng, state.eddies)
    churn_db = step_walks(state.rng, state.churn)
    drift_db = step_walks(state.rng, state.drift)
    level = 10.0 ** ((churn_db - 13.5 + 14.0 * intensity - 5.0 * intensity**2) / 10.0)
    open_sea = 10.0 ** ((-14.4 + 7.0 * intensity + drift_db) / 10.0)
    gains = layer_bands(state.bands, (level, level * open_sea), stir_db=state.eddies)
    render_bed(state.bed, gains, out)
    _froth(state, intensity, foam)
    pour(state.bubbles, state.populations, tilt=0.1, tail=2.2, gap_s=0.04, out=out)
    finish(out, 0.35 * state.surf.lean[0], state.outlet)


WAVES: Final = Synth(
    name="waves",
    summary="The sea at a shore, from lapping to storm surf.",
    tags=("water", "sea", "beach", "coast"),
    kind="bed",
    controls=(
        Control(
            name="intensity",
            at_0="a calm shore, waves lap",
            at_half="steady surf",
            at_1="storm surf that crashes",
            default=0.5,
            smooth_s=3.0,
        ),
        Control(
            name="pace",
            at_0="long swell, 14 s between waves",
            at_half="8 s between waves",
            at_1="short chop, 5 s between waves",
            default=0.4,
            smooth_s=2.0,
        ),
        Control(
            name="foam",
            at_0="dull water on rock",
            at_half="sand: it hisses as it runs out",
            at_1="fizzing foam and shingle",
            default=0.5,
            smooth_s=1.0,
        ),
        *placed("at the water's edge", "behind the dunes", "a murmur inland"),
    ),
    reach=Reach(near_m=8.0, far_m=600.0, open_m=80.0),
    source="Monahan & Lu (1990) on bubble plumes of breaking waves; van den Doel (2005) for the foam.",
    start=_start,
    render=_render,
)
