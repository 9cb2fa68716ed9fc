"""Thunder: strokes near or far, each a tearing crack, claps, and a rumble that rolls on; faint air of its storm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp.bed import BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.lightning import Lightning, forge_stroke, hear_arrivals, lightning_state
from roomtone.dsp.propagation import way_db
from roomtone.dsp.random import Rng, exponential, rng_state, uniform
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.space import Space, place, space_state
from roomtone.dsp.spectra import amplitude
from roomtone.synths.model import Control, Reach, Synth, placed

_MOST_PER_S: Final = 0.2
_NEAR_M: Final = 180.0
_FAR_M: Final = 5_000.0
# The roll that clouds, air and hills throw back from everywhere: deep, and fading upwards.
_ROLL: Final = amplitude(
    (45, 0), (70, 0), (120, -3), (250, -10), (500, -18), (1000, -27), (2500, -38), (6000, -48), (2e4, -70)
)
_INAUDIBLE: Final = 1e-5
# A storm that strikes by itself has its air: wind and rain around the ear, 30 to 40 dB below the strokes. They are as
# near as ever, however far the stroke: what the way to it takes is given back, up to where it would be all there is.
_AIR: Final = amplitude(
    (45, -12), (150, -6), (500, -2), (1500, 0), (4000, 0), (8000, -3), (14e3, -9), (2e4, -24)
)
_AIR_GAIN: Final = 0.0016
_GIVEN_BACK_DB: Final = 40.0


@dataclass(slots=True)
class _Thunder:
    rng: Rng
    sky: Lightning
    bed: Bed
    rolling: Walks
    roll: float
    swell: float
    wait: float
    struck: int
    when: Rng
    air: Bed
    breath: Walks
    space: Space


def _start(seed: int) -> _Thunder:
    rng = rng_state(seed, "thunder")
    return _Thunder(
        rng=rng,
        sky=lightning_state(seed, "thunder"),
        bed=bed_state(seed, "thunder", channels=1),
        rolling=walks_state(rng, tau_s=np.array([0.9, 0.25]), sigma=np.array([2.5, 3.0])),
        roll=0.0,
        swell=0.0,
        wait=0.1 * uniform(rng),
        struck=0,
        # When it strikes hangs on nothing else: more a minute are the same strokes, sooner.
        when=rng_state(seed, "thunder", "when"),
        air=bed_state(seed, "thunder", "air", channels=1),
        breath=walks_state(rng, tau_s=np.array([12.0, 2.5, 0.5, 0.1]), sigma=np.array([2.0, 1.5, 1.2, 1.0])),
        space=space_state(1),
    )


def _strike(thunder: _Thunder) -> None:
    thunder.struck += 1


def _render(thunder: _Thunder, controls: Sequence[float], out: Samples) -> None:
    rate, rumble, brightness, distance, _ = controls
    thunder.wait -= rate * rate * _MOST_PER_S * BLOCK_S
    if thunder.wait <= 0.0:
        thunder.wait = 0.5 + 0.5 * exponential(thunder.when)
        thunder.struck += 1
    for _ in range(thunder.struck):
        _forge(thunder, distance, rumble)
    thunder.struck = 0
    out[:] = 0.0
    power = hear_arrivals(thunder.sky, out)
    _roll(thunder, power, rumble, out)
    place(thunder.space, out, tilt_db=16.0 * (brightness - 0.5), air_hz=18_000.0, diffuse=0.1)
    _breathe(thunder, min(1.0, 8.0 * rate), distance, out)


def _forge(thunder: _Thunder, distance: float, rumble: float) -> None:
    uneven = 2.0 ** (uniform(thunder.rng) - 0.5)
    ground_m = _NEAR_M * (_FAR_M / _NEAR_M) ** distance * uneven
    forge_stroke(thunder.sky, ground_m=ground_m, gain=0.5, echo=0.3 + 0.7 * rumble)


def _breathe(thunder: _Thunder, presence: float, distance: float, out: Samples) -> None:
    if presence == 0.0:
        thunder.air.tail[:] = 0.0
        return
    taken_db = way_db(
        BED_CENTRES_HZ, metres=_NEAR_M * (_FAR_M / _NEAR_M) ** distance, near_m=_NEAR_M, spread=1.0
    )
    given_back = 10.0 ** (np.minimum(-taken_db, _GIVEN_BACK_DB) / 20.0)
    breath = 10.0 ** (step_walks(thunder.rng, thunder.breath) / 20.0)
    block = np.empty_like(out)
    render_bed(thunder.air, _AIR * given_back * (_AIR_GAIN * presence * breath), block)
    out += block


def _roll(thunder: _Thunder, power: float, rumble: float, out: Samples) -> None:
    # The roll follows what arrived, late and long, as if from every hill at once.
    thunder.swell += (np.sqrt(power) - thunder.swell) * BLOCK_S / 0.25
    fall_s = 1.2 + 4.5 * rumble
    thunder.roll = max(thunder.swell, thunder.roll - thunder.roll * BLOCK_S / fall_s)
    lumps = 10.0 ** (step_walks(thunder.rng, thunder.rolling) / 20.0)
    level = 5.0 * (0.15 + 0.85 * rumble) * thunder.roll * lumps
    if level < _INAUDIBLE:
        thunder.bed.tail[:] = 0.0
        return
    block = np.empty_like(out)
    render_bed(thunder.bed, _ROLL * level, block)
    out += block


THUNDER: Final = Synth(
    name="thunder",
    summary="Thunder, from a crack overhead to a rumble beyond the hills; strikes by itself or on request.",
    tags=("weather", "event", "point"),
    kind="point",
    controls=(
        Control(
            name="rate",
            at_0="only when struck",
            at_half="three or four a minute",
            at_1="twelve a minute",
            default=0.5,
        ),
        Control(name="rumble", at_0="short", at_half="rolls on", at_1="rolls long and deep", default=0.5),
        Control(name="brightness", at_0="dull", at_half="natural", at_1="tearing", default=0.5),
        *placed("overhead, a crack", "a kilometre off", "beyond the hills", default=0.4),
    ),
    reach=Reach(near_m=_NEAR_M, far_m=_FAR_M, open_m=2_000.0),
    source="Ribner & Roy (1982), acoustics of thunder; Few (1969), thunder as N-waves of a channel.",
    start=_start,
    render=_render,
    strike=_strike,
)
