"""Vacuum cleaner: a motor that howls faster than anything else in a house, air, and a nozzle that goes to and fro."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.hits import Hits, hit, hits_state, sound_hits
from roomtone.dsp.impacts import Sound, draw_body, scrape, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import bank_of
from roomtone.dsp.random import Rng, exponential, normal, pareto, poisson, rng_state, uniform
from roomtone.dsp.shaft import Shaft, beat, housing, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import curve, power
from roomtone.synths.model import Control, Reach, Synth, placed

# A universal motor runs as fast as its load lets it: at full power about 26,000 turns a minute.
_FULL_HZ: Final = 430.0
_IDLE_SHARE: Final = 0.5
_BLADES: Final = 7
_STROKE_S: Final = 0.85

_AIR: Final = power(
    (45, -16), (110, -1), (200, 8), (420, 9), (600, 4), (1100, 1), (2000, -4), (3600, -12.5), (6500, -14), (12e3, -25),
    (2e4, -36),
)  # fmt: skip
_BOX: Final = power((45, -6), (100, 0), (180, -2), (350, -9), (800, -22), (2e4, -70))
_NOZZLE_DB: Final = curve((45, -1), (300, -1), (900, 0), (2500, 2.5), (7000, 4), (2e4, 5))
_POWER_DB: Final = curve((45, -3), (300, -1), (1000, 0), (4000, 3), (2e4, 6))
# A rush seethes from the middle up; what is low stands.
_EDDIES_DB: Final = np.array([1.0, 1.2, 1.5, 2.0, 2.5, 2.8, 2.8, 2.8, 2.8])
_GRAINS, _THUMPS = 24, 6


@dataclass(slots=True)
class _Vacuum:
    """What turns, and where the nozzle is.

    Attributes:
        plan: chance, for what the hand does: how hard it pushes changes nothing of what it does next.
        stroke: how far the present push or pull has come, 0 to 1; it goes the other way each time.
        stroke_s: how long it takes.
        pushes: whether it goes away from whoever holds it.
        reach: how long this one is, beside others.
        rests_s: how long the nozzle stays where it is before it goes on.
        load: how much the nozzle chokes the air, where the last block arrived.
    """

    rng: Rng
    plan: Rng
    bed: Bed
    bands: Bands
    motor: Shaft
    brush: Shaft
    dirt: Hits
    eddies: Walks
    drift: Walks
    dirty: Walks
    tones: Samples
    outlet: Outlet
    stroke: float
    stroke_s: float
    pushes: bool
    reach: float
    rests_s: float
    load: float


def _dirt(chance: np.random.Generator) -> list[Sound]:
    """Make grains that fly up the tube, each knocking here and there, and the nozzle that knocks against a leg."""
    sounds = []
    for _ in range(_GRAINS):
        tube = draw_body(
            chance, low_hz=4_000.0, high_hz=10_500.0, modes=10, decay_s=0.003, damping=0.4, tilt_db=0.0
        )
        sound = np.zeros(round(0.14 * 48_000))
        at = 0
        for _ in range(chance.integers(1, 7)):
            knock = strike_body(chance, tube, contact_s=0.0002, seconds=0.025)
            knock *= np.exp(chance.normal(0.0, 0.7)) / np.abs(knock).max()
            sound[at : at + len(knock)] += knock[: len(sound) - at]
            at += int(chance.exponential(700.0))
            if at > len(sound) - 200:
                break
        sounds.append(sound / np.abs(sound).max())
    plastic = draw_body(
        chance, low_hz=160.0, high_hz=2_400.0, modes=10, decay_s=0.022, damping=0.6, tilt_db=-3.0
    )
    for _ in range(_THUMPS):
        knock = strike_body(chance, plastic, contact_s=0.0012, seconds=0.15)
        rub = scrape(chance, centre_hz=900.0, octaves=1.2, rise_s=0.02, decay_s=0.05, seconds=0.2)
        knock = knock / np.abs(knock).max()
        sounds.append(0.4 * np.concatenate((knock, np.zeros(len(rub) - len(knock)))) + 0.3 * rub)
    return sounds


def _start(seed: int) -> _Vacuum:
    rng = rng_state(seed, "vacuum")
    chance = np.random.default_rng(rng_state(seed, "vacuum", "which"))
    # The belt to the brush turns half as fast.
    orders = np.array([0.5, 1.0, 2.0, 3.0, 4.0, _BLADES, 2 * _BLADES, 3 * _BLADES, 22.0])
    levels_db = np.array([-6.0, 3.5, -4.0, -9.0, -14.0, -15.0, -20.0, -24.0, -23.0])
    tuned = chance.uniform(0.92, 1.08)
    return _Vacuum(
        rng=rng,
        plan=rng_state(seed, "vacuum", "plan"),
        bed=bed_state(seed, "vacuum", channels=1),
        bands=bands_state(
            [_AIR, _BOX], reaches=[np.ones_like(_AIR), 0.5 * np.ones_like(_AIR)],
            tilts_db=[_NOZZLE_DB, _POWER_DB], power=True,
        ),
        motor=shaft_state(
            seed, "vacuum", "motor", orders=orders * tuned, levels_db=levels_db + chance.normal(0.0, 1.5, len(orders)),
            wobble=((9.0, 0.004), (0.8, 0.0025), (0.06, 0.0012)), restless_db=1.3, restless_s=0.12,
            housing=housing(chance, low_hz=250.0, high_hz=6_000.0, modes=9, height_db=6.0, q=4.0),
        ),
        # The turning brush: two rows of bristles that hum twice a turn, and the belt that drives it.
        brush=shaft_state(
            seed, "vacuum", "brush", orders=(1.0, 2.0, 3.0, 4.0, 6.0, 8.0),
            levels_db=(-11.0, 0.5, -14.0, -7.0, -17.0, -18.0),
            wobble=((2.0, 0.008), (0.2, 0.008)), restless_db=2.5, restless_s=0.07,
        ),
        dirt=hits_state(bank_of(_dirt(chance)), channels=1),
        eddies=walks_state(rng, tau_s=chance.uniform(0.02, 0.1, 9), sigma=_EDDIES_DB),
        drift=walks_state(rng, tau_s=np.array([50.0, 7.0, 1.0]), sigma=np.array([0.5, 0.4, 0.25])),
        dirty=walks_state(rng, tau_s=np.array([12.0, 1.5, 0.3]), sigma=np.array([0.6, 0.8, 0.7])),
        tones=np.zeros((BLOCK_FRAMES, 1), np.float32),
        outlet=outlet_state(1),
        stroke=float(chance.uniform()),
        stroke_s=_STROKE_S,
        pushes=bool(chance.uniform() < 0.5),
        reach=1.0,
        rests_s=0.0,
        load=0.0,
    )  # fmt: skip


def _move_nozzle(vacuum: _Vacuum, strokes: float, grit: float) -> float:
    """Push and pull for a block.

    Returns:
        How much the nozzle chokes the air, -1 to 1: a push lifts it a little, a pull sucks it down.
    """
    rng = vacuum.rng
    if vacuum.rests_s > 0.0:
        vacuum.rests_s -= BLOCK_S
    else:
        vacuum.stroke += BLOCK_S / vacuum.stroke_s * (0.6 + 0.4 * strokes)
    if vacuum.stroke >= 1.0:
        vacuum.stroke -= 1.0
        vacuum.pushes = not vacuum.pushes
        plan = vacuum.plan
        vacuum.stroke_s = _STROKE_S * np.exp(0.22 * normal(plan))
        vacuum.reach = np.exp(0.25 * normal(plan))
        rest_s, stumbles = 0.6 * exponential(plan), uniform(plan)
        vacuum.rests_s = rest_s if uniform(plan) < 0.12 else 0.0
        if stumbles < 0.3 * strokes:
            knock = 0.05 * strokes * np.exp(0.7 * normal(rng)) * (1.0 + grit)
            hit(vacuum.dirt, _GRAINS + int(_THUMPS * uniform(rng)), frame=int(480 * uniform(rng)), gain=knock)
    way = 1.0 if vacuum.pushes else -1.0
    goal = (
        way * vacuum.reach * np.sin(np.pi * min(1.0, vacuum.stroke)) ** 0.7 if vacuum.rests_s <= 0.0 else 0.0
    )
    vacuum.load += 0.09 * (goal - vacuum.load)
    return strokes * vacuum.load


def _suck_up(vacuum: _Vacuum, grit: float, level: float, moving: float) -> None:
    rng = vacuum.rng
    dirty = np.exp(step_walks(rng, vacuum.dirty)) * (0.7 + moving)
    for _ in range(poisson(rng, min(60.0, (0.4 + 26.0 * grit**1.3) * dirty) * BLOCK_S)):
        gain = level * pareto(rng, 1.7, 8.0)
        hit(vacuum.dirt, int(_GRAINS * uniform(rng)), frame=int(480 * uniform(rng)), gain=gain)


def _render(vacuum: _Vacuum, controls: Sequence[float], out: Samples) -> None:
    strength, strokes, grit, _, _ = controls
    load = _move_nozzle(vacuum, strokes, grit)
    drift_db = step_walks(vacuum.rng, vacuum.drift)
    step_walks(vacuum.rng, vacuum.eddies)
    # A choked blower moves less air, and so it turns faster: it howls higher as the rush grows fainter.
    turns_hz = _FULL_HZ * (_IDLE_SHARE + (1.0 - _IDLE_SHARE) * strength) * (1.0 - 0.025 * load)
    air_db = -35.5 + 21.0 * strength + drift_db + 3.6 * load
    box_db = -35.0 + 17.0 * strength + drift_db
    levels = (10.0 ** (air_db / 10.0), 10.0 ** (box_db / 10.0))
    gains = layer_bands(vacuum.bands, levels, tilts=(1.0 * load, strength - 0.5), stir_db=vacuum.eddies)
    render_bed(vacuum.bed, gains, out)
    vacuum.tones[:] = 0.0
    spin(vacuum.brush, hz=38.0 + 26.0 * strength - 3.0 * abs(load), level=10.0 ** ((-44.0 + 15.0 * strength) / 20.0),
         out=vacuum.tones)  # fmt: skip
    beat(vacuum.brush, 2.0, 0.07 + 0.1 * abs(load), out)
    spin(
        vacuum.motor,
        hz=turns_hz,
        level=10.0 ** ((-46.0 + 19.0 * strength - 1.5 * load) / 20.0),
        out=vacuum.tones,
    )
    out += vacuum.tones
    _suck_up(
        vacuum,
        grit,
        min(1.0, 10.0 * grit) * 10.0 ** ((-44.0 + 7.0 * grit + 16.0 * strength) / 20.0),
        abs(load),
    )
    sound_hits(vacuum.dirt, out)
    finish(out, 0.0, vacuum.outlet)


VACUUM: Final = Synth(
    name="vacuum",
    summary="A vacuum cleaner at work: it howls and rushes, the nozzle goes to and fro, dirt rattles up the tube.",
    tags=("machines", "domestic", "cleaning", "motor", "noise"),
    kind="point",
    controls=(
        Control(name="power", default=0.5, smooth_s=1.0,
                at_0="turned down as far as it goes", at_half="an ordinary carpet", at_1="all it can, howling"),
        Control(name="strokes", default=0.5, smooth_s=1.0,
                at_0="stands and runs, nobody pushes", at_half="to and fro, without haste",
                at_1="pushed hard, the air choked and let go"),
        Control(name="grit", default=0.3, smooth_s=0.5,
                at_0="a clean floor", at_half="crumbs up the tube, a few at a time", at_1="sand and gravel"),
        *placed("in the same room", "in the next room, the door open", "somewhere in the house"),
    ),
    reach=Reach(near_m=1.2, far_m=50.0, open_m=3.0),
    source="L. L. Beranek & I. L. Ver (1992), Noise and Vibration Control Engineering, fans and blowers; R. H. Lyon "
           "(1987), Machinery Noise and Diagnostics.",
    start=_start,
    render=_render,
)  # fmt: skip
