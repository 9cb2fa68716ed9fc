"""A helicopter: blades that slap the air, a tail rotor, a turbine, hovering or going past."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.passage import Passage, go_on, hear_passage, passage_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.shaft import Shaft, beat, housing, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude, curve
from roomtone.dsp.twinkle import Twinkle, twinkle, twinkle_state
from roomtone.synths.model import Control, Reach, Synth, placed

# Blades pass 13 to 20 times a second, whatever their number; the tail rotor turns five times as fast as the main one.
_BLADES_HZ: Final = (13.0, 20.0)
_SLAPS: Final = 54
_TAIL_RATIO: Final = 5.2
_TAIL_ORDERS: Final = 2.0 * np.arange(1.0, 9.0)
_TAIL_DB: Final = -34.0 - 2.6 * np.arange(8.0)
# Gears and the compressor, as multiples of the main rotor: high, narrow and never still.
_WHINE_ORDERS: Final = np.array([201.0, 318.0, 402.0, 611.0, 760.0, 1_187.0])
_WHINE_DB: Final = np.array([-43.0, -47.0, -50.0, -49.0, -54.0, -57.0])

_WASH: Final = amplitude(
    (40, -8), (80, -1), (150, 0), (350, -5), (700, -10), (1_500, -16), (4_000, -26), (10_000, -40), (2e4, -60)
)
_JET: Final = amplitude(
    (40, -40), (400, -20), (1_000, -6), (2_500, 0), (6_000, -4), (12_000, -16), (2e4, -40)
)

_TWINKLES: Final = curve((100, 0.1), (800, 0.4), (2_500, 1.0), (8_000, 1.4))


@dataclass(slots=True)
class _Helicopter:
    rng: Rng
    passage: Passage
    blades: int
    rotor_hz: float
    main: Shaft
    tail: Shaft
    whine: Shaft
    bed: Bed
    bands: Bands
    gusts: Walks
    bite: Walks
    air: Twinkle
    noise: Samples
    outlet: Outlet


def _start(seed: int) -> _Helicopter:
    rng, chance = rng_state(seed, "helicopter"), np.random.default_rng(rng_state(seed, "helicopter", "who"))
    blades = int(chance.integers(2, 6))
    rotor_hz = chance.uniform(*_BLADES_HZ) / blades
    slaps = np.arange(1.0, _SLAPS + 1.0)
    # No two blades are quite alike: a little of everything comes round once a turn.
    orders = np.concatenate((blades * slaps, blades * slaps[:8] + 1.0, blades * slaps[:8] - 1.0))
    levels_db = np.concatenate((-23.5 - 0.25 * slaps, np.full(16, -37.0)))
    gears = housing(chance, low_hz=1_000.0, high_hz=9_000.0, modes=5, height_db=8.0, q=12.0)
    main = shaft_state(
        seed,
        "main",
        orders=orders,
        levels_db=levels_db,
        sharp=True,
        restless_s=0.4,
        wobble=((4.0, 0.008), (0.4, 0.018)),
    )
    # A blade that meets the wake of another pushes, then pulls: all orders begin together, as sines.
    main.orders[:, 1] = 0.0
    return _Helicopter(
        rng=rng,
        passage=passage_state(seed, "helicopter", lap_s=70.0, reach_m=500.0, aside_m=60.0, height_m=50.0),
        blades=blades,
        rotor_hz=rotor_hz,
        main=main,
        tail=shaft_state(seed, "tail", orders=_TAIL_ORDERS, levels_db=_TAIL_DB, restless_db=3.0, restless_s=0.25),
        whine=shaft_state(seed, "whine", orders=_WHINE_ORDERS, levels_db=_WHINE_DB, restless_db=4.0, restless_s=0.06,
                          housing=gears),
        bed=bed_state(seed, "helicopter", channels=1),
        bands=bands_state([_WASH, _JET], reaches=[_TWINKLES, _TWINKLES]),
        gusts=walks_state(rng, tau_s=np.array([8.0, 0.9, 0.2, 0.05]), sigma=np.array([1.2, 1.0, 0.9, 1.2])),
        bite=walks_state(rng, tau_s=np.array([5.0, 0.7, 0.12]), sigma=np.array([0.1, 0.12, 0.14])),
        air=twinkle_state(rng, places=11, paces=((0.03, 2.6), (0.2, 2.0))),
        noise=np.zeros((BLOCK_FRAMES, 1), np.float32),
        outlet=outlet_state(1),
    )  # fmt: skip


def _render(state: _Helicopter, controls: Sequence[float], out: Samples) -> None:
    power, slap, whine, motion, _, _ = controls
    go_on(state.passage, motion)
    gust = 10.0 ** (step_walks(state.rng, state.gusts) / 20.0)
    bite = min(max(slap + step_walks(state.rng, state.bite), 0.0), 1.2)
    # On the ground the blades turn more slowly and flat; what lifts, slaps.
    hz = state.rotor_hz * (0.72 + 0.28 * power) * state.passage.doppler
    lift = 10.0 ** (-(3.0 + 18.0 * (1.0 - power)) / 20.0)
    levels = (lift * gust, 0.031 * 8.0 ** (whine - 0.5) * (0.3 + 0.7 * power))
    gains = layer_bands(state.bands, levels, stir_db=twinkle(state.air))
    render_bed(state.bed, gains, out)
    spin(state.main, hz=hz, level=lift * 1.6 ** (bite - 0.5) * 0.6 ** (4.0 * (1.0 - bite)),
         tilt=-1.0 + 0.75 * bite, out=out)  # fmt: skip
    beat(state.main, float(state.blades), 0.08 + 0.4 * bite, out)
    spin(state.tail, hz=_TAIL_RATIO * hz, level=lift, out=out)
    spin(state.whine, hz=hz, level=0.5 * 4.0 ** (whine - 0.5) * (0.3 + 0.7 * power), out=out)
    hear_passage(state.passage, out)
    finish(out, 0.0, state.outlet)


HELICOPTER: Final = Synth(
    name="helicopter",
    summary="A helicopter, from idling on the ground to lifting hard, hovering or going past.",
    tags=("aircraft", "helicopter", "rotor", "sky", "rescue", "military"),
    kind="point",
    controls=(
        Control(name="power", default=0.7, smooth_s=2.0,
                at_0="idling on the ground, blades flat", at_half="hovering", at_1="climbing with all it has"),
        Control(name="slap", default=0.5, smooth_s=1.0,
                at_0="a soft whirr", at_half="whup-whup", at_1="hard slaps, as in a steep turn"),
        Control(name="whine", default=0.4, smooth_s=1.0,
                at_0="blades only", at_half="a turbine behind them", at_1="gears and compressor shrill"),
        Control(name="motion", default=0.0, smooth_s=4.0,
                at_0="hovers in one place", at_half="goes to and fro", at_1="goes far away and comes past again"),
        *placed("low overhead", "over the next hill", "far off, blades only"),
    ),
    reach=Reach(near_m=60.0, far_m=3_000.0, open_m=300.0),
    source="W. Johnson (2013), Rotorcraft Aeromechanics, noise; Schmitz & Yu (1983), Helicopter impulsive noise.",
    start=_start,
    render=_render,
)  # fmt: skip
