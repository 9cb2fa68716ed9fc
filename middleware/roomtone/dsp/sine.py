"""A sine cheap enough to have dozens of: a polynomial in turns, no table and no library call."""

import numpy as np

from roomtone.dsp.kernel import kernel


@kernel
def sine(turns: float) -> float:
    """Return sin(2π·turns) to within 1e-6 (-120 dB), for any sign and size of `turns`.

    Source: odd polynomial of degree 7 on a quarter turn, fitted for least maximum error.
    """
    x = turns - np.floor(turns + 0.5)
    if x > 0.25:
        x = 0.5 - x
    elif x < -0.25:
        x = -0.5 - x
    x2 = x * x
    return float(x * (6.283164044 + x2 * (-41.33714238 + x2 * (81.34076911 + x2 * -70.9934352))))
