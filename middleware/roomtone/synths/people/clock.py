"""Clock: an escapement that ticks and tocks in a case, from a wrist watch to a grandfather clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.choices import shares
from roomtone.dsp.hits import Hits, hit_anew, hits_state, sound_hits
from roomtone.dsp.impacts import Body, Sound, draw_body, draw_room, heard_in, mixed, scrape, strike_body
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, normal, rng_state, uniform
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.surroundings import Surroundings, breathe, surroundings_state
from roomtone.synths.model import Control, Reach, Synth, placed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Movement:
    """One kind of clock.

    Attributes:
        beats_hz: how often it ticks: a watch five times, a pendulum of a metre once a second.
        wheel_hz, wheel_s: where its steel rings and how long.
        case_hz, case_s, case: where the case answers, how long, how strongly.
        drop_s: from the unlocking of a pallet to the fall of the next tooth.
        contact_s: how hard the two meet.
        uneven: how unlike tick and tock are, in pitch and time: no clock stands quite level.
        loudness: of it all.
        seconds: how long one beat is made.
    """

    beats_hz: float
    wheel_hz: tuple[float, float]
    wheel_s: float
    case_hz: tuple[float, float]
    case_s: float
    case: float
    drop_s: float
    contact_s: float
    uneven: float
    loudness: float
    seconds: float


# From small to large: each has about half the beats of the one before, and a larger case.
_MOVEMENTS: Final = {
    "watch": _Movement(beats_hz=5.0, wheel_hz=(3_800, 12_500), wheel_s=0.0022, case_hz=(2_600, 6_000),
                       case_s=0.0015, case=0.3, drop_s=0.0045, contact_s=0.00005, uneven=0.04, loudness=0.5,
                       seconds=0.03),
    "alarm": _Movement(beats_hz=3.7, wheel_hz=(2_300, 9_500), wheel_s=0.005, case_hz=(900, 3_200), case_s=0.005,
                       case=0.6, drop_s=0.007, contact_s=0.0001, uneven=0.06, loudness=0.6, seconds=0.06),
    "mantel": _Movement(beats_hz=2.0, wheel_hz=(1_500, 7_500), wheel_s=0.006, case_hz=(350, 1_900), case_s=0.012,
                        case=0.9, drop_s=0.011, contact_s=0.0002, uneven=0.1, loudness=0.65, seconds=0.12),
    "grandfather": _Movement(beats_hz=1.0, wheel_hz=(900, 5_500), wheel_s=0.008, case_hz=(130, 1_100), case_s=0.03,
                             case=1.1, drop_s=0.018, contact_s=0.0003, uneven=0.14, loudness=0.85, seconds=0.25),
}  # fmt: skip
_KINDS: Final = tuple(_MOVEMENTS.values())
_RUN_DOWN: Final = 0.05
# The air of a furnished room that is quiet enough to hear a clock in.
_AIR: Final = 0.012 * amplitude(
    (45, 6), (100, 3), (250, 0), (1_000, -6), (4_000, -14), (10e3, -20), (20e3, -40)
)
_TEETH: Final = 10
_TAKES: Final = 16
_SIDES: Final = 2
_ROOM_S: Final = 0.6
_ROOM_DB: Final = -7.0
# A beat wanders by this part of itself, from tooth to tooth and for longer.
_TOOTH: Final = 0.0025
_WANDER: Final = 0.0015


@dataclass(slots=True)
class _Clock:
    """What ticks, and where the wheel stands."""

    rng: Rng
    hits: Hits
    outlet: Outlet
    around: Surroundings
    teeth: list[float]
    wait: float
    beat: int
    wander: float
    struck: int


def _beat_sound(chance: np.random.Generator, kind: _Movement, wheel: Body, case: Body) -> Sound:
    """Make one beat: a pallet unlocks, a tooth drops on the other, both recoil."""
    sounds = []
    for begin_s, size in ((0.0, 0.4), (kind.drop_s, 1.0), (1.7 * kind.drop_s, 0.2)):
        at_s = begin_s * np.exp(chance.normal(0.0, 0.08))
        ring = strike_body(chance, wheel, contact_s=kind.contact_s, seconds=kind.seconds, scatter=0.3)
        body = strike_body(chance, case, contact_s=2.0 * kind.contact_s, seconds=kind.seconds, scatter=0.25)
        rub = scrape(chance, centre_hz=0.7 * kind.wheel_hz[1], octaves=0.8, rise_s=0.0002, decay_s=0.001,
                     seconds=0.008)  # fmt: skip
        loud = size * np.exp(chance.normal(0.0, 0.1))
        sounds += [
            (at_s, _peak1(ring), loud),
            (at_s, _peak1(body), kind.case * loud),
            (at_s, rub, 0.5 * loud),
        ]
    return _peak1(mixed(*sounds, seconds=kind.seconds + 2.0 * kind.drop_s))


def _peak1(sound: Sound) -> Sound:
    return np.asarray(sound / np.abs(sound).max())


def _movement_sounds(chance: np.random.Generator, kind: _Movement, room: Sound) -> list[Sound]:
    """Build one movement: its tick and its tock, each a few times."""
    case = draw_body(chance, low_hz=kind.case_hz[0], high_hz=kind.case_hz[1], modes=9, decay_s=kind.case_s,
                     damping=0.6, tilt_db=-1.0)  # fmt: skip
    sounds = []
    for side in range(_SIDES):
        lean = 1.0 - kind.uneven * side
        wheel = draw_body(chance, low_hz=lean * kind.wheel_hz[0], high_hz=lean * kind.wheel_hz[1], modes=10,
                          decay_s=kind.wheel_s, damping=0.4, tilt_db=0.0)  # fmt: skip
        size = kind.loudness * (1.0 - 2.0 * kind.uneven * side)
        sounds += [size * heard_in(room, _beat_sound(chance, kind, wheel, case)) for _ in range(_TAKES)]
    return sounds


# Only read, and wanted again wherever the same clock ticks twice.
@lru_cache(maxsize=4)
def _bank(seed: int) -> Bank:
    chance = np.random.default_rng(rng_state(seed, "clock", "movement"))
    room = draw_room(chance, decay_s=_ROOM_S, share_db=_ROOM_DB, seconds=0.5 * _ROOM_S)
    return bank_of([sound for kind in _MOVEMENTS.values() for sound in _movement_sounds(chance, kind, room)])


def _start(seed: int) -> _Clock:
    rng = rng_state(seed, "clock")
    return _Clock(
        rng=rng, hits=hits_state(_bank(seed), channels=1), outlet=outlet_state(1),
        around=surroundings_state(seed, "clock", air=_AIR),
        teeth=[_TOOTH * normal(rng) for _ in range(_TEETH)], wait=uniform(rng), beat=0, wander=0.0, struck=0,
    )  # fmt: skip


def _beat(clock: _Clock, at_s: float, size: float, strength: float) -> None:
    side = clock.beat % _SIDES
    gain = 10.0 ** ((20.0 * strength - 15.0 + 0.5 * normal(clock.rng)) / 20.0)
    for kind, share in shares(size, len(_KINDS)):
        first = (kind * _SIDES + side) * _TAKES
        hit_anew(
            clock.hits, clock.rng, range(first, first + _TAKES), frame=round(at_s * SAMPLE_RATE_HZ),
            gain=gain * np.sqrt(share),
        )  # fmt: skip
    clock.beat += 1


def _period(clock: _Clock, size: float) -> float:
    """Say how long the coming beat is, in beats: what a tooth, a lean and a worn bearing make of it."""
    rng, side, tooth = clock.rng, clock.beat % _SIDES, clock.beat // _SIDES % _TEETH
    clock.wander = 0.98 * clock.wander + 0.2 * _WANDER * normal(rng)
    lean = sum(share * _KINDS[k].uneven for k, share in shares(size, len(_KINDS))) * (0.5 - side)
    return 1.0 + lean + clock.teeth[tooth] + clock.wander + 0.4 * _TOOTH * normal(rng)


def _render(clock: _Clock, controls: Sequence[float], out: Samples) -> None:
    rate, size, strength, _, _ = controls
    breathe(clock.around, min(1.0, rate / _RUN_DOWN), out)
    for _ in range(clock.struck):
        _beat(clock, 0.0, size, strength)
    clock.struck = 0
    beats_hz = float(
        np.exp(sum(share * np.log(_KINDS[k].beats_hz) for k, share in shares(size, len(_KINDS))))
    )
    # In the middle a clock keeps time; at the end it runs twice as fast, and where it runs down it soon stands still.
    hz = beats_hz * 4.0 ** (rate - 0.5) * min(1.0, rate / _RUN_DOWN)
    block_beats = hz * BLOCK_FRAMES / SAMPLE_RATE_HZ
    while hz > 0.0 and clock.wait < block_beats:
        _beat(clock, clock.wait / hz, size, strength)
        clock.wait += _period(clock, size)
    clock.wait -= block_beats
    sound_hits(clock.hits, out)
    finish(out, 0.0, clock.outlet)


def _strike(clock: _Clock) -> None:
    clock.struck += 1


CLOCK: Final = Synth(
    name="clock",
    summary="A clock ticking, from a watch at the ear to the slow beat of a grandfather clock.",
    tags=("people", "indoor", "clock", "tick", "time", "room"),
    kind="point",
    controls=(
        Control(name="rate", default=0.5, smooth_s=0.5,
                at_0="it stands still; a tick sounds when struck", at_half="it keeps time",
                at_1="it races, twice as fast"),
        Control(name="size", default=0.6, smooth_s=0.0,
                at_0="a wrist watch", at_half="between an alarm clock and one on the mantelpiece",
                at_1="a grandfather clock",
                names=(("watch", 0.0), ("alarm", 0.34), ("mantel", 0.6), ("grandfather", 1.0))),
        Control(name="strength", default=0.7, smooth_s=0.3,
                at_0="hardly there", at_half="a clock that one forgets", at_1="every tick is heard"),
        *placed("at arm's length", "across the room", "from the next room"),
    ),
    reach=Reach(near_m=0.5, far_m=12.0, open_m=2.5),
    source="M. V. Headrick (2002), Origin and evolution of the anchor clock escapement; K. van den Doel & D. K. Pai "
           "(1998), The sounds of physical shapes.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
