"""Scattered grains have the rate, the power and the direction that they were given."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.flurries import flurries_state, flurry
from roomtone.dsp.grains import bursts, drain_ring, grains_state, heavy_tail, place_grain, scatter

_ONE = np.ones(1, np.float32)
_IMPULSE = np.ones((1, 1), np.float32)


def _scattered(blocks: int, *, bank=_IMPULSE, levels=_ONE, rate_hz=500.0, gain=1.0, spread=0.0, channels=1):
    grains = grains_state(1, "test", longest_frames=bank.shape[1], channels=channels)
    sound = np.zeros((blocks * BLOCK_FRAMES, channels), np.float32)
    for b in range(blocks):
        block = sound[b * BLOCK_FRAMES : (b + 1) * BLOCK_FRAMES]
        scatter(grains, bank, levels, rate_hz=rate_hz, gain=gain, spread=spread, out=block)
    return sound


def test_as_many_grains_begin_as_the_rate_says():
    assert abs(_scattered(2_000).sum() / 20.0 - 500.0) < 25.0


def test_grains_of_unit_energy_have_the_power_of_their_rate():
    bank = bursts(np.random.default_rng(1), 32, 192, low_hz=2_000.0, high_hz=6_000.0, tau_s=0.0006)
    assert np.allclose((bank**2).sum(1), 1.0, atol=1e-5)
    sound = _scattered(2_000, bank=bank, levels=heavy_tail(), rate_hz=2_000.0)
    assert abs(sound.std() / np.sqrt(2_000.0 / 48_000.0) - 1.0) < 0.1


def test_a_grain_longer_than_a_block_rings_on_and_round_the_ring():
    grain = np.arange(1.0, 2_001.0, dtype=np.float32)
    grains = grains_state(1, "test", longest_frames=2_000, channels=1)
    for start in (0, 300, 479):
        place_grain(grains.ring, int(grains.cursor[0]) + start, grain, 1.0, 0.0)
        sound = np.zeros((2_880, 1), np.float32)
        for b in range(6):
            drain_ring(grains.ring, grains.cursor, sound[b * 480 : (b + 1) * 480])
        assert np.array_equal(sound[start : start + 2_000, 0], grain)
        assert sound.sum() == grain.sum()


def test_a_grain_at_the_side_is_louder_and_earlier_there():
    grains = grains_state(1, "test", longest_frames=1, channels=2)
    place_grain(grains.ring, 0, np.ones(1, np.float32), 1.0, -0.8)
    block = np.zeros((BLOCK_FRAMES, 2), np.float32)
    drain_ring(grains.ring, grains.cursor, block)
    assert block[:, 0].max() > 3.0 * block[:, 1].max()
    assert block[:, 0].argmax() < block[:, 1].argmax()


def test_flurries_come_in_bursts_where_a_scatter_is_even():
    flurries = flurries_state(
        1, "test", longest_frames=1, pans=np.zeros(1), tau_s=np.full(1, 0.3), sigma=1.0, channels=1
    )
    sound = np.zeros((2_000 * BLOCK_FRAMES, 1), np.float32)
    for b in range(2_000):
        block = sound[b * BLOCK_FRAMES : (b + 1) * BLOCK_FRAMES]
        flurry(
            flurries,
            _IMPULSE,
            _ONE,
            rates_hz=np.full(1, 500.0),
            gains=np.ones(1),
            choice=0.5,
            choice_width=0.0,
            out=block,
        )
    clustered, even = (x.reshape(-1, 4_800).sum(1) for x in (sound, _scattered(2_000)))
    assert clustered.var() / clustered.mean() > 5.0 * even.var() / even.mean()
