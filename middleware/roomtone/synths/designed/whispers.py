"""Whispers: voices around the head that say nothing one could repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp import whispering as w
from roomtone.dsp.bed import BED_BANDS, Bed, bed_state, render_bed
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.spectra import amplitude
from roomtone.synths.model import Control, Reach, Synth, placed

_PEOPLE: Final = 14
# What of a sibilant lies above the throat's own rate.
_TEETH: Final = amplitude(
    (45, -90), (5_000, -60), (7_000, -6), (9_000, 0), (12e3, -3), (16e3, -10), (20e3, -24)
)
_APART: Final = np.zeros(BED_BANDS)


@dataclass(slots=True)
class _Whispers:
    rng: Rng
    chances: NDArray[np.uint64]
    people: w.Whisperers
    mix: NDArray[np.float32]
    air: NDArray[np.float64]
    lips: NDArray[np.float64]
    gains: NDArray[np.float64]
    bed: Bed
    tide: Walks
    reverb: Reverb
    send: NDArray[np.float32]
    noise: Samples


def _gather(chance: np.random.Generator) -> w.Whisperers:
    """Draw who is there: the first at the ear, the others further and further off."""
    people = np.zeros((_PEOPLE, w.WHISPER_FIELDS))
    small = chance.uniform(size=_PEOPLE) < 0.5
    people[:, w.TRACT] = np.where(small, 1.17, 1.0) * np.exp(chance.normal(0.0, 0.05, _PEOPLE))
    people[:, w.HEAD] = np.exp(chance.normal(0.0, 0.09, _PEOPLE))
    people[:, w.SYLLABLES_HZ] = np.exp(chance.normal(0.0, 0.15, _PEOPLE))
    people[:, w.DISTANCE_M] = np.linspace(0.9, 3.0, _PEOPLE) * np.exp(chance.normal(0.0, 0.15, _PEOPLE))
    people[:, w.WAIT_S] = 0.05 + 0.6 * chance.exponential(1.0, _PEOPLE)
    return people


def _start(seed: int) -> _Whispers:
    rng = rng_state(seed, "whispers")
    return _Whispers(
        rng=rng,
        chances=np.stack([rng_state(seed, "whispers", "voice", k) for k in range(_PEOPLE)]),
        people=_gather(np.random.default_rng(rng_state(seed, "whispers", "who"))),
        mix=w.voices_mix(),
        air=np.zeros(2),
        lips=np.zeros(3),
        gains=np.zeros((2, BED_BANDS)),
        bed=bed_state(seed, "whispers", coherence=_APART),
        tide=walks_state(rng, tau_s=np.array([25.0, 6.0]), sigma=np.array([0.3, 0.3])),
        reverb=reverb_state(decay_s=1.6, longest_s=0.07, dull_hz=5_500.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
        noise=np.zeros((BLOCK_FRAMES, 2), np.float32),
    )


def _render(whispers: _Whispers, controls: Sequence[float], out: Samples) -> None:
    voices, urgency, _, _ = controls
    out[:] = 0.0
    whispers.send[:] = 0.0
    present = 1.0 + (_PEOPLE - 1.0) * voices**2
    # Flurries and hushes over half a minute, in which everybody speaks, or nobody.
    tide = float(np.exp(step_walks(whispers.rng, whispers.tide)))
    hurry = (0.25 + 1.8 * voices**1.5) * 0.6 * 4.0**urgency * tide
    w.whisper(
        whispers.chances, whispers.people, present, urgency, hurry, whispers.mix, whispers.air, whispers.lips,
        whispers.send, out,
    )  # fmt: skip
    whispers.gains[:] = 0.12 * np.sqrt(whispers.air)[:, None] * _TEETH
    render_bed(whispers.bed, whispers.gains, whispers.noise)
    out += whispers.noise
    surround(whispers.reverb, whispers.send, wet=0.35, air_hz=17_000.0, out=out)


WHISPERS: Final = Synth(
    name="whispers",
    summary="Whispered voices around the head that say nothing one could repeat, from one to a hall full.",
    tags=("designed", "ghost", "voices", "haunted", "horror", "memory"),
    kind="bed",
    controls=(
        Control(name="voices", default=0.4, smooth_s=2.0,
                at_0="one, now and then", at_half="several, who take turns", at_1="a hall full"),
        Control(name="urgency", default=0.35, smooth_s=1.0,
                at_0="slow, with long breaths", at_half="insistent", at_1="hissed, all at once"),
        *placed("at the ear", "in the next room", "from the far end of a vault"),
    ),
    reach=Reach(near_m=1.0, far_m=40.0, open_m=4.0),
    source="D. H. Klatt (1980), Software for a cascade/parallel formant synthesizer; K. J. Kallail & F. W. Emanuel "
           "(1984), Formant-frequency differences between isolated whispered and phonated vowel samples.",
    start=_start,
    render=_render,
)  # fmt: skip
