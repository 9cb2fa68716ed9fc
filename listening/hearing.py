"""What is listened for: each measure takes (frames, channels) samples and gives one number."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.texture.loudness import k_weighted_level_db, short_term_db

_SLICE_FRAMES = 240


def level_db(x: Samples) -> float:
    """RMS over everything, in dBFS; silence is -200."""
    return 10.0 * float(np.log10(np.mean(np.square(x, dtype=np.float64)) + 1e-20))


def loudness_lufs(x: Samples) -> float:
    """K-weighted level; mono is heard on both sides."""
    return k_weighted_level_db(x) + _doubled_db(x)


def short_term_lufs(x: Samples) -> float:
    """Maximum short-term loudness: of the loudest 3 s; mono is heard on both sides."""
    return float(short_term_db(x).max()) + _doubled_db(x)


def _doubled_db(x: Samples) -> float:
    return 10.0 * math.log10(2.0 / x.shape[1])


def peak(x: Samples) -> float:
    """The highest sample."""
    return float(np.abs(x).max())


def peak_db(x: Samples) -> float:
    """The highest sample, in dBFS."""
    return 20.0 * float(np.log10(np.abs(x).max() + 1e-10))


def dc_db(x: Samples) -> float:
    """What stands still, in dBFS."""
    return 20.0 * float(np.log10(np.abs(x.mean(0, dtype=np.float64)).max() + 1e-10))


def centroid_hz(x: Samples) -> float:
    """Where half of the power of the pre-emphasised sound lies below: what an ear calls bright or dull."""
    hz, power = _spectrum(x)
    power = power * hz
    return float(np.interp(0.5, np.cumsum(power) / power.sum(), hz))


def share_db(x: Samples, low_hz: float, high_hz: float) -> float:
    """Power between two frequencies, against all power."""
    hz, power = _spectrum(x)
    inside = (hz >= low_hz) & (hz < high_hz)
    return 10.0 * float(np.log10(power[inside].sum() / power.sum() + 1e-20))


def band_level_db(x: Samples, low_hz: float, high_hz: float) -> float:
    """Power between two frequencies, in dBFS."""
    return share_db(x, low_hz, high_hz) + level_db(x)


def usual_level_db(x: Samples, low_hz: float, high_hz: float) -> float:
    """The mean of the level in dBFS, slice of 5 ms by slice, between two frequencies: of pauses as of what is loud."""
    return float(20.0 * np.log10(envelope(x, low_hz, high_hz) + 1e-5).mean())


def tonality_db(x: Samples, low_hz: float, high_hz: float) -> float:
    """How far the mean of the spectrum between two frequencies stands above its geometric mean: 0 is noise."""
    hz, power = _spectrum(x)
    inside = power[(hz >= low_hz) & (hz < high_hz)] + 1e-20
    return 10.0 * float(np.log10(inside.mean()) - np.log10(inside).mean())


def line_db(x: Samples, low_hz: float = 300.0, high_hz: float = 12_000.0) -> float:
    """How far the loudest 24th of an octave stands above its half octave, over everything: a steady tone or ring."""
    hz, power = _spectrum(x, size=8192)
    edges = np.geomspace(low_hz, high_hz, round(24 * np.log2(high_hz / low_hz)) + 1)
    steps_db = np.diff(np.interp(edges, hz, np.cumsum(power)))
    steps_db = 10.0 * np.log10(steps_db / np.diff(edges) + 1e-20)
    around_db = [np.median(steps_db[max(0, i - 6) : i + 7]) for i in range(len(steps_db))]
    return float((steps_db - around_db).max())


def sparsity(x: Samples, low_hz: float = 2_000.0) -> float:
    """Log kurtosis of the envelope above `low_hz`, in slices of 5 ms: noise is 1, single events among little are 4."""
    e = envelope(x, low_hz)
    e = (e - e.mean()) / (e.std() + 1e-12)
    return float(np.log((e**4).mean()))


def swing_db(x: Samples, low_hz: float = 60.0, slice_s: float = 0.5) -> float:
    """How much the level moves from half second to half second: standard deviation in dB."""
    e = envelope(x, low_hz)
    n = round(slice_s * SAMPLE_RATE_HZ / _SLICE_FRAMES)
    slices = (e[: len(e) // n * n].reshape(-1, n) ** 2).mean(1)
    return float((10.0 * np.log10(slices + 1e-12)).std())


def events_per_s(x: Samples, low_hz: float = 2_000.0, above_db: float = 10.0) -> float:
    """How often the envelope above `low_hz` leaps over its own median by `above_db`."""
    e = envelope(x, low_hz)
    loud = e > np.median(e) * 10 ** (above_db / 20) + 1e-6
    return float(np.sum(loud[1:] & ~loud[:-1]) / (len(x) / SAMPLE_RATE_HZ))


def onsets_per_s(x: Samples, low_hz: float = 1_000.0, floor_db: float = -50.0, rise_db: float = 6.0) -> float:
    """How often the envelope above `low_hz` leaps by `rise_db` within 10 ms, to above a floor in dBFS."""
    e = envelope(x, low_hz)
    before = np.maximum.reduce([e[:-4], e[1:-3], e[2:-2]])
    leaps = (e[4:] > before * 10 ** (rise_db / 20)) & (e[4:] > 10 ** (floor_db / 20))
    return float(np.sum(leaps[1:] & ~leaps[:-1]) / (len(x) / SAMPLE_RATE_HZ))


def busy_share(x: Samples, low_hz: float = 200.0, floor_db: float = -60.0) -> float:
    """Part of the time in which the envelope above `low_hz` stands above a floor."""
    return float((envelope(x, low_hz) > 10 ** (floor_db / 20)).mean())


def fall_s(x: Samples, low_hz: float, high_hz: float, by_db: float = 20.0) -> float:
    """When the last slice within `by_db` of the loudest has passed, between two frequencies."""
    e = envelope(x, low_hz, high_hz)
    loud = np.nonzero(e > e.max() * 10 ** (-by_db / 20))[0]
    return float(loud[-1] * _SLICE_FRAMES / SAMPLE_RATE_HZ)


def swell_s(x: Samples, low_hz: float = 300.0, alike: float = 0.4) -> float:
    """How long the level takes to forget itself: the lag at which its autocorrelation has fallen to `alike`.

    Counting waves by the crossings of their mean is twice as noisy: one that breaks twice counts twice.
    """
    power = envelope(x, low_hz) ** 2
    levels = np.log(power[: len(power) // 8 * 8].reshape(-1, 8).mean(1) + 1e-12)
    levels -= levels.mean()
    spectrum = np.abs(np.fft.rfft(levels, 2 * len(levels))) ** 2
    memory = np.fft.irfft(spectrum)[: len(levels)]
    steps = int(np.argmax(memory < alike * memory[0]))
    before, after = memory[steps - 1] / memory[0], memory[steps] / memory[0]
    return (steps - (alike - after) / (before - after + 1e-12)) * 8 * _SLICE_FRAMES / SAMPLE_RATE_HZ


def pitch_variety(x: Samples) -> float:
    """How many different pitches are heard: entropy in bits of the strongest sixth of an octave in slices of 21 ms."""
    size = 1024
    frames = x.mean(1)[: len(x) // size * size].reshape(-1, size) * np.hanning(size)
    power = np.abs(np.fft.rfft(frames)[:, 10:]) ** 2
    loudest = power.max(1)
    loud = loudest > np.quantile(loudest, 0.6)
    pitch = np.round(6.0 * np.log2(power[loud].argmax(1) + 10.0)).astype(int)
    share = np.bincount(pitch) / len(pitch)
    return float(-(share[share > 0] * np.log2(share[share > 0])).sum())


def pitch_turns_per_s(x: Samples, low_hz: float = 300.0, high_hz: float = 2_000.0) -> float:
    """How often the pitch between two frequencies rises through its middle, as a siren's does."""
    size, hop = 2048, 480
    frames = np.lib.stride_tricks.sliding_window_view(x.mean(1), size)[::hop] * np.hanning(size)
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    # 9 dB less for every octave: so a room that favours an overtone for a moment does not make a pitch of it.
    power = np.abs(np.fft.rfft(frames)) ** 2 / (hz + 1.0) ** 3
    inside = (hz >= low_hz) & (hz < high_hz)
    pitch = np.convolve(np.log2(hz[inside][power[:, inside].argmax(1)]), np.full(9, 1.0 / 9.0), "valid")
    above = pitch > 0.5 * (np.quantile(pitch, 0.05) + np.quantile(pitch, 0.95))
    return float(np.sum(above[1:] & ~above[:-1]) / (len(x) / SAMPLE_RATE_HZ))


