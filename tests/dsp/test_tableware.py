"""Cups and spoons ring high and short, each with a sound of its own, and in small flurries."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp.random import rng_state
from roomtone.dsp.tableware import clatter, clatter_ring, tableware


def _hear(clusters_hz: float, seconds: float) -> Samples:
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 2), np.float32)
    rng, ring, cursor = rng_state(6, "test"), clatter_ring(), np.zeros(1, np.int64)
    for block in out.reshape(-1, BLOCK_FRAMES, 2):
        clatter(rng, tableware(), clusters_hz, 0.5, ring, cursor, block)
    return out


def _hits_s(x: Samples) -> np.ndarray:
    level = np.abs(x).max(1).reshape(-1, 240).max(1)
    return np.nonzero((level[1:] > 4.0 * level[:-1]) & (level[1:] > 1e-3))[0] * 0.005


def test_every_hit_has_the_same_energy_and_ends_in_silence() -> None:
    bank = tableware()
    assert np.allclose((bank**2).sum(-1), 1.0, atol=1e-3)
    assert np.abs(bank[..., -1]).max() < 1e-6


def test_every_hit_rings_above_a_kilohertz() -> None:
    power = np.abs(np.fft.rfft(tableware(), axis=-1)) ** 2
    low = power[..., : power.shape[-1] // 24].sum(-1) / power.sum(-1)
    assert low.max() < 0.15


def test_two_hits_on_one_thing_are_more_alike_than_on_two_things() -> None:
    colour = np.abs(np.fft.rfft(tableware()[:, :, :4_096], axis=-1))
    colour /= np.linalg.norm(colour, axis=-1, keepdims=True)
    same = np.mean([c[0] @ c[1] for c in colour])
    other = np.mean([colour[i, 0] @ colour[i - 1, 0] for i in range(len(colour))])
    assert same > other + 0.2


def test_hits_come_in_flurries() -> None:
    gaps_s = np.diff(_hits_s(_hear(0.5, 120.0)))
    assert gaps_s.std() > 1.3 * gaps_s.mean()
    assert np.median(gaps_s) < 0.3


def test_nothing_is_touched_at_a_rate_of_zero() -> None:
    assert np.abs(_hear(0.0, 1.0)).max() == 0.0
