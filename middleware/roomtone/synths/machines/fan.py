"""Fan: air that blades beat, a motor on the mains behind it, a grille that ticks as they go round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.cams import Cam, cam_state, passages
from roomtone.dsp.hits import Hits, hit, hits_state, sound_hits
from roomtone.dsp.impacts import draw_body, scrape, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import bank_of
from roomtone.dsp.random import Rng, normal, rng_state, uniform
from roomtone.dsp.shaft import Shaft, beat, housing, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import curve, power
from roomtone.synths.model import Control, Reach, Synth, placed

_BLADES: Final = 4
_MAINS_HZ: Final = 50.0
# Turns a second at full speed, of the fan in a computer and of one in a barn.
_SMALL_HZ, _LARGE_HZ = 42.0, 6.5
_SLOWEST: Final = 0.35
# A fan's noise grows with the fifth power of its speed. Source: Beranek & Ver (1992), fans.
_SPEED_POWER: Final = 5.0

_AIR: Final = power(
    (45, -4), (120, 0), (300, -1), (700, -3), (1500, -7), (4000, -14), (9000, -22), (2e4, -38)
)
_SMALLER_DB: Final = curve((45, -22), (200, -12), (600, 0), (2500, 7), (8000, 9), (2e4, 6))
_FACED_DB: Final = curve((45, 0.5), (300, 0), (1500, 1.0), (6000, 2.2), (2e4, 3.0))
_TICKS, _BRUSHES = 14, 4
_SWING_S: Final = 11.0


@dataclass(slots=True)
class _Fan:
    rng: Rng
    bed: Bed
    bands: Bands
    blades: Shaft
    mains: Shaft
    grille: Cam
    ticks: Hits
    loose: Walks
    eddies: Walks
    breeze: Walks
    head: NDArray[np.float64]
    tones: Samples
    outlet: Outlet


def _ticks(chance: np.random.Generator) -> list[NDArray[np.float64]]:
    """Make what a wire of the grille says when it is touched: a tick that rings in the guard."""
    guard = draw_body(
        chance, low_hz=1_100.0, high_hz=8_500.0, modes=12, decay_s=0.005, damping=0.35, tilt_db=0.0
    )
    sounds = []
    for _ in range(_TICKS):
        ring = strike_body(chance, guard, contact_s=0.0003, seconds=0.07)
        sounds.append(ring / np.abs(ring).max())
    for _ in range(_BRUSHES):
        brush = scrape(chance, centre_hz=3_200.0, octaves=1.0, rise_s=0.004, decay_s=0.012, seconds=0.06)
        sounds.append(0.5 * brush)
    return sounds


def _start(seed: int) -> _Fan:
    rng = rng_state(seed, "fan")
    chance = np.random.default_rng(rng_state(seed, "fan", "which"))
    beats = _BLADES * np.arange(1, 8)
    turns = np.arange(1, 4)
    blades = shaft_state(
        seed, "fan", "blades", orders=np.concatenate((turns, beats)).astype(float),
        levels_db=np.concatenate((chance.uniform(-22.0, -16.0, 3), -3.0 * np.arange(7) + chance.normal(0.0, 2.0, 7))),
        wobble=((6.0, 0.004), (0.7, 0.0015)), restless_db=1.5, restless_s=0.4,
        housing=housing(chance, low_hz=60.0, high_hz=900.0, modes=5, height_db=8.0, q=3.0),
    )  # fmt: skip
    mains = shaft_state(
        seed, "fan", "mains", orders=(2.0, 4.0, 6.0, 8.0, 10.0, 14.0),
        levels_db=np.array([0.0, -5.0, -7.0, -14.0, -17.0, -24.0]) + chance.normal(0.0, 2.5, 6),
        wobble=((20.0, 0.0003),), restless_db=0.6, restless_s=2.0,
    )  # fmt: skip
    return _Fan(
        rng=rng,
        bed=bed_state(seed, "fan", channels=1),
        bands=bands_state(
            [_AIR], reaches=[np.ones_like(_AIR)], tilts_db=[_SMALLER_DB, _FACED_DB], power=True
        ),
        blades=blades,
        mains=mains,
        grille=cam_state(blades, 1.0),
        ticks=hits_state(bank_of(_ticks(chance)), channels=1),
        loose=walks_state(rng, tau_s=np.array([14.0, 1.6, 0.25]), sigma=np.array([4.0, 3.5, 2.5])),
        eddies=walks_state(rng, tau_s=chance.uniform(0.04, 0.5, 7), sigma=np.full(7, 1.1)),
        breeze=walks_state(rng, tau_s=np.array([40.0, 5.0, 0.8]), sigma=np.array([0.5, 0.5, 0.5])),
        head=np.array([chance.uniform(), np.exp(chance.normal(0.0, 0.15))]),
        tones=np.zeros((BLOCK_FRAMES, 1), np.float32),
        outlet=outlet_state(1),
    )


def _facing(fan: _Fan, swing: float) -> float:
    """Turn the head from side to side, resting a little at each end; 1 is towards the ear, -1 is away."""
    fan.head[0] += BLOCK_S / (_SWING_S * fan.head[1])
    turned = np.sin(2.0 * np.pi * fan.head[0])
    return float(swing * (1.2 * turned - 0.2 * turned**3))


def _tick(fan: _Fan, level: float) -> None:
    loose_db = step_walks(fan.rng, fan.loose)
    for frame in passages(fan.grille, fan.blades):
        gain = level * 10.0 ** ((loose_db + 2.0 * normal(fan.rng)) / 20.0)
        late = int(60.0 * uniform(fan.rng))
        hit(fan.ticks, int(uniform(fan.rng) * (_TICKS + _BRUSHES)), frame=frame + late, gain=gain)


def _render(fan: _Fan, controls: Sequence[float], out: Samples) -> None:
    speed, size, swing, rattle, _, _ = controls
    pace = _SLOWEST + (1.0 - _SLOWEST) * speed
    facing = _facing(fan, swing)
    air_db = 10.0 * _SPEED_POWER * np.log10(pace) + 4.0 * facing + step_walks(fan.rng, fan.breeze)
    step_walks(fan.rng, fan.eddies)
    # A small fan's noise lies where the ear is keen: evened out, so that size is not loudness.
    smaller = 1.0 - 1.6 * size
    level = 10.0 ** ((-12.5 + air_db - 4.0 * smaller) / 10.0)
    tilts = (smaller, 2.5 * facing + 4.0 * (pace - 0.7))
    render_bed(fan.bed, layer_bands(fan.bands, (level,), tilts=tilts, stir_db=fan.eddies), out)
    turns_hz = _SMALL_HZ * (_LARGE_HZ / _SMALL_HZ) ** size * pace
    blade = 10.0 ** ((-32.0 + 1.1 * air_db + 8.0 * size) / 20.0)
    fan.tones[:] = 0.0
    spin(fan.blades, hz=turns_hz, level=blade, tilt=0.0, out=fan.tones)
    beat(fan.blades, _BLADES, 0.03 + 0.4 * size**2, out)
    out += fan.tones
    spin(fan.mains, hz=_MAINS_HZ, level=10.0 ** ((-44.0 + 6.0 * speed + 4.0 * size) / 20.0), out=out)
    _tick(fan, min(1.0, 8.0 * rattle) * 10.0 ** ((-36.0 + 17.0 * rattle) / 20.0))
    sound_hits(fan.ticks, out)
    finish(out, 0.0, fan.outlet)


FAN: Final = Synth(
    name="fan",
    summary="A fan: beaten air and a motor's hum, from the one in a computer to the one in a barn.",
    tags=("machines", "domestic", "office", "ventilation", "air"),
    kind="point",
    controls=(
        Control(name="speed", default=0.6, smooth_s=3.0,
                at_0="turning lazily, a breath of air", at_half="an ordinary evening", at_1="all it can, roaring"),
        Control(name="size", default=0.4, smooth_s=2.0,
                at_0="a computer's fan, a quick thin whirr", at_half="a table fan",
                at_1="a fan as high as a man: each blade is felt"),
        Control(name="swing", default=0.3, smooth_s=1.0,
                at_0="stands still and blows one way", at_half="turns from side to side",
                at_1="sweeps past the ear and far away again"),
        Control(name="rattle", default=0.15, smooth_s=0.5,
                at_0="runs true", at_half="ticks once a turn, more and less", at_1="a loose grille that clatters"),
        *placed("beside the bed", "across the room", "at the end of the corridor"),
    ),
    reach=Reach(near_m=1.0, far_m=40.0, open_m=4.0),
    source="L. L. Beranek & I. L. Ver (1992), Noise and Vibration Control Engineering, fans; A. Farnell (2010), "
           "Designing Sound, fans.",
    start=_start,
    render=_render,
)  # fmt: skip
