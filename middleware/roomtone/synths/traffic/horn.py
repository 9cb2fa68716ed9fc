"""Horns: taps and long blasts of cars, lorries and ships, each another vehicle, now and then or when struck."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.random import Rng, bipolar, exponential, normal, rng_state, uniform
from roomtone.dsp.reeds import Reed, reed_state, sound_reed
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.space import Space, place, space_state
from roomtone.synths.model import Control, Reach, Synth, placed

_HORNS: Final = 3
_REEDS: Final = 3
_MOST_PER_S: Final = 0.45
_FALL_S: Final = 0.045

# From a car's discs over a lorry's trumpets to a ship's diaphragm, along `kind`: what the reading stands on.
_KINDS: Final = (0.0, 0.5, 1.0)
_LOW_HZ: Final = (410.0, 170.0, 82.0)
_CHORD: Final = ((1.0, 1.26, 2.0), (1.0, 1.26, 1.5), (1.0, 1.19, 1.5))
_EDGE: Final = (0.86, 0.93, 0.95)
_BELL_HZ: Final = (2_900.0, 1_150.0, 420.0)
_BELL: Final = (0.5, 0.6, 0.7)
_BREATH: Final = (0.0, 0.2, 0.2)
_RISE_S: Final = (0.012, 0.05, 0.3)
# How far below its pitch a horn begins and ends, as the air comes and goes.
_SAG: Final = (0.004, 0.03, 0.05)
# A battery or a tank gives a little more or less each time.
_STRAY: Final = 0.004
# No disc and no reed holds its pitch for long: each wanders by itself, by some three hundredths of a semitone.
_WANDER, _WANDER_S = 0.0018, 0.25
_TAP_S: Final = (0.14, 0.5, 2.2)
_HOLD_S: Final = (1.6, 3.0, 7.0)


@dataclass(frozen=True, slots=True)
class _Make:
    """What a horn is like, by its kind: how soon it speaks, how it sags, and its timbre."""

    rise_s: float
    sag: float
    edge: float
    bell: float
    bell_hz: float
    breath: float
    shares: tuple[float, ...]


@dataclass(slots=True)
class _Blast:
    """One horn: what it is, and the presses still to come, as (seconds until, seconds long, pitch)."""

    reeds: tuple[Reed, ...]
    wander: Walks
    presses: list[tuple[float, float, float]] = field(default_factory=list)
    make: _Make | None = None
    hz: tuple[float, ...] = (400.0, 500.0, 800.0)
    pitch: float = 1.0
    loud: float = 0.0
    dull: float = 1.0
    pressure: float = 0.0


@dataclass(slots=True)
class _Horn:
    rng: Rng
    battery: Rng
    blasts: tuple[_Blast, ...]
    wait: float
    struck: int
    next: int
    line: Samples
    space: Space
    outlet: Outlet


def _blast(seed: int, horn: int) -> _Blast:
    return _Blast(
        reeds=tuple(reed_state(seed, "horn", horn, reed) for reed in range(_REEDS)),
        wander=walks_state(
            rng_state(seed, "horn", horn, "wander"),
            tau_s=np.full(_REEDS, _WANDER_S),
            sigma=np.full(_REEDS, _WANDER),
        ),
    )


def _start(seed: int) -> _Horn:
    rng = rng_state(seed, "horn")
    return _Horn(
        rng=rng,
        battery=rng_state(seed, "horn", "battery"),
        blasts=tuple(_blast(seed, i) for i in range(_HORNS)),
        wait=0.3 * uniform(rng),
        struck=0,
        next=0,
        line=np.zeros((BLOCK_FRAMES, 1), np.float32),
        space=space_state(1),
        outlet=outlet_state(1),
    )


def _strike(horn: _Horn) -> None:
    horn.struck += 1


def _of_kind(values: tuple[float, ...], kind: float) -> float:
    return float(np.interp(kind, _KINDS, values))


def _make(kind: float) -> _Make:
    return _Make(
        rise_s=_of_kind(_RISE_S, kind),
        sag=_of_kind(_SAG, kind),
        edge=_of_kind(_EDGE, kind),
        bell=_of_kind(_BELL, kind),
        bell_hz=_of_kind(_BELL_HZ, kind),
        breath=_of_kind(_BREATH, kind),
        # Cars have two notes; lorries and ships a third, softer one. The first one's pulses point against the others',
        # so that rounded peaks leave no offset.
        shares=(1.0, -0.96, min(1.0, 2.0 * kind) * -0.5),
    )


def _press(horn: _Horn, kind: float, insistence: float) -> None:
    """Let the next vehicle sound its horn: another pitch, another place, another temper."""
    rng, blast = horn.rng, horn.blasts[horn.next]
    if blast.presses or blast.pressure > 0.0:
        return
    horn.next = (horn.next + 1) % _HORNS
    low_hz = math.exp(np.interp(kind, _KINDS, np.log(_LOW_HZ))) * math.exp(0.12 * bipolar(rng))
    chord = [
        _of_kind(tuple(each[k] for each in _CHORD), kind) * math.exp(0.006 * normal(rng))
        for k in range(_REEDS)
    ]
    blast.hz = tuple(low_hz * each for each in chord)
    blast.make = _make(kind)
    away = uniform(rng) ** 0.7
    blast.loud, blast.dull = 0.30 ** (1.0 - away), 0.75 + 0.25 * away
    length_s = _of_kind(_TAP_S, kind) ** (1.0 - insistence) * _of_kind(_HOLD_S, kind) ** insistence
    presses = 1 + int(uniform(rng) < 0.35) + int(uniform(rng) < 0.5 * insistence)
    gap_s = 0.4 * _of_kind(_TAP_S, kind) + 0.06
    blast.presses = [
        (
            0.0 if i == 0 else gap_s * (0.7 + 0.6 * uniform(rng)),
            length_s * math.exp(0.35 * normal(rng)),
            math.exp(_STRAY * normal(horn.battery)),
        )
        for i in range(presses)
    ]


def _pressed(blast: _Blast) -> bool:
    """Move on in the presses; whether the button is down."""
    if not blast.presses:
        return False
    until_s, long_s, pitch = blast.presses[0]
    if until_s > 0.0:
        blast.presses[0] = (until_s - BLOCK_S, long_s, pitch)
        return False
    if long_s <= 0.0:
        blast.presses.pop(0)
        return False
    blast.presses[0] = (0.0, long_s - BLOCK_S, pitch)
    blast.pitch = pitch
    return True


def _blow(blast: _Blast, battery: Rng, brightness: float, out: Samples) -> None:
    make, down = blast.make, _pressed(blast)
    if make is None or not (down or blast.pressure > 0.0):
        return
    towards_s = make.rise_s if down else _FALL_S + 0.3 * make.rise_s
    blast.pressure += (float(down) - blast.pressure) * min(1.0, BLOCK_S / towards_s)
    if not down and blast.pressure < 0.003:
        blast.pressure = 0.0
    sag = blast.pitch * (1.0 - make.sag * (1.0 - blast.pressure))
    edge = make.edge * blast.dull * (0.75 + 0.25 * blast.pressure) * (0.86 + 0.14 * brightness)
    gain = 0.105 * blast.loud * blast.pressure
    bell = make.bell * (0.3 + 0.9 * brightness)
    step_walks(battery, blast.wander)
    for reed, hz, share, wander in zip(blast.reeds, blast.hz, make.shares, blast.wander[:, 0], strict=True):
        sound_reed(
            reed,
            hz=hz * sag * (1.0 + wander),
            gain=gain * share,
            edge=edge,
            bell=bell,
            bell_hz=make.bell_hz,
            breath=make.breath,
            out=out,
        )


def _render(horn: _Horn, controls: Sequence[float], out: Samples) -> None:
    rate, kind, insistence, brightness, _, _ = controls
    # Long blasts come more rarely, or all would be one.
    horn.wait -= rate * rate * _MOST_PER_S * BLOCK_S / (1.0 + 3.0 * kind)
    if horn.wait <= 0.0:
        horn.wait = 0.2 + 0.8 * exponential(horn.rng)
        horn.struck += 1
    if horn.struck:
        horn.struck -= 1
        _press(horn, kind, insistence)
    out[:] = 0.0
    for blast in horn.blasts:
        _blow(blast, horn.battery, brightness, out)
    place(horn.space, out, tilt_db=0.0, air_hz=16_000.0, diffuse=0.22)
    finish(out, 0.0, horn.outlet)


HORN: Final = Synth(
    name="horn",
    summary="Horns of cars, lorries or ships, tapped or held, by themselves or on request.",
    tags=("traffic", "car", "truck", "ship", "harbour", "event", "horn"),
    kind="point",
    controls=(
        Control(name="rate", default=0.4, smooth_s=0.5,
                at_0="only when struck", at_half="now and then", at_1="one after another, as in a jam"),
        Control(name="kind", default=0.0, smooth_s=0.5, names=(("car", 0.0), ("truck", 0.5), ("ship", 1.0)),
                at_0="a car: two bright notes", at_half="a lorry: trumpets, an octave lower",
                at_1="a ship: deep, slow to speak"),
        Control(name="insistence", default=0.3, smooth_s=0.5,
                at_0="a friendly tap", at_half="a warning", at_1="held down in anger, or a long signal"),
        Control(name="brightness", default=0.6, smooth_s=0.5,
                at_0="muffled, around a corner", at_half="natural", at_1="straight ahead, piercing"),
        *placed("a few metres off", "down the road", "across the town, blurred"),
    ),
    reach=Reach(near_m=8.0, far_m=1_500.0, open_m=40.0),
    source="J. A. Moorer (1976), discrete summation formulas; G. Lemaitre et al. (2007), The sound quality of car "
           "horns, Acta Acustica 93.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
