"""Room tone: a quiet room, its air, the building behind it, a trace of mains, and things that settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp import impacts
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.hits import Hits, hit, hits_state, sound_hits
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, bipolar, exponential, normal, rng_state, uniform
from roomtone.dsp.shaft import Shaft, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude, curve
from roomtone.synths.model import Control, Reach, Synth, placed

# What is left of a street, a boiler and a stairwell after several walls; and the air that moves in the room.
_BUILDING: Final = amplitude((45, 0), (70, -2), (120, -7), (250, -17), (600, -30), (1_500, -44), (4_000, -60),
                             (20e3, -80))  # fmt: skip
_AIR: Final = amplitude((45, -4), (100, -2), (300, 0), (700, -5), (1_500, -11), (3_500, -18), (7_000, -25),
                        (13e3, -33), (20e3, -45))  # fmt: skip
# A closet swallows the lows that a hall is full of.
_LARGER_DB: Final = curve((45, 9), (120, 8), (300, 2), (1_000, -2), (4_000, -7), (20e3, -12))
_STEADY, _RESTLESS = np.full(BED_BANDS, 0.5), np.ones(BED_BANDS)
# How alike left and right are: a room's air comes from everywhere, its rumble through the floor.
_COHERENCE: Final = np.asarray(curve((60, 0.9), (200, 0.5), (700, 0.15), (20e3, 0.03)))

_MAINS_HZ: Final = 50.0
_MAINS: Final = ((1.0, -8.0), (2.0, 0.0), (3.0, -12.0), (4.0, -7.0), (6.0, -13.0), (8.0, -18.0), (10.0, -22.0),
                 (12.0, -21.0), (16.0, -28.0))  # fmt: skip
_CREAKS: Final = 14
_TICKS: Final = 14
_LOUD: Final = 0.12
_LATEST_S: Final = 0.99


@dataclass(slots=True)
class _Room:
    """One room.

    Attributes:
        rng: chance of what happens.
        lots: chance of when: a livelier room does all that a calmer one does, and more.
        touches: (s, sound, gain, pan) of what is still to come of creaks that began.
    """

    rng: Rng
    lots: Rng
    bed: Bed
    bands: Bands
    breath: Walks
    swells: Walks
    mains: Shaft
    hits: Hits
    stir: Walks
    touches: list[tuple[float, int, float, float]]
    outlet: Outlet


def _modes_db(chance: np.random.Generator) -> NDArray[np.float64]:
    """Draw the hills that a room puts on the lows: its own, up to some 6 dB, and none above."""
    hills = curve(*((hz, chance.normal(0.0, spread)) for hz, spread in
                    ((45, 3.5), (60, 3.5), (85, 3.5), (120, 3.0), (170, 2.5), (260, 2.0), (500, 1.2), (1_500, 0.8),
                     (6_000, 1.0))))  # fmt: skip
    return np.asarray(hills)


# Only read, and wanted again wherever the same room is entered twice.
@lru_cache(maxsize=4)
def _bank(seed: int) -> Bank:
    """Make what settles in this room: wood that gives way bit by bit, and ticks of pipes and of the window frame."""
    chance = np.random.default_rng(rng_state(seed, "room_tone", "things"))
    room = impacts.draw_room(chance, decay_s=0.5, share_db=2.0, seconds=0.3)
    boards = [
        impacts.draw_body(chance, low_hz=chance.uniform(180.0, 420.0), high_hz=2_600.0, modes=9, decay_s=0.006,
                          damping=0.6, tilt_db=-3.0)
        for _ in range(4)
    ]  # fmt: skip
    pipes = [
        impacts.draw_body(chance, low_hz=chance.uniform(700.0, 1_400.0), high_hz=5_500.0, modes=7, decay_s=0.012,
                          damping=0.5, tilt_db=-2.0)
        for _ in range(3)
    ]  # fmt: skip
    sounds = []
    for i in range(_CREAKS):
        slip = impacts.strike_body(chance, boards[i % len(boards)], contact_s=0.0012, seconds=0.05)
        sounds.append(_peak1(impacts.heard_in(room, _peak1(slip))))
    for i in range(_TICKS):
        tick = impacts.strike_body(chance, pipes[i % len(pipes)], contact_s=0.0002, seconds=0.08)
        sounds.append(_peak1(impacts.heard_in(room, _peak1(tick))))
    return bank_of(sounds)


def _peak1(sound: impacts.Sound) -> impacts.Sound:
    return np.asarray(sound / np.abs(sound).max())


def _start(seed: int) -> _Room:
    rng = rng_state(seed, "room_tone")
    chance = np.random.default_rng(rng_state(seed, "room_tone", "room"))
    own = 10.0 ** (_modes_db(chance) / 20.0)
    levels_db = np.array([level for _, level in _MAINS]) + chance.normal(0.0, 3.0, len(_MAINS))
    return _Room(
        rng=rng,
        lots=rng_state(seed, "room_tone", "lots"),
        bed=bed_state(seed, "room_tone", coherence=_COHERENCE),
        bands=bands_state([_BUILDING * own, _AIR * own], reaches=[_RESTLESS, _STEADY], tilts_db=[_LARGER_DB]),
        breath=walks_state(rng, tau_s=np.array([70.0, 12.0, 2.5]), sigma=np.array([0.7, 0.5, 0.3])),
        swells=walks_state(rng, tau_s=np.array([3.5] * 6), sigma=np.array([1.7] * 6)),
        mains=shaft_state(
            seed, "room_tone", orders=[order for order, _ in _MAINS], levels_db=levels_db,
            wobble=((20.0, 0.0003),), restless_db=0.8, restless_s=6.0,
            sides=np.exp(chance.normal(0.0, 0.25, (len(_MAINS), 2))),
        ),
        hits=hits_state(_bank(seed), channels=2),
        stir=walks_state(rng, tau_s=np.array([40.0]), sigma=np.array([0.4])),
        touches=[],
        outlet=outlet_state(2),
    )  # fmt: skip


def _settle(room: _Room, liveliness: float) -> None:
    """Begin what settles in this block: a creak is wood that slips many times, faster and slower; a tick is one."""
    rng = room.rng
    often = liveliness * liveliness * np.exp(step_walks(room.lots, room.stir))
    if uniform(room.lots) < 0.25 * often * BLOCK_S:
        pan, gain, gap_s = (
            0.9 * bipolar(rng),
            _LOUD * np.exp(0.4 * normal(rng)),
            0.022 * np.exp(0.5 * normal(rng)),
        )
        board, at_s = int(uniform(rng) * _CREAKS), 0.0
        slips = 2 + int(10.0 * exponential(rng))
        for k in range(min(slips, 40)):
            swell = np.sin(np.pi * (k + 1.0) / (slips + 1.0))
            room.touches.append((at_s, board, 0.5 * gain * swell * np.exp(0.4 * normal(rng)), pan))
            at_s += gap_s * (1.6 - swell) * np.exp(0.3 * normal(rng))
    if uniform(room.lots) < 1.3 * often * BLOCK_S:
        tick = _CREAKS + int(uniform(rng) * _TICKS)
        room.touches.append(
            (uniform(rng) * BLOCK_S, tick, 0.7 * _LOUD * np.exp(0.3 * normal(rng)), 0.9 * bipolar(rng))
        )


def _render(room: _Room, controls: Sequence[float], out: Samples) -> None:
    size, mains, liveliness, _, _ = controls
    breath = 10.0 ** (step_walks(room.rng, room.breath) / 20.0)
    step_walks(room.rng, room.swells)
    gains = layer_bands(room.bands, (0.38 * breath, 0.06 * breath), tilts=(size - 0.5,), stir_db=room.swells)
    render_bed(room.bed, gains, out)
    spin(room.mains, hz=_MAINS_HZ, level=0.05 * mains**1.5, out=out)
    _settle(room, liveliness)
    later = []
    for at_s, sound, gain, pan in room.touches:
        if at_s < _LATEST_S:
            hit(room.hits, sound, frame=round(at_s * SAMPLE_RATE_HZ), gain=gain, pan=pan)
        else:
            later.append((at_s - BLOCK_S, sound, gain, pan))
    room.touches = later
    sound_hits(room.hits, out)
    finish(out, 0.0, room.outlet)


ROOM_TONE: Final = Synth(
    name="room_tone",
    summary="A room in which nothing happens: still air, the building around it, a trace of mains, a creak.",
    tags=("people", "indoor", "quiet", "silence", "ambience", "interior"),
    kind="bed",
    controls=(
        Control(name="size", default=0.5, smooth_s=1.0,
                at_0="a closet: thin and dry, no depth", at_half="a living room",
                at_1="a hall: deep, the building hums through the floor"),
        Control(name="mains", default=0.3, smooth_s=1.0,
                at_0="no hum", at_half="a faint hum from behind a wall", at_1="an old transformer in the room"),
        Control(name="liveliness", default=0.3, smooth_s=1.0,
                at_0="nothing stirs", at_half="now and then something ticks", at_1="an old house that creaks all over"),
        *placed("in the room", "from the corridor", "from the far end of the house"),
    ),
    reach=Reach(near_m=2.0, far_m=30.0, open_m=5.0),
    source="T. Holman (2010), Sound for film and television, on room tone; L. L. Beranek (1957), noise criteria "
           "of rooms.",
    start=_start,
    render=_render,
)  # fmt: skip
