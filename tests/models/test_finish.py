"""The gate keeps what is right as it is, mends what can be mended, and refuses the rest with the reason."""

import json
import math
import subprocess
import sys
from typing import Any

import numpy as np
import pyloudnorm
import pytest
from numpy.typing import NDArray
from scipy import signal

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.errors import ModelError
from roomtone.models.finish import Finished, finish

RATES_HZ = (16_000, 22_050, 32_000, 44_100, 48_000, 96_000)


# Material -------------------------------------------------------------------------------------


def noise(
    seconds: float = 2.0,
    *,
    rate_hz: int = SAMPLE_RATE_HZ,
    channels: int = 2,
    level: float = 0.05,
    tilt_db: float = -3.0,
    seed: int = 1,
) -> Samples:
    """Noise that falls by `tilt_db` an octave, circular and without offset: as good a loop as a clip."""
    frames = round(seconds * rate_hz)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((frames, channels)), axis=0)
    bins_hz = np.maximum(np.fft.rfftfreq(frames, 1 / rate_hz), 1.0)
    gain = (bins_hz / 1_000.0) ** (tilt_db / 6.02)
    gain[bins_hz < 40.0] = 0.0
    shaped = np.fft.irfft(spectrum * gain[:, None], frames, axis=0)
    return (shaped * level / np.sqrt(np.mean(shaped**2))).astype(np.float32)


def tone(hz: float, seconds: float = 2.0, *, rate_hz: int = SAMPLE_RATE_HZ, level: float = 0.2) -> Samples:
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (level * np.sin(2 * np.pi * hz * t + 0.3)).astype(np.float32)[:, None]


def silence(seconds: float, channels: int = 2) -> Samples:
    return np.zeros((round(seconds * SAMPLE_RATE_HZ), channels), np.float32)


def gained(samples: Samples, gain_db: float | NDArray[np.float64]) -> Samples:
    gains = np.asarray(10.0 ** (np.asarray(gain_db) / 20.0), np.float32)
    return samples * (gains[:, None] if gains.ndim else gains)


# Listening ------------------------------------------------------------------------------------


def through(samples: Samples, rate_hz: int = SAMPLE_RATE_HZ, **more: Any) -> Finished:
    seconds = len(samples) / rate_hz
    return finish(samples, rate_hz, **{"seconds": seconds, **more})


def refusal(samples: Samples, rate_hz: int = SAMPLE_RATE_HZ, **more: Any) -> str:
    with pytest.raises(ModelError) as caught:
        through(samples, rate_hz, **more)
    assert caught.value.what
    assert caught.value.fix
    return caught.value.code


def db(ratio: float) -> float:
    return 20.0 * math.log10(max(float(ratio), 1e-12))


def rms(sound: NDArray[Any]) -> float:
    return float(np.sqrt(np.mean(np.asarray(sound, np.float64) ** 2)))


def without_gain(finished: Finished) -> NDArray[np.float64]:
    """Undo the only thing that may happen to a clip which is right."""
    return finished.samples.astype(np.float64) / 10.0 ** (finished.measures.gain_db / 20.0)


def split_tone(sound: NDArray[np.float64], hz: float) -> tuple[float, NDArray[np.float64]]:
    """Fit a tone: its level, and what else there is."""
    t = np.arange(len(sound)) / SAMPLE_RATE_HZ
    waves = np.stack([np.sin(2 * np.pi * hz * t), np.cos(2 * np.pi * hz * t)], axis=1)
    fit, *_ = np.linalg.lstsq(waves, sound, rcond=None)
    return float(np.hypot(*fit)), sound - waves @ fit


def share_db(sound: NDArray[Any], low_hz: float, high_hz: float) -> float:
    """Measure the level of a band beside the whole."""
    power = np.abs(np.fft.rfft(np.asarray(sound, np.float64) * np.hanning(len(sound))[:, None], axis=0)) ** 2
    bins_hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE_HZ)
    return db(np.sqrt(power[(bins_hz >= low_hz) & (bins_hz < high_hz)].sum() / power.sum()))


def joint_percentile(sound: NDArray[Any]) -> float:
    """Say how the bend at the joint ranks among those inside."""
    turned = np.roll(np.asarray(sound, np.float64), 100, axis=0)
    bends = np.abs(np.diff(turned, n=3, axis=0)).max(axis=1)
    return float((bends < bends[96:101].max()).mean() * 100.0)


