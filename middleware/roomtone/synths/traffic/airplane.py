"""An airplane: the roar of jets or the drone of propellers, high up or going over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.passage import Passage, go_on, hear_passage, passage_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.shaft import Shaft, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude, curve
from roomtone.dsp.twinkle import Twinkle, twinkle, twinkle_state
from roomtone.synths.model import Control, Reach, Synth, placed

# Jets mix with the air: large eddies low, small ones high; a propeller's plane is mostly its engine.
_JET: Final = amplitude(
    (40, 2),
    (100, 9),
    (250, 7),
    (400, 1),
    (560, -5),
    (800, -10),
    (1_000, -14),
    (2_000, -26),
    (4_000, -40),
    (9_000, -50),
    (2e4, -60),
)
_BUZZ: Final = amplitude((40, -60), (300, -30), (700, -12), (1_600, 0), (3_500, -4), (9_000, -14), (2e4, -40))
# Air that moves between there and here lets the highs through by turns.
_TWINKLE: Final = curve((100, 0.12), (1_000, 0.15), (2_500, 0.2), (3_500, 0.55), (6_000, 1.3), (9_000, 1.5))
_TWINKLES: Final = 21
_TWINKLE_PACES: Final = ((0.025, 3.4), (0.15, 2.2))

# A jet's fan turns at some 70 Hz and has 24 blades; two propellers of three blades turn at 40 Hz, not quite alike.
_FAN_HZ, _PROPELLER_HZ = 72.0, 38.0
# One of the two is nearer.
_SHARES: Final = (0.45, 0.24)
_FAN_ORDERS: Final = np.array([1.0, 2.0, 12.0, 24.0, 36.0, 48.0])
_FAN_DB: Final = np.array([-46.0, -52.0, -66.0, -58.0, -68.0, -66.0])
_PROPELLER_ORDERS: Final = np.concatenate((3.0 * np.arange(1.0, 13.0), [1.5, 4.5, 7.5]))
_PROPELLER_DB: Final = np.concatenate((-19.0 - 2.2 * np.arange(12.0), [-34.0, -36.0, -40.0]))


@dataclass(slots=True)
class _Airplane:
    rng: Rng
    passage: Passage
    fan: Shaft
    propellers: tuple[Shaft, Shaft]
    hz: NDArray[np.float64]
    bed: Bed
    bands: Bands
    swell: Walks
    air: Twinkle
    outlet: Outlet


def _start(seed: int) -> _Airplane:
    rng, chance = rng_state(seed, "airplane"), np.random.default_rng(rng_state(seed, "airplane", "who"))
    propellers = [
        shaft_state(seed, side, orders=_PROPELLER_ORDERS, levels_db=_PROPELLER_DB, restless_db=1.5, restless_s=1.0,
                    wobble=((6.0, 0.004), (0.5, 0.0015)))
        for side in ("left", "right")
    ]  # fmt: skip
    usual = chance.uniform(0.85, 1.15)
    return _Airplane(
        rng=rng,
        passage=passage_state(seed, "airplane", lap_s=120.0, reach_m=2_000.0, aside_m=400.0, height_m=300.0),
        fan=shaft_state(seed, "fan", orders=_FAN_ORDERS, levels_db=_FAN_DB, restless_db=4.0, restless_s=0.12),
        propellers=(propellers[0], propellers[1]),
        hz=usual * np.array([_FAN_HZ, _PROPELLER_HZ, _PROPELLER_HZ * (1.0 + chance.uniform(0.004, 0.02))]),
        bed=bed_state(seed, "airplane", channels=1),
        bands=bands_state([_JET, _BUZZ], reaches=[_TWINKLE, _TWINKLE]),
        swell=walks_state(rng, tau_s=np.array([15.0, 4.0, 0.9]), sigma=np.array([1.1, 0.7, 0.35])),
        air=twinkle_state(rng, places=_TWINKLES, paces=_TWINKLE_PACES),
        outlet=outlet_state(1),
    )  # fmt: skip


def _render(state: _Airplane, controls: Sequence[float], out: Samples) -> None:
    thrust, propeller, motion, _, _ = controls
    go_on(state.passage, motion)
    swell = 10.0 ** (step_walks(state.rng, state.swell) / 20.0)
    level = 10.0 ** (16.0 * (thrust - 0.85) / 20.0) * swell
    jet, blades = 1.0 - propeller, propeller
    levels = (level * (0.38 * jet + 0.04 * blades), 0.005 * level * (jet + blades))
    gains = layer_bands(state.bands, levels, stir_db=twinkle(state.air))
    render_bed(state.bed, gains, out)
    doppler, revs = state.passage.doppler, 0.85 + 0.3 * thrust
    spin(state.fan, hz=revs * doppler * state.hz[0], level=jet * level, out=out)
    for shaft, hz, share in zip(state.propellers, state.hz[1:], _SHARES, strict=True):
        spin(shaft, hz=revs * doppler * hz, level=share * blades * level, tilt=0.6 * (thrust - 0.5), out=out)
    hear_passage(state.passage, out)
    finish(out, 0.0, state.outlet)


AIRPLANE: Final = Synth(
    name="airplane",
    summary="An airplane overhead: a jet's roar or the drone of propellers, steady or going over.",
    tags=("aircraft", "airplane", "jet", "propeller", "sky", "airport"),
    kind="point",
    controls=(
        Control(name="thrust", default=0.5, smooth_s=2.0,
                at_0="gliding in, hardly a rush", at_half="cruising", at_1="taking off"),
        Control(name="propeller", default=0.0, smooth_s=4.0, names=(("jet", 0.0), ("propeller", 1.0)),
                at_0="jets: a broad roar", at_half="propellers within a roar", at_1="propellers: a drone that beats"),
        Control(name="motion", default=0.3, smooth_s=8.0,
                at_0="a roar that stays, as at cruising height", at_half="comes and goes",
                at_1="goes over, far away, and comes again"),
        *placed("going over low", "across the valley", "a rumble at the horizon"),
    ),
    reach=Reach(near_m=400.0, far_m=5_000.0, open_m=1_500.0),
    source="M. J. T. Smith (1989), Aircraft Noise; Daigle, Piercy & Embleton (1983), Line-of-sight propagation "
           "through atmospheric turbulence near the ground.",
    start=_start,
    render=_render,
)  # fmt: skip
