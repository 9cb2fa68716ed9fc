"""The steps of the gate, in order; each says what it measured. See `finish`."""

from typing import Any, Final

import numpy as np

from roomtone.audio import SAMPLE_RATE_HZ, Samples, db_to_gain
from roomtone.errors import ModelError
from roomtone.models.finish import Finished, Measures
from roomtone.models.finish_hearing import (
    band_limit_hz,
    clipped_share,
    crest_db,
    hum_hz,
    lone_overs,
    loudness_lufs,
    true_peak,
)
from roomtone.models.finish_repair import (
    Sound,
    decibels,
    is_silent,
    kept_part,
    resampled,
    rumble_db,
    without_rumble,
)

_RATES_HZ: Final = (8_000, 192_000)
_LONGEST_S: Final = 600.0
# A gating block of BS.1770.
_SHORTEST_S: Final = 0.4
# Of what was asked for, after trimming: less is no clip to make a bed of.
_SHORTEST_SHARE: Final = 0.5

_QUIETEST: Final = 1e-4
_QUIETEST_LUFS: Final = -65.0
_MOST_SILENCE: Final = 0.9
_MOST_CLIPPED: Final = 1e-3
_MOST_OVERS: Final = 1e-4
_DULLEST_HZ: Final = 500.0
_RUMBLE_DB: Final = -24.0
_PEAK_DB: Final = -1.0
# -86 dBFS, as it is kept.
_OFFSET: Final = 5e-5
_NEAR_LU: Final = 0.01
_LEVEL_TRIES: Final = 3

_AGAIN: Final = "make it with another seed"
Notes = dict[str, Any]


def taken_through(
    samples: Samples, rate_hz: int, *, seconds: float, loop: bool, target_lufs: float
) -> Finished:
    """See `finish`."""
    _check(samples, rate_hz)
    sound, as_made = _mended(samples, rate_hz, loop=loop)
    sound, ends = _without_ends(sound, loop=loop)
    kept = _examined(sound, seconds)
    levelled, level = _levelled(sound, target_lufs, loop=loop)
    return Finished(
        samples=levelled.astype(np.float32), measures=Measures(**as_made, **ends, **kept, **level)
    )


def _check(samples: Samples, rate_hz: int) -> None:
    if samples.ndim != 2 or samples.shape[1] not in {1, 2} or samples.dtype != np.float32:
        what = f"it is {samples.dtype} of shape {samples.shape}, not (frames, 1 or 2) float32"
        raise ModelError("clip.shape", what=what, fix="let the adapter return that")
    low, high = _RATES_HZ
    if not low <= rate_hz <= high:
        what = f"its rate is {rate_hz} Hz, not within {low} and {high}"
        raise ModelError("clip.rate", what=what, fix="let the adapter say at which rate the model works")
    if len(samples) > _LONGEST_S * rate_hz:
        what = f"it is longer than {_LONGEST_S:g} s"
        raise ModelError("clip.too-long", what=what, fix="ask for less")
    _check_length(len(samples) / rate_hz, _SHORTEST_S)
    if not np.isfinite(samples).all():
        what = "it holds values that are not numbers"
        raise ModelError(
            "clip.not-finite", what=what, fix=f"{_AGAIN}, or let the model compute with more digits"
        )
    if np.abs(samples - samples.mean(axis=0)).max() < _QUIETEST:
        raise ModelError("clip.silent", what="there is no sound in it", fix=_AGAIN)


def _check_length(seconds: float, shortest_s: float) -> None:
    if seconds < shortest_s:
        what = f"{seconds:.2f} s of it can be used, less than {shortest_s:.2f} s"
        raise ModelError("clip.too-short", what=what, fix=f"{_AGAIN}, or ask for more")


