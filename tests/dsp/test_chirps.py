"""Animals cut their tones into pulses and chirps, and come and go without a click."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp import chirps
from roomtone.dsp.random import rng_state


def _animal(carrier_hz: float = 4_500.0, pulses: float = 3.0, pulse_hz: float = 28.0) -> chirps.Animals:
    animals = np.zeros((1, chirps.CHIRP_FIELDS))
    animals[0, chirps.CARRIER_HZ], animals[0, chirps.PULSES] = carrier_hz, pulses
    animals[0, chirps.PULSE_S], animals[0, chirps.PERIOD_S] = 1.0 / pulse_hz, 0.5
    animals[0, chirps.DISTANCE_M], animals[0, chirps.WAIT_FRAMES] = 2.0, 10.0
    animals[0, chirps.CHIRPS_LEFT] = 1_000.0
    return animals


def _hear(
    animals: chirps.Animals, seconds: float, present: list[float] | None = None, pan: float = 0.0
) -> Samples:
    animals[:, chirps.PAN] = pan
    out = np.zeros((round(seconds * 100) * BLOCK_FRAMES, 2), np.float32)
    send, rng = np.zeros(BLOCK_FRAMES, np.float32), rng_state(5, "test")
    for i, block in enumerate(out.reshape(-1, BLOCK_FRAMES, 2)):
        here = 1.0 if present is None else present[i % len(present)]
        chirps.sing_chirps(rng, animals, here, 1.0, 1.0, 0.1, send, block)
    return out


def _peak_hz(x: Samples) -> float:
    return float(np.abs(np.fft.rfft(x[:, 0])).argmax() * 48_000 / len(x))


def test_an_animal_sings_at_its_carrier() -> None:
    assert abs(_peak_hz(_hear(_animal(4_200.0), 4.0)) - 4_200.0) < 60.0


def test_pulses_come_at_the_rate_of_the_wings() -> None:
    envelope = np.abs(_hear(_animal(pulses=4.0, pulse_hz=28.0), 8.0)[:, 0]).reshape(-1, 48).max(1)
    spectrum = np.abs(np.fft.rfft(envelope - envelope.mean()))
    hz = np.fft.rfftfreq(len(envelope), 0.001)
    inside = (hz > 15.0) & (hz < 45.0)
    assert abs(hz[inside][spectrum[inside].argmax()] - 28.0) < 3.0


def test_an_animal_that_is_absent_is_not_heard() -> None:
    assert np.abs(_hear(_animal(), 2.0, present=[0.0])).max() == 0.0


def test_coming_and_going_within_a_block_makes_no_corner() -> None:
    steady, flicker = _hear(_animal(), 4.0), _hear(_animal(), 4.0, present=[1.0, 0.0])
    corner = [np.abs(np.diff(x[:, 0], 2)).max() for x in (steady, flicker)]
    assert corner[1] < 1.05 * corner[0]


def test_an_animal_on_the_left_is_louder_on_the_left() -> None:
    left, right = _hear(_animal(), 2.0, pan=-0.8).std(0)
    assert left > 4.0 * right
