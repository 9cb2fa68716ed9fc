"""Loudness as EBU R 128 has it, and a synth's own loudness as its row in the lexicon states it.

`python tests/reading/loudness_meter.py NAME` measures what a row should state.
"""

import sys
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from roomtone.audio import SAMPLE_RATE_HZ, Samples
from roomtone.reading.entry import Entry, Loudness
from roomtone.reading.lexicon import LEXICON
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice

# ITU-R BS.1770-4, annex 1: the head and the low cut, at 48 kHz.
_K_WEIGHTING: Final = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
_OFFSET_DB: Final = -0.691
_STEP_FRAMES: Final = SAMPLE_RATE_HZ // 10
_SHORT_TERM_STEPS: Final = 30
_SECONDS, _SEEDS = 20, 8
# A strike is over by then; each is another.
_STRIKE_S: Final = 10
_FINE_STEPS, _STEPS = 9, 5
# A sound that can be silent is stated as this much softer than at its first step.
_SILENT_DB, _STEP_TO_SILENCE_DB = -80.0, 9.0
# What a control adds less than this for is left out of a row.
_LITTLE_DB: Final = 0.75


def short_term_db(x: Samples) -> float:
    """Maximum short-term loudness: of the loudest 3 s, in LUFS; mono is heard on both sides."""
    return _OFFSET_DB + 10.0 * float(np.log10(_short_term_power(x).max() + 1e-20))


def _short_term_power(x: Samples) -> NDArray[np.float64]:
    weighted = sosfilt(_K_WEIGHTING, x.astype(np.float64), axis=0)
    power = (weighted**2).sum(1) * (2.0 / x.shape[1])
    steps = power[: len(power) // _STEP_FRAMES * _STEP_FRAMES].reshape(-1, _STEP_FRAMES).mean(1)
    return np.convolve(steps, np.full(_SHORT_TERM_STEPS, 1.0 / _SHORT_TERM_STEPS), "valid")


def peak_db(x: Samples) -> float:
    return 20.0 * float(np.log10(np.abs(x).max() + 1e-10))


def synth_loudness(
    synth: str, controls: Mapping[str, float], *, seconds: int = _SECONDS, seeds: int = _SEEDS
) -> tuple[float, float]:
    """Measure a synth: its loudness, and how far its peaks stand above; mean of some seeds."""
    heard = [_listen(synth, seed, controls, seconds) for seed in range(seeds)]
    loud = [short_term_db(x) for x in heard]
    crest = [peak_db(x) - each for x, each in zip(heard, loud, strict=True)]
    return float(np.mean(loud)), float(np.mean(crest))


def _listen(name: str, seed: int, controls: Mapping[str, float], seconds: int) -> Samples:
    synth = SYNTHS[name]
    if synth.strike is None:
        return Voice(synth, seed, controls).read(seconds * SAMPLE_RATE_HZ)
    voice = Voice(synth, seed, {**controls, "rate": 0.0})
    voice.strike()
    return voice.read(_STRIKE_S * SAMPLE_RATE_HZ)


def measure(entry: Entry) -> Loudness:
    """Measure what a row of the lexicon states."""
    usual_db, _ = synth_loudness(entry.synth, {})
    amount = entry.roles["amount"]
    moved: dict[str, tuple[float, ...]] = {}
    crest: tuple[float, ...] = ()
    for control in SYNTHS[entry.synth].controls:
        fine = control.name in {amount, "distance"}
        points = np.linspace(0.0, 1.0, _FINE_STEPS if fine else _STEPS)
        struck_by = control.name == "rate" and SYNTHS[entry.synth].strike is not None
        heard = [synth_loudness(entry.synth, {} if struck_by else {control.name: x}) for x in points]
        if heard[0][0] < _SILENT_DB:
            heard[0] = heard[1][0] - _STEP_TO_SILENCE_DB, heard[1][1]
        if control.name == amount:
            crest = tuple(round(each) for _, each in heard)
        steps = tuple(round(loud - usual_db, 1) + 0.0 for loud, _ in heard)
        if max(map(abs, steps)) >= _LITTLE_DB:
            moved[control.name] = steps
    return Loudness(usual_db=round(usual_db, 1), moved_db=moved, crest_db=crest)


if __name__ == "__main__":
    for name in sys.argv[1:] or LEXICON:
        sys.stdout.write(f"{name}: {measure(LEXICON[name])!r}\n")
