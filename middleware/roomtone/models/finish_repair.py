"""What is mended of a clip that a model made: its rate, rumble that nobody hears, silence and fades at its ends.

Everything is zero-phase and circular: a loop is one turn of a circle and stays closed; of another clip each end is
continued by its own reflection, which fades out, so that no edge is added. Here, not in the daemon: scipy takes a
second to import.
"""

import math
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft  # type: ignore[import-untyped, unused-ignore]  # it publishes no types

from roomtone.audio import SAMPLE_RATE_HZ

Sound: TypeAlias = NDArray[np.float64]
"""(frames, channels), full scale ±1: what is worked on keeps more digits than what is kept."""

# How far an end is continued: long against what rings at 20 Hz.
_REACH_S: Final = 0.2
_WALL_SHARE: Final = 0.08
_RUMBLE_HZ: Final = 20.0
# A third-order highpass run forwards and backwards: -12 dB at 13 Hz, -2 dB at 20 Hz, -0.1 dB at 33 Hz.
_CORNER_HZ: Final = 16.0
_ORDER: Final = 3

_STEP_S: Final = 0.02
# What is 60 dB below the whole is not heard beside it.
_SILENCE_DB: Final = -60.0
_FADE_STEP_S: Final = 0.1
_SHORTEST_FADE_S: Final = 0.2
# A fade leaves the range in which the middle of the clip moves, and goes far below. A sound that moves more than
# this by itself, like thunder, may end as it likes.
_STEADY_DB: Final = 9.0
_BELOW_DB: Final = 3.0
_FAR_BELOW_DB: Final = 10.0


# Rate -----------------------------------------------------------------------------------------


