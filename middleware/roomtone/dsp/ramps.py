"""Gains that walk within a block."""

from roomtone.audio import Samples
from roomtone.dsp.kernel import kernel


@kernel
def add_ramped(source: Samples, start: float, end: float, out: Samples) -> None:
    """Add `source` into `out` under a gain that walks from `start` to `end`; mono is doubled, stereo averaged.

    Args:
        source: (frames, channels) float32.
        start: gain before the first frame.
        end: gain at the last frame.
        out: (frames, channels) float32.
    """
    step = (end - start) / out.shape[0]
    gain = start
    for i in range(out.shape[0]):
        gain += step
        if source.shape[1] > out.shape[1]:
            out[i, 0] += gain * 0.5 * (source[i, 0] + source[i, 1])
        else:
            for c in range(out.shape[1]):
                out[i, c] += gain * source[i, min(c, source.shape[1] - 1)]
