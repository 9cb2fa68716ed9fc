"""Gusts, whistles and lightning: the movements that weather is made of."""

import numpy as np

from roomtone.dsp.bed import BED_BANDS
from roomtone.dsp.gusts import LATEST_S, gusts_state, step_gusts, trail_gusts
from roomtone.dsp.lightning import forge_stroke, hear_arrivals, lightning_state, shock_waves
from roomtone.dsp.whistles import resonate, whistles_state


def test_a_gust_never_stands_more_than_9_db_above_the_mean_wind():
    gusts, flat = gusts_state(1, "test"), np.zeros(BED_BANDS)
    heights_db = [step_gusts(gusts, flat, 2.0) for _ in range(12_000)]
    assert max(heights_db) < 9.0
    assert min(heights_db) < -4.0


def test_without_depth_the_wind_is_steady():
    gusts, flat = gusts_state(1, "test"), np.zeros(BED_BANDS)
    for _ in range(200):
        step_gusts(gusts, flat, 0.0)
        assert np.allclose(gusts.gains, 1.0)


def test_a_gust_reaches_the_sides_at_different_times():
    gusts, flat = gusts_state(1, "test"), np.zeros(BED_BANDS)
    sides = []
    for _ in range(1_000):
        step_gusts(gusts, flat, 1.0)
        sides.append(gusts.gains[:, 0].copy())
    left, right = np.array(sides).T
    assert not np.allclose(left, right)
    assert np.corrcoef(left, right)[0, 1] > 0.6


def test_a_gust_reaches_places_in_the_order_of_their_lags():
    gusts, flat, lags_s = gusts_state(1, "test"), np.zeros(BED_BANDS), np.array([0.0, 1.0, LATEST_S])
    heights_db = np.zeros((1_200, 3))
    for b in range(1_200):
        step_gusts(gusts, flat, 1.0)
        trail_gusts(gusts, lags_s, 1.0, heights_db[b])
    late = round(LATEST_S * 100)
    assert np.allclose(heights_db[100:, 1], heights_db[:-100, 0])
    assert np.allclose(heights_db[late:, 2], heights_db[:-late, 0])


def test_a_whistle_sounds_at_its_pitch_and_at_its_level():
    whistles = whistles_state(1, "test", pans=np.zeros(1))
    sound = np.zeros((96_000, 1), np.float32)
    for b in range(200):
        resonate(whistles, np.array([800.0]), np.array([0.1]), q=30.0, out=sound[b * 480 : (b + 1) * 480])
    power = np.abs(np.fft.rfft(sound[:, 0])) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / 48_000)
    assert abs((power * hz).sum() / power.sum() - 800.0) < 80.0
    assert 0.06 < sound[9_600:].std() < 0.15


def test_a_whistle_swept_across_the_spectrum_stays_bounded():
    whistles = whistles_state(1, "test", pans=np.zeros(1))
    for b in range(400):
        block = np.zeros((480, 1), np.float32)
        resonate(whistles, np.array([60.0 if b % 2 else 15_000.0]), np.array([0.1]), q=40.0, out=block)
        assert np.abs(block).max() < 1.0


def test_shock_waves_grow_longer_and_rounder_with_distance():
    waves = shock_waves()
    hz = np.fft.rfftfreq(waves.shape[1], 1 / 48_000)
    power = np.abs(np.fft.rfft(waves.astype(float))) ** 2
    centroid_hz = (power * hz).sum(1) / power.sum(1)
    assert centroid_hz[:8].mean() > 3.0 * centroid_hz[-8:].mean()


def test_a_stroke_arrives_for_seconds_and_then_the_sky_is_empty():
    sky = lightning_state(1, "test")
    forge_stroke(sky, ground_m=1_000.0, gain=0.5, echo=0.5)
    waiting = []
    for _ in range(6_000):
        hear_arrivals(sky, np.zeros((480, 1), np.float32))
        waiting.append(int(sky.count[0]))
    assert waiting[0] > 300
    assert waiting[300] > 0
    assert waiting[-1] == 0


def test_a_sky_full_of_strokes_leaves_out_what_does_not_fit():
    sky = lightning_state(1, "test")
    for _ in range(40):
        forge_stroke(sky, ground_m=500.0, gain=0.5, echo=1.0)
    assert sky.count[0] == len(sky.arrivals)
