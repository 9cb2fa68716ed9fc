"""An engine near by: one cylinder that putters to eight that sing, idling to revving, coasting to pulling."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp.firing import Firing, fire, firing_state
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.shaft import Shaft, housing, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.space import Space, place, space_state
from roomtone.synths.model import Control, Reach, Synth, placed

_IDLE_RPM, _REDLINE_RPM = 780.0, 6_200.0
# Along `cylinders`: how many, how long the exhaust is; bigger engines with few cylinders turn more slowly.
_PLACES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_CYLINDERS: Final = (1.0, 2.0, 4.0, 6.0, 8.0)
_PIPES_M: Final = (1.1, 1.3, 2.4, 2.8, 3.2)
# How fast revolutions follow: an engine has a flywheel.
_SPIN_UP_S: Final = 0.25
# Belts, gears and the fan behind the radiator, as multiples of the crankshaft.
_MECHANICAL: Final = np.array([1.0, 2.0, 5.0, 7.0, 11.0, 17.0, 23.0, 36.0])
_MECHANICAL_DB: Final = np.array([-46.0, -44.0, -50.0, -52.0, -54.0, -55.0, -57.0, -58.0])


@dataclass(slots=True)
class _Engine:
    rng: Rng
    charges: Firing
    crank: Shaft
    hunting: Walks
    temper: Walks
    rpm: float
    length: float
    space: Space
    outlet: Outlet


def _start(seed: int) -> _Engine:
    rng, chance = rng_state(seed, "engine"), np.random.default_rng(rng_state(seed, "engine", "which"))
    block = housing(chance, low_hz=150.0, high_hz=5_000.0, modes=7, height_db=10.0, q=6.0)
    return _Engine(
        rng=rng,
        charges=firing_state(seed, "engine"),
        crank=shaft_state(seed, "engine", orders=_MECHANICAL, levels_db=_MECHANICAL_DB, restless_db=3.0,
                          restless_s=0.15, housing=block),
        hunting=walks_state(rng, tau_s=np.array([3.0, 0.35, 0.06]), sigma=np.array([0.012, 0.012, 0.008])),
        temper=walks_state(rng, tau_s=np.array([6.0, 0.8]), sigma=np.array([0.04, 0.05])),
        rpm=-1.0,
        length=float(np.exp(chance.normal(0.0, 0.12))),
        space=space_state(1),
        outlet=outlet_state(1),
    )  # fmt: skip


def _render(engine: _Engine, controls: Sequence[float], out: Samples) -> None:
    revs, load, cylinders, exhaust, _, _ = controls
    goal_rpm = _IDLE_RPM * (_REDLINE_RPM / _IDLE_RPM) ** revs
    engine.rpm = goal_rpm if engine.rpm < 0.0 else engine.rpm + (goal_rpm - engine.rpm) * BLOCK_S / _SPIN_UP_S
    # At idle an engine hunts for its speed; up high it runs straight.
    hunting = step_walks(engine.rng, engine.hunting) * (1.6 - 1.3 * revs)
    count = float(np.interp(cylinders, _PLACES, _CYLINDERS))
    turns_hz = engine.rpm / 60.0 * (1.0 + hunting) * float(np.interp(cylinders, (0.0, 0.5), (0.8, 1.0)))
    pull = min(max(load + step_walks(engine.rng, engine.temper) * (1.0 - revs), 0.0), 1.0)
    # Few cylinders are large ones.
    size = (4.0 / count) ** 0.3
    out[:] = 0.0
    fire(
        engine.charges, firing_hz=0.5 * count * turns_hz, load=pull, opened=exhaust,
        rough=0.05 + 0.16 * (1.0 - revs) ** 2, cylinders=count,
        pipe_m=engine.length * float(np.interp(cylinders, _PLACES, _PIPES_M)),
        gain=0.36 * size * 10.0 ** ((5.5 * (revs - 0.3) - 6.5 * exhaust) / 20.0), out=out,
    )  # fmt: skip
    spin(engine.crank, hz=turns_hz, level=0.6 * (0.5 + revs), out=out)
    place(engine.space, out, tilt_db=0.0, air_hz=15_000.0, diffuse=0.1)
    finish(out, 0.0, engine.outlet)


ENGINE: Final = Synth(
    name="engine",
    summary="A combustion engine, idling to revving, from a one-cylinder putter to a V8.",
    tags=("traffic", "car", "motorcycle", "boat", "generator", "machine"),
    kind="point",
    controls=(
        Control(name="revs", default=0.25, smooth_s=0.3,
                at_0="idling at 800 a minute, hunting a little", at_half="1800 a minute, as in town",
                at_1="at the red line, 6200 a minute"),
        Control(name="load", default=0.3, smooth_s=0.2,
                at_0="coasting, burbling", at_half="pulling", at_1="flat out, hard and rasping"),
        Control(name="cylinders", default=0.5, smooth_s=1.0,
                names=(("single", 0.0), ("twin", 0.26), ("three", 0.48), ("four", 0.76), ("six", 0.91),
                       ("eight", 1.0)),
                at_0="one: a putter with gaps", at_half="three: a small car", at_1="eight: smooth and full"),
        Control(name="exhaust", default=0.35, smooth_s=0.5,
                at_0="well muffled, a hum", at_half="a sports exhaust", at_1="an open pipe, sharp and bare"),
        *placed("beside it", "across the yard", "far off, only its hum"),
    ),
    reach=Reach(near_m=3.0, far_m=150.0, open_m=25.0),
    source="S. Baldan et al. (2015), Physically informed car engine sound synthesis; A. Farnell (2010), Designing "
           "Sound, cars.",
    start=_start,
    render=_render,
)  # fmt: skip
