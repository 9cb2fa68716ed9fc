"""Spacecraft: a hull that hums in beating modes, air that surges, systems at work, and damage that groans and tears."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, Samples
from roomtone.dsp.agenda import Agenda, agenda_state, later, sound_agenda
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.crackle import Crackle, crackle, crackle_state
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, bipolar, exponential, normal, pareto, poisson, rng_state, uniform
from roomtone.dsp.shaft import Shaft, shaft_state, spin
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude, curve
from roomtone.dsp.tones import Tones, begin, sound_tones, tones_state
from roomtone.synths.designed import hull
from roomtone.synths.model import Control, Reach, Synth, placed

# What the drive leaves of itself after a hundred metres of steel, and the air that is blown through the cabin.
_HULL: Final = amplitude(
    (45, -6), (80, -2), (140, -4), (300, -13), (700, -25), (2_000, -42), (8_000, -62), (20e3, -80)
)
_AIR: Final = amplitude((45, -26), (120, -12), (260, -4), (450, 0), (900, -3), (1_600, -8), (3_500, -15), (8_000, -25),
                        (20e3, -42))  # fmt: skip
_LEAK: Final = amplitude(
    (45, -80), (1_000, -40), (2_500, -14), (4_500, -2), (7_000, 0), (11e3, -3), (20e3, -15)
)
# A drive that burns is heard further up; how far the hull trembles with it, by band.
_BURN_DB: Final = curve((45, 0), (100, 2), (300, 8), (900, 12), (3_000, 9), (20e3, 0))
_TREMBLES: Final = curve((45, 1), (300, 1), (900, 0.5), (3_000, 0.2), (20e3, 0))
_SURGES: Final = curve((45, 0), (200, 0.3), (900, 0.5), (3_000, 0.5), (20e3, 0.4))
_SPITS: Final = curve((45, 0), (1_500, 0), (4_000, 0.7), (20e3, 0.7))

# Modes of the hull over the lowest: pairs that are hardly apart, so that each swells and sinks at its own pace.
_MODES: Final = np.array([1.0, 1.009, 1.52, 1.531, 2.07, 2.093, 2.74, 3.31, 3.33, 4.6])
_MODES_DB: Final = np.array([-6.0, -7.5, -4.0, -6.0, -7.0, -9.0, -12.0, -15.0, -17.0, -21.0])
_ADRIFT_HZ, _BURN_HZ = 27.0, 46.0
_PLACES: Final = 8
# How often relays, servos and pumps are at work when everything is.
_USUAL_HZ: Final = np.array([3.0, 0.55, 0.16])
_OCTAVES: Final = 5.0


@dataclass(slots=True)
class _Ship:
    """One ship.

    Attributes:
        hum: what the hull rings with; whine: the drive itself.
        breath, surges, tremble, leak: slow and quick life of what is blown and shaken.
        stir_db: (places, 1) what `tremble` and `surges` come to, for the bed.
        crew: chance of relays, servos and pumps, each its own; due_s: until the next of each, at its usual pace.
    """

    rng: Rng
    bed: Bed
    bands: Bands
    hum: Shaft
    whine: Shaft
    breath: Walks
    surges: Walks
    tremble: Walks
    leak: Walks
    stir_db: NDArray[np.float64]
    crew: tuple[Rng, ...]
    due_s: NDArray[np.float64]
    things: Agenda
    tones: Tones
    sparks: Crackle
    outlet: Outlet


def _start(seed: int) -> _Ship:
    rng = rng_state(seed, "spacecraft")
    chance = np.random.default_rng(rng_state(seed, "spacecraft", "hull"))
    modes = _MODES * np.exp(chance.normal(0.0, 0.004, len(_MODES)))
    modes[2:] *= np.repeat(np.exp(chance.normal(0.0, 0.07, 4)), 2)
    return _Ship(
        rng=rng,
        bed=bed_state(seed, "spacecraft"),
        bands=bands_state([_HULL, _AIR, _LEAK], reaches=[_TREMBLES, _SURGES, _SPITS], tilts_db=[_BURN_DB]),
        hum=shaft_state(
            seed, "spacecraft", "hum", orders=modes, levels_db=_MODES_DB + chance.normal(0.0, 2.0, len(_MODES)),
            wobble=((30.0, 0.04), (6.0, 0.012)), restless_db=3.5, restless_s=7.0,
            sides=np.exp(chance.normal(0.0, 0.3, (len(_MODES), 2))),
        ),
        whine=shaft_state(
            seed, "spacecraft", "whine", orders=[1.0, 1.006, 2.01, 3.98, 5.03], levels_db=[-4, -7, -9, -15, -18],
            wobble=((20.0, 0.02), (1.0, 0.003)), restless_db=4.0, restless_s=3.0,
            sides=np.exp(chance.normal(0.0, 0.4, (5, 2))),
        ),
        breath=walks_state(rng, tau_s=np.array([40.0, 9.0]), sigma=np.array([1.2, 1.2])),
        surges=walks_state(rng, tau_s=np.full(_PLACES, 4.5), sigma=np.full(_PLACES, 2.5)),
        tremble=walks_state(rng, tau_s=np.full(_PLACES, 0.035), sigma=np.full(_PLACES, 4.0)),
        leak=walks_state(rng, tau_s=np.array([15.0, 1.5, 0.06]), sigma=np.array([1.5, 1.2, 1.5])),
        stir_db=np.zeros((_PLACES, 1)),
        crew=tuple(rng_state(seed, "spacecraft", "systems", kind) for kind in range(len(_USUAL_HZ))),
        due_s=chance.exponential(1.0, len(_USUAL_HZ)),
        things=agenda_state(hull.hull_bank(seed), channels=2),
        tones=tones_state(48, channels=2),
        sparks=crackle_state(seed, "spacecraft", channels=2),
        outlet=outlet_state(2),
    )  # fmt: skip


def _one_of(rng: Rng, kind: tuple[int, int]) -> int:
    return kind[0] + int(uniform(rng) * (kind[1] - kind[0]))


def _work(ship: _Ship, systems: float) -> None:
    """Begin what works in this block: relays in short rows, servos that turn and stop, a pump that runs a while."""
    things = ship.things
    # Each step of it is so many times more; at its foot it goes on to nothing.
    ship.due_s -= _USUAL_HZ * BLOCK_S * 2.0 ** (_OCTAVES * (systems - 1.0)) * min(1.0, 12.0 * systems)
    due = ship.due_s <= 0.0
    ship.due_s[due] += [0.35 + 0.65 * exponential(ship.crew[kind]) for kind in np.flatnonzero(due)]
    if due[0]:
        rng = ship.crew[0]
        at_s, gap_s, pan = 0.0, 0.03 + 0.11 * float(uniform(rng)), 0.9 * bipolar(rng)
        for _ in range(1 + int(1.6 * exponential(rng))):
            later(things, at_s, _one_of(rng, hull.RELAYS), 0.06 * pareto(rng, 2.5, 3.0), pan)
            at_s += gap_s * float(np.exp(0.25 * normal(rng)))
    if due[1]:
        _turn_servo(ship)
    if due[2]:
        rng = ship.crew[2]
        thump, pan, strokes = _one_of(rng, hull.THUMPS), 0.8 * bipolar(rng), 6 + int(16 * uniform(rng))
        at_s, gap_s = 0.0, 0.22 + 0.4 * float(uniform(rng))
        for k in range(strokes):
            swell = min(1.0, 0.3 * (k + 1), 0.3 * (strokes - k))
            later(things, at_s, thump, 0.12 * swell * float(np.exp(0.2 * normal(rng))), pan)
            at_s += gap_s * float(np.exp(0.03 * normal(rng)))


def _turn_servo(ship: _Ship) -> None:
    rng = ship.crew[1]
    seconds, hz = 0.25 + 0.9 * float(uniform(rng)), 240.0 * 4.0 ** float(uniform(rng))
    glide, pan = (
        (0.3 + 0.7 * uniform(rng)) * (1.0 if uniform(rng) < 0.6 else -1.0) / seconds,
        0.8 * bipolar(rng),
    )
    for k, gain in ((1.0, 0.7), (2.0, 1.0), (3.0, 0.5), (7.03, 0.3)):
        begin(ship.tones, hz=hz * k, level=0.011 * gain, rise_s=0.3 * seconds, hold_s=0.6 * seconds, fall_s=0.12,
              pan=pan, glide=glide, shimmer_hz=21.0, shimmer=0.3, phase=uniform(rng))  # fmt: skip
    later(ship.things, seconds, _one_of(rng, hull.RELAYS), 0.06, pan)


def _suffer(ship: _Ship, damage: float) -> None:
    """Begin what gives way in this block: a groan of beams that stick and slip, then plates that tear."""
    rng, things = ship.rng, ship.things
    for _ in range(poisson(rng, 0.4 * damage**1.3 * BLOCK_S)):
        _groan(ship, damage)
    for _ in range(poisson(rng, 0.35 * damage**3 * BLOCK_S)):
        # One slip lets the next come sooner, until the plate is through.
        at_s, gap_s, pan = 0.0, 0.06 + 0.05 * float(uniform(rng)), 0.9 * bipolar(rng)
        plate, slips = _one_of(rng, hull.SHRIEKS), 12 + int(40 * uniform(rng))
        for k in range(slips):
            sound = plate if uniform(rng) < 0.7 else _one_of(rng, hull.SHRIEKS)
            gain = 0.09 * np.sin(np.pi * (k + 1.0) / (slips + 1.0)) * float(np.exp(0.5 * normal(rng)))
            later(things, at_s, sound, gain, pan)
            gap_s = max(0.011, gap_s * (0.95 + 0.04 * float(normal(rng))))
            at_s += gap_s * float(np.exp(0.3 * normal(rng)))
        if uniform(rng) < 0.6:
            later(things, at_s, _one_of(rng, hull.BOOMS), 0.35, 0.5 * bipolar(rng))


def _groan(ship: _Ship, damage: float) -> None:
    rng = ship.rng
    hz, seconds = 62.0 * 4.0 ** float(uniform(rng)), 0.8 + 1.2 * float(exponential(rng))
    pan, sinks = 0.8 * bipolar(rng), -0.35 * float(uniform(rng)) + 0.12
    stick_hz = 7.0 + 13.0 * float(uniform(rng))
    for k in range(7):
        ratio = (1.0 + 0.87 * k) * float(np.exp(0.05 * normal(rng)))
        begin(ship.tones, hz=hz * ratio, level=(0.03 + 0.05 * damage) * 0.75**k * float(np.exp(0.4 * normal(rng))),
              wait_s=0.2 * float(uniform(rng)), rise_s=0.4 * seconds, hold_s=0.3 * seconds, fall_s=1.5 * seconds,
              pan=min(max(pan + 0.2 * bipolar(rng), -1.0), 1.0), glide=sinks / seconds + 0.02 * normal(rng),
              shimmer_hz=stick_hz * (1.0 + 0.04 * normal(rng)), shimmer=0.85, phase=uniform(rng))  # fmt: skip


def _creak(ship: _Ship, power: float) -> None:
    """A hull that no drive warms ticks as it cools; one that is driven hard rattles."""
    rng = ship.rng
    for _ in range(poisson(rng, 0.35 * (1.0 - power) ** 1.5 * BLOCK_S)):
        at_s, pan = 0.0, 0.9 * bipolar(rng)
        for _ in range(1 + int(0.8 * exponential(rng))):
            later(ship.things, at_s, _one_of(rng, hull.TICKS), 0.03 * pareto(rng, 1.8, 5.0), pan)
            at_s += 0.15 + 0.4 * float(uniform(rng))
    for _ in range(poisson(rng, 9.0 * power**5 * BLOCK_S)):
        at_s, tick, pan = 0.0, _one_of(rng, hull.TICKS), 0.9 * bipolar(rng)
        for _ in range(2 + int(3.0 * exponential(rng))):
            later(ship.things, at_s, tick, 0.02 * float(np.exp(0.5 * normal(rng))), pan)
            at_s += 0.05 * float(np.exp(0.35 * normal(rng)))


def _render(ship: _Ship, controls: Sequence[float], out: Samples) -> None:
    power, systems, damage, _, _ = controls
    rng = ship.rng
    breath_db = step_walks(rng, ship.breath)
    step_walks(rng, ship.surges)
    step_walks(rng, ship.tremble)
    leak_db = step_walks(rng, ship.leak)
    ship.stir_db[:, 0] = ship.surges[:, 0] + power**2 * ship.tremble[:, 0]
    drive = 10.0 ** ((-30.0 + 33.0 * power + 0.5 * breath_db) / 20.0)
    air = 10.0 ** ((-40.0 + 14.0 * power + breath_db) / 20.0)
    leak = min(1.0, 3.0 * damage) * 10.0 ** ((-44.0 + 22.0 * damage + leak_db) / 20.0)
    gains = layer_bands(
        ship.bands, (0.5 * drive, 2.0 * air, leak), tilts=(power - 0.4,), stir_db=ship.stir_db
    )
    render_bed(ship.bed, gains, out)
    hum_hz = _ADRIFT_HZ * (_BURN_HZ / _ADRIFT_HZ) ** power
    spin(ship.hum, hz=hum_hz, level=10.0 ** ((-46.0 + 28.0 * power**0.7) / 20.0), out=out)
    spin(
        ship.whine,
        hz=6.1 * hum_hz,
        level=10.0 ** ((-56.0 + 22.0 * power) / 20.0) * min(1.0, 4.0 * power),
        out=out,
    )
    _creak(ship, power)
    _work(ship, systems)
    _suffer(ship, damage)
    sound_agenda(ship.things, out)
    sound_tones(ship.tones, out)
    hurt = damage * damage
    crackle(
        ship.sparks, flurries_hz=2.4 * hurt * damage, dust_hz=40.0 * hurt, pops_hz=0.4 * hurt, gain=0.12 * damage,
        smallness=0.95, out=out,
    )  # fmt: skip
    finish(out, 0.0, ship.outlet)


SPACECRAFT: Final = Synth(
    name="spacecraft",
    summary="Inside a ship in space: a hull that hums and beats, moving air, systems at work, damage that tears.",
    tags=("designed", "science fiction", "spaceship", "station", "bridge", "engine"),
    kind="bed",
    controls=(
        Control(name="power", default=0.45, smooth_s=4.0,
                at_0="adrift: only the hull ticks as it cools", at_half="under way",
                at_1="full burn: everything trembles"),
        Control(name="systems", default=0.3, smooth_s=2.0,
                at_0="silent", at_half="relays, a pump, a servo now and then", at_1="everything works at once"),
        Control(name="damage", default=0.0, smooth_s=1.0,
                at_0="sound", at_half="beams groan and a leak hisses", at_1="metal tears, showers of sparks"),
        *placed("on the bridge", "a deck further down", "from the other end of the ship"),
    ),
    reach=Reach(near_m=2.0, far_m=60.0, open_m=4.0),
    source="J. R. Goodman (2003), International Space Station acoustics; N. H. Fletcher & T. D. Rossing (1998), modes "
           "of shells; A. Farnell (2010), Designing Sound, creaking and stick-slip.",
    start=_start,
    render=_render,
)  # fmt: skip
