"""Struck things ring at modes of their own, and no surface hums a chord."""

import numpy as np
import pytest

from roomtone.dsp.drops import drop_bank
from roomtone.dsp.hailstones import GROUNDS, SIZES, hailstone_bank
from roomtone.dsp.strikes import laid, strikes, unit

_SURFACES = ("tent", "ground", "leaf", "pavement", "water", "glass", "tin")


def _struck(decay_s: tuple[float, float] = (0.004, 0.006)):
    rng = np.random.default_rng(1)
    return strikes(rng, 64, 960, modes=8, low_hz=1_000.0, high_hz=8_000.0, decay_s=decay_s)


def test_every_strike_has_unit_energy_and_ends_in_silence():
    rows = _struck()
    assert np.allclose((rows**2).sum(1), 1.0)
    assert np.abs(rows[:, -1]).max() < 1e-9


def test_many_strikes_together_have_no_line():
    power = (np.abs(np.fft.rfft(_struck(), axis=1)) ** 2).mean(0)
    inside = power[25:155].reshape(-1, 10).mean(1)
    around = np.convolve(inside, np.ones(5) / 5.0, "valid")
    assert (10.0 * np.log10(inside[2:-2] / around)).max() < 3.0


def test_a_longer_decay_rings_longer():
    late = [(rows[:, 480:] ** 2).sum(1).mean() for rows in (_struck((0.001, 0.002)), _struck((0.006, 0.01)))]
    assert late[1] > 20.0 * late[0]


def test_parts_are_laid_over_one_another():
    rows = laid((1.0, np.ones((2, 4))), (0.5, np.ones((2, 2))))
    assert rows.tolist() == [[1.5, 1.5, 1.0, 1.0]] * 2
    assert np.allclose((unit(rows) ** 2).sum(1), 1.0)


@pytest.mark.parametrize("surface", _SURFACES)
def test_a_stone_is_duller_the_larger_it_is(surface: str):
    bank = hailstone_bank(_SURFACES)
    first = _SURFACES.index(surface) * SIZES
    small, large = (
        np.mean([_centre_hz(bank.samples[bank.starts[i] : bank.starts[i + 1]]) for i in rows])
        for rows in (range(first, first + 20), range(first + SIZES - 20, first + SIZES))
    )
    assert large < small


def test_every_surface_has_drops_and_stones():
    bank, spans = drop_bank(_SURFACES)
    assert sum(count for _, count in spans) == len(bank.starts) - 1
    assert set(GROUNDS) == set(_SURFACES)
    assert np.isfinite(bank.samples).all()


def _centre_hz(sound) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / 48_000)
    return float((power * hz).sum() / power.sum())
