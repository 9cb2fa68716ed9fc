"""A painted bed has the spectrum, the width and the constancy that it was asked for."""

import numpy as np

from roomtone.audio import BLOCK_FRAMES
from roomtone.dsp.bed import BED_BANDS, BED_CENTRES_HZ, bed_state, render_bed


def _bed(gains, blocks: int = 600, **how):
    bed = bed_state(3, "test", **how)
    sound = np.zeros((blocks * BLOCK_FRAMES, how.get("channels", 2)), np.float32)
    for b in range(blocks):
        render_bed(bed, gains, sound[b * BLOCK_FRAMES : (b + 1) * BLOCK_FRAMES])
    return sound[BLOCK_FRAMES:]


def _band_rms(x, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(x[:, 0].astype(float))) ** 2
    hz = np.fft.rfftfreq(len(x), 1 / 48_000)
    return float(np.sqrt(2.0 * power[(hz >= low_hz) & (hz < high_hz)].sum()) / len(x))


def test_all_gains_at_one_are_white_noise_of_rms_one():
    sound = _bed(np.ones(BED_BANDS))
    assert np.allclose(sound.std(0), 1.0, atol=0.01)
    assert abs(np.mean(sound[:, 0] ** 4) / np.mean(sound[:, 0] ** 2) ** 2 - 3.0) < 0.1


def test_its_power_does_not_pump_with_the_blocks():
    sound = _bed(np.ones(BED_BANDS), blocks=3_000)
    by_phase = (sound[:, 0].reshape(-1, BLOCK_FRAMES) ** 2).mean(0).reshape(48, -1).mean(1)
    assert by_phase.std() < 0.02


def test_a_band_turned_up_is_heard_there_and_nowhere_else():
    gains = np.zeros(BED_BANDS)
    gains[15] = 1.0
    sound = _bed(gains)
    centre_hz = BED_CENTRES_HZ[15]
    inside = _band_rms(sound, BED_CENTRES_HZ[14], BED_CENTRES_HZ[16])
    assert inside > 100.0 * _band_rms(sound, 4.0 * centre_hz, 20_000.0)
    assert inside > 100.0 * _band_rms(sound, 20.0, 0.25 * centre_hz)


def test_the_sides_are_as_alike_as_they_were_asked_to_be():
    for asked in (0.0, 0.5, 0.9):
        sound = _bed(np.ones(BED_BANDS), coherence=np.full(BED_BANDS, asked))
        assert abs(np.corrcoef(sound.T)[0, 1] - asked) < 0.02


def test_each_side_may_have_its_own_gains():
    gains = np.stack([np.full(BED_BANDS, 0.1), np.full(BED_BANDS, 0.3)])
    assert np.allclose(_bed(gains).std(0), [0.1, 0.3], rtol=0.03)


def test_a_mono_bed_is_as_loud_as_a_stereo_one():
    assert abs(_bed(np.ones(BED_BANDS), channels=1).std() - 1.0) < 0.01


def test_silence_is_silent():
    assert not _bed(np.zeros(BED_BANDS)).any()