# What is right --------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize("tilt_db", [0.0, -3.0, -6.0])
def test_of_a_clean_clip_nothing_changes_but_its_gain(tilt_db: float, loop: bool) -> None:
    clip = noise(tilt_db=tilt_db)
    finished = through(clip, loop=loop)
    gain = 10.0 ** (finished.measures.gain_db / 20.0)
    np.testing.assert_array_equal(finished.samples, (clip.astype(np.float64) * gain).astype(np.float32))
    assert finished.samples.dtype == np.float32
    assert finished.measures.trimmed_s == 0.0
    assert finished.measures.edges == ("closed" if loop else "raw")


def test_the_same_clip_gives_the_same_samples() -> None:
    clip = noise(rate_hz=44_100)
    first, second = through(clip, 44_100), through(clip.copy(), 44_100)
    np.testing.assert_array_equal(first.samples, second.samples)
    assert first.notes == second.notes


def test_what_was_measured_can_be_kept_as_text() -> None:
    notes = through(noise()).notes
    assert json.loads(json.dumps(notes, allow_nan=False)) == notes
    assert {
        "lufs_before",
        "lufs",
        "gain_db",
        "true_peak_db",
        "dc_db",
        "band_limit_hz",
        "trimmed_s",
        "crest_db",
    } <= set(notes)
    assert {"clipped_share", "silence_share"} <= set(notes)


# Rate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.1, 0.6, 0.9])
@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_tone_keeps_its_level_and_its_purity_at_every_rate(rate_hz: int, share: float) -> None:
    hz = round(share * min(rate_hz, SAMPLE_RATE_HZ) / 2)
    finished = through(tone(hz, rate_hz=rate_hz), rate_hz)
    assert len(finished.samples) == 2 * SAMPLE_RATE_HZ
    level, rest = split_tone(without_gain(finished)[4_800:-4_800, 0], hz)
    assert abs(db(level / 0.2)) < 0.001
    assert db(rms(rest) / 0.2) < -100.0


def test_what_48_khz_cannot_hold_is_gone_not_folded_back() -> None:
    clip = tone(1_000, rate_hz=96_000) + tone(30_000, rate_hz=96_000)
    _, rest = split_tone(without_gain(through(clip, 96_000))[4_800:-4_800, 0], 1_000)
    assert db(rms(rest) / 0.2) < -100.0


def test_a_lower_rate_leaves_no_images_above_it() -> None:
    finished = through(noise(rate_hz=16_000, tilt_db=0.0), 16_000)
    assert share_db(finished.samples, 8_050, 24_000) < -100.0


def test_resampling_adds_no_edges() -> None:
    """A slow wave that is cut anywhere comes out as that wave up to its very ends."""
    hz, rate_hz = 700.0, 44_100
    finished = through(tone(hz, 1.0037, rate_hz=rate_hz), rate_hz)
    t = np.arange(len(finished.samples)) / SAMPLE_RATE_HZ
    difference = without_gain(finished)[:, 0] - 0.2 * np.sin(2 * np.pi * hz * t + 0.3)
    assert db(np.abs(difference).max() / 0.2) < -40.0
    assert db(np.abs(difference[240:-240]).max() / 0.2) < -70.0


