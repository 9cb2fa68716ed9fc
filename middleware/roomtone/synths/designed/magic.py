"""Magic: swells of shimmering partials that bloom, drift apart and scatter into sparks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, Samples
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import Bed, bed_state, render_bed
from roomtone.dsp.random import Rng, bipolar, exponential, normal, pareto, rng_state, uniform
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.dsp.tones import Tones, begin, sound_tones, tones_state
from roomtone.synths.model import Control, Reach, Synth, placed

_TONES: Final = 160
_MOST_PARTIALS, _MOST_SPARKS = 15, 17
_MOST_PER_S: Final = 1.8
# Pitches over the first of a swell, in octaves: just intervals, and what they become in the dark: a bell cast wrong.
_JUST: Final = np.log2([1, 3 / 2, 2, 5 / 2, 3, 4, 9 / 2, 5, 6, 15 / 2, 8, 9, 10, 12, 15, 16])
_WRONG: Final = np.log2([1, 1.13, 1.37, 1.71, 1.93, 2.31, 2.59, 3.07, 3.4, 3.9, 4.3, 5.1, 5.9, 6.7, 7.3, 8.8])
_BENIGN_HZ, _DARK_HZ = 620.0, 82.0

# Breath that goes with a swell: light and high, or from a deep throat.
_GLITTER: Final = amplitude((45, -80), (1_000, -40), (3_000, -14), (7_000, 0), (12e3, -2), (20e3, -14))
_BREATH: Final = amplitude((45, -24), (120, -6), (250, 0), (600, -2), (1_200, -9), (3_000, -16), (8_000, -30),
                           (20e3, -50))  # fmt: skip
_ALL_BANDS: Final = np.ones(31)


@dataclass(slots=True)
class _Magic:
    """One source of magic.

    Attributes:
        rng: chance of what a swell is; pace: of when it comes.
        key: where its pitches lie, in octaves, wandering over minutes; no two sources agree.
        push: how much breath the swells under way want; breath: how much there is.
        echo_s: until a swell is answered; below 0 nothing is to be answered.
    """

    rng: Rng
    pace: Rng
    tones: Tones
    key: Walks
    shimmer: Walks
    bed: Bed
    bands: Bands
    reverb: Reverb
    send: NDArray[np.float32]
    push: float
    breath: float
    wait_s: float
    echo_s: float
    struck: int


def _start(seed: int) -> _Magic:
    rng = rng_state(seed, "magic")
    return _Magic(
        rng=rng,
        pace=rng_state(seed, "magic", "pace"),
        tones=tones_state(_TONES, channels=2),
        key=walks_state(rng, tau_s=np.array([200.0, 30.0]), sigma=np.array([0.35, 0.2])),
        shimmer=walks_state(rng, tau_s=np.full(12, 0.09), sigma=np.full(12, 4.0)),
        bed=bed_state(seed, "magic"),
        bands=bands_state([_GLITTER, _BREATH], reaches=[_ALL_BANDS, _ALL_BANDS]),
        reverb=reverb_state(decay_s=3.5, longest_s=0.079, dull_hz=8_000.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
        push=0.0,
        breath=0.0,
        wait_s=0.5 * float(exponential(rng)),
        echo_s=-1.0,
        struck=0,
    )


def _bloom(magic: _Magic, power: float, mood: float, strength: float) -> None:
    """Begin one swell: partials that come one after another, from the lowest up, and move apart as they ring."""
    rng, key = magic.rng, float(magic.key[:, 0].sum())
    first_hz = _BENIGN_HZ * (_DARK_HZ / _BENIGN_HZ) ** mood * 2.0 ** (key + 0.25 * normal(rng))
    just = _JUST if uniform(rng) < 0.6 else _JUST + np.log2(4 / 3)
    octaves = (1.0 - mood) * just + mood * _WRONG
    level = strength * 0.036 * 10.0 ** ((14.0 * power - 10.0 + 1.5 * mood) / 20.0)
    rise_s = (0.12 + 0.9 * power * uniform(rng) + 0.5 * mood) * np.exp(0.2 * normal(rng))
    ring_s = 1.6 + 2.2 * power
    climbs = (0.03 - 0.09 * mood) * (0.5 + uniform(rng))
    partials = 7 + int(8.0 * power)
    for k in range(_MOST_PARTIALS):
        order = k / partials
        octave = octaves[k] + (0.002 + 0.03 * mood) * normal(rng)
        side, loud, late, slow = bipolar(rng), normal(rng), uniform(rng), normal(rng)
        bend, pulse, deep, phase = normal(rng), uniform(rng), uniform(rng), uniform(rng)
        if k >= partials:
            # Its dice are cast all the same: more power adds partials to a swell, it does not make it another.
            continue
        begin(
            magic.tones, hz=first_hz * 2.0**octave, level=level * np.exp(0.4 * loud) * (0.5 + 0.4 * mood) ** octave,
            wait_s=order * (0.25 + 0.5 * power) * (0.6 + 0.8 * late), rise_s=rise_s * (1.0 - 0.5 * order),
            fall_s=ring_s * (1.0 - 0.5 * order) * np.exp(0.25 * slow), pan=0.3 * side, drift=0.5 * side,
            glide=climbs + 0.02 * bend, shimmer_hz=4.0 + 7.0 * pulse, shimmer=0.35 + 0.5 * deep, phase=phase,
        )  # fmt: skip
    _scatter(magic, first_hz, octaves, power, mood, level, rise_s)
    magic.push += strength * (0.3 + power)


def _scatter(
    magic: _Magic, first_hz: float, octaves: NDArray[np.float64], power: float, mood: float, level: float,
    after_s: float,
) -> None:  # fmt: skip
    """Let the bloom fall apart into sparks: short, high, ever rarer, few of them bright."""
    rng = magic.rng
    up = 2.0 + 1.0 * mood
    sparks = 3 + int((4.0 + 10.0 * power) * (1.0 - 0.5 * mood))
    for k in range(_MOST_SPARKS):
        octave = octaves[int(uniform(rng) * 9)] + up * (1.0 if uniform(rng) < 0.7 else 1.5)
        off, loud, late = normal(rng), pareto(rng, 1.8, 6.0), exponential(rng)
        fall_s, side, bend, phase = 0.35 + 0.6 * uniform(rng), bipolar(rng), normal(rng), uniform(rng)
        if k < sparks:
            begin(
                magic.tones, hz=first_hz * 2.0 ** (octave + 0.03 * mood * off), level=0.25 * level * loud,
                wait_s=0.6 * after_s + (0.35 + 0.5 * power) * late, rise_s=0.01, fall_s=fall_s, pan=side,
                glide=0.02 * bend, phase=phase,
            )  # fmt: skip


def _due(magic: _Magic, rate: float) -> list[float]:
    """Say how strong the swells are that begin with this block."""
    due = [1.0] * magic.struck
    magic.struck = 0
    magic.wait_s -= BLOCK_S * _MOST_PER_S * rate**1.6
    if magic.wait_s <= 0.0:
        magic.wait_s += 0.35 + 0.65 * float(exponential(magic.pace))
        due.append(float(np.exp(0.35 * normal(magic.pace))))
    if magic.echo_s >= 0.0:
        magic.echo_s -= BLOCK_S
        if magic.echo_s < 0.0:
            due.append(0.45)
    elif due and uniform(magic.pace) < 0.3:
        magic.echo_s = 0.3 + 0.6 * float(uniform(magic.pace))
    return due


def _render(magic: _Magic, controls: Sequence[float], out: Samples) -> None:
    rate, power, mood, _, _ = controls
    step_walks(magic.rng, magic.key)
    for strength in _due(magic, rate):
        _bloom(magic, power, mood, strength)
    # A breath rises in a third of a second and leaves in one.
    magic.push *= 1.0 - BLOCK_S / 0.9
    magic.breath += BLOCK_S / 0.3 * (magic.push - magic.breath)
    step_walks(magic.rng, magic.shimmer)
    breath = 0.012 * magic.breath * 10.0 ** ((14.0 * power - 10.0) / 20.0)
    gains = layer_bands(magic.bands, (breath * (1.0 - mood), 2.5 * breath * mood**2), stir_db=magic.shimmer)
    render_bed(magic.bed, gains, out)
    sound_tones(magic.tones, out)
    np.add(out[:, 0], out[:, 1], out=magic.send)
    surround(magic.reverb, magic.send, wet=0.35, air_hz=18_000.0, out=out)


def _strike(magic: _Magic) -> None:
    magic.struck += 1


MAGIC: Final = Synth(
    name="magic",
    summary="Magic in the air: swells of shimmering partials that bloom and scatter, benign, strange or dark.",
    tags=("designed", "fantasy", "spell", "fairy", "curse", "dream"),
    kind="bed",
    controls=(
        Control(name="rate", default=0.5, smooth_s=0.5,
                at_0="only when struck", at_half="a swell every few seconds", at_1="swell over swell"),
        Control(name="power", default=0.4, smooth_s=0.5,
                at_0="a glimmer", at_half="a spell", at_1="the air itself rings"),
        Control(name="mood", default=0.15, smooth_s=1.0,
                at_0="pure and bright, in just intervals", at_half="strange: bent, as from another world",
                at_1="low and out of tune, with a breath",
                names=(("benign", 0.0), ("strange", 0.5), ("dark", 1.0))),
        *placed("all around", "across the glade", "somewhere in the wood"),
    ),
    reach=Reach(near_m=2.0, far_m=80.0, open_m=10.0),
    source="J.-C. Risset & D. L. Wessel (1982), Exploration of timbre by analysis and synthesis; W. A. Sethares "
           "(1998), Tuning, timbre, spectrum, scale.",
    start=_start,
    render=_render,
    strike=_strike,
)  # fmt: skip
