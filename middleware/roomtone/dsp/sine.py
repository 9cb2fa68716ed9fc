"""A sine cheap enough to have dozens of: a polynomial in turns, no table and no library call."""

import numpy as np

from roomtone.dsp.kernel import kernel


@kernel
def sine(turns: float) -> float:
    """Return sin(2π·turns) to within 1e-6 (-120 dB), for any sign and size of `turns`.

    Source: odd polynomial of degree 7 on a quarter turn, fitted for least maximum error.
    """
    x = turns - np.floor(turns + 0.5)
    # Fold to a quarter without a branch: which way a tone goes is what a processor guesses worst.
    quarter = 0.25 - abs(abs(x) - 0.25)
    q2 = quarter * quarter
    size = quarter * (6.283164044 + q2 * (-41.33714238 + q2 * (81.34076911 + q2 * -70.9934352)))
    return float(np.copysign(size, x))
