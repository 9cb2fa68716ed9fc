"""Children at play: they chatter in twos and threes, call across the yard, shriek, laugh, run, bounce a ball."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp import impacts
from roomtone.dsp import voices as v
from roomtone.dsp.bands import Bands, bands_state, layer_bands
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.hits import Hits, hit, hits_state, sound_hits
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.random import Rng, bipolar, exponential, normal, rng_state, uniform
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.synths.model import Control, Reach, Synth, placed

_GROUPS: Final = 9
_CHATTER, _CALLS = 2, 1
_ROWS: Final = _GROUPS * (_CHATTER + _CALLS)

# Those too far off to be told apart: the spectrum of high voices, in motion band by band.
_FAR: Final = amplitude((45, -40), (200, -22), (350, -6), (700, 0), (1_500, 0), (2_800, -4), (5_000, -14),
                        (9_000, -24), (20e3, -46))  # fmt: skip
_YARD: Final = amplitude((45, -8), (100, -10), (300, -18), (1_000, -26), (4_000, -34), (20e3, -52))
_STIRRED, _STILL = np.ones(BED_BANDS), np.zeros(BED_BANDS)

_BOUNCES, _FEET = 6, 10
_BOUNCE_HZ: Final = 0.3
_RUN_HZ: Final = 1.0
_AWAY: Final = 1.7
_LATEST_S: Final = 0.99


@dataclass(slots=True)
class _Children:
    """Who is in the yard, and what is going on.

    Attributes:
        rng: chance of how it swells.
        words, air: chance of what is said, and of its breath.
        lots: chance of when they run and play.
        doings: chance of how.
        touches: (s, sound, gain, pan) of bounces and steps still to come.
    """

    rng: Rng
    words: Rng
    air: Rng
    lots: Rng
    doings: Rng
    voices: v.Voices
    mix: NDArray[np.float32]
    hits: Hits
    touches: list[tuple[float, int, float, float]]
    bed: Bed
    bands: Bands
    babble: Walks
    swell: Walks
    reverb: Reverb
    send: NDArray[np.float32]


@cache
def _bank() -> Bank:
    """Bounce a ball, then let shoes slap the ground."""
    chance = np.random.default_rng(29)
    sounds = []
    for _ in range(_BOUNCES):
        ball = impacts.draw_body(
            chance, low_hz=105.0, high_hz=900.0, modes=6, decay_s=0.035, damping=0.8, tilt_db=-4.0
        )
        thud = impacts.strike_body(chance, ball, contact_s=0.004, seconds=0.2)
        slap = impacts.scrape(
            chance, centre_hz=1_100.0, octaves=1.1, rise_s=0.0004, decay_s=0.006, seconds=0.05
        )
        sounds.append(impacts.mixed((0.0, thud / np.abs(thud).max(), 1.0), (0.0, slap, 0.35), seconds=0.2))
    for _ in range(_FEET):
        floor = impacts.draw_body(chance, low_hz=90.0, high_hz=700.0, modes=5, decay_s=0.012, damping=0.9)
        thud = impacts.strike_body(chance, floor, contact_s=0.003, seconds=0.08)
        grit = impacts.crumble(chance, grains=25, low_hz=1_200.0, high_hz=6_000.0, grain_s=0.0008, rise_s=0.008,
                               decay_s=0.025, seconds=0.12)  # fmt: skip
        sounds.append(impacts.mixed((0.0, thud / np.abs(thud).max(), 0.6), (0.0, grit, 0.45), seconds=0.12))
    return bank_of(sounds)


def _gather(rng: np.random.Generator) -> v.Voices:
    """Gather children in groups: two who chatter, and one who calls to somebody elsewhere."""
    size = _CHATTER + _CALLS
    group, calls = np.arange(_ROWS) // size, np.arange(_ROWS) % size >= _CHATTER
    voices = np.zeros((_ROWS, v.VOICE_FIELDS))
    pitch_hz = np.where(calls, 520.0, 330.0)
    voices[:, v.F0_HZ] = pitch_hz * np.exp(rng.normal(0.0, np.where(calls, 0.26, 0.12)))
    voices[:, v.TRACT] = 1.27 * np.exp(rng.normal(0.0, 0.04, _ROWS))
    voices[:, v.SYLLABLES_HZ] = np.where(calls, rng.uniform(1.4, 2.8, _ROWS), rng.uniform(3.6, 5.6, _ROWS))
    voices[:, v.PHRASE] = np.where(calls, 1.1, 4.5)
    voices[:, v.MELODY] = np.where(calls, 1.3, 0.6)
    metres = rng.permutation(np.linspace(5.0, 12.0, _GROUPS))
    voices[:, v.DISTANCE_M] = metres[group] * np.exp(rng.normal(0.0, 0.15, _ROWS))
    # Who calls is loud: as if nearer.
    voices[calls, v.DISTANCE_M] *= 0.55
    voices[:, v.PAN] = (
        rng.permutation(np.linspace(-0.9, 0.9, _GROUPS))[group] + rng.normal(0.0, 0.12, _ROWS)
    ).clip(-1, 1)
    voices[:, v.BRIGHT] = np.where(calls, 0.95, rng.uniform(0.6, 0.95, _ROWS))
    voices[:, v.HEAD] = np.exp(rng.normal(0.05, 0.06, _ROWS)).clip(0.9, 1.12)
    voices[:, v.FIRST_MATE] = np.where(calls, np.arange(_ROWS), group * size)
    voices[:, v.MATES] = np.where(calls, 1, _CHATTER)
    voices[:, v.WAIT_S] = rng.exponential(np.where(calls, 1.5, 0.6))
    return voices


def _start(seed: int) -> _Children:
    rng = rng_state(seed, "children")
    return _Children(
        rng=rng,
        words=rng_state(seed, "children", "words"),
        air=rng_state(seed, "children", "air"),
        lots=rng_state(seed, "children", "lots"),
        doings=rng_state(seed, "children", "doings"),
        voices=_gather(np.random.default_rng(rng_state(seed, "children", "who"))),
        mix=v.voices_mix(),
        hits=hits_state(_bank(), channels=2),
        touches=[],
        bed=bed_state(seed, "children"),
        bands=bands_state([_YARD, _FAR], reaches=[_STILL, _STIRRED]),
        babble=walks_state(rng, tau_s=np.full(BED_BANDS, 0.12), sigma=np.full(BED_BANDS, 3.5)),
        swell=walks_state(rng, tau_s=np.array([8.0, 1.5]), sigma=np.array([1.5, 1.2])),
        reverb=reverb_state(decay_s=0.9, longest_s=0.075, dull_hz=5_000.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
    )


def _hold_back(voices: v.Voices, excitement: float) -> None:
    """Let those who call wait: the calmer the play, the slower their clock runs."""
    callers = voices[_CHATTER :: _CHATTER + _CALLS, v.WAIT_S]
    callers[callers > 0.0] += BLOCK_S * (1.0 - (0.05 + 0.6 * excitement * excitement))


def _run_about(children: _Children, play: float) -> None:
    """Bounce a ball, lower and lower; run past, or away."""
    rng, lots = children.doings, children.lots
    # A game that grows comes nearer too.
    often, near = play, 0.1 + 0.9 * play
    if uniform(lots) < _BOUNCE_HZ * often * BLOCK_S:
        pan, gain, gap_s, at_s = (
            0.8 * bipolar(rng),
            0.25 * near * np.exp(0.3 * normal(rng)),
            0.35 + 0.35 * uniform(rng),
            0.0,
        )
        for _ in range(2 + int(3.5 * exponential(rng))):
            children.touches.append((at_s, int(uniform(rng) * _BOUNCES), gain, pan))
            at_s, gap_s, gain = at_s + gap_s, 0.86 * gap_s, 0.82 * gain
    if uniform(lots) < _RUN_HZ * often * BLOCK_S:
        pan, away, gain, at_s = (
            bipolar(rng),
            0.25 * bipolar(rng),
            0.11 * near * np.exp(0.4 * normal(rng)),
            0.0,
        )
        gap_s = 0.24 + 0.08 * uniform(rng)
        for _ in range(5 + int(7.0 * exponential(rng))):
            shoe = _BOUNCES + int(uniform(rng) * _FEET)
            children.touches.append((at_s, shoe, gain * np.exp(0.25 * normal(rng)), pan))
            at_s, pan, gain = (
                at_s + gap_s * (1.0 + 0.06 * normal(rng)),
                min(max(pan + away, -1.0), 1.0),
                0.95 * gain,
            )


def _render(children: _Children, controls: Sequence[float], out: Samples) -> None:
    number, excitement, play, _, _ = controls
    rng = children.rng
    swell = 10.0 ** (step_walks(rng, children.swell) / 20.0)
    step_walks(rng, children.babble)
    far = 0.013 * number**1.5 * (0.5 + excitement) * swell
    render_bed(children.bed, layer_bands(children.bands, (0.02, far), stir_db=children.babble), out)
    children.send[:] = 0.0
    _hold_back(children.voices, excitement)
    _run_about(children, play)
    v.talk(
        children.words,
        children.air,
        children.voices,
        3.0 + (_ROWS - 3.0) * number,
        excitement,
        _AWAY,
        children.mix,
        children.send,
        out,
    )
    later = []
    for at_s, sound, gain, pan in children.touches:
        if at_s < _LATEST_S:
            hit(children.hits, sound, frame=round(at_s * SAMPLE_RATE_HZ), gain=gain, pan=pan)
        else:
            later.append((at_s - BLOCK_S, sound, gain, pan))
    children.touches = later
    sound_hits(children.hits, out)
    surround(children.reverb, children.send, wet=0.2, air_hz=12_000.0, out=out)


CHILDREN: Final = Synth(
    name="children",
    summary="Children at play: chatter, calls across the yard, shrieks, laughter, running feet and a ball.",
    tags=("people", "outdoor", "playground", "school", "park"),
    kind="bed",
    controls=(
        Control(name="number", default=0.5, smooth_s=2.0,
                at_0="two or three in a garden", at_half="a playground", at_1="a school yard at the break"),
        Control(name="excitement", default=0.5, smooth_s=1.0,
                at_0="absorbed in play, chatting", at_half="calls and laughter", at_1="shrieks all over"),
        Control(name="play", default=0.4, smooth_s=1.0,
                at_0="nobody runs", at_half="a ball now and then, running feet", at_1="a game in full swing"),
        *placed("among them", "from over the fence", "from some streets away"),
    ),
    reach=Reach(near_m=4.0, far_m=150.0, open_m=20.0),
    source="G. E. Peterson & H. L. Barney (1952), vowels of children; J.-A. Bachorowski et al. (2001), laughter.",
    start=_start,
    render=_render,
)  # fmt: skip