@pytest.mark.parametrize("frames", [32_000, 31_997, 22_051])
@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 32_000, 44_100])
def test_a_loop_still_closes_after_resampling(rate_hz: int, frames: int) -> None:
    """Each partial turns a whole number of times, so it must do so in the result, at the joint as elsewhere."""
    rng = np.random.default_rng(3)
    turns = np.unique(rng.integers(200, frames // 2 - 200, 40))
    phases, levels = rng.uniform(0, 2 * np.pi, len(turns)), rng.uniform(0.005, 0.02, len(turns))

    def wave(length: int) -> NDArray[np.float64]:
        angles = 2 * np.pi * np.outer(np.arange(length) / length, turns) + phases
        return (np.sin(angles) @ levels)[:, None]

    finished = through(wave(frames).astype(np.float32), rate_hz, loop=True)
    length = len(finished.samples)
    assert abs(length - frames * SAMPLE_RATE_HZ / rate_hz) <= 0.5
    difference = without_gain(finished) - wave(length)
    assert db(np.abs(difference).max() / rms(wave(length))) < -100.0


@pytest.mark.parametrize("rate_hz", [16_000, 44_100])
def test_the_joint_of_a_loop_is_as_smooth_as_its_inside(rate_hz: int) -> None:
    clip = noise(1.37, rate_hz=rate_hz, channels=1, tilt_db=-12.0)
    assert joint_percentile(through(clip, rate_hz, loop=True).samples) < 99.5
    # The measure does hear a joint that does not close.
    assert joint_percentile(through(clip, rate_hz).samples[: -SAMPLE_RATE_HZ // 3]) > 99.9


# Offset and rumble ----------------------------------------------------------------------------


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize(("offset", "level"), [(0.1, 0.05), (-0.4, 0.05), (0.002, 0.0005)])
def test_an_offset_is_removed_and_noted(offset: float, level: float, loop: bool) -> None:
    clip = noise(level=level)
    finished = through(clip + np.float32(offset), loop=loop)
    assert db(np.abs(finished.samples.mean(axis=0, dtype=np.float64)).max()) < -80.0
    assert finished.measures.dc_db == pytest.approx(db(abs(offset)), abs=0.1)
    np.testing.assert_allclose(without_gain(finished), clip - clip.mean(axis=0), atol=level * 2e-3)


@pytest.mark.parametrize("loop", [False, True])
def test_rumble_is_removed_and_what_is_heard_stays(loop: bool) -> None:
    clip = noise(3.0, channels=1) + tone(100, 3.0, level=0.05)
    rumbling = clip + tone(6, 3.0, level=0.3)
    finished = through(rumbling, loop=loop)
    assert finished.measures.is_rumble_removed
    heard = without_gain(finished)
    assert db(split_tone(heard[:, 0], 6)[0] / 0.3) < -35.0
    assert abs(db(split_tone(heard[:, 0], 100)[0] / split_tone(clip[:, 0].astype(np.float64), 100)[0])) < 0.02
    inside = slice(0, None) if loop else slice(4_800, -4_800)
    assert db(rms((heard - clip)[inside]) / rms(clip)) < -25.0
    if loop:
        assert joint_percentile(finished.samples) < 99.5


def test_removing_rumble_adds_no_edges() -> None:
    clip = noise(3.0, channels=1)
    ends = without_gain(through(clip + tone(6, 3.0, level=0.3)))
    for part in (ends[:2_400], ends[-2_400:]):
        assert rms(part) < 2.5 * rms(clip)


# Level ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.0008, 0.02, 0.2])
@pytest.mark.parametrize("tilt_db", [0.0, -3.0, -6.0])
@pytest.mark.parametrize("channels", [1, 2])
def test_loudness_meets_the_target(channels: int, tilt_db: float, level: float) -> None:
    finished = through(noise(channels=channels, tilt_db=tilt_db, level=level))
    measured = pyloudnorm.Meter(SAMPLE_RATE_HZ).integrated_loudness(finished.samples.astype(np.float64))
    assert abs(measured + 23.0) < 0.1
    assert abs(finished.measures.lufs + 23.0) < 0.02
    assert finished.measures.below_target_db == 0.0


def test_loudness_is_that_of_the_standard() -> None:
    """BS.1770: a sine of 997 Hz at full scale, in one channel, reads -3.01 LUFS."""
    finished = through(tone(997, 3.0, level=0.5), target_lufs=-20.0)
    level, _ = split_tone(finished.samples[:, 0].astype(np.float64), 997)
    assert db(level) == pytest.approx(-20.0 + 3.01, abs=0.02)


def test_a_clip_of_uneven_level_meets_the_target_too() -> None:
    steps_db = np.repeat([-45.0, 0.0, -60.0, 0.0, -20.0], 24_000)
    finished = through(gained(noise(2.5, level=0.003), steps_db))
    measured = pyloudnorm.Meter(SAMPLE_RATE_HZ).integrated_loudness(finished.samples.astype(np.float64))
    assert abs(measured + 23.0) < 0.1


def crackle() -> Samples:
    rng = np.random.default_rng(5)
    clip = noise(3.0, level=0.001)
    clip[rng.integers(0, len(clip), 60)] += np.float32(0.8)
    return clip


def true_peak_db(samples: Samples) -> float:
    """Look between samples eight times as closely, over the whole clip at once."""
    return db(np.abs(signal.resample(samples.astype(np.float64), 8 * len(samples), axis=0)).max())


def test_peaks_hold_a_clip_down_instead_of_being_squashed() -> None:
    clip = crackle()
    finished = through(clip)
    assert finished.measures.true_peak_db == pytest.approx(-1.0, abs=0.01)
    assert true_peak_db(finished.samples) == pytest.approx(-1.0, abs=0.1)
    assert finished.measures.below_target_db == pytest.approx(-23.0 - finished.measures.lufs, abs=0.01)
    assert finished.measures.below_target_db > 3.0
    assert finished.measures.crest_db > 25.0
    np.testing.assert_allclose(without_gain(finished), clip - clip.mean(axis=0), atol=1e-6)


def test_peaks_between_samples_count() -> None:
    """A tone at a quarter of the rate whose samples all miss its crests by 3 dB."""
    t = np.arange(2 * SAMPLE_RATE_HZ)
    clip = (0.3 * np.sin(np.pi / 2 * t + np.pi / 4)).astype(np.float32)[:, None]
    finished = through(clip, target_lufs=0.0)
    assert db(np.abs(finished.samples[4_800:-4_800]).max()) == pytest.approx(-4.0, abs=0.1)


# Ends -----------------------------------------------------------------------------------------


def test_silence_at_both_ends_is_cut_off() -> None:
    clip = np.concatenate([silence(0.5), noise(2.0), silence(1.0)])
    measures = through(clip, seconds=3.5).measures
    assert measures.trimmed_head_s == pytest.approx(0.5, abs=0.03)
    assert measures.trimmed_tail_s == pytest.approx(1.0, abs=0.03)
    assert measures.trimmed_s == pytest.approx(1.5, abs=0.06)
    assert measures.seconds == pytest.approx(2.0, abs=0.06)
    assert measures.silence_share == 0.0


def test_of_a_loop_nothing_is_cut_off() -> None:
    clip = np.concatenate([silence(0.5), noise(2.0), silence(1.0)])
    finished = through(clip, loop=True)
    assert len(finished.samples) == len(clip)
    assert finished.measures.silence_share == pytest.approx(1.5 / 3.5, abs=0.02)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("fade_s", [0.6, 1.5])
def test_a_fade_that_a_model_composed_is_cut_off(fade_s: float, reverse: bool) -> None:
    frames = round(fade_s * SAMPLE_RATE_HZ)
    gain_db = np.concatenate([np.zeros(5 * SAMPLE_RATE_HZ - frames), np.linspace(0.0, -50.0, frames)])
    clip = gained(noise(5.0), gain_db)
    measures = through(clip[::-1].copy() if reverse else clip).measures
    trimmed_s = measures.trimmed_head_s if reverse else measures.trimmed_tail_s
    # From where it is 3 dB down: the first part of a fade is still good for a bed.
    assert fade_s * 0.8 < trimmed_s < fade_s + 0.15
    assert measures.trimmed_s - trimmed_s == 0.0


def test_a_steady_clip_is_not_cut() -> None:
    for seed in range(8):
        swell_db = 3.0 * np.sin(np.arange(4 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ * 2.0 + seed)
        assert through(gained(noise(4.0, seed=seed), swell_db)).measures.trimmed_s == 0.0


def test_a_sound_that_dies_away_by_itself_keeps_its_end() -> None:
    thunder = gained(noise(5.0, tilt_db=-6.0), np.linspace(0.0, -45.0, 5 * SAMPLE_RATE_HZ))
    assert through(thunder).measures.trimmed_s == 0.0


def test_pauses_inside_a_clip_stay() -> None:
    clip = np.concatenate([noise(0.8), silence(0.7), noise(0.8, seed=2)])
    measures = through(clip).measures
    assert measures.trimmed_s == 0.0
    assert measures.silence_share == pytest.approx(0.7 / 2.3, abs=0.03)


# What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("ceiling", [1.0, 0.7])
def test_a_clipped_clip_is_refused(ceiling: float) -> None:
    clip = np.clip(noise(level=0.6), -1.0, 1.0) * np.float32(ceiling)
    assert refusal(clip) == "clip.clipped"


def test_a_saturated_clip_is_refused() -> None:
    assert refusal(np.tanh(noise(level=4.0))) == "clip.clipped"


@pytest.mark.parametrize(
    "clip",
    [
        noise(level=0.25) / np.abs(noise(level=0.25)).max(),
        np.round(noise(level=0.1) * 2**15).astype(np.float32) / 2**15,
        noise(level=0.8),
        tone(60.0, level=0.5) + noise(channels=1, level=0.001),
    ],
    ids=["normalised", "16 bits", "beyond full scale", "low tone"],
)
def test_a_loud_clip_is_not_taken_for_a_clipped_one(clip: Samples) -> None:
    assert through(clip).measures.clipped_share < 1e-3


def test_lone_samples_beyond_full_scale_are_limited() -> None:
    clip = noise(level=0.05)
    clip[[10_000, 50_000], 0] = (5.0, -3.0)
    finished = through(clip)
    assert finished.measures.limited_overs == 2
    clip[[10_000, 50_000], 0] = (1.0, -1.0)
    np.testing.assert_allclose(without_gain(finished), clip - clip.mean(axis=0), atol=1e-4)


@pytest.mark.parametrize(
    ("clip", "code"),
    [
        (np.zeros(48_000, np.float32), "clip.shape"),
        (np.zeros((48_000, 3), np.float32), "clip.shape"),
        (np.zeros((48_000, 1), np.float64), "clip.shape"),
        (np.zeros((0, 1), np.float32), "clip.too-short"),
        (noise(0.3), "clip.too-short"),
        (np.where(np.arange(96_000)[:, None] == 7, np.float32(np.nan), noise()), "clip.not-finite"),
        (np.where(np.arange(96_000)[:, None] == 7, np.float32(np.inf), noise()), "clip.not-finite"),
        (silence(2.0), "clip.silent"),
        (silence(2.0) + np.float32(0.5), "clip.silent"),
        (noise(level=1e-5), "clip.silent"),
        (noise(level=1e-4), "clip.silent"),
        (tone(80.0, 3.0), "clip.dull"),
    ],
)
def test_what_is_no_clip_is_refused_with_the_reason(clip: Samples, code: str) -> None:
    assert refusal(clip) == code


def test_a_click_in_silence_is_refused() -> None:
    clip = silence(4.0)
    clip[90_000:92_000] = noise(2_000 / SAMPLE_RATE_HZ)
    assert refusal(clip) == "clip.too-short"
    assert refusal(clip, loop=True) == "clip.silent"


def test_a_clip_that_is_mostly_padding_is_too_short_for_what_was_asked() -> None:
    clip = np.concatenate([noise(2.0), silence(6.0)])
    assert refusal(clip) == "clip.too-short"
    assert through(clip, seconds=3.0).measures.seconds == pytest.approx(2.0, abs=0.03)


@pytest.mark.parametrize(
    ("rate_hz", "seconds", "code"),
    [(4_000, 1, "clip.rate"), (400_000, 1, "clip.rate"), (8_000, 601, "clip.too-long")],
)
def test_limits_come_before_any_work(rate_hz: int, seconds: int, code: str) -> None:
    assert refusal(np.zeros((rate_hz * seconds, 1), np.float32), rate_hz) == code


# What is noted --------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate_hz", "limit_hz"), [(16_000, 7_600), (32_000, 15_000), (48_000, 11_000)])
def test_the_band_limit_of_a_model_is_noted(rate_hz: int, limit_hz: float) -> None:
    taps = signal.firwin(801, limit_hz, fs=rate_hz, window=("kaiser", 10.0))
    clip = signal.lfilter(taps, 1.0, noise(rate_hz=rate_hz), axis=0).astype(np.float32)
    assert through(clip, rate_hz).measures.band_limit_hz == pytest.approx(limit_hz, rel=0.03)


def test_a_clip_of_full_band_has_no_limit() -> None:
    assert through(noise()).measures.band_limit_hz > 23_000


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_hum_of_mains_is_noted(mains_hz: float) -> None:
    clip = noise(4.0, channels=1)
    lines = [tone(mains_hz * n, 4.0, level=0.06 / n) for n in (1, 2, 3)]
    assert through(clip + np.sum(lines, axis=0, dtype=np.float32)).measures.hum_hz == mains_hz


@pytest.mark.parametrize("seed", range(5))
def test_noise_does_not_hum(seed: int) -> None:
    assert through(noise(2.0, seed=seed, tilt_db=-6.0)).measures.hum_hz == 0.0


@pytest.mark.system
def test_naming_the_gate_imports_nothing_slow() -> None:
    code = "import sys, roomtone.models.finish; print(*{'scipy', 'pyloudnorm', 'torch'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
