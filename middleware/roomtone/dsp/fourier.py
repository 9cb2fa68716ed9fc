"""The inverse Fourier transform of one frame of 20 ms, for kernels: no call into Python, long inner loops.

Source: Stockham (1966), autosort; Bailey (1990), the four-step split that keeps inner loops long.
"""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.dsp.kernel import kernel

FRAME: Final = 960
"""Points of a frame."""

Complex: TypeAlias = NDArray[np.float32]
"""`(2, FRAME)`: real parts, then imaginary parts."""

# 960 = 16 · 60: sixteenths first, 60 side by side, then sixtieths, 16 side by side.
_COLUMNS: Final = 60
_ROWS: Final = 16


def _turns(angles: NDArray[np.int64], points: int) -> NDArray[np.float32]:
    """Return e^(2πi·angles/points) as `(*angles.shape, 2)`."""
    turn = 2.0 * np.pi * angles / points
    return np.stack((np.cos(turn), np.sin(turn)), -1).astype(np.float32)


def _twiddles(points: int, radix: int) -> NDArray[np.float32]:
    return _turns(np.outer(np.arange(points // radix), np.arange(radix)), points)


_TURN_16: Final = _twiddles(16, 4)
_TURN_4: Final = _twiddles(4, 4)
_TURN_60: Final = _twiddles(60, 4)
_TURN_15: Final = _twiddles(15, 5)
_STRIDE_5: Final = 4 * _ROWS
_TURN_BETWEEN: Final = _turns(np.outer(np.arange(_COLUMNS), np.arange(_ROWS)), FRAME)
_C1, _S1 = float(np.cos(0.4 * np.pi)), float(np.sin(0.4 * np.pi))
_C2, _S2 = float(np.cos(0.8 * np.pi)), float(np.sin(0.8 * np.pi))
_COS_72, _SIN_72, _COS_144, _SIN_144 = np.float32(_C1), np.float32(_S1), np.float32(_C2), np.float32(_S2)
_HALF, _SIN_60 = np.float32(0.5), np.float32(0.75**0.5)


@kernel
def _pass_4(x: Complex, y: Complex, stride: int, turns: NDArray[np.float32]) -> None:
    # Slices, because only loops that count from 0 become vector instructions; so in the other passes.
    s, m = stride, len(turns)
    for p in range(m):
        a, b, c, d = s * p, s * (p + m), s * (p + 2 * m), s * (p + 3 * m)
        ar, br, cr, dr = x[0, a : a + s], x[0, b : b + s], x[0, c : c + s], x[0, d : d + s]
        ai, bi, ci, di = x[1, a : a + s], x[1, b : b + s], x[1, c : c + s], x[1, d : d + s]
        t = 4 * s * p
        r0, r1, r2, r3 = y[0, t:], y[0, t + s :], y[0, t + 2 * s :], y[0, t + 3 * s :]
        i0, i1, i2, i3 = y[1, t:], y[1, t + s :], y[1, t + 2 * s :], y[1, t + 3 * s :]
        w1, v1, w2, v2, w3, v3 = (
            turns[p, 1, 0], turns[p, 1, 1], turns[p, 2, 0], turns[p, 2, 1], turns[p, 3, 0], turns[p, 3, 1],
        )  # fmt: skip
        for q in range(s):
            even_r, even_i, odd_r, odd_i = ar[q] + cr[q], ai[q] + ci[q], br[q] + dr[q], bi[q] + di[q]
            side_r, side_i, turn_r, turn_i = ar[q] - cr[q], ai[q] - ci[q], di[q] - bi[q], br[q] - dr[q]
            r0[q], i0[q] = even_r + odd_r, even_i + odd_i
            re, im = side_r + turn_r, side_i + turn_i
            r1[q], i1[q] = re * w1 - im * v1, re * v1 + im * w1
            re, im = even_r - odd_r, even_i - odd_i
            r2[q], i2[q] = re * w2 - im * v2, re * v2 + im * w2
            re, im = side_r - turn_r, side_i - turn_i
            r3[q], i3[q] = re * w3 - im * v3, re * v3 + im * w3


@kernel
def _pass_5(x: Complex, y: Complex) -> None:
    # This pass stays scalar: the compiler does not see that its twenty streams never overlap. It costs about 1 µs.
    s, m, turns = _STRIDE_5, 3 * _STRIDE_5, _TURN_15
    for p in range(3):
        xr, xi, yr, yi = x[0, s * p :], x[1, s * p :], y[0, 5 * s * p :], y[1, 5 * s * p :]
        w1, v1, w2, v2 = turns[p, 1, 0], turns[p, 1, 1], turns[p, 2, 0], turns[p, 2, 1]
        w3, v3, w4, v4 = turns[p, 3, 0], turns[p, 3, 1], turns[p, 4, 0], turns[p, 4, 1]
        for q in range(s):
            ar, br, cr, dr, er = xr[q], xr[q + m], xr[q + 2 * m], xr[q + 3 * m], xr[q + 4 * m]
            ai, bi, ci, di, ei = xi[q], xi[q + m], xi[q + 2 * m], xi[q + 3 * m], xi[q + 4 * m]
            sum1_r, sum1_i, sum2_r, sum2_i = br + er, bi + ei, cr + dr, ci + di
            gap1_r, gap1_i, gap2_r, gap2_i = br - er, bi - ei, cr - dr, ci - di
            yr[q], yi[q] = ar + sum1_r + sum2_r, ai + sum1_i + sum2_i
            mid_r = ar + _COS_72 * sum1_r + _COS_144 * sum2_r
            mid_i = ai + _COS_72 * sum1_i + _COS_144 * sum2_i
            off_r = -_SIN_72 * gap1_i - _SIN_144 * gap2_i
            off_i = _SIN_72 * gap1_r + _SIN_144 * gap2_r
            re, im = mid_r + off_r, mid_i + off_i
            yr[q + s], yi[q + s] = re * w1 - im * v1, re * v1 + im * w1
            re, im = mid_r - off_r, mid_i - off_i
            yr[q + 4 * s], yi[q + 4 * s] = re * w4 - im * v4, re * v4 + im * w4
            mid_r = ar + _COS_144 * sum1_r + _COS_72 * sum2_r
            mid_i = ai + _COS_144 * sum1_i + _COS_72 * sum2_i
            off_r = -_SIN_144 * gap1_i + _SIN_72 * gap2_i
            off_i = _SIN_144 * gap1_r - _SIN_72 * gap2_r
            re, im = mid_r + off_r, mid_i + off_i
            yr[q + 2 * s], yi[q + 2 * s] = re * w2 - im * v2, re * v2 + im * w2
            re, im = mid_r - off_r, mid_i - off_i
            yr[q + 3 * s], yi[q + 3 * s] = re * w3 - im * v3, re * v3 + im * w3


@kernel
def _last_pass_3(x: Complex, y: Complex, stride: int) -> None:
    s = stride
    ar, br, cr = x[0, :s], x[0, s : 2 * s], x[0, 2 * s : 3 * s]
    ai, bi, ci = x[1, :s], x[1, s : 2 * s], x[1, 2 * s : 3 * s]
    r0, r1, r2 = y[0, :s], y[0, s : 2 * s], y[0, 2 * s : 3 * s]
    i0, i1, i2 = y[1, :s], y[1, s : 2 * s], y[1, 2 * s : 3 * s]
    for q in range(s):
        sum_r, sum_i = br[q] + cr[q], bi[q] + ci[q]
        off_r, off_i = _SIN_60 * (ci[q] - bi[q]), _SIN_60 * (br[q] - cr[q])
        mid_r, mid_i = ar[q] - _HALF * sum_r, ai[q] - _HALF * sum_i
        r0[q], i0[q] = ar[q] + sum_r, ai[q] + sum_i
        r1[q], i1[q] = mid_r + off_r, mid_i + off_i
        r2[q], i2[q] = mid_r - off_r, mid_i - off_i


@kernel
def _turn_over(x: Complex, y: Complex) -> None:
    """Write rows as columns, and turn each point by its row and column."""
    for column in range(_COLUMNS):
        for row in range(_ROWS):
            re, im = x[0, row * _COLUMNS + column], x[1, row * _COLUMNS + column]
            w, v = _TURN_BETWEEN[column, row, 0], _TURN_BETWEEN[column, row, 1]
            y[0, column * _ROWS + row] = re * w - im * v
            y[1, column * _ROWS + row] = re * v + im * w


@kernel
def inverse_transform(x: Complex, scratch: Complex) -> None:
    """Replace the spectrum `x` by its frame, without the usual factor of 1/FRAME.

    Two real frames fit in one: from the spectrum `a + i·b`, the frame of `a` comes out as real parts and that of
    `b` as imaginary parts.

    Args:
        x: spectrum, then frame.
        scratch: overwritten.
    """
    _pass_4(x, scratch, _COLUMNS, _TURN_16)
    _pass_4(scratch, x, 4 * _COLUMNS, _TURN_4)
    _turn_over(x, scratch)
    _pass_4(scratch, x, _ROWS, _TURN_60)
    _pass_5(x, scratch)
    _last_pass_3(scratch, x, 20 * _ROWS)
