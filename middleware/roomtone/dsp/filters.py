"""What every one-pole in these kernels shares: its coefficient, and how it keeps clear of denormals."""

from typing import Final

import numpy as np

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.dsp.kernel import kernel

NO_DENORMAL: Final = 1e-18
"""Added to what a filter keeps: it rounds denormals away without a branch, and is far below any sound."""

_HIGHEST_HZ: Final = 0.45 * SAMPLE_RATE_HZ


@kernel
def one_pole_coefficient(cutoff_hz: float) -> float:
    """Map a -3 dB point to the weight of the new sample, 0 to 1.

    Source: J. O. Smith, "Introduction to Digital Filters", one-pole section.
    """
    return 1.0 - np.exp(-2.0 * np.pi * min(max(cutoff_hz, 0.01), _HIGHEST_HZ) / SAMPLE_RATE_HZ)
