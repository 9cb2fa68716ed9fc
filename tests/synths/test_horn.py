"""A horn sounds when it is struck, in notes of its kind, each time another vehicle."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["horn"], seed, {"rate": 0.0, **controls}).read(round(seconds * 48_000))


def struck(seconds: float = 3.0, seed: int = 1, **controls: float) -> Samples:
    voice = Voice(SYNTHS["horn"], seed, {"rate": 0.0, **controls})
    voice.read(480)
    voice.strike()
    return voice.read(round(seconds * 48_000))


def lowest_hz(x: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(x[:, 0] * np.hanning(len(x)))) ** 2
    hz = np.fft.rfftfreq(len(x), 1 / 48_000)
    return float(hz[(spectrum > 0.02 * spectrum.max()) & (hz > 30.0)].min())


def test_it_is_silent_until_struck():
    assert hearing.level_db(heard(2.0)) < -100.0
    assert hearing.level_db(struck()) > -50.0


def test_a_car_is_high_a_lorry_lower_a_ship_deep():
    car, lorry, ship = (lowest_hz(struck(kind=kind, insistence=0.5)) for kind in (0.0, 0.5, 1.0))
    assert 340.0 < car < 480.0
    assert 125.0 < lorry < 210.0
    assert 65.0 < ship < 105.0


def test_insistence_holds_the_button_down():
    tap, held = (hearing.busy_share(struck(6.0, insistence=i), 200.0, -40.0) for i in (0.0, 1.0))
    assert held > tap + 0.1


def test_each_is_another_vehicle():
    pitches = {round(lowest_hz(struck(seed=seed))) for seed in range(1, 6)}
    assert len(pitches) >= 4


def test_a_jam_honks_more_often():
    calm, jam = (hearing.busy_share(heard(20.0, rate=rate), 200.0, -45.0) for rate in (0.4, 1.0))
    assert jam > calm
