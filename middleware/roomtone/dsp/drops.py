"""What drops sound like on what they fall on: cloth, earth, leaves, stone, water, glass, tin."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.dsp.bubbles import bubble
from roomtone.dsp.grains import bursts
from roomtone.dsp.overlap import Bank, bank_of
from roomtone.dsp.strikes import Rows, laid, strikes, unit

_DROP_FRAMES: Final = 192
_THUMP_FRAMES: Final = 2_400
_RING_FRAMES: Final = 960
_SPLATTER_FRAMES: Final = 2_400
_THROWN_S: Final = 0.012
_VARIANTS: Final = 128


def _taps(rng: np.random.Generator, count: int, low_hz: float, high_hz: float, tau_s: float) -> Rows:
    return np.asarray(
        bursts(rng, count, _DROP_FRAMES, low_hz=low_hz, high_hz=high_hz, tau_s=tau_s), np.float64
    )


def _splatter(rng: np.random.Generator, count: int) -> Rows:
    """Make heavy drops: an impact, and the droplets that it throws up coming down around it."""
    droplets = _taps(rng, 64, 3_000.0, 9_000.0, 0.0004)
    total = np.zeros((count, _SPLATTER_FRAMES))
    for i in range(count):
        total[i, :_DROP_FRAMES] += droplets[rng.integers(64)]
        late = rng.exponential(_THROWN_S * SAMPLE_RATE_HZ, rng.integers(5, 20)).astype(int)
        for start in late[late < _SPLATTER_FRAMES - _DROP_FRAMES]:
            thrown = droplets[rng.integers(64)]
            total[i, start : start + _DROP_FRAMES] += thrown * 0.35 * np.exp(rng.normal(0.0, 0.7))
    return unit(total)


def _on_cloth(rng: np.random.Generator) -> list[Rows]:
    # A taut skin: each drop is a small drum with a tap on top.
    skin = strikes(rng, _VARIANTS, _THUMP_FRAMES, modes=5, low_hz=85.0, high_hz=520.0, decay_s=(0.004, 0.014))
    return [unit(laid((1.0, skin), (0.8, _taps(rng, _VARIANTS, 500.0, 2_900.0, 0.0012))))]


def _on_earth(rng: np.random.Generator) -> list[Rows]:
    return [_taps(rng, _VARIANTS, 350.0, 1_800.0, 0.0013), _taps(rng, 24, 1_500.0, 4_500.0, 0.0008)]


def _on_leaves(rng: np.random.Generator) -> list[Rows]:
    # The blade gives way and flaps; what gathers on it falls later, as one heavy drop.
    flap = strikes(
        rng, _VARIANTS, _RING_FRAMES, modes=3, low_hz=260.0, high_hz=1_100.0, decay_s=(0.0015, 0.005)
    )
    tap = _taps(rng, _VARIANTS, 1_300.0, 5_200.0, 0.0009)
    gathered = laid((0.8, flap[:12]), (1.0, _taps(rng, 12, 900.0, 3_000.0, 0.0014)))
    return [unit(laid((0.45, flap), (1.0, tap))), 2.2 * unit(gathered)]


def _on_stone(rng: np.random.Generator) -> list[Rows]:
    # Never stone alone: earth and puddles beside it, a drain or a sill that rings.
    return [
        _taps(rng, 224, 350.0, 1_800.0, 0.0012),
        _taps(rng, 244, 2_200.0, 7_000.0, 0.0006),
        2.0 * _splatter(rng, 12),
        2.0 * _sheets(rng, 64),
    ]


def _on_water(rng: np.random.Generator) -> list[Rows]:
    # A tick as the drop strikes, and for most a bubble that it drags under, some milliseconds later. Their pitches
    # are dealt out evenly: chance alone would leave gaps and crowds, heard as tones.
    count = 2 * _VARIANTS
    rows = 0.45 * np.pad(_taps(rng, count, 3_500.0, 10_000.0, 0.0005), ((0, 0), (0, _RING_FRAMES)))
    place = (rng.permutation(count) + 0.5) / count
    pitches_hz = 3_900.0 * (place / (1.0 - place)) ** 0.25
    for row, hz in zip(rows[_VARIANTS // 2 :], pitches_hz, strict=False):
        sound = bubble(3.26 / hz, rise=0.08 * rng.random(), damping_scale=2.4)
        start = int(SAMPLE_RATE_HZ * rng.uniform(0.001, 0.006))
        length = min(len(sound), rows.shape[1] - start)
        row[start : start + length] += sound[:length] / np.sqrt((sound**2).sum())
    return [unit(rows), 1.6 * _splatter(rng, 8)]


def _on_glass(rng: np.random.Generator) -> list[Rows]:
    pane = strikes(
        rng, _VARIANTS, _RING_FRAMES, modes=7, low_hz=1_700.0, high_hz=10_000.0, decay_s=(0.0008, 0.003)
    )
    body = strikes(
        rng, _VARIANTS, _RING_FRAMES, modes=3, low_hz=240.0, high_hz=1_100.0, decay_s=(0.002, 0.006)
    )
    return [unit(laid((0.8, pane), (0.4, body), (0.6, _taps(rng, _VARIANTS, 4_500.0, 12_000.0, 0.00025))))]


def _on_tin(rng: np.random.Generator) -> list[Rows]:
    return [_sheets(rng, 160)]


def _sheets(rng: np.random.Generator, count: int) -> Rows:
    plate = strikes(
        rng, count, _RING_FRAMES, modes=10, low_hz=900.0, high_hz=10_000.0, decay_s=(0.002, 0.007)
    )
    return unit(laid((1.0, plate), (0.5, _taps(rng, count, 3_000.0, 9_000.0, 0.0004))))


_MADE: Final = {
    "tent": _on_cloth,
    "ground": _on_earth,
    "leaf": _on_leaves,
    "pavement": _on_stone,
    "water": _on_water,
    "glass": _on_glass,
    "tin": _on_tin,
}


@cache
def drop_bank(surfaces: tuple[str, ...]) -> tuple[Bank, tuple[tuple[int, int], ...]]:
    """Make drops on some surfaces; the same for every voice.

    Args:
        surfaces: of tent, ground, leaf, pavement, water, glass and tin.

    Returns:
        The sounds, most of unit energy, and for each surface its first and how many.
    """
    sounds: list[NDArray[np.float64]] = []
    spans: list[tuple[int, int]] = []
    for number, name in enumerate(surfaces):
        rows = _MADE[name](np.random.default_rng((0xD209, number)))
        spans.append((len(sounds), sum(len(part) for part in rows)))
        sounds += [row for part in rows for row in part]
    return bank_of(sounds), tuple(spans)
