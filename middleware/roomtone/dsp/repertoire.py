"""What birds have to sing: kinds of birds as ranges, and songs drawn from them for one individual."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp import syrinx as s

Range: TypeAlias = tuple[float, float]

SLOTS: Final = 44
# Where both sides of a syrinx sound at once, they beat: as many of all syllables, so deeply.
# Source: Greenewalt (1968), Bird Song: Acoustics and Physiology, ch. 5.
_TWO_VOICED: Final = 0.4
_BEAT: Final[Range] = (0.2, 0.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of bird: how its songs are built. Every pair is a range that songs and syllables are drawn from.

    Attributes:
        pitch_hz: where its syllables lie.
        syllable_s, gap_s: how long a syllable and the gap after it are.
        glide: how far a syllable slides, in octaves.
        elements: how many different syllables a song has.
        repeats: how often each is sung before the next.
        rounds: how often the whole is sung.
        pause_s: how long it rests between songs, on average.
        trill: how many of its syllables warble.
        buzz: how rough it is, 0 to 1.
        partials: level of the second and third harmonic.
        descent: how far the song comes down from first to last element, in octaves.
        level: how loud it is at the beak.
    """

    pitch_hz: Range
    syllable_s: Range
    gap_s: Range
    glide: float
    elements: tuple[int, int]
    repeats: tuple[int, int] = (1, 1)
    rounds: tuple[int, int] = (1, 1)
    pause_s: float = 4.0
    trill: float = 0.0
    buzz: float = 0.0
    partials: Range = (0.03, 0.01)
    descent: float = 0.0
    level: float = 0.4


# Ranges read off sonograms; the names say whom they take after.
KINDS: Final = {
    "blackbird": Kind(pitch_hz=(1_900, 3_100), syllable_s=(0.10, 0.34), gap_s=(0.03, 0.12), glide=0.25,
                      elements=(4, 7), pause_s=4.5, trill=0.25, partials=(0.05, 0.02)),
    "robin": Kind(pitch_hz=(2_300, 5_400), syllable_s=(0.06, 0.24), gap_s=(0.02, 0.09), glide=0.5,
                  elements=(6, 12), repeats=(1, 2), pause_s=3.5, trill=0.4),
    "thrush": Kind(pitch_hz=(2_300, 4_600), syllable_s=(0.07, 0.2), gap_s=(0.03, 0.08), glide=0.45,
                   elements=(1, 3), rounds=(2, 4), pause_s=1.6, trill=0.25),
    "tit": Kind(pitch_hz=(3_200, 5_600), syllable_s=(0.09, 0.15), gap_s=(0.04, 0.09), glide=0.12,
                elements=(2, 2), rounds=(4, 8), pause_s=3.0),
    "chiffchaff": Kind(pitch_hz=(3_300, 5_000), syllable_s=(0.07, 0.12), gap_s=(0.1, 0.18), glide=0.55,
                       elements=(2, 3), repeats=(1, 2), rounds=(3, 5), pause_s=3.5),
    "chaffinch": Kind(pitch_hz=(3_000, 5_200), syllable_s=(0.04, 0.10), gap_s=(0.02, 0.05), glide=0.7,
                      elements=(3, 4), repeats=(3, 7), pause_s=6.0, descent=0.5),
    "wren": Kind(pitch_hz=(3_800, 7_200), syllable_s=(0.025, 0.08), gap_s=(0.01, 0.03), glide=0.5,
                 elements=(8, 12), repeats=(1, 6), pause_s=6.0, trill=0.15),
    "sparrow": Kind(pitch_hz=(2_600, 4_000), syllable_s=(0.05, 0.12), gap_s=(0.15, 0.5), glide=0.5,
                    elements=(1, 3), rounds=(1, 4), pause_s=1.2, buzz=0.3, partials=(0.3, 0.16)),
    "greenfinch": Kind(pitch_hz=(2_900, 4_800), syllable_s=(0.03, 0.06), gap_s=(0.01, 0.03), glide=0.35,
                       elements=(1, 3), repeats=(7, 14), pause_s=4.5, buzz=0.5, partials=(0.15, 0.05)),
    "goldcrest": Kind(pitch_hz=(5_800, 7_600), syllable_s=(0.04, 0.09), gap_s=(0.02, 0.06), glide=0.2,
                      elements=(2, 3), rounds=(4, 6), pause_s=4.0, partials=(0.02, 0.0)),
    "pigeon": Kind(pitch_hz=(430, 560), syllable_s=(0.18, 0.5), gap_s=(0.08, 0.25), glide=0.1,
                   elements=(4, 5), rounds=(2, 3), pause_s=14.0, buzz=0.15, partials=(0.12, 0.05), level=0.05),
}  # fmt: skip


def _draw_element(rng: np.random.Generator, kind: Kind, fall: float) -> NDArray[np.float64]:
    """Draw one syllable; `fall` is how far down the song has come, in octaves."""
    element = np.zeros(s.SYLLABLE_FIELDS)
    low, high = np.log(kind.pitch_hz)
    centre_hz = np.exp(rng.uniform(low, high)) * 2.0**-fall
    glides = kind.glide * rng.normal(0.0, 0.6, 3).clip(-1.2, 1.2)
    element[s.DURATION_S] = np.exp(rng.uniform(*np.log(kind.syllable_s)))
    element[s.GAP_S] = np.exp(rng.uniform(*np.log(kind.gap_s)))
    element[[s.START_HZ, s.TURN_HZ, s.END_HZ]] = centre_hz * 2.0**glides
    element[s.TURN_AT] = rng.uniform(0.25, 0.75)
    if rng.uniform() < kind.trill:
        element[s.TRILL_HZ], element[s.TRILL_DEPTH] = rng.uniform(18.0, 70.0), rng.uniform(0.03, 0.16)
        element[s.DURATION_S] *= 1.3
    element[s.BUZZ_HZ], element[s.BUZZ_DEPTH] = rng.uniform(60.0, 160.0), kind.buzz * rng.uniform(0.5, 1.0)
    if rng.uniform() < _TWO_VOICED:
        element[s.BUZZ_DEPTH] = max(element[s.BUZZ_DEPTH], rng.uniform(*_BEAT))
    element[s.LEVEL] = np.exp(rng.normal(0.0, 0.3)) * kind.level
    element[[s.SECOND, s.THIRD]] = np.array(kind.partials) * np.exp(rng.normal(0.0, 0.4, 2))
    element[s.ATTACK], element[s.RELEASE] = rng.uniform(0.08, 0.4), rng.uniform(0.2, 0.6)
    return element


def draw_song(rng: np.random.Generator, kind: Kind) -> NDArray[np.float64]:
    """Draw one song, (SLOTS, SYLLABLE_FIELDS): elements, repeats and rounds of a kind, for one individual."""
    count = int(rng.integers(kind.elements[0], kind.elements[1], endpoint=True))
    once: list[NDArray[np.float64]] = []
    for place in range(count):
        element = _draw_element(rng, kind, kind.descent * place / max(1, count - 1))
        once += [element] * int(rng.integers(kind.repeats[0], kind.repeats[1], endpoint=True))
    rounds = int(rng.integers(kind.rounds[0], kind.rounds[1], endpoint=True))
    song = np.zeros((SLOTS, s.SYLLABLE_FIELDS))
    sung = (once * rounds)[: SLOTS - 1]
    song[: len(sung)] = sung
    return song
