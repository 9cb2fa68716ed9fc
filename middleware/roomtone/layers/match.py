"""How a sound that comes in is made to resemble the one that goes out, at the joint and for a while after."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_S, SAMPLE_RATE_HZ, Samples
from roomtone.dsp.equalizer import OCTAVES_HZ, equalize, equalizer_state, filter_gains

# More would pull noise out of what a model does not make at all: 16 kHz from a model of 16 kHz.
MOST_DB: Final = 9.0
RELAX_S: Final = 10.0
"""How long the incoming sound takes to become itself once it is alone."""

# An octave this far below the loudest decides nothing.
_HEARD_DB: Final = 50.0
_SEGMENT_FRAMES: Final = 4_096


def octave_levels_db(samples: Samples) -> NDArray[np.float64]:
    """Measure the level in each octave of `OCTAVES_HZ`, averaged over channels.

    Source: P. D. Welch (1967), averaged periodograms, half overlapped, Hann window.
    """
    window = np.hanning(_SEGMENT_FRAMES).astype(np.float32)
    starts = range(0, len(samples) - _SEGMENT_FRAMES + 1, _SEGMENT_FRAMES // 2)
    power = np.zeros(_SEGMENT_FRAMES // 2 + 1)
    for start in starts:
        spectrum = np.fft.rfft(samples[start : start + _SEGMENT_FRAMES] * window[:, None], axis=0)
        power += np.mean(np.square(np.abs(spectrum)), axis=1)
    power /= max(1, len(starts)) * float(np.sum(np.square(window))) * _SEGMENT_FRAMES / 2.0
    frequencies_hz = np.fft.rfftfreq(_SEGMENT_FRAMES, 1.0 / SAMPLE_RATE_HZ)
    edges_hz = np.sqrt(0.5) * np.array((*OCTAVES_HZ, 2.0 * OCTAVES_HZ[-1]))
    octave = np.digitize(frequencies_hz, edges_hz) - 1
    totals = np.array([power[octave == band].sum() for band in range(len(OCTAVES_HZ))])
    return np.asarray(10.0 * np.log10(totals + 1e-20))


def match_db(heard: Samples, coming: Samples) -> NDArray[np.float64]:
    """Find what each octave of `coming` needs to be as loud as in `heard`, within bounds.

    Args:
        heard: (frames, channels), a second or more of what goes out.
        coming: (frames, channels), as much of what comes in.

    Returns:
        (9,) levels in dB.
    """
    goal, own = octave_levels_db(heard), octave_levels_db(coming)
    needed = np.clip(goal - own, -MOST_DB, MOST_DB)
    # Where neither has anything, a match would only amplify what is not there.
    matters = np.maximum(goal, own) > max(goal.max(), own.max()) - _HEARD_DB
    return np.where(matters, needed, 0.0)


class Match:
    """A match that lasts while a sound comes in and then relaxes. One owner, one thread."""

    def __init__(self, levels_db: NDArray[np.float64], channels: int) -> None:
        self._gains_db = filter_gains(levels_db)
        self._state = equalizer_state(channels, levels_db)
        self._left = 1.0

    @property
    def is_over(self) -> bool:
        """Whether the sound is itself."""
        return self._left == 0.0 and not self._state.gains_db.any()

    def apply(self, samples: Samples, *, relax: bool) -> None:
        """Shape a block in place, and from the first block with `relax` on a little less each time."""
        if relax:
            self._left = max(0.0, self._left - BLOCK_S / RELAX_S)
        # Slow at both ends: nobody hears it begin or end.
        kept = self._left * self._left * (3.0 - 2.0 * self._left)
        equalize(self._state, self._gains_db * kept, samples)
