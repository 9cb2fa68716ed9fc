"""Ten minutes of a synth: does anything come again, is there a seam between blocks, does it wander off?"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.signal import welch

from listening import hearing
from listening.sweep import hear
from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.texture.loudness import short_term_db
from roomtone.texture.repetition import measure_repetition

_MINUTES: Final = 10
_SEED: Final = 11
# Corners of this rank at each place within a block are compared: the very highest are single events.
_NTH: Final = 40
# Lines of a hum are taken one by one; what is this far under the strongest band is not lifted.
_FINE: Final = 16_384
_NOTHING: Final = 1e-9
_LOWEST_HZ: Final = 60.0
# Below this nothing is heard, and what dies away is always alike in the end.
_UNHEARD_DBFS: Final = -80.0
_TENTH: Final = SAMPLE_RATE_HZ // 10
# Quieter than this below the loudest 3 s, a sound is between two events.
_GATE_DB: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endless:
    """What ten minutes of a synth are like.

    Attributes:
        exact_share: how much of it was heard before, wave by wave, in windows of half a second and in all its bands:
            a hum is always like itself, what is heard again is like itself in everything.
        alike_share: how much of it only sounds like something before it.
        seam: how sharp corners are where blocks meet, against the sharpest tenth of the places within a block:
            well above 1 is a seam.
        short_term_lufs: the 5th, 50th and 95th percentile of short-term loudness, pauses left out.
        drift_db: the second half's level against the first half's.
        dc_db: what stands still.
    """

    exact_share: float
    alike_share: float
    seam: float
    short_term_lufs: tuple[float, float, float]
    drift_db: float
    dc_db: float


def listen(synth: str, *, seconds: float = 60.0 * _MINUTES) -> Endless:
    """Hear a synth at its usual controls."""
    x = hear(synth, {}, seconds=seconds, seed=_SEED)
    exact, alike = measure_repetition(whitened(x), throughout=True).exact, measure_repetition(x).alike
    loud_db = short_term_db(x) + 10.0 * np.log10(2.0 / x.shape[1])
    loud_db = loud_db[loud_db > loud_db.max() - _GATE_DB]
    low, middle, high = np.quantile(loud_db, (0.05, 0.5, 0.95)).tolist()
    half = len(x) // 2
    return Endless(
        exact_share=exact.share,
        alike_share=alike.share,
        seam=seam(x),
        short_term_lufs=(low, middle, high),
        drift_db=hearing.level_db(x[half:]) - hearing.level_db(x[:half]),
        dc_db=hearing.dc_db(x),
    )


def whitened(x: Samples) -> Samples:
    """Make every band of a sound as strong as every other, over all of it: then no hum outweighs the rest.

    What cannot be heard stays silent.

    Args:
        x: (frames, channels).

    Returns:
        (frames, 1) float32, of the mono sum.
    """
    mono = x.mean(1, dtype=np.float64)
    hz, power = welch(mono, SAMPLE_RATE_HZ, nperseg=_FINE)
    spectrum = np.fft.rfft(mono)
    at_hz = np.fft.rfftfreq(len(mono), 1.0 / SAMPLE_RATE_HZ)
    level = np.interp(at_hz, hz, np.sqrt(power + _NOTHING * power.max()))
    spectrum[at_hz < _LOWEST_HZ] = 0.0
    white = np.fft.irfft(spectrum / level, len(mono))
    for first in range(0, len(mono), _TENTH):
        if hearing.level_db(x[first : first + _TENTH]) < _UNHEARD_DBFS:
            white[first : first + _TENTH] = 0.0
    return np.asarray(white / (np.abs(white).max() + 1e-12), np.float32)[:, None]


def seam(x: Samples) -> float:
    """Compare the corners between blocks with those at every other place of a block.

    Args:
        x: whole blocks, 10 s or more.

    Returns:
        The sharpness where blocks meet, against the sharpest tenth of the other places: a click there stands above.
    """
    corners = np.abs(np.diff(x.astype(np.float64), 2, axis=0)).max(1)
    whole = len(corners) // BLOCK_FRAMES * BLOCK_FRAMES
    by_place = np.sort(corners[:whole].reshape(-1, BLOCK_FRAMES), axis=0)
    nth = max(1, min(_NTH, len(by_place) * BLOCK_FRAMES // (10 * SAMPLE_RATE_HZ)))
    sharp = by_place[-nth]
    # A corner is made of three samples: those of the last two of a block reach into the next.
    return float(sharp[-2:].max() / (np.quantile(sharp[:-2], 0.9) + 1e-12))