def flutter_db(x: Samples, low_hz: float, high_hz: float, slowest_hz: float, fastest_hz: float) -> float:
    """How much the envelope of a band moves at some paces, against its mean: of noise, of beats, of a tremble."""
    e = envelope(x, low_hz, high_hz)
    power = np.abs(np.fft.rfft(e * np.hanning(len(e)))) ** 2
    hz = np.fft.rfftfreq(len(e), _SLICE_FRAMES / SAMPLE_RATE_HZ)
    moving = power[(hz >= slowest_hz) & (hz < fastest_hz)].sum() * 2.0
    return 10.0 * float(np.log10(moving / (1.5 * power[0]) + 1e-12))


def tremble_db(x: Samples, low_hz: float, high_hz: float, slowest_hz: float, fastest_hz: float) -> float:
    """How strongly third-octaves tremble and beat, each by itself, weighed by their power: roughness, roughly."""
    seconds = len(x) / SAMPLE_RATE_HZ
    spectrum = np.fft.rfft(x.mean(1, dtype=np.float64))
    moving = steady = 0.0
    for low, high in pairwise(np.geomspace(low_hz, high_hz, round(3.0 * np.log2(high_hz / low_hz)) + 1)):
        # Only the band's own bins: what they turn into is its envelope, with no ripple of its tones in it.
        inside = spectrum[math.ceil(low * seconds) : math.ceil(high * seconds)]
        size = 1 << math.ceil(np.log2(max(2 * len(inside), 4.0 * fastest_hz * seconds)))
        envelope_of_band = np.abs(np.fft.ifft(inside, size)) * size
        power = np.abs(np.fft.rfft(envelope_of_band * np.hanning(size)) / size) ** 2
        hz = np.arange(len(power)) / seconds
        moving += power[(hz >= slowest_hz) & (hz < fastest_hz)].sum() * 2.0
        steady += 1.5 * power[0]
    return 10.0 * float(np.log10(moving / steady + 1e-12))


