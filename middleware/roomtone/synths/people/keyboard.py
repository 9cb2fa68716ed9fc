"""Keyboard: two hands that write words, think, and correct themselves, on keys that click down and up."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.choices import shares
from roomtone.dsp.hits import Hits, hit_anew, hits_state, sound_hits
from roomtone.dsp.impacts import (
    Body,
    Sound,
    crumble,
    draw_body,
    draw_room,
    heard_in,
    mixed,
    scrape,
    strike_body,
)
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, exponential, normal, rng_state, uniform
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.surroundings import Surroundings, breathe, surroundings_state
from roomtone.synths.model import Control, Reach, Synth, placed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How keys of one kind sound: the switch clicks, the cap hits the plate, the case thuds, and it all comes back up.

    Attributes:
        cap_hz, cap_s: where cap and plate ring, and how long.
        case_hz, case_s, case_gain: the same of the case.
        contact_s: how soft the key lands.
        click_hz, click_gain: of the switch, or of what else gives way on the way down.
        travel_s: from the click to the landing.
        slap_gain: of the key on the plate, broad and over at once, against its ring.
        up_gain: of the key that comes back, against the landing.
        loudness: of it all.
        seconds: how long one key is heard.
    """

    cap_hz: tuple[float, float]
    cap_s: float
    case_hz: tuple[float, float]
    case_s: float
    case_gain: float
    contact_s: float
    click_hz: float
    click_gain: float
    travel_s: float
    slap_gain: float
    up_gain: float
    loudness: float
    seconds: float


_KINDS: Final = {
    "laptop": _Kind(cap_hz=(1_700, 6_500), cap_s=0.0016, case_hz=(450, 900), case_s=0.004, case_gain=0.14,
                    contact_s=0.0004, click_hz=3_400, click_gain=0.25, travel_s=0.003, slap_gain=1.25,
                    up_gain=0.3, loudness=0.21, seconds=0.03),
    "membrane": _Kind(cap_hz=(1_300, 5_600), cap_s=0.0026, case_hz=(400, 900), case_s=0.006, case_gain=0.16,
                      contact_s=0.0003, click_hz=2_600, click_gain=0.2, travel_s=0.004, slap_gain=1.25,
                      up_gain=0.4, loudness=0.375, seconds=0.04),
    "mechanical": _Kind(cap_hz=(2_260, 8_000), cap_s=0.00498, case_hz=(589, 1_056), case_s=0.023, case_gain=0.0355,
                        contact_s=0.0001, click_hz=8_900, click_gain=0.072, travel_s=0.0054, slap_gain=2.12,
                        up_gain=0.449, loudness=0.46, seconds=0.045),
    "typewriter": _Kind(cap_hz=(1_100, 9_500), cap_s=0.010, case_hz=(120, 700), case_s=0.014, case_gain=0.3,
                        contact_s=0.0001, click_hz=4_200, click_gain=0.8, travel_s=0.022, slap_gain=1.25,
                        up_gain=0.25, loudness=0.78, seconds=0.09),
}  # fmt: skip
# Twelve keys are enough to tell one from the next; the last two are the broad ones.
_KEYS: Final = 12
_SPACE, _RETURN = _KEYS - 2, _KEYS - 1
_TAKES: Final = 3
# How long one stroke is heard at most, without the room.
_STROKE_S: Final = 0.16
# What is loose in a key, and the finger on it, rattle for a moment on the way down and on the way up.
_RATTLE_S: Final = 0.00581
_RATTLE_DOWN, _RATTLE_UP = 0.656, 0.821
# Coming up it strikes the frame: the case answers more than the plate does.
_FRAME: Final = 4.7
# The desk under it all knocks, and it and the floor boom on: felt more than heard, and never at the same spot.
_KNOCK_HZ, _KNOCK_S, _KNOCK = 139.5, 0.0068, 0.0852
_DESK_HZ, _DESK_S, _DESK = 106.6, 0.154, 0.0582
# How unlike two strokes are, as natural logarithms: how cap and case are met, and how loud what sounds along is.
_CASE_IS_MET: Final = 0.2
_CAP_VARIES, _CASE_VARIES, _RATTLE_VARIES, _DESK_VARIES, _KEYS_VARY = 0.094, 0.155, 0.125, 0.33, 0.071
# What comes back of a click in a furnished room.
_ROOM_S: Final = 0.806
_ROOM_DB: Final = -14.4

