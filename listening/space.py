"""What becomes of a bed's two sides in mono, and how wide they are, octave by octave."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from roomtone.audio import SAMPLE_RATE_HZ, Samples

OCTAVES_HZ: Final = (63, 125, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000)
# What is this far under the loudest octave is not heard.
_HEARD_DB: Final = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """The two sides of a bed.

    Attributes:
        fold_db: the level of the mono mix against the sides' mean power; 0 where they are the same, -3.0 where they
            have nothing in common; each octave of `OCTAVES_HZ`, NaN where nothing is heard.
        agreement: the correlation of the sides, the same.
    """

    fold_db: tuple[float, ...]
    agreement: tuple[float, ...]

    @property
    def worst_db(self) -> float:
        """What the worst octave loses beyond what sides without anything in common lose."""
        return float(np.nanmin(self.fold_db)) + 3.01


def measure(x: Samples) -> Space:
    """Measure (frames, 2) samples."""
    left, right = (np.fft.rfft(x[:, side].astype(np.float64)) for side in (0, 1))
    hz = np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE_HZ)
    powers = np.empty((len(OCTAVES_HZ), 3))
    for i, centre_hz in enumerate(OCTAVES_HZ):
        inside = (hz >= centre_hz / np.sqrt(2.0)) & (hz < centre_hz * np.sqrt(2.0))
        powers[i] = (np.sum(np.abs(left[inside]) ** 2), np.sum(np.abs(right[inside]) ** 2),
                     np.sum((left[inside] * right[inside].conj()).real))  # fmt: skip
    sides = powers[:, :2].mean(1)
    heard = sides > sides.max() * 10.0 ** (-_HEARD_DB / 10.0)
    fold = np.where(heard, (sides + powers[:, 2]) / 2.0 / np.maximum(sides, 1e-30), np.nan)
    agree = np.where(heard, powers[:, 2] / np.sqrt(np.maximum(powers[:, 0] * powers[:, 1], 1e-30)), np.nan)
    return Space(
        fold_db=tuple((10.0 * np.log10(np.maximum(fold, 1e-9))).tolist()), agreement=tuple(agree.tolist())
    )