def floor_db(x: Samples, low_hz: float = 300.0) -> float:
    """How far the quietest tenth of the slices of 5 ms lies under the mean: near 0 where there are no pauses."""
    power = envelope(x, low_hz) ** 2
    return 10.0 * float(np.log10(np.quantile(power, 0.1) / power.mean() + 1e-12))


def likeness(a: Samples, b: Samples) -> float:
    """The highest correlation of two stretches at any shift: 1 is a repeat."""
    n = 1 << (len(a) + len(b)).bit_length()
    a_mono, b_mono = a.mean(1, dtype=np.float64), b.mean(1, dtype=np.float64)
    both = np.fft.irfft(np.fft.rfft(a_mono, n) * np.conj(np.fft.rfft(b_mono, n)), n)
    return float(np.abs(both).max() / (np.linalg.norm(a_mono) * np.linalg.norm(b_mono) + 1e-12))


def unlikeness_of_sides(x: Samples) -> float:
    """1 minus the correlation of left and right."""
    return 1.0 - float(np.corrcoef(x[:, 0], x[:, 1])[0, 1])


def roughness_at(x: Samples, frames: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far a corner at each of `frames` stands above the corners around it: a click is a corner."""
    corners = np.abs(np.diff(x.astype(np.float64), 2, axis=0)).max(1)
    around = [np.sqrt(np.mean(corners[max(0, f - 240) : f + 240] ** 2)) + 1e-7 for f in frames]
    here = [corners[f - 3 : f + 2].max() for f in frames]
    return np.array(here) / np.array(around)


def envelope(x: Samples, low_hz: float, high_hz: float = 20_000.0) -> NDArray[np.float64]:
    """Amplitude of the mono sum between two frequencies, one value each 5 ms."""
    mono = x.mean(1, dtype=np.float64)
    spectrum = np.fft.rfft(mono)
    hz = np.fft.rfftfreq(len(mono), 1 / SAMPLE_RATE_HZ)
    spectrum[(hz < low_hz) | (hz >= high_hz)] = 0.0
    band = np.fft.irfft(spectrum, len(mono))
    whole = len(band) // _SLICE_FRAMES * _SLICE_FRAMES
    return np.asarray(np.sqrt((band[:whole].reshape(-1, _SLICE_FRAMES) ** 2).mean(1)))


def agreement_of_sides(x: Samples, low_hz: float, high_hz: float) -> float:
    """Correlation of left and right between two frequencies."""
    left, right = (np.fft.rfft(x[:, side].astype(np.float64)) for side in (0, 1))
    hz = np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE_HZ)
    inside = (hz >= low_hz) & (hz < high_hz)
    cross = (left[inside] * right[inside].conj()).sum().real
    return float(cross / (np.linalg.norm(left[inside]) * np.linalg.norm(right[inside])))


def _spectrum(x: Samples, size: int = 4096) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mono = x.mean(1, dtype=np.float64)
    frames = mono[: len(mono) // size * size].reshape(-1, size) * np.hanning(size)
    power = (np.abs(np.fft.rfft(frames)) ** 2).mean(0)
    return np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ), power