# A room at work: the building and its ventilation, more felt than heard.
_AIR: Final = 0.00146 * amplitude(
    (45, 18), (100, 13.5), (150, 8.5), (200, 0.62), (260, 9.7), (340, -4.4), (440, -9.4), (600, -3.6), (800, -14.5),
    (1_500, -15.2), (5_000, -18), (10e3, -22), (20e3, -40),
)  # fmt: skip

# How people write. Source: Dhakal et al. (2018), Observations on typing from 136 million keystrokes.
_GAP_S, _GAP_VARIES = 0.25, 0.3
_HOLD_S, _HOLD_VARIES = 0.0737, 0.498
# Two keys of different hands overlap: the second comes at once.
_ROLLS, _ROLLED = 0.25, 0.45
# What is wrong is taken back at an even pace, by the same key, and looked at.
_SLIPS, _MOST_WRONG = 0.015, 3
_BACK_S, _LOOK_S = 0.2, 0.3
# Words that the hands know come in one run, others letter by letter.
_WORD_ENDS, _TEMPO_VARIES = 0.18, 0.2
# How much harder one stroke is than the next.
_STROKES_DB: Final = 3.2
# After some words one thinks for a moment, after every sentence for longer: at least, on average beyond that, at most.
_THINKS, _THOUGHT_S, _MOST_THOUGHT = 0.25, 0.373, 2.5
_SENTENCE_ENDS, _REST_S, _THOUGHT_AFTER_S, _MOST_AFTER = 0.09, 0.727, 0.648, 2.0
_HARDEST: Final = 0.65
# The hand's clock runs at this many times the control.
_FASTEST: Final = 1.6


@dataclass(slots=True)
class _Keyboard:
    """What is struck, and where the hands are in what they write.

    How a key is met is a chance of its own, so that nobody writes otherwise on another keyboard.
    """

    rng: Rng
    chance: Rng
    hits: Hits
    outlet: Outlet
    around: Surroundings
    wait_s: float
    tempo: float
    mistakes: int
    struck: int


def _land(chance: np.random.Generator, kind: _Kind, cap: Body, case: Body) -> Sound:
    click = scrape(chance, centre_hz=kind.click_hz, octaves=0.7, rise_s=0.0, decay_s=0.0009, seconds=0.01)
    slap = scrape(chance, centre_hz=2_600.0, octaves=1.4, rise_s=0.0001, decay_s=0.0015, seconds=0.015)
    ring = strike_body(chance, cap, contact_s=kind.contact_s, seconds=kind.seconds, scatter=_CAP_VARIES)
    thud = _thud(chance, kind, case)
    travel_s = kind.travel_s * chance.uniform(0.7, 1.3)
    return mixed(
        (0.0, click, kind.click_gain), (travel_s, slap, kind.slap_gain), (travel_s, ring / _peak(ring), 1.0),
        (travel_s, thud, kind.case_gain * _about(chance, _CASE_VARIES)),
        (0.4 * travel_s, _rattle(chance, kind), _RATTLE_DOWN * _about(chance, _RATTLE_VARIES)),
        (travel_s, _knock(chance), _KNOCK * _about(chance, _DESK_VARIES)),
        (travel_s, _desk(chance), _DESK * _about(chance, _DESK_VARIES)),
        seconds=_STROKE_S,
    )  # fmt: skip


def _return(chance: np.random.Generator, kind: _Kind, cap: Body, case: Body) -> Sound:
    """Let a key come up: lighter, brighter, without the desk."""
    click = scrape(
        chance, centre_hz=1.2 * kind.click_hz, octaves=0.7, rise_s=0.0, decay_s=0.0008, seconds=0.01
    )
    ring = strike_body(chance, cap, contact_s=0.5 * kind.contact_s, seconds=kind.seconds)
    thud = _thud(chance, kind, case)
    return kind.up_gain * mixed(
        (0.0, click, kind.click_gain), (0.004, ring / _peak(ring), 1.0),
        (0.004, thud, _FRAME * kind.case_gain),
        (0.0, _rattle(chance, kind), _RATTLE_UP * _about(chance, _RATTLE_VARIES)),
        seconds=_STROKE_S,
    )  # fmt: skip


