"""Footsteps: somebody walks, heel and toe, over carpet, wood, metal, stone, snow, gravel or leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp import impacts
from roomtone.dsp.choices import shares
from roomtone.dsp.hits import Hits, hit, hit_anew, hits_state, sound_hits
from roomtone.dsp.impacts import Sound
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, exponential, normal, rng_state, uniform
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.surroundings import Surroundings, breathe, surroundings_state
from roomtone.synths.model import Control, Reach, Synth, placed

_Chance = np.random.Generator
Tread = Callable[[_Chance, impacts.Body], Sound]
"""How a ground sounds under a heel or a toe: (chance, the floor) -> (frames,)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What is walked on.

    Attributes:
        heel, toe: how it sounds when a heel lands and when a toe rolls off.
        floor: pitches of what carries it, how many, how long the lowest rings, how soon the higher die.
        room_s, room_db: what comes back from around.
        loudness: of it all.
        push: how strongly it is pushed back when the foot leaves, against the toe.
    """

    heel: Tread
    toe: Tread
    floor: tuple[float, float, int, float, float]
    room_s: float
    room_db: float
    loudness: float
    push: float = 0.0


def _peak1(sound: Sound) -> Sound:
    return np.asarray(sound / np.abs(sound).max())


def _solid(click_hz: float, click: float, grit: float, contact_s: float, seconds: float) -> Tread:
    """Make how a hard floor sounds: the floor itself, the click of the shoe, grit under the sole."""

    def tread(chance: _Chance, floor: impacts.Body) -> Sound:
        ring = _peak1(impacts.strike_body(chance, floor, contact_s=contact_s, seconds=seconds))
        tick = impacts.scrape(
            chance, centre_hz=click_hz, octaves=0.9, rise_s=0.0003, decay_s=0.003, seconds=0.03
        )
        rub = impacts.crumble(chance, grains=14, low_hz=1.2 * click_hz, high_hz=3.0 * click_hz, grain_s=0.0006,
                              rise_s=0.01, decay_s=0.03, seconds=0.12)  # fmt: skip
        return impacts.mixed(
            (0.0, ring, 1.0),
            (0.0, tick, click * np.exp(chance.normal(0.0, 0.2))),
            (0.004, rub, grit * np.exp(chance.normal(0.0, 0.5))),
            seconds=seconds,
        )

    return tread


def _loose(
    hz: tuple[float, float], grains: int, grain_s: float, span_s: float, thud: float, tail: float
) -> Tread:
    """Make how a ground of many small things sounds: they give way while the foot goes in."""

    def tread(chance: _Chance, floor: impacts.Body) -> Sound:
        crush = impacts.crumble(
            chance, grains=int(_PART * grains * chance.uniform(0.7, 1.3)), low_hz=hz[0], high_hz=hz[1], grain_s=grain_s,
            rise_s=0.25 * span_s, decay_s=0.35 * span_s, seconds=1.6 * span_s, tail=tail,
        )  # fmt: skip
        ground = _peak1(impacts.strike_body(chance, floor, contact_s=0.006, seconds=0.12))
        return impacts.mixed((0.0, crush, 1.0), (0.0, ground, thud), seconds=1.6 * span_s)

    return tread


# From dull to bright, so that the control goes one way.
_GROUNDS: Final = {
    "carpet": _Ground(heel=_solid(900.0, 0.4, 0.05, 0.003, 0.12), toe=_solid(1_000.0, 0.6, 0.1, 0.003, 0.1),
                      floor=(80.0, 700.0, 9, 0.012, 0.9), room_s=0.25, room_db=-16.0, loudness=0.5),
    "wood": _Ground(heel=_solid(1_200.0, 0.4, 0.05, 0.0009, 0.16), toe=_solid(1_100.0, 0.4, 0.06, 0.0015, 0.14),
                    floor=(130.0, 2_200.0, 18, 0.014, 0.55), room_s=0.45, room_db=-7.0, loudness=0.6),
    "metal": _Ground(heel=_solid(1_600.0, 0.4, 0.06, 0.0003, 0.4), toe=_solid(1_500.0, 0.4, 0.08, 0.0005, 0.3),
                     floor=(230.0, 5_500.0, 30, 0.05, 0.3), room_s=0.7, room_db=-8.0, loudness=0.5),
    "stone": _Ground(heel=_solid(1_700.0, 0.5, 0.1, 0.0004, 0.1), toe=_solid(1_500.0, 0.45, 0.16, 0.0007, 0.1),
                     floor=(150.0, 3_800.0, 20, 0.009, 0.6), room_s=0.8, room_db=-5.0, loudness=0.6),
    "snow": _Ground(heel=_loose((420.0, 3_400.0), 420, 0.0014, 0.2, 0.5, 2.2),
                    toe=_loose((600.0, 3_800.0), 320, 0.0012, 0.18, 0.15, 2.2),
                    floor=(65.0, 450.0, 6, 0.018, 0.9), room_s=0.3, room_db=-22.0, loudness=0.45, push=0.5),
    "gravel": _Ground(heel=_loose((650.0, 7_500.0), 120, 0.001, 0.16, 0.25, 1.7),
                      toe=_loose((700.0, 8_000.0), 96, 0.0009, 0.16, 0.07, 1.7),
                      floor=(75.0, 700.0, 7, 0.018, 0.8), room_s=0.4, room_db=-20.0, loudness=0.6, push=1.0),
    "leaves": _Ground(heel=_loose((1_600.0, 10_500.0), 80, 0.0008, 0.33, 0.25, 1.05),
                      toe=_loose((1_800.0, 11_000.0), 64, 0.0008, 0.33, 0.07, 1.05),
                      floor=(70.0, 300.0, 5, 0.02, 1.0), room_s=0.5, room_db=-20.0, loudness=0.6, push=0.5),
}  # fmt: skip
# Every step is all of its takes, mixed anew: of what is loose each holds a part of the grains.
_TAKES: Final = 8
_PART: Final = 3.0 / _TAKES
_HEEL, _TOE, _PARTS = 0, 1, 2
# Every ground sounds under a foot that comes; only loose ones under a foot that leaves.
_ALIKE: Final = (1.0,) * len(_GROUNDS)
_PUSHES: Final = tuple(ground.push for ground in _GROUNDS.values())
_CLOTH: Final = 0.015
# Where people walk there is a street or a house around them.
_AIR: Final = 0.009 * amplitude((45, 16), (100, 14), (250, 5), (600, -2), (1_500, -8), (5_000, -16), (10e3, -20),
                                (20e3, -40))  # fmt: skip

# A foot leaves the ground so far into the next step.
_LEAVES: Final = 0.62

# How people walk: at most so many steps a second, the toe so far into a step.
_FASTEST_HZ: Final = 3.3
_ROLL: Final = 0.25
_ROLL_MOST_S: Final = 0.21
_STEPS_A_STRETCH: Final = 21.0


@dataclass(slots=True)
class _Walker:
    """Who walks: what sounds, and where they are in their stride.

    How the ground gives way is a chance of its own, so that nobody walks otherwise on another ground.
    """

    rng: Rng
    chance: Rng
    hits: Hits
    outlet: Outlet
    around: Surroundings
    wait: float
    tempo: float
    feet: tuple[float, float]
    step: int
    struck: int


def _ground_sounds(chance: _Chance, ground: _Ground) -> list[Sound]:
    low_hz, high_hz, modes, decay_s, damping = ground.floor
    floor = impacts.draw_body(
        chance, low_hz=low_hz, high_hz=high_hz, modes=modes, decay_s=decay_s, damping=damping, tilt_db=0.0
    )
    room = impacts.draw_room(
        chance, decay_s=ground.room_s, share_db=ground.room_db, seconds=min(0.6 * ground.room_s, 0.35)
    )
    treads = [(ground.heel, 1.0)] * _TAKES + [(ground.toe, 0.5)] * _TAKES
    return [ground.loudness * size * impacts.heard_in(room, tread(chance, floor)) for tread, size in treads]


def _cloth(chance: _Chance) -> Sound:
    """Let one trouser leg pass the other, between two steps."""
    centre_hz = 1_000.0 * np.exp(chance.normal(0.0, 0.2))
    rise_s, decay_s = chance.uniform(0.06, 0.14), chance.uniform(0.06, 0.12)
    swish = impacts.scrape(
        chance, centre_hz=centre_hz, octaves=1.3, rise_s=rise_s, decay_s=decay_s, seconds=0.45
    )
    return _CLOTH * swish


# Only read, and wanted again wherever the same shoes walk twice.
@lru_cache(maxsize=4)
def _bank(seed: int) -> Bank:
    chance = np.random.default_rng(rng_state(seed, "footsteps", "ground"))
    sounds = [sound for ground in _GROUNDS.values() for sound in _ground_sounds(chance, ground)]
    sounds += [_cloth(chance) for _ in range(_TAKES)]
    return bank_of(sounds)


def _start(seed: int) -> _Walker:
    rng = rng_state(seed, "footsteps")
    limp = 0.06 * normal(rng)
    return _Walker(
        rng=rng, chance=rng_state(seed, "footsteps", "chance"),
        hits=hits_state(_bank(seed), channels=1), outlet=outlet_state(1),
        around=surroundings_state(seed, "footsteps", air=_AIR), wait=0.0, tempo=0.0,
        feet=(1.0 + limp, 1.0 - limp), step=0, struck=0,
    )  # fmt: skip


def _tread(
    walker: _Walker, part: int, at_s: float, surface: float, gain: float, *, shifts: Sequence[float] = _ALIKE
) -> None:
    """Let a heel or a toe sound on the grounds that lie to either side of where the control stands.

    Args:
        walker: who treads.
        part: heel or toe.
        at_s: when, from the start of the coming block.
        surface: the control.
        gain: of it all.
        shifts: how much of it each ground gives; one that gives nothing is left out.
    """
    for ground, share in shares(surface, len(_GROUNDS)):
        if shifts[ground] > 0.0:
            first = (ground * _PARTS + part) * _TAKES
            takes, loud = range(first, first + _TAKES), gain * shifts[ground] * np.sqrt(share)
            hit_anew(walker.hits, walker.chance, takes, frame=round(at_s * SAMPLE_RATE_HZ), gain=loud)


def _step(walker: _Walker, at_s: float, hz: float, surface: float, weight: float) -> None:
    """Set one foot down: the heel, then the toe; who runs lands harder, and on both nearly at once."""
    rng = walker.rng
    run = min(1.0, hz / _FASTEST_HZ)
    loud_db = 18.0 * weight - 17.0 + 5.0 * run * run + 1.6 * normal(rng)
    loud = walker.feet[walker.step % 2] * 10.0 ** (loud_db / 20.0)
    roll_s = min(_ROLL / hz, _ROLL_MOST_S) * (1.0 - 0.5 * run) * np.exp(0.12 * normal(rng))
    _tread(walker, _HEEL, at_s, surface, loud)
    _tread(walker, _TOE, at_s + roll_s, surface, loud * np.exp(0.25 * normal(rng)))
    leaves_s = min((_LEAVES + 0.06 * normal(rng)) / hz, 0.5)
    pushed = loud * np.exp(0.5 * normal(rng))
    _tread(walker, _TOE, at_s + leaves_s, surface, pushed, shifts=_PUSHES)
    swish = len(_GROUNDS) * _PARTS * _TAKES + int(uniform(rng) * _TAKES)
    hit(
        walker.hits,
        swish,
        frame=round((at_s + 0.25 / hz) * SAMPLE_RATE_HZ),
        gain=0.4 + 0.6 * run + 0.2 * weight,
    )
    walker.step += 1


def _stride(walker: _Walker) -> float:
    """Say how many steps long the next one is: the tempo wanders, and now and then somebody stops and turns."""
    rng = walker.rng
    walker.tempo = 0.97 * walker.tempo + 0.012 * normal(rng)
    stands = 1.0 + 2.5 * exponential(rng) if uniform(rng) * _STEPS_A_STRETCH < 1.0 else 0.0
    return float(np.exp(walker.tempo + 0.05 * normal(rng)) + stands)


def _render(walker: _Walker, controls: Sequence[float], out: Samples) -> None:
    rate, surface, weight, _, _ = controls
    breathe(walker.around, min(1.0, rate / 0.2), out)
    for _ in range(walker.struck):
        _step(walker, 0.0, 1.8, surface, weight)
    walker.struck = 0
    hz = _FASTEST_HZ * rate * rate
    block_steps = hz * BLOCK_FRAMES / SAMPLE_RATE_HZ
    while hz > 0.0 and walker.wait < block_steps:
        _step(walker, walker.wait / hz, hz, surface, weight)
        walker.wait += _stride(walker)
    walker.wait -= block_steps
    sound_hits(walker.hits, out)
    finish(out, 0.0, walker.outlet)


def _strike(walker: _Walker) -> None:
    walker.struck += 1


FOOTSTEPS: Final = Synth(
    name="footsteps",
    summary="Somebody walking, step by step, on the ground that you choose.",
    tags=("people", "steps", "walking", "running", "foley"),
    kind="point",
    controls=(
        Control(name="rate", default=0.7, smooth_s=0.5,
                at_0="nobody walks; a step sounds when struck", at_half="slow steps, one a second",
                at_1="running"),
        Control(name="surface", default=0.43, smooth_s=0.0,
                at_0="carpet: dull and soft", at_half="stone with a dust of snow on it", at_1="dry leaves, rustling",
                names=(("carpet", 0.0), ("wood", 0.05), ("metal", 0.25), ("stone", 0.43), ("snow", 0.59),
                       ("gravel", 0.9), ("leaves", 1.0))),
        Control(name="weight", default=0.5, smooth_s=0.3,
                at_0="on tiptoe", at_half="an ordinary walk", at_1="heavy boots, stamping"),
        *placed("at your side", "across the yard", "at the end of the street"),
    ),
    reach=Reach(near_m=1.5, far_m=40.0, open_m=8.0),
    source="P. R. Cook (2002), Modeling Bill's gait; K. van den Doel & D. K. Pai (1998), The sounds of physical "
           "shapes.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
