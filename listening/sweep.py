"""Sweeps: what comes of a control over its range, and the curve that makes it even to the ear."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.stats import spearmanr

from listening import hearing
from listening.meaning import Meaning
from listening.sounds import meanings_of
from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.synths import SYNTHS
from roomtone.synths.calibration import FORMAT, Knots
from roomtone.synths.instance import Instance

FOLDER: Final = Path(__file__).parent.parent / "middleware" / "roomtone" / "synths" / "responses"
PLACES: Final = tuple(round(i / 10, 1) for i in range(11))
"""Where responses are measured."""

LEAST_RANK: Final = 0.98
MOST_OFF: Final = 0.1
"""How evenly a control has to go: its rank correlation, and the most that it may be off a straight line."""

_KNOTS: Final = 17
_PASSES: Final = 2
# What begins has not filled its space yet.
_SKIPPED_S: Final = 1.0
# A sound that comes out of silence rises over this range; what is fainter is on its way to nothing.
_RANGE_DB: Final = 30.0
_FIRST_SEED: Final = 1
_USUAL_S, _USUAL_SEEDS = 20.0, 4
_DIGITS: Final = 4
_AS_IT_IS: Final = tuple(round(i / (_KNOTS - 1), _DIGITS) for i in range(_KNOTS))

Curves = Mapping[str, Knots]


@dataclass(frozen=True, slots=True)
class Swept:
    """What was heard along one control: its measure, its loudness, its peaks."""

    measured: NDArray[np.float64]
    short_term_lufs: NDArray[np.float64]
    peak_dbfs: NDArray[np.float64]


def hear(
    synth: str, controls: Mapping[str, float], *, seconds: float, seed: int, curves: Curves | None = None
) -> Samples:
    """Render a synth as it sounds when it has settled; what is struck sounds by itself, unless `controls` say.

    Returns:
        (frames, channels) float32.
    """
    row = SYNTHS[synth]
    instance = Instance(row, seed, curves=curves)
    usual = {control.name: control.default for control in row.controls}
    if row.strike is not None:
        usual["rate"] = 1.0
    values = list({**usual, **controls}.values())
    skipped, blocks = (
        round(_SKIPPED_S * SAMPLE_RATE_HZ) // BLOCK_FRAMES,
        round(seconds * SAMPLE_RATE_HZ) // BLOCK_FRAMES,
    )
    out = np.zeros(((skipped + blocks) * BLOCK_FRAMES, row.channels), np.float32)
    for start in range(0, len(out), BLOCK_FRAMES):
        instance.render(values, out[start : start + BLOCK_FRAMES])
    return out[skipped * BLOCK_FRAMES :]


def sweep(meaning: Meaning, places: Sequence[float], *, seeds: int, curves: Curves | None = None) -> Swept:
    """Listen along one control; the mean of some takes."""
    found = np.empty((seeds, len(places), 3))
    for take in range(seeds):
        for i, place in enumerate(places):
            controls = {**meaning.others, meaning.control: place}
            x = hear(meaning.synth, controls, seconds=meaning.seconds, seed=_FIRST_SEED + take, curves=curves)
            found[take, i] = meaning.measure.hear(x), hearing.short_term_lufs(x), hearing.peak_db(x)
    return Swept(found[:, :, 0].mean(0), found[:, :, 1].mean(0), found[:, :, 2].max(0))


def even(meaning: Meaning, measured: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn what was measured into what should rise evenly: silence counts as the bottom of a sound's range."""
    rising = measured if meaning.rises else -measured
    if meaning.measure.unit in {"LU", "dB"}:
        return (
            np.maximum(rising, rising[-1] - _RANGE_DB)
            if meaning.rises
            else np.minimum(rising, rising[0] + _RANGE_DB)
        )
    return rising


