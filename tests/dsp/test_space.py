"""A place dulls, blurs and bounds what is heard in it."""

import numpy as np

from roomtone.dsp.space import place, soft_limit, space_state


def _heard(x, *, tilt_db: float = 0.0, air_hz: float = 20_000.0, diffuse: float = 0.0):
    space, sound = space_state(x.shape[1]), x.copy()
    for b in range(0, len(x), 480):
        place(space, sound[b : b + 480], tilt_db=tilt_db, air_hz=air_hz, diffuse=diffuse)
    return sound


def _noise(channels: int = 2, gain: float = 0.1):
    return (gain * np.random.default_rng(1).normal(size=(48_000, channels))).astype(np.float32)


def _rms_db(x) -> float:
    return 20.0 * float(np.log10(x.std()))


def test_air_takes_the_highs():
    def tone(hz: float):
        return 0.3 * np.sin(2 * np.pi * hz * np.arange(48_000) / 48_000).astype(np.float32)[:, None]

    near, far = (_rms_db(_heard(tone(8_000.0), air_hz=hz)) for hz in (20_000.0, 1_000.0))
    assert far < near - 25.0
    assert abs(_rms_db(_heard(tone(150.0), air_hz=1_000.0)) - _rms_db(tone(150.0))) < 0.7


def test_an_impulse_comes_back_from_around_and_dies_away():
    impulse = np.zeros((96_000, 2), np.float32)
    impulse[0] = 0.4
    tail = np.abs(_heard(impulse, diffuse=0.5))
    assert tail[1_000:24_000].max() > 1e-3
    assert tail[72_000:].max() < 1e-4


def test_the_tail_keeps_the_level_of_a_steady_sound():
    dry, wet = (_rms_db(_heard(_noise(), diffuse=value)) for value in (0.0, 0.6))
    assert abs(dry - wet) < 6.0


def test_the_tail_widens_what_was_in_the_middle():
    middle = np.repeat(_noise(1), 2, axis=1)
    dry, wet = (np.corrcoef(_heard(middle, diffuse=value).T)[0, 1] for value in (0.0, 0.7))
    assert dry > 0.99
    assert wet < 0.8


def test_dc_does_not_pass():
    assert abs(_heard(np.full((96_000, 1), 0.3, np.float32))[-480:].mean()) < 1e-4


def test_peaks_bend_and_never_reach_full_scale():
    assert soft_limit(0.4) == 0.4
    assert 0.5 < soft_limit(0.6) < 0.6
    assert soft_limit(-1_000.0) > -0.9
    assert np.abs(_heard(_noise(gain=3.0))).max() < 0.9
