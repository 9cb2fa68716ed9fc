"""Drill: a motor and its gears that run free, bite, labour, break through and run down, hole after hole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.cams import Cam, cam_state, passages
from roomtone.dsp.hits import Hits, hit_anew, hits_state, sound_hits
from roomtone.dsp.impacts import Sound, draw_body, mixed, scrape, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import bank_of
from roomtone.dsp.random import Rng, exponential, normal, rng_state, uniform
from roomtone.dsp.shaft import Shaft, beat, housing, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import power
from roomtone.synths.model import Control, Reach, Synth, placed

# Turns of the motor a second when it runs free, of a small drill and of a large one; gears turn the chuck slower.
_SMALL_HZ, _LARGE_HZ = 460.0, 190.0
_GEAR: Final = 11.0
_PINION: Final = 6.0
# How far a motor without a governor slows down under the hand.
_LABOUR: Final = 0.22
_GATHER_S, _RUN_DOWN_S, _BITE_S = 0.18, 0.45, 0.25
_HOLE_S: Final = 3.2
_FREE_S: Final = 0.45
# In stone the chuck is thrown forward twice a turn.
_BLOWS: Final = 2.0

_WOOD: Final = power((45, -10), (150, -3), (350, 0), (900, -2), (2000, -8), (5000, -18), (2e4, -44))
_METAL: Final = power(
    (45, -24), (200, -12), (600, -4), (1500, -1), (3200, 0), (6000, -3), (12e3, -13), (2e4, -30)
)
_STONE: Final = power(
    (45, -10), (150, -4), (500, -1), (1500, 0), (3500, 0), (7000, -3), (12e3, -9), (2e4, -25)
)
_MATERIALS: Final = 3
_KNOCKS: Final = 16


@dataclass(slots=True)
class _Drill:
    """What turns, and where the hand is: it rests, or the trigger is pulled for a hole.

    Attributes:
        plan: chance, for what the hand does: so how often it drills changes nothing of what it does next.
        rest: how much of a rest is left, as a part of a usual one.
        hole_s: how long the trigger is still held.
        free_s: how long the bit still turns in the air.
        speed: 0 (stands) to 1.
        bite: how hard it cuts, 0 to 1.
        struck: holes that were asked for.
    """

    rng: Rng
    plan: Rng
    bed: Bed
    bands: Bands
    motor: Shaft
    chuck: Shaft
    ratchet: Cam
    knocks: Hits
    hand: Walks
    chips: Walks
    tones: Samples
    outlet: Outlet
    rest: float
    hole_s: float
    free_s: float
    speed: float
    bite: float
    struck: int


def _knock(chance: np.random.Generator) -> Sound:
    """Throw a bit against stone: it clacks, and the stone crunches."""
    tool = draw_body(
        chance, low_hz=500.0, high_hz=7_000.0, modes=11, decay_s=0.004, damping=0.4, tilt_db=-0.5
    )
    clack = strike_body(chance, tool, contact_s=0.0002, seconds=0.04)
    crunch = scrape(chance, centre_hz=2_600.0, octaves=0.9, rise_s=0.0005, decay_s=0.006, seconds=0.04)
    thud = scrape(chance, centre_hz=230.0, octaves=0.6, rise_s=0.001, decay_s=0.008, seconds=0.05)
    return mixed((0.0, clack / np.abs(clack).max(), 0.8), (0.0, crunch, 0.5), (0.0, thud, 0.5), seconds=0.055)


def _start(seed: int) -> _Drill:
    rng = rng_state(seed, "drill")
    chance = np.random.default_rng(rng_state(seed, "drill", "which"))
    orders = np.array([1.0, 2.0, 3.0, 4.0, _PINION, 2 * _PINION, 3 * _PINION, 4 * _PINION, 22.0])
    motor = shaft_state(
        seed, "drill", "motor", orders=orders,
        levels_db=np.array([-2.0, -3.0, -10.0, -12.0, 0.0, -5.0, -10.0, -15.0, -13.0]) + chance.normal(0.0, 2.5, 9),
        wobble=((1.5, 0.008), (0.15, 0.006), (0.03, 0.003)), restless_db=3.0, restless_s=0.06,
        housing=housing(chance, low_hz=300.0, high_hz=7_000.0, modes=10, height_db=9.0, q=4.0),
    )  # fmt: skip
    chuck = shaft_state(
        seed, "drill", "chuck", orders=(1.0, 2.0, 3.0, 4.0, 6.0), levels_db=(-3.0, 0.0, -6.0, -7.0, -12.0),
        wobble=((1.0, 0.006), (0.1, 0.01)), restless_db=3.0, restless_s=0.1,
    )  # fmt: skip
    return _Drill(
        rng=rng,
        plan=rng_state(seed, "drill", "plan"),
        bed=bed_state(seed, "drill", channels=1),
        bands=bands_state([_WOOD, _METAL, _STONE], reaches=[np.ones_like(_WOOD)] * 3, power=True),
        motor=motor,
        chuck=chuck,
        ratchet=cam_state(chuck, _BLOWS),
        knocks=hits_state(bank_of([_knock(chance) for _ in range(_KNOCKS)]), channels=1),
        hand=walks_state(rng, tau_s=np.array([1.2, 0.3]), sigma=np.array([0.22, 0.12])),
        chips=walks_state(
            rng, tau_s=np.array([0.4, 0.1, 0.05, 0.025, 0.015]), sigma=np.array([1.5, 2, 2.5, 2.5, 2])
        ),
        tones=np.zeros((BLOCK_FRAMES, 1), np.float32),
        outlet=outlet_state(1),
        rest=0.1 * float(chance.uniform()),
        hole_s=0.0,
        free_s=0.0,
        speed=0.0,
        bite=0.0,
        struck=0,
    )


def _pull(drill: _Drill) -> None:
    rng = drill.plan
    # Now and then a short one: a screw, a bit that slips, a try in the air.
    short = uniform(rng) < 0.15
    drill.hole_s = (0.5 if short else _HOLE_S) * np.exp(0.25 * normal(rng))
    drill.free_s = _FREE_S * (0.5 + uniform(rng))
    drill.rest = 0.5 + 0.5 * exponential(rng)


def _work(drill: _Drill, rate: float) -> float:
    """Pull the trigger, press and let go for a block.

    Returns:
        How hard the hand presses while the bit cuts, around 1.
    """
    press = max(0.2, 1.0 + step_walks(drill.rng, drill.hand))
    held = drill.hole_s > 0.0
    if not held:
        usual_s = 0.4 + 3.5 * (1.0 / rate - 1.0) if rate > 0.0 else 0.0
        drill.rest -= BLOCK_S / usual_s if rate > 0.0 else 0.0
        if drill.struck > 0 or (rate > 0.0 and drill.rest <= 0.0):
            drill.struck = max(0, drill.struck - 1)
            _pull(drill)
    drill.hole_s -= BLOCK_S
    drill.free_s -= BLOCK_S
    # Before the trigger is let go the bit has broken through, and runs free once more.
    cuts = held and drill.free_s <= 0.0 and drill.hole_s > 0.3
    drill.bite += (BLOCK_S / _BITE_S) * (press - drill.bite) if cuts else -min(drill.bite, BLOCK_S / 0.06)
    goal = 1.0 - _LABOUR * drill.bite if held else 0.0
    step = BLOCK_S / (_GATHER_S if held else _RUN_DOWN_S)
    drill.speed += min(step, max(-step, goal - drill.speed))
    return press


def _render(drill: _Drill, controls: Sequence[float], out: Samples) -> None:
    rate, material, size, _, _ = controls
    press = _work(drill, rate)
    step_walks(drill.rng, drill.chips)
    place = material * (_MATERIALS - 1)
    wood, metal, stone = (max(0.0, 1.0 - abs(place - kind)) for kind in range(_MATERIALS))
    cut = drill.bite * drill.speed**2 * press
    # The motor blows air through itself, cut or not.
    air = 10.0**-3.7 * drill.speed**4
    levels = (wood * cut * 10.0**-2.4, metal * cut * 10.0**-2.4 + air, stone * cut * 10.0**-2.2)
    render_bed(drill.bed, layer_bands(drill.bands, levels, stir_db=drill.chips), out)
    motor_hz = _SMALL_HZ * (_LARGE_HZ / _SMALL_HZ) ** size * drill.speed
    drill.tones[:] = 0.0
    spin(drill.chuck, hz=motor_hz / _GEAR, level=0.02 * drill.speed * (0.4 + drill.bite), out=drill.tones)
    # Two lips cut: the noise of chips comes and goes with them, most in metal.
    beat(drill.chuck, 2.0, 0.25 + 0.45 * metal + 0.2 * stone, out)
    howl_db = -32.0 + 3.0 * drill.bite + 2.0 * place
    spin(drill.motor, hz=motor_hz, level=10.0 ** (howl_db / 20.0) * drill.speed**1.5,
         tilt=0.3 * (0.5 - size) - 0.15 * drill.bite, out=drill.tones)  # fmt: skip
    out += drill.tones
    blow = 0.22 * stone * drill.bite * (0.6 + 0.6 * size)
    for frame in passages(drill.ratchet, drill.chuck):
        if blow > 0.0:
            gain = blow * np.exp(0.25 * normal(drill.rng))
            late = frame + int(60 * uniform(drill.rng))
            hit_anew(drill.knocks, drill.rng, range(_KNOCKS), frame=late, gain=gain)
    sound_hits(drill.knocks, out)
    finish(out, 0.0, drill.outlet)


def _strike(drill: _Drill) -> None:
    drill.struck += 1


DRILL: Final = Synth(
    name="drill",
    summary="A power drill: it starts, bites, labours and breaks through; in stone it hammers.",
    tags=("machines", "tools", "workshop", "building site", "neighbours"),
    kind="point",
    controls=(
        Control(name="rate", default=0.5, smooth_s=0.5,
                at_0="nobody drills; one hole when struck", at_half="a hole, then a rest as long as itself",
                at_1="one hole after another"),
        Control(name="material", default=0.0, smooth_s=0.5,
                at_0="wood: a crunch under the whine", at_half="metal: it grates and shrieks",
                at_1="stone: it hammers",
                names=(("wood", 0.0), ("metal", 0.5), ("stone", 1.0))),
        Control(name="size", default=0.4, smooth_s=1.0,
                at_0="a small screwdriver, shrill", at_half="an ordinary drill", at_1="a heavy one, low and slow"),
        *placed("at arm's length", "in the next room", "from another street"),
    ),
    reach=Reach(near_m=1.5, far_m=150.0, open_m=6.0),
    source="R. H. Lyon (1987), Machinery Noise and Diagnostics; L. L. Beranek & I. L. Ver (1992), Noise and "
           "Vibration Control Engineering.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