def resampled(sound: Sound, rate_hz: int, *, loop: bool) -> Sound:
    """Bring a clip to 48 kHz, by its spectrum.

    From a lower rate it is exact, with nothing above that rate's half; from a higher one up to 22 kHz, with nothing
    above 24. It is not soxr, because a loop is a circle and a spectrum is one too.
    A loop whose length is no whole number of frames at 48 kHz is stretched by less than half a frame.
    """
    if rate_hz == SAMPLE_RATE_HZ:
        return sound
    if loop:
        return _scaled(sound, round(len(sound) * SAMPLE_RATE_HZ / rate_hz))
    unit_in = rate_hz // math.gcd(rate_hz, SAMPLE_RATE_HZ)
    unit_out = SAMPLE_RATE_HZ // math.gcd(rate_hz, SAMPLE_RATE_HZ)
    # Whole units, so that not the smallest part of a frame is lost.
    before = -(-_reach(sound, rate_hz) // unit_in)
    units = before + -(-(len(sound) + before * unit_in) // unit_in)
    longer = _extended(sound, before * unit_in, units * unit_in - before * unit_in - len(sound))
    first = before * unit_out
    return _scaled(longer, units * unit_out)[first : first + round(len(sound) * SAMPLE_RATE_HZ / rate_hz)]


def _scaled(sound: Sound, frames: int) -> Sound:
    spectrum = fft.rfft(sound, axis=0)
    if frames < len(sound):
        # A wall as steep as a bin would ring for as long as the clip.
        share = np.arange(frames // 2 + 1) / (frames / 2.0)
        wall = np.clip((1.0 - share) / _WALL_SHARE, 0.0, 1.0)
        spectrum = spectrum[: frames // 2 + 1] * (0.5 - 0.5 * np.cos(np.pi * wall))[:, None]
    elif len(sound) % 2 == 0:
        # What stood for both halves of the spectrum at once now gets its mirror image.
        spectrum[-1] *= 0.5
    scaled: Sound = fft.irfft(spectrum, frames, axis=0) * (frames / len(sound))
    return scaled


def _reach(sound: Sound, rate_hz: int) -> int:
    """Say how many frames an end can be continued by its reflection."""
    return min(round(_REACH_S * rate_hz), len(sound) // 4)


def _extended(sound: Sound, before: int, after: int) -> Sound:
    """Continue both ends by their reflection, upside down so that the slope goes on, fading to nothing."""
    longer = np.pad(sound, ((before, after), (0, 0)), mode="reflect", reflect_type="odd")
    longer[:before] *= _fade(before)
    longer[len(longer) - after :] *= _fade(after)[::-1]
    return longer


def _fade(frames: int) -> Sound:
    """Rise from 0 to 1 without a corner."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(frames) + 0.5) / max(frames, 1)))[:, None]


# Rumble ---------------------------------------------------------------------------------------


def rumble_db(sound: Sound) -> float:
    """Measure how much of a clip's power lies below 20 Hz; an offset does not count."""
    power = np.abs(fft.rfft((sound - sound.mean(axis=0)) * np.hanning(len(sound))[:, None], axis=0)) ** 2
    low = power[fft.rfftfreq(len(sound), 1.0 / SAMPLE_RATE_HZ) < _RUMBLE_HZ].sum()
    return decibels(low / max(power.sum(), np.finfo(np.float64).tiny)) / 2.0


def without_rumble(sound: Sound, *, loop: bool) -> Sound:
    """Remove what lies below 20 Hz."""
    reach = 0 if loop else _reach(sound, SAMPLE_RATE_HZ)
    longer = sound if loop else _extended(sound, reach, reach)
    bins_hz = np.maximum(fft.rfftfreq(len(longer), 1.0 / SAMPLE_RATE_HZ), 1e-9)
    gain = 1.0 / (1.0 + (_CORNER_HZ / bins_hz) ** (2 * _ORDER))
    filtered: Sound = fft.irfft(fft.rfft(longer, axis=0) * gain[:, None], len(longer), axis=0)
    return filtered[reach : len(filtered) - reach]


# Ends -----------------------------------------------------------------------------------------


def kept_part(sound: Sound) -> tuple[int, int]:
    """Say which frames of a clip to keep: without silence at its ends, and without fades that a model composed.

    Returns:
        first frame, and the one after the last; the same frame twice if all is silence.
    """
    loud = np.flatnonzero(~is_silent(sound))
    if not len(loud):
        return 0, 0
    step = round(_STEP_S * SAMPLE_RATE_HZ)
    first, last = int(loud[0]) * step, min((int(loud[-1]) + 1) * step, len(sound))
    fade_in, fade_out = _fades(sound[first:last])
    return first + fade_in, last - fade_out


def is_silent(sound: Sound) -> NDArray[np.bool_]:
    """Say of each 20 ms whether they are silence beside the rest."""
    levels_db = _levels_db(sound, _STEP_S)
    whole_db = 10.0 * np.log10(np.maximum(np.mean(10.0 ** (levels_db / 10.0)), 1e-20))
    silent: NDArray[np.bool_] = levels_db < whole_db + _SILENCE_DB
    return silent


def _fades(sound: Sound) -> tuple[int, int]:
    """Measure the fades at both ends, in frames."""
    levels_db = _levels_db(sound, _FADE_STEP_S)
    middle_db = levels_db[len(levels_db) // 4 : -(len(levels_db) // 4) or None]
    low_db, high_db = np.percentile(middle_db, (10.0, 90.0))
    if high_db - low_db > _STEADY_DB:
        return 0, 0
    step = round(_FADE_STEP_S * SAMPLE_RATE_HZ)
    return _fade_steps(levels_db, low_db) * step, _fade_steps(levels_db[::-1], low_db) * step


def _fade_steps(levels_db: Sound, low_db: float) -> int:
    """Count the steps until a clip, heard from one end, is as loud as it ever is in its middle."""
    steps = int(np.argmax(levels_db >= low_db - _BELOW_DB))
    is_fade = steps * _FADE_STEP_S >= _SHORTEST_FADE_S and levels_db[0] < low_db - _FAR_BELOW_DB
    return steps if is_fade else 0


def _levels_db(sound: Sound, step_s: float) -> Sound:
    """Measure the level of each step; an offset is no level. The last, shorter one counts as a whole one."""
    step = round(step_s * SAMPLE_RATE_HZ)
    power = ((sound - sound.mean(axis=0)) ** 2).mean(axis=1)
    starts = np.arange(0, len(power), step)
    lengths = np.minimum(step, len(power) - starts)
    means: Sound = np.add.reduceat(power, starts) / lengths
    return 10.0 * np.log10(np.maximum(means, 1e-20))


def decibels(amplitude: float) -> float:
    """Convert an amplitude to dB, never below -200: notes hold finite numbers."""
    return 20.0 * math.log10(max(float(amplitude), 1e-10))