def calibrate(synth: str) -> dict[str, object]:
    """Find the curves of a synth's controls, and measure what comes of them: the record that is committed."""
    meanings = meanings_of(synth)
    curves: dict[str, Knots] = {}
    for _ in range(_PASSES):
        for meaning in (each for each in meanings if each.even):
            curves[meaning.control] = _straighten(meaning, curves)
    # What is measured is what is written: events follow from every digit.
    curves = {name: tuple(round(x, _DIGITS) for x in curve) for name, curve in curves.items()}
    controls = {}
    for meaning in meanings:
        swept = sweep(meaning, PLACES, seeds=meaning.seeds, curves=curves)
        controls[meaning.control] = {
            "measure": meaning.measure.name,
            "unit": meaning.measure.unit,
            "curve": list(curves.get(meaning.control, _AS_IT_IS)),
            "measured": _rounded(swept.measured),
            "short_term_lufs": _rounded(swept.short_term_lufs),
            "peak_dbfs": _rounded(swept.peak_dbfs),
        }
    usual = [
        hear(synth, {}, seconds=_USUAL_S, seed=_FIRST_SEED + i, curves=curves) for i in range(_USUAL_SEEDS)
    ]
    return {
        "format": FORMAT,
        "synth": synth,
        "loudness_lufs": round(float(np.mean([hearing.loudness_lufs(x) for x in usual])), 2),
        "short_term_lufs": round(float(np.mean([hearing.short_term_lufs(x) for x in usual])), 2),
        "controls": controls,
    }


def _straighten(meaning: Meaning, curves: Curves) -> Knots:
    """Bend a control's curve so that its measure goes in a straight line."""
    places = np.linspace(0.0, 1.0, _KNOTS)
    now = np.array(curves.get(meaning.control, places))
    swept = sweep(
        meaning, places.tolist(), seeds=meaning.seeds, curves={**curves, meaning.control: tuple(now)}
    )
    risen = np.asarray(isotonic_regression(even(meaning, swept.measured)).x)
    if risen[-1] - risen[0] <= 0.0:
        raise ValueError(f"{meaning} does not move its {meaning.measure.name}: {_rounded(swept.measured)}")
    # Where a measure stands still, the control runs over the stretch at an even pace.
    risen = risen + np.linspace(0.0, 1e-6 * (risen[-1] - risen[0]), _KNOTS)
    goals = np.linspace(risen[0], risen[-1], _KNOTS)
    curve = np.interp(np.interp(goals, risen, places), places, now)
    return tuple(float(x) for x in curve)


def straightness(meaning: Meaning, measured: NDArray[np.float64]) -> tuple[float, float]:
    """Say how even a response is.

    Returns:
        Spearman's rank correlation with the control, and the largest distance from a straight line, of the range.
    """
    risen = even(meaning, measured)
    rank = float(spearmanr(np.arange(len(risen)), risen).statistic)
    line = np.linspace(risen[0], risen[-1], len(risen))
    return rank, float(np.abs(risen - line).max() / max(abs(risen[-1] - risen[0]), 1e-9))


def is_even(rank: float, off: float) -> bool:
    """Say whether a response is as even as is demanded; see `straightness`."""
    return rank >= LEAST_RANK and off <= MOST_OFF


def write(record: Mapping[str, object], folder: Path = FOLDER) -> Path:
    """Write what `calibrate` found, one list a line."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{record['synth']}.json"
    text = json.dumps(record, indent=1)
    path.write_text(_lists_on_one_line(text) + "\n", "utf-8")
    return path


def _lists_on_one_line(text: str) -> str:
    joined, inside = [], False
    for line in text.split("\n"):
        stripped = line.strip()
        if inside:
            joined[-1] += stripped if stripped.startswith("]") else f"{stripped} "
            joined[-1] = joined[-1].replace(" ]", "]")
        else:
            joined.append(line)
        if line.endswith("["):
            inside = True
        elif stripped.startswith("]"):
            inside = False
    return "\n".join(joined)


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [round(float(x), 2) for x in values]
