"""What hailstones sound like on what they hit, small and large: a hard, short contact and what it rings."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.dsp.bubbles import bubble
from roomtone.dsp.grains import bursts
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.strikes import Rows, laid, strikes, unit

SIZES: Final = 160
"""How many stones there are on each surface, from the smallest to the largest."""
_TAP_FRAMES: Final = 480
_PLOP_FRAMES: Final = 1_920


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A surface as a stone finds it.

    Attributes:
        modes, low_hz, high_hz, decay_s: of what it rings; see `strikes`.
        frames: how long that is heard.
        tap_hz, tap_s: where the contact itself is heard, and how long.
        tap: how strong it is against the ringing.
        hard_hz: above this a small stone excites nothing; a large one a fifth of it.
        gain: how loud a stone is.
        spring: what part of its speed it keeps when it bounces.
    """

    modes: int
    low_hz: float
    high_hz: float
    decay_s: tuple[float, float]
    frames: int
    tap_hz: tuple[float, float]
    tap_s: float
    tap: float
    hard_hz: float
    gain: float
    spring: float


GROUNDS: Final = {
    "tent": Ground(modes=5, low_hz=75, high_hz=520, decay_s=(0.006, 0.02), frames=3_600, tap_hz=(700, 3_200),
                   tap_s=0.0011, tap=0.9, hard_hz=9_000, gain=1.6, spring=0.35),
    "ground": Ground(modes=4, low_hz=120, high_hz=800, decay_s=(0.003, 0.008), frames=1_440, tap_hz=(600, 3_600),
                     tap_s=0.0011, tap=1.3, hard_hz=9_000, gain=0.9, spring=0.2),
    "leaf": Ground(modes=4, low_hz=250, high_hz=1_600, decay_s=(0.0015, 0.005), frames=960, tap_hz=(1_200, 5_500),
                   tap_s=0.0009, tap=1.3, hard_hz=9_000, gain=0.9, spring=0.1),
    "pavement": Ground(modes=8, low_hz=500, high_hz=8_000, decay_s=(0.0006, 0.0022), frames=960,
                       tap_hz=(2_200, 8_000), tap_s=0.0005, tap=1.0, hard_hz=14_000, gain=1.0, spring=0.5),
    "water": Ground(modes=3, low_hz=2_500, high_hz=9_000, decay_s=(0.0006, 0.002), frames=1_920,
                    tap_hz=(3_000, 9_500), tap_s=0.0011, tap=1.4, hard_hz=12_000, gain=1.0, spring=0.0),
    "glass": Ground(modes=10, low_hz=700, high_hz=11_000, decay_s=(0.0015, 0.006), frames=1_920,
                    tap_hz=(4_500, 12_000), tap_s=0.0003, tap=0.6, hard_hz=18_000, gain=1.2, spring=0.45),
    "tin": Ground(modes=16, low_hz=320, high_hz=12_000, decay_s=(0.004, 0.018), frames=3_840,
                  tap_hz=(4_000, 11_000), tap_s=0.0005, tap=0.8, hard_hz=20_000, gain=1.4, spring=0.4),
}  # fmt: skip
"""The surfaces by name."""


def _stones(rng: np.random.Generator, name: str) -> Rows:
    ground = GROUNDS[name]
    rung = strikes(
        rng, SIZES, ground.frames, modes=ground.modes, low_hz=ground.low_hz, high_hz=ground.high_hz,
        decay_s=ground.decay_s,
    )  # fmt: skip
    low_hz, high_hz = ground.tap_hz
    taps = bursts(rng, SIZES, _TAP_FRAMES, low_hz=low_hz, high_hz=high_hz, tau_s=ground.tap_s)
    rows = laid((1.0, rung), (ground.tap, np.asarray(taps, np.float64)))
    if name == "water":
        _plop(rng, rows)
    return unit(_softened(rows, ground.hard_hz))


def _plop(rng: np.random.Generator, rows: Rows) -> None:
    """Add the bubble that a stone drags under: the larger the stone, the deeper."""
    for row, size in zip(rows, np.linspace(0.0, 1.0, SIZES), strict=True):
        hz = 3_200.0 * 0.25**size * np.exp(0.35 * rng.normal())
        sound = bubble(3.26 / hz, rise=0.1 * rng.random(), damping_scale=2.0)[: _PLOP_FRAMES - 480]
        start = int(SAMPLE_RATE_HZ * rng.uniform(0.002, 0.009))
        row[start : start + len(sound)] += 0.8 * sound / np.sqrt((sound**2).sum())


def _softened(rows: Rows, hard_hz: float) -> Rows:
    # Contact lasts longer the larger the stone, and excites nothing that swings faster (Hertz's contact).
    hz = np.fft.rfftfreq(rows.shape[1], 1.0 / SAMPLE_RATE_HZ)
    corner_hz = hard_hz * 0.2 ** np.linspace(0.0, 1.0, len(rows))[:, None]
    return np.asarray(np.fft.irfft(np.fft.rfft(rows) / (1.0 + (hz / corner_hz) ** 2), rows.shape[1]))


@cache
def hailstone_bank(surfaces: tuple[str, ...]) -> Bank:
    """Make stones on some surfaces, `SIZES` on each, all of unit energy; the same for every voice."""
    return bank_of(
        [
            row
            for number, name in enumerate(surfaces)
            for row in _stones(np.random.default_rng((0x4A11, number)), name)
        ]
    )