def _mended(samples: Samples, rate_hz: int, *, loop: bool) -> tuple[Sound, Notes]:
    """Refuse clipping, limit lone overs, come to 48 kHz, remove rumble."""
    share = clipped_share(samples)
    if share > _MOST_CLIPPED:
        what = f"{share:.1%} of its samples are clipped"
        raise ModelError("clip.clipped", what=what, fix=f"{_AGAIN}, or with less guidance")
    overs = lone_overs(samples)
    # With many of them, full scale is just not where this model's limit is: then its gain says where.
    are_few = overs.mean() <= _MOST_OVERS
    sound = np.where(overs & are_few, np.sign(samples), samples).astype(np.float64)
    sound = resampled(sound, rate_hz, loop=loop)
    rumble = rumble_db(sound)
    notes = {
        "made_rate_hz": rate_hz,
        "clipped_share": share,
        "limited_overs": int(overs.sum()) if are_few else 0,
        "dc_db": decibels(np.abs(sound.mean(axis=0)).max()),
        "rumble_db": rumble,
        "is_rumble_removed": rumble > _RUMBLE_DB,
    }
    return (without_rumble(sound, loop=loop) if rumble > _RUMBLE_DB else sound), notes


def _without_ends(sound: Sound, *, loop: bool) -> tuple[Sound, Notes]:
    """Cut silence and composed fades off; of a loop nothing."""
    first, end = (0, len(sound)) if loop else kept_part(sound)
    head_s, tail_s = first / SAMPLE_RATE_HZ, (len(sound) - end) / SAMPLE_RATE_HZ
    notes = {
        "trimmed_head_s": head_s,
        "trimmed_tail_s": tail_s,
        "trimmed_s": head_s + tail_s,
        "seconds": (end - first) / SAMPLE_RATE_HZ,
        "edges": "closed" if loop else "raw",
    }
    return sound[first:end], notes


def _examined(sound: Sound, seconds: float) -> Notes:
    """Refuse what is too short, silent or dull."""
    _check_length(len(sound) / SAMPLE_RATE_HZ, max(_SHORTEST_S, _SHORTEST_SHARE * seconds))
    silence_share = float(is_silent(sound).mean())
    if silence_share > _MOST_SILENCE:
        what = f"{silence_share:.0%} of it are silence"
        raise ModelError("clip.silent", what=what, fix=_AGAIN)
    limit_hz = band_limit_hz(sound)
    if limit_hz < _DULLEST_HZ:
        what = f"there is nothing to hear above {limit_hz:.0f} Hz"
        raise ModelError("clip.dull", what=what, fix=_AGAIN)
    return {"silence_share": silence_share, "band_limit_hz": limit_hz, "hum_hz": hum_hz(sound)}


def _levelled(sound: Sound, target_lufs: float, *, loop: bool) -> tuple[Sound, Notes]:
    """Come to the wanted loudness, or as near as true peaks allow, by gain alone."""
    centred = sound - sound.mean(axis=0)
    before_lufs = loudness_lufs(centred)
    if not before_lufs > _QUIETEST_LUFS:
        what = f"its loudness is {before_lufs:.0f} LUFS"
        raise ModelError("clip.silent", what=what, fix=_AGAIN)
    most_db = _PEAK_DB - decibels(true_peak(centred, loop=loop))
    gain_db, lufs = _gain_to(centred, target_lufs, before_lufs, most_db)
    is_offset = np.abs(sound.mean(axis=0)).max() * db_to_gain(gain_db) > _OFFSET
    levelled = (centred if is_offset else sound) * db_to_gain(gain_db)
    notes = {
        "lufs_before": before_lufs,
        "lufs": lufs,
        "gain_db": gain_db,
        "below_target_db": max(target_lufs - lufs, 0.0) if gain_db == most_db else 0.0,
        "true_peak_db": gain_db - most_db + _PEAK_DB,
        "crest_db": crest_db(centred),
    }
    return levelled, notes


def _gain_to(sound: Sound, target_lufs: float, lufs: float, most_db: float) -> tuple[float, float]:
    """Find the gain to a loudness, and the loudness with it: the meter's absolute gate makes it no plain sum."""
    gain_db = 0.0
    for _ in range(_LEVEL_TRIES):
        gain_db = min(gain_db + target_lufs - lufs, most_db)
        lufs = loudness_lufs(sound * db_to_gain(gain_db))
        if abs(lufs - target_lufs) < _NEAR_LU or gain_db == most_db:
            break
    return gain_db, lufs
