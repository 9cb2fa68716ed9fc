"""Strikes on bodies by the hundred: each with modes of its own, so that many of them never hum a chord."""

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ

Rows = NDArray[np.float64]
"""`(strikes, frames)`: one sound a row."""


def strikes(
    rng: np.random.Generator,
    count: int,
    frames: int,
    *,
    modes: int,
    low_hz: float,
    high_hz: float,
    decay_s: tuple[float, float],
    damping: float = 0.5,
) -> Rows:
    """Make strikes on plates, panes or skins.

    Modes shared by all would stand as lines in the spectrum of many. So every mode has a narrow step of the spectrum
    for itself, dealt out at random, and as much power however long it rings.

    Args:
        rng: chance.
        count: how many strikes.
        frames: how long each is; the last 2 ms fade.
        modes: of each strike.
        low_hz: the lowest mode of all.
        high_hz: the highest.
        decay_s: to 1/e, from and to, of a mode in the middle of the range.
        damping: decay falls as frequency to this power.

    Returns:
        (count, frames), each of unit energy.

    Source: K. van den Doel & D. K. Pai (1998), "The sounds of physical shapes", modal synthesis.
    """
    t = np.arange(frames) / SAMPLE_RATE_HZ
    steps = rng.permutation(count * modes).reshape(count, modes)
    hz = low_hz * (high_hz / low_hz) ** ((steps + rng.uniform(size=steps.shape)) / steps.size)
    decays_s = rng.uniform(*decay_s, hz.shape) * (np.sqrt(low_hz * high_hz) / hz) ** damping
    size = rng.normal(size=hz.shape) / np.sqrt(decays_s)
    rows = np.empty((count, frames))
    for i in range(count):
        waves = np.sin(2 * np.pi * hz[i][:, None] * t) * np.exp(-t / decays_s[i][:, None])
        rows[i] = size[i] @ waves
    return unit(rows * np.minimum(1.0, np.arange(frames)[::-1] / 96.0))


def unit(rows: Rows) -> Rows:
    """Scale each row so that its squares sum to one."""
    return np.asarray(rows / np.sqrt((rows**2).sum(1, keepdims=True)))


def laid(*parts: tuple[float, Rows]) -> Rows:
    """Lay rows over one another, each part with its gain; the longest says how long. All have as many rows."""
    total = np.zeros((len(parts[0][1]), max(rows.shape[1] for _, rows in parts)))
    for gain, rows in parts:
        total[:, : rows.shape[1]] += gain * rows
    return total
