"""Thunder cracks, claps and rolls on."""

import numpy as np

from listening import hearing
from listening.sounds.weather import strokes_per_min
from listening.sweep import hear
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def _stroke(seconds: float = 20.0, seed: int = 1, **controls: float):
    voice = Voice(SYNTHS["thunder"], seed, {"rate": 0.0, **controls})
    voice.strike()
    return voice.read(round(seconds * 48_000))


def test_it_is_silent_until_struck():
    voice = Voice(SYNTHS["thunder"], 1, {"rate": 0.0})
    assert hearing.peak(voice.read(5 * 48_000)) < 1e-9
    voice.strike()
    assert hearing.peak(voice.read(48_000)) > 0.1


def test_a_strike_is_heard_at_once():
    assert hearing.peak(_stroke(0.05, distance=0.0)) > 0.05


def test_the_low_rumble_outlasts_the_crack():
    strokes = [_stroke(seed=seed, distance=0.1) for seed in (1, 2, 3, 4, 5)]
    low_s, high_s = (
        [hearing.fall_s(stroke, *band) for stroke in strokes] for band in ((30.0, 120.0), (3_000.0, 16_000.0))
    )
    assert np.median(np.divide(low_s, high_s)) > 2.0


def test_far_thunder_has_no_crack():
    near, far = (hearing.share_db(_stroke(distance=value), 1_000.0, 16_000.0) for value in (0.0, 1.0))
    assert far < near - 15.0


def test_far_thunder_begins_softly():
    near, far = (_onset_s(_stroke(distance=value)) for value in (0.0, 1.0))
    assert near < 0.4 < far


def _onset_s(stroke) -> float:
    energy = np.cumsum(stroke[:, 0].astype(float) ** 2)
    return float(np.searchsorted(energy, 0.02 * energy[-1]) / 48_000)


def test_it_dies_away():
    stroke = _stroke(40.0, rumble=0.5)
    assert hearing.level_db(stroke[-48_000:]) < hearing.level_db(stroke[:48_000]) - 40.0


def test_no_two_strokes_are_alike():
    voice = Voice(SYNTHS["thunder"], 1, {"rate": 0.0})
    strokes = []
    for _ in range(3):
        voice.strike()
        strokes.append(voice.read(15 * 48_000))
    assert hearing.likeness(strokes[0], strokes[1]) < 0.4
    assert hearing.likeness(strokes[1], strokes[2]) < 0.4


def test_many_strokes_at_once_stay_within_bounds():
    voice = Voice(SYNTHS["thunder"], 1, {"rate": 0.0, "distance": 0.0})
    for _ in range(50):
        voice.strike()
    assert hearing.peak(voice.read(5 * 48_000)) <= 0.9


def test_the_rate_is_strokes_a_minute():
    voice = Voice(SYNTHS["thunder"], 1, {"rate": 1.0, "distance": 0.0, "rumble": 0.0})
    sound = voice.read(60 * 48_000)
    cracks = hearing.envelope(sound, 6_000.0)
    loud = cracks > 0.15 * cracks.max()
    starts = np.nonzero(loud)[0]
    strokes = 1 + int(np.sum(np.diff(starts) > 200))
    assert 5 <= strokes <= 20


def test_overhead_thunder_tears_on_between_its_claps():
    floors_db = [hearing.floor_db(_stroke(2.0, seed, distance=0.0), 2_000.0) for seed in range(1, 9)]
    assert np.mean(floors_db) > -23.5


def test_more_rumble_rolls_on_for_longer():
    short, long = (
        hearing.fall_s(_stroke(30.0, rumble=value), 30.0, 120.0, by_db=35.0) for value in (0.0, 1.0)
    )
    assert long > 1.3 * short


def test_a_storm_that_strikes_by_itself_breathes_between_its_strokes():
    storm = Voice(SYNTHS["thunder"], 1, {"rate": 0.3, "rumble": 0.0}).read(60 * 48_000)
    seconds_db = 10.0 * np.log10((storm.reshape(60, -1).astype(float) ** 2).mean(1) + 1e-20)
    assert seconds_db.min() > -70.0
    assert seconds_db.max() - seconds_db.min() > 25.0


def test_more_strokes_a_minute_are_the_same_strokes_sooner():
    counts = [strokes_per_min(hear("thunder", {"rate": rate, "rumble": 0.0, "distance": 0.0}, seconds=60.0, seed=2))
              for rate in (0.3, 0.6, 1.0)]  # fmt: skip
    assert counts == sorted(counts)
    assert counts[0] <= 4.0
    assert 8.0 <= counts[2] <= 16.0
