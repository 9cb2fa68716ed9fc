"""Computer: a machine that thinks, by what its age lets one hear of it: coils, discs or relays; and it chatters."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp import impacts
from roomtone.dsp.agenda import Agenda, agenda_state, later, sound_agenda
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.choices import shares
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, exponential, normal, pareto, poisson, rng_state, uniform
from roomtone.dsp.shaft import Shaft, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.tones import Tones, begin, sound_tones, tones_state
from roomtone.synths.model import Control, Reach, Synth, placed

# Air through a grille full of chips; past spinning discs; through cabinets of relays.
_AIRS: Final = (
    amplitude(
        (45, -30), (150, -14), (400, -4), (1_200, 0), (3_000, -3), (7_000, -10), (14e3, -20), (20e3, -34)
    ),
    amplitude((45, -22), (150, -6), (350, 0), (900, -3), (2_500, -9), (6_000, -18), (20e3, -44)),
    amplitude((45, -14), (110, -2), (220, 0), (500, -6), (1_200, -14), (4_000, -28), (20e3, -54)),
)
_EVEN: Final = np.ones(BED_BANDS)
_MODERN, _DISCS, _RELAYS = range(3)
# How often each age takes a step of work at full load; how long it rests between phrases when it talks half the time.
_STEPS_HZ: Final = (14.0, 5.0, 4.0)
_REST_S: Final = 0.9
_GAIN: Final = 4.0

_TICKS: Final = (0, 8)
_CLACKS: Final = (8, 20)
_KNOCKS: Final = (20, 32)
_THUDS: Final = (32, 35)


@dataclass(slots=True)
class _Computer:
    """One machine.

    Attributes:
        task: how busy it is just now, in nepers: work comes in jobs, long and short.
        tongue: chance of what it says; song_s: how long the phrase that it is at goes on; rest_s: how much of a usual
            rest is left after it.
        coils_hz: (coils,) pitches at which this one's coils sing.
    """

    rng: Rng
    bed: Bed
    bands: Bands
    swell: Walks
    fan: Shaft
    disc: Shaft
    task: Walks
    tones: Tones
    things: Agenda
    coils_hz: NDArray[np.float64]
    tongue: Rng
    song_s: float
    rest_s: float
    outlet: Outlet


# Only read, and wanted again wherever the same machine stands.
@lru_cache(maxsize=4)
def _bank(seed: int) -> Bank:
    """Make what moves in it: heads over discs, relays, the keys of a teleprinter, its carriage."""
    chance = np.random.default_rng(rng_state(seed, "computer", "things"))
    case = impacts.draw_room(chance, decay_s=0.12, share_db=-3.0, seconds=0.1)
    kinds = ((_TICKS, 1_300.0, 6_500.0, 7, 0.004, 0.0004), (_CLACKS, 650.0, 7_000.0, 9, 0.007, 0.0003),
             (_KNOCKS, 170.0, 2_600.0, 10, 0.014, 0.0011), (_THUDS, 70.0, 900.0, 8, 0.05, 0.006))  # fmt: skip
    sounds = []
    for (first, last), low_hz, high_hz, modes, decay_s, contact_s in kinds:
        for _ in range(first, last):
            body = impacts.draw_body(chance, low_hz=low_hz * chance.uniform(0.8, 1.6), high_hz=high_hz, modes=modes,
                                     decay_s=decay_s, damping=0.5, tilt_db=-2.0)  # fmt: skip
            blow = impacts.strike_body(chance, body, contact_s=contact_s, seconds=10.0 * decay_s)
            sounds.append(_peak1(impacts.heard_in(case, _peak1(blow))))
    return bank_of(sounds)


def _peak1(sound: impacts.Sound) -> impacts.Sound:
    return np.asarray(sound / np.abs(sound).max())


def _start(seed: int) -> _Computer:
    rng = rng_state(seed, "computer")
    chance = np.random.default_rng(rng_state(seed, "computer", "who"))
    return _Computer(
        rng=rng,
        bed=bed_state(seed, "computer", channels=1),
        bands=bands_state(_AIRS, reaches=[_EVEN] * 3),
        swell=walks_state(rng, tau_s=np.array([30.0, 4.0, 0.3]), sigma=np.array([0.8, 0.5, 0.4])),
        fan=shaft_state(
            seed, "computer", "fan", orders=[1.0, 2.0, 7.0, 14.0, 21.0], levels_db=[-6, -9, 0, -8, -15],
            wobble=((8.0, 0.008), (0.4, 0.002)), restless_db=3.0, restless_s=1.5,
        ),
        disc=shaft_state(
            seed, "computer", "disc", orders=[1.0, 2.0, 3.0, 8.0, 24.0, 48.0], levels_db=[-3, 0, -8, -14, -22, -26],
            wobble=((20.0, 0.001),), restless_db=1.5, restless_s=3.0,
        ),
        task=walks_state(rng, tau_s=np.array([18.0, 3.0, 0.6]), sigma=np.array([0.4, 0.5, 0.5])),
        tones=tones_state(48, channels=1),
        things=agenda_state(_bank(seed), channels=1),
        coils_hz=2_600.0 * 4.0 ** chance.uniform(size=9),
        tongue=rng_state(seed, "computer", "talk"),
        song_s=0.0,
        rest_s=float(chance.exponential(0.5)),
        outlet=outlet_state(1),
    )  # fmt: skip


def _one_of(rng: Rng, kind: tuple[int, int]) -> int:
    return kind[0] + int(uniform(rng) * (kind[1] - kind[0]))


def _age(rng: Rng, age: float) -> int:
    """Pick of what age the next event is: in between, some are of either."""
    (first, share), *_ = shares(age, 3, pure=0.0)
    return first if uniform(rng) < share else min(first + 1, _RELAYS)


def _work(computer: _Computer, load: float, age: float) -> None:
    """Begin the steps of work of this block."""
    rng, things = computer.rng, computer.things
    busy = (0.03 + 0.97 * load**1.5) * float(np.exp(step_walks(rng, computer.task) - 0.3))
    kind = _age(rng, age)
    for _ in range(poisson(rng, _STEPS_HZ[kind] * busy * BLOCK_S)):
        if kind == _MODERN:
            # A coil sings at the pace at which a loop runs, until the loop is another.
            hz, hold_s = (
                computer.coils_hz[int(uniform(rng) * len(computer.coils_hz))],
                0.03 + 0.12 * exponential(rng),
            )
            begin(computer.tones, hz=hz * float(np.exp(0.01 * normal(rng))), level=0.006 * pareto(rng, 2.0, 5.0),
                  rise_s=0.012, hold_s=hold_s, fall_s=0.05, glide=0.05 * normal(rng), shimmer_hz=23.0, shimmer=0.6,
                  phase=uniform(rng))  # fmt: skip
        elif kind == _DISCS:
            at_s, gap_s, gain = 0.0, 0.008 + 0.03 * float(uniform(rng)), 0.022 * pareto(rng, 2.2, 2.6)
            for _ in range(1 + int(5.0 * exponential(rng))):
                later(things, at_s, _one_of(rng, _TICKS), gain * float(np.exp(0.4 * normal(rng))))
                at_s += gap_s * float(np.exp(0.3 * normal(rng)))
        else:
            at_s, gain = 0.0, 0.035 * pareto(rng, 2.2, 2.4)
            for _ in range(1 + int(3.0 * exponential(rng))):
                later(things, at_s, _one_of(rng, _CLACKS), gain * float(np.exp(0.4 * normal(rng))))
                at_s += 0.045 * float(np.exp(0.5 * normal(rng)))
            if uniform(rng) < 0.06:
                _wind(computer)


def _wind(computer: _Computer) -> None:
    """Let a reel of tape start, run and stop."""
    rng = computer.rng
    seconds, hz = 0.4 + 1.2 * float(exponential(rng)), 130.0 + 130.0 * float(uniform(rng))
    for k, gain in ((1.0, 1.0), (2.0, 0.8), (3.0, 0.5), (5.0, 0.35), (8.0, 0.2)):
        begin(computer.tones, hz=hz * k, level=0.012 * gain, rise_s=0.25, hold_s=seconds, fall_s=0.4,
              glide=0.5 / (0.5 + seconds), shimmer_hz=17.0, shimmer=0.4, phase=uniform(rng))  # fmt: skip
    later(computer.things, seconds + 0.4, _one_of(rng, _THUDS), 0.05)


def _talk(computer: _Computer, chatter: float, age: float) -> None:
    """Begin a phrase when the last is over and rested: so many signs in an alphabet that is forgotten afterwards."""
    rng = computer.tongue
    if computer.song_s > 0.0:
        computer.song_s -= BLOCK_S
        return
    computer.rest_s -= BLOCK_S / _REST_S * chatter / (1.02 - chatter)
    if computer.rest_s > 0.0:
        return
    computer.rest_s += 0.2 + 0.8 * float(exponential(rng))
    kind = _age(rng, age)
    burst = uniform(rng) < 0.35
    step_s = 0.02 if burst else 0.05 + 0.07 * float(uniform(rng))
    signs = 3 + int((18.0 if burst else 6.0) * exponential(rng))
    gain = float(np.exp(0.3 * normal(rng)))
    at_s = 0.0
    if kind == _RELAYS:
        for _ in range(min(signs, 40)):
            at_s += 0.085 * (1.0 + int(uniform(rng) < 0.18)) * float(np.exp(0.04 * normal(rng)))
            later(
                computer.things, at_s, _one_of(rng, _KNOCKS), 0.1 * gain * float(np.exp(0.25 * normal(rng)))
            )
        if uniform(rng) < 0.4:
            at_s += 0.3
            later(computer.things, at_s, _one_of(rng, _THUDS), 0.1 * gain)
    else:
        at_s = _send(computer, kind, min(signs, 40), step_s, gain)
    computer.song_s = at_s + 0.05


def _send(computer: _Computer, kind: int, signs: int, step_s: float, gain: float) -> float:
    """Send signs as tones: pure and thin from what is modern, with odd overtones from what is not; returns how long."""
    rng = computer.tongue
    low_hz = (1_500.0 if kind == _MODERN else 480.0) * 2.0 ** float(uniform(rng))
    alphabet = [low_hz * 2.2 ** float(uniform(rng)) for _ in range(2 + int(3.0 * uniform(rng)))]
    overtones = ((1.0, 0.02),) if kind == _MODERN else ((1.0, 0.028), (3.0, 0.011), (5.0, 0.005))
    sign, at_s = 0, 0.0
    for _ in range(signs):
        # A sign is more often followed by its neighbour, or by itself, than by any other.
        sign = (sign + int(2.4 * uniform(rng))) % len(alphabet)
        longer = 1.0 if step_s < 0.03 or uniform(rng) < 0.75 else 2.0
        if step_s < 0.03 or uniform(rng) < 0.85:
            for k, level in overtones:
                begin(computer.tones, hz=alphabet[sign] * k, level=gain * level, wait_s=at_s, rise_s=0.01,
                      hold_s=(0.45 * longer) * step_s, fall_s=0.03 if kind == _MODERN else 0.05)  # fmt: skip
        at_s += longer * step_s
    return at_s


def _render(computer: _Computer, controls: Sequence[float], out: Samples) -> None:
    load, chatter, age, _, _ = controls
    swell_db = step_walks(computer.rng, computer.swell)
    air_db = -45.0 + 22.0 * load + swell_db
    kinds = [0.0, 0.0, 0.0]
    for kind, share in shares(age, 3, pure=0.0):
        kinds[kind] = share
    air = 10.0 ** (air_db / 20.0)
    levels = (kinds[0] ** 0.5 * air, 1.1 * kinds[1] ** 0.5 * air, 1.6 * kinds[2] ** 0.5 * air)
    render_bed(computer.bed, layer_bands(computer.bands, levels), out)
    spin(computer.fan, hz=24.0 + 50.0 * load, level=0.16 * air, out=out)
    spin(
        computer.disc,
        hz=60.0 + 60.0 * kinds[_DISCS],
        level=0.006 * (kinds[_DISCS] + 0.7 * kinds[_RELAYS]),
        out=out,
    )
    _work(computer, load, age)
    _talk(computer, chatter, age)
    sound_agenda(computer.things, out)
    sound_tones(computer.tones, out)
    np.multiply(out, _GAIN, out=out)
    finish(out, 0.0, computer.outlet)


COMPUTER: Final = Synth(
    name="computer",
    summary="A machine that thinks: its fan, its coils, discs or relays at work, and signs that it sends in phrases.",
    tags=("designed", "science fiction", "server", "mainframe", "robot", "terminal"),
    kind="point",
    controls=(
        Control(name="load", default=0.4, smooth_s=2.0,
                at_0="idle: a fan, a step of work now and then", at_half="it works",
                at_1="it races: its fan roars, step upon step"),
        Control(name="chatter", default=0.4, smooth_s=1.0,
                at_0="mute", at_half="blips and bursts of data, in phrases", at_1="a stream of signs without a rest"),
        Control(name="age", default=0.3, smooth_s=2.0,
                at_0="solid state: coils that whine, thin tones", at_half="discs that seek, beeps",
                at_1="relays, reels of tape, a teleprinter's knocks",
                names=(("modern", 0.0), ("discs", 0.5), ("relays", 1.0))),
        *placed("at the desk", "across the room", "behind the racks at the far end"),
    ),
    reach=Reach(near_m=1.0, far_m=30.0, open_m=3.0),
    source="A. Farnell (2010), Designing Sound, machines and science fiction; R. H. Lyon (1987), Machinery noise and "
           "diagnostics.",
    start=_start,
    render=_render,
)  # fmt: skip
