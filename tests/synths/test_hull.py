"""What rings in a ship and knocks in a computer: made once a seed, each kind in its own register."""

from collections.abc import Callable

import numpy as np
import pytest

from roomtone.dsp.overlap import Bank
from roomtone.synths.designed import computer, hull

both = pytest.mark.parametrize("make", [hull.hull_bank, computer._bank], ids=["ship", "computer"])


def _centroid_hz(bank: Bank, kind: tuple[int, int]) -> float:
    """Where half of the power of a kind's sounds is."""
    powers = sum(
        np.abs(np.fft.rfft(bank.samples[bank.starts[k] : bank.starts[k + 1]], 1 << 17)) ** 2
        for k in range(*kind)
    )
    return float(np.searchsorted(np.cumsum(powers), 0.5 * np.sum(powers)) * 48_000 / (1 << 17))


@both
def test_one_seed_is_one_set_and_another_is_another(make: Callable[[int], Bank]):
    assert make(1) is make(1)
    assert not np.array_equal(make(1).samples[:500], make(2).samples[:500])


@both
def test_every_sound_is_bounded_and_ends(make: Callable[[int], Bank]):
    bank = make(1)
    for start, end in zip(bank.starts[:-1], bank.starts[1:], strict=True):
        sound = bank.samples[start:end]
        assert 0.9 < np.abs(sound).max() < 1.1
        assert np.abs(sound[-48:]).max() < 0.1


def test_booms_are_low_and_relays_are_not():
    bank = hull.hull_bank(1)
    assert bank.starts[-1] == len(bank.samples)
    assert _centroid_hz(bank, hull.BOOMS) < _centroid_hz(bank, hull.THUMPS) < _centroid_hz(bank, hull.RELAYS)


def test_a_carriage_is_lower_than_a_key_and_a_key_than_a_head():
    bank = computer._bank(1)
    thuds, knocks, ticks = (
        _centroid_hz(bank, kind) for kind in (computer._THUDS, computer._KNOCKS, computer._TICKS)
    )
    assert thuds < knocks < ticks