def _thud(chance: np.random.Generator, kind: _Kind, case: Body) -> Sound:
    thud = strike_body(chance, case, contact_s=0.0012, seconds=kind.seconds, scatter=_CASE_IS_MET)
    return thud / _peak(thud)


def _rattle(chance: np.random.Generator, kind: _Kind) -> Sound:
    return crumble(
        chance, grains=12, low_hz=0.6 * kind.cap_hz[0], high_hz=0.8 * kind.cap_hz[1], grain_s=0.00187,
        rise_s=0.3 * _RATTLE_S, decay_s=_RATTLE_S, seconds=5.0 * _RATTLE_S,
    )  # fmt: skip


def _knock(chance: np.random.Generator) -> Sound:
    return scrape(
        chance, centre_hz=_KNOCK_HZ, octaves=1.3, rise_s=0.001, decay_s=_KNOCK_S, seconds=5.0 * _KNOCK_S
    )


def _desk(chance: np.random.Generator) -> Sound:
    hz = _DESK_HZ * np.exp(chance.normal(0.0, 0.2))
    return scrape(chance, centre_hz=hz, octaves=0.3, rise_s=0.004, decay_s=_DESK_S, seconds=5.0 * _DESK_S)


def _about(chance: np.random.Generator, varies: float) -> float:
    return float(np.exp(chance.normal(0.0, varies)))


def _peak(sound: Sound) -> float:
    return float(np.abs(sound).max())


def _keys(chance: np.random.Generator, kind: _Kind, room: Sound) -> list[Sound]:
    """Build one keyboard: every key with its takes down and up."""
    case = draw_body(chance, low_hz=kind.case_hz[0], high_hz=kind.case_hz[1], modes=5, decay_s=kind.case_s)
    sounds = []
    for key in range(_KEYS):
        broad = key >= _SPACE
        low, high = (hz * (0.7 if broad else 1.0) for hz in kind.cap_hz)
        cap = draw_body(
            chance, low_hz=low, high_hz=high, modes=9, decay_s=kind.cap_s, damping=0.2, tilt_db=1.5
        )
        size = kind.loudness * (1.3 if broad else 1.0) * _about(chance, _KEYS_VARY)
        for make in (_land, _return):
            sounds += [size * heard_in(room, make(chance, kind, cap, case)) for _ in range(_TAKES)]
    return sounds


# Only read, and wanted again wherever the same keyboard sounds twice.
@lru_cache(maxsize=4)
def _bank(seed: int) -> Bank:
    chance = np.random.default_rng(rng_state(seed, "keyboard", "keys"))
    room = draw_room(chance, decay_s=_ROOM_S, share_db=_ROOM_DB, seconds=0.4 * _ROOM_S)
    return bank_of([sound for kind in _KINDS.values() for sound in _keys(chance, kind, room)])


def _start(seed: int) -> _Keyboard:
    hits, outlet = hits_state(_bank(seed), channels=1), outlet_state(1)
    around = surroundings_state(seed, "keyboard", air=_AIR)
    return _Keyboard(
        rng=rng_state(seed, "keyboard"), chance=rng_state(seed, "keyboard", "chance"), hits=hits, outlet=outlet,
        around=around, wait_s=0.0, tempo=1.0, mistakes=0, struck=0,
    )  # fmt: skip


