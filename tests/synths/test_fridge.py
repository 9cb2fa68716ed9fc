"""A fridge hums on the mains, beats, stops with a shudder, and starts again when it has grown warm."""

import numpy as np

from listening import hearing
from roomtone.audio import Samples
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def heard(seconds: float = 8.0, seed: int = 1, **controls: float) -> Samples:
    return Voice(SYNTHS["fridge"], seed, {"running": 1.0, **controls}).read(round(seconds * 48_000))


def test_its_hum_stands_in_lines_below_700_hz():
    hum = heard()
    assert hearing.share_db(hum, 30.0, 700.0) > -0.5
    assert hearing.tonality_db(hum, 60.0, 500.0) > 8.0


def test_motor_and_mains_beat_against_each_other():
    envelope = hearing.envelope(heard(16.0), 85.0, 115.0)
    power = np.abs(np.fft.rfft(envelope - envelope.mean())) ** 2
    hz = np.fft.rfftfreq(len(envelope), 240 / 48_000)
    assert 0.5 < hz[power.argmax()] < 4.0


def test_it_runs_for_as_much_of_the_time_as_it_is_told():
    def share(running: float) -> float:
        return hearing.busy_share(heard(109.0, running=running), 60.0, -50.0)

    assert share(0.0) < 0.1
    assert 0.35 < share(0.5) < 0.65


def test_it_stops_with_a_shudder_and_is_still_afterwards():
    voice = Voice(SYNTHS["fridge"], 2, {"running": 1.0, "hum": 0.3})
    before = voice.read(4 * 48_000)
    stop = voice.read(4 * 48_000, {"running": 0.0})
    after = voice.read(6 * 48_000)
    assert hearing.peak(stop) > 1.2 * hearing.peak(before)
    assert hearing.level_db(after) < hearing.level_db(before) - 20.0


def test_jars_clink_when_they_stand_loose():
    calm, loose = heard(rattle=0.0), heard(rattle=1.0)
    assert (
        hearing.band_level_db(loose, 2_000.0, 10_000.0) > hearing.band_level_db(calm, 2_000.0, 10_000.0) + 6.0
    )
    assert abs(hearing.band_level_db(loose, 40.0, 400.0) - hearing.band_level_db(calm, 40.0, 400.0)) < 1.5
