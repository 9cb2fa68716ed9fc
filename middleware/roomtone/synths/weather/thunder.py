"""Thunder: strokes near or far, each a tearing crack, claps, and a rumble that rolls on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.lightning import Lightning, forge_stroke, hear_arrivals, lightning_state
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
        space=space_state(1),
    )


def _strike(thunder: _Thunder) -> None:
    thunder.struck += 1


def _render(thunder: _Thunder, controls: Sequence[float], out: Samples) -> None:
    rate, rumble, brightness, distance, _ = controls
    thunder.wait -= rate * rate * _MOST_PER_S * BLOCK_S
    if thunder.wait <= 0.0:
        thunder.wait = 0.5 + 0.5 * exponential(thunder.rng)
        thunder.struck += 1
    for _ in range(thunder.struck):
        _forge(thunder, distance, rumble)
    thunder.struck = 0
    out[:] = 0.0
    power = hear_arrivals(thunder.sky, out)
    _roll(thunder, power, rumble, out)
    place(thunder.space, out, tilt_db=16.0 * (brightness - 0.5), air_hz=18_000.0, diffuse=0.1)


def _forge(thunder: _Thunder, distance: float, rumble: float) -> None:
    uneven = 2.0 ** (uniform(thunder.rng) - 0.5)
    ground_m = _NEAR_M * (_FAR_M / _NEAR_M) ** distance * uneven
    forge_stroke(thunder.sky, ground_m=ground_m, gain=0.5, echo=0.3 + 0.7 * rumble)


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
            at_half="four a minute",
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