def _press(keyboard: _Keyboard, key: int, at_s: float, kind: float, force: float) -> None:
    """Press a key and let go of it, with the sound of the kinds that lie to either side."""
    rng = keyboard.rng
    loud = 10.0 ** ((12.0 * force - 12.0 + _STROKES_DB * normal(rng)) / 20.0)
    # The hardest strokes crowd below what a key can bear, whole, instead of being cut off at the top.
    loud /= np.cbrt(1.0 + (loud / _HARDEST) ** 3)
    up_s = at_s + _HOLD_S * np.exp(_HOLD_VARIES * normal(rng))
    for k, share in shares(kind, len(_KINDS)):
        down = (k * _KEYS + key) * 2 * _TAKES
        for first, then_s in ((down, at_s), (down + _TAKES, up_s)):
            takes, frame = range(first, first + _TAKES), round(then_s * SAMPLE_RATE_HZ)
            hit_anew(keyboard.hits, keyboard.chance, takes, frame=frame, gain=loud * np.sqrt(share))


def _write(keyboard: _Keyboard) -> tuple[int, float]:
    """Say which key comes next, and how long it is until the one after it."""
    rng = keyboard.rng
    gap_s = _GAP_S * keyboard.tempo * np.exp(_GAP_VARIES * normal(rng))
    if keyboard.mistakes > 0:
        keyboard.mistakes -= 1
        return 0, _BACK_S + (_LOOK_S * exponential(rng) if keyboard.mistakes == 0 else 0.0)
    if uniform(rng) > _WORD_ENDS:
        rolls = uniform(rng) < _ROLLS
        if uniform(rng) < _SLIPS:
            keyboard.mistakes = 1 + int(_MOST_WRONG * uniform(rng))
        return 1 + int(uniform(rng) * (_SPACE - 1)), gap_s * (_ROLLED if rolls else 1.0)
    keyboard.tempo = float(np.exp(_TEMPO_VARIES * normal(rng)))
    if uniform(rng) > _SENTENCE_ENDS:
        thinks = uniform(rng) < _THINKS
        return _SPACE, gap_s + (_THOUGHT_S * min(_MOST_THOUGHT, exponential(rng)) if thinks else 0.0)
    return _RETURN, gap_s + _REST_S + _THOUGHT_AFTER_S * min(_MOST_AFTER, exponential(rng))


def _render(keyboard: _Keyboard, controls: Sequence[float], out: Samples) -> None:
    rate, kind, force, _, _ = controls
    breathe(keyboard.around, min(1.0, rate / 0.2), out)
    for _ in range(keyboard.struck):
        _press(keyboard, 1 + int(uniform(keyboard.rng) * (_SPACE - 1)), 0.0, kind, force)
    keyboard.struck = 0
    block_s = BLOCK_FRAMES / SAMPLE_RATE_HZ
    pace = _FASTEST * rate * rate
    while pace > 0.0 and keyboard.wait_s < pace * block_s:
        key, gap_s = _write(keyboard)
        _press(keyboard, key, keyboard.wait_s / pace, kind, force)
        keyboard.wait_s += gap_s
    keyboard.wait_s -= pace * block_s
    sound_hits(keyboard.hits, out)
    finish(out, 0.0, keyboard.outlet)


def _strike(keyboard: _Keyboard) -> None:
    keyboard.struck += 1


KEYBOARD: Final = Synth(
    name="keyboard",
    summary="Someone typing: words, pauses and corrections, on a laptop, a keyboard or a typewriter.",
    tags=("people", "office", "typing", "indoor", "computer"),
    kind="point",
    controls=(
        Control(name="rate", default=0.7, smooth_s=0.5,
                at_0="nobody writes; a key sounds when struck", at_half="unhurried, with pauses to think",
                at_1="as fast as fingers go, as if against time"),
        Control(name="kind", default=0.72, smooth_s=0.0,
                at_0="the flat keys of a laptop", at_half="a board of firm switches",
                at_1="a typewriter, hammering",
                names=(("laptop", 0.0), ("membrane", 0.41), ("mechanical", 0.72), ("typewriter", 1.0))),
        Control(name="force", default=0.5, smooth_s=0.2,
                at_0="fingertips that hardly touch", at_half="an ordinary hand", at_1="in anger"),
        *placed("at the same desk", "across the room", "at the other end of the office"),
    ),
    reach=Reach(near_m=0.7, far_m=20.0, open_m=3.0),
    source="V. Dhakal et al. (2018), Observations on typing from 136 million keystrokes; K. van den Doel & "
           "D. K. Pai (1998), The sounds of physical shapes.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
