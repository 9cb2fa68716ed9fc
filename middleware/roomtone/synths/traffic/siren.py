"""A siren: a horn loudspeaker that wails, yelps or changes between two notes, standing or going past."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.outlet import Outlet, finish, outlet_state
from roomtone.dsp.passage import Passage, go_on, hear_passage, passage_state
from roomtone.dsp.random import Rng, rng_state, uniform
from roomtone.dsp.reeds import Reed, reed_state, sound_reed
from roomtone.dsp.reverb import Reverb, answer, reverb_state
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.space import Space, place, space_state
from roomtone.synths.model import Control, Reach, Synth, placed

# The three patterns along `pattern`, and how long each takes to come round at half urgency.
_ROUND_S: Final = (4.2, 0.32, 1.05)
_WAIL_HZ: Final = (645.0, 1_500.0)
_YELP_HZ: Final = (560.0, 1_200.0)
_HI_LO_HZ: Final = (440.0, 585.0)
_SLIDE_S: Final = 0.012
# What the fronts of the houses give back.
_STREET: Final = 0.22
# Wind and a supply that gives a little more or less: no driver holds its pitch to a thirtieth of a semitone.
_WANDER, _WANDER_S = (0.0035, 0.002), (0.25, 0.06)


@dataclass(slots=True)
class _Siren:
    rng: Rng
    passage: Passage
    rounds: list[float]
    tune: float
    drift: Walks
    wander: Walks
    chance: Rng
    note: float
    reed: Reed
    street: Reverb
    back: Samples
    space: Space
    outlet: Outlet


def _start(seed: int) -> _Siren:
    rng, chance = rng_state(seed, "siren"), rng_state(seed, "siren", "wander")
    return _Siren(
        rng=rng,
        chance=chance,
        passage=passage_state(seed, "siren", lap_s=50.0, reach_m=150.0, aside_m=20.0, height_m=2.0),
        rounds=[uniform(rng) for _ in _ROUND_S],
        tune=math.exp(0.08 * (2.0 * uniform(rng) - 1.0)),
        drift=walks_state(rng, tau_s=np.array([20.0, 2.0]), sigma=np.array([0.006, 0.003])),
        wander=walks_state(chance, tau_s=np.array(_WANDER_S), sigma=np.array(_WANDER)),
        note=0.0,
        reed=reed_state(seed, "siren"),
        street=reverb_state(decay_s=1.3, longest_s=0.09, dull_hz=3_500.0),
        back=np.zeros((BLOCK_FRAMES, 2), np.float32),
        space=space_state(1),
        outlet=outlet_state(1),
    )


def _swept(turn: float, rising: float) -> float:
    """Read a sweep, 0 to 1: up in the part `rising` of a round, as a capacitor charges, and down in the rest."""
    if turn < rising:
        return (1.0 - math.exp(-2.2 * turn / rising)) / (1.0 - math.exp(-2.2))
    back = (turn - rising) / (1.0 - rising)
    return (math.exp(-2.0 * back) - math.exp(-2.0)) / (1.0 - math.exp(-2.0))


def _between(span_hz: tuple[float, float], part: float) -> float:
    low, high = (math.log2(hz) for hz in span_hz)
    return low + part * (high - low)


def _pitch_hz(siren: _Siren, pattern: float, urgency: float) -> float:
    pace = 2.5 ** (urgency - 0.5) * (1.0 + step_walks(siren.rng, siren.drift))
    for i, round_s in enumerate(_ROUND_S):
        siren.rounds[i] = (siren.rounds[i] + BLOCK_S * pace / round_s) % 1.0
    wail, yelp, hi_lo = siren.rounds
    siren.note += (float(hi_lo < 0.5) - siren.note) * min(1.0, BLOCK_S / _SLIDE_S)
    octaves = (
        _between(_WAIL_HZ, _swept(wail, 0.4)),
        _between(_YELP_HZ, _swept(yelp, 0.6)),
        _between(_HI_LO_HZ, siren.note),
    )
    # Between two patterns the pitch goes between both: so turning the control never jumps.
    below = min(int(2.0 * pattern), 1)
    part = 2.0 * pattern - below
    part = part * part * (3.0 - 2.0 * part)
    return float(siren.tune * 2.0 ** (octaves[below] + part * (octaves[below + 1] - octaves[below])))


def _render(siren: _Siren, controls: Sequence[float], out: Samples) -> None:
    pattern, urgency, brightness, motion, _, _ = controls
    go_on(siren.passage, motion)
    steady = 1.0 + step_walks(siren.chance, siren.wander)
    hz = _pitch_hz(siren, pattern, urgency) * siren.passage.doppler * steady
    out[:] = 0.0
    sound_reed(siren.reed, hz=hz, gain=0.08, edge=0.47 + 0.34 * brightness, bell=0.25 + 0.5 * brightness,
               bell_hz=2_600.0, out=out)  # fmt: skip
    hear_passage(siren.passage, out)
    answer(siren.street, siren.back, wet=_STREET, air_hz=9_000.0, out=out)
    place(siren.space, out, tilt_db=14.0 * (brightness - 0.5), air_hz=9_000.0, diffuse=0.25)
    finish(out, 0.0, siren.outlet)


SIREN: Final = Synth(
    name="siren",
    summary="A siren of an emergency vehicle: wail, yelp or two notes, standing or going past.",
    tags=("traffic", "emergency", "police", "ambulance", "alarm", "city"),
    kind="point",
    controls=(
        Control(name="pattern", default=0.0, smooth_s=0.5, names=(("wail", 0.0), ("yelp", 0.16), ("hi_lo", 1.0)),
                at_0="a slow wail up and down", at_half="a yelp, nearly two notes", at_1="two notes in turn"),
        Control(name="urgency", default=0.5, smooth_s=1.0,
                at_0="slow", at_half="as usual", at_1="hurried"),
        Control(name="brightness", default=0.5, smooth_s=0.5,
                at_0="dull, behind the houses", at_half="natural", at_1="piercing"),
        Control(name="motion", default=0.1, smooth_s=3.0,
                at_0="stands with its siren on", at_half="to and fro in the next streets",
                at_1="races past, the pitch drops, and comes again"),
        *placed("in this street", "some blocks away", "across the city"),
    ),
    reach=Reach(near_m=20.0, far_m=2_000.0, open_m=60.0),
    source="J. A. Moorer (1976), discrete summation formulas; SAE J1849 (2012), Emergency vehicle sirens.",
    start=_start,
    render=_render,
)  # fmt: skip
