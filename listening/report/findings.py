"""Everything that is measured of one synth, as plain values that can be kept as JSON."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from listening import corners, endless, hearing, space
from listening.keeping import SECONDS, SEEDS, Kept, keep
from listening.sounds import claims_of, meanings_of
from listening.sweep import hear, straightness
from roomtone.audio import BLOCK_FRAMES, BLOCK_S
from roomtone.synths import SYNTHS
from roomtone.synths.calibration import calibration
from roomtone.synths.instance import Instance
from roomtone.synths.model import DISTANCE, INSIDE, Synth

_USUAL_S: Final = 20.0
_SPEED_BLOCKS, _SPEED_ROUNDS = 50, 12
# Until all that rang has died away, and is where numbers are too small for a processor to be quick with.
_SILENT_BLOCKS: Final = 3_000


def find(name: str, *, seeds: int = SEEDS, minutes: float = 10.0) -> dict[str, Any]:
    """Measure one synth; this takes about a minute.

    Args:
        name: of the synth.
        seeds: how many takes of each setting are held against real recordings.
        minutes: how long it is listened to.
    """
    synth = SYNTHS[name]
    usual = hear(name, {}, seconds=_USUAL_S, seed=1)
    return {
        "name": name,
        "usual": {
            "level_dbfs": hearing.level_db(usual),
            "short_term_lufs": hearing.short_term_lufs(usual),
            "true_peak_dbtp": corners.true_peak_db(usual),
        },
        "responses": _responses(name),
        "corner": asdict(corners.search(name)),
        "endless": asdict(endless.listen(name, seconds=60.0 * minutes)),
        "space": _space(synth),
        "speed": speeds(synth),
        "claims": [_kept(keep(each, seeds=seeds, seconds=SECONDS)) for each in claims_of(name)],
    }


def _responses(name: str) -> list[dict[str, Any]]:
    measured = calibration(name)
    found = []
    for meaning in meanings_of(name):
        if measured is None or meaning.control not in measured.controls:
            continue
        response = measured.controls[meaning.control]
        rank, off = straightness(meaning, np.array(response.measured))
        even = {"even": meaning.even, "rank": abs(rank), "off": off}
        found.append({"control": meaning.control, **even, **asdict(response)})
    return found


def _space(synth: Synth) -> dict[str, Any] | None:
    if synth.kind != "bed":
        return None
    found = space.measure(hear(synth.name, {}, seconds=_USUAL_S, seed=3))
    return {**asdict(found), "worst_db": found.worst_db}


def _kept(kept: Kept) -> dict[str, Any]:
    return {
        "kind": kept.claim.kind,
        "kept": kept.is_kept,
        "rank": kept.rank,
        "liveliness": kept.liveliness,
        "lively": kept.judgements[0].lively,
        "families": {name: {"own": own, "real": real} for name, (own, real) in kept.families().items()},
        "taken_for": [judgement.nearest[0][0] for judgement in kept.judgements],
    }


# Speed ----------------------------------------------------------------------------------------


def speeds(synth: Synth) -> dict[str, float]:
    """Measure how many times faster than real time blocks are rendered on one core, in four states, in turn.

    Returns:
        The state -> × real time; and `sine_us`, what a block of one sine takes numpy, beside it.
    """
    usual = {each.name: each.default for each in synth.controls}
    own = {each.name: 1.0 for each in synth.controls}
    silent = _job(synth, {**dict.fromkeys(own, 0.0), DISTANCE: 1.0, INSIDE: 1.0})
    for _ in range(_SILENT_BLOCKS):
        silent()
    jobs = {
        "usual": _job(synth, usual),
        "full": _job(synth, {**own, DISTANCE: 0.0, INSIDE: 0.0}),
        "full, far away, inside": _job(synth, own),
        "silent": silent,
        "sine": _sine(),
    }
    rounds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(_SPEED_ROUNDS):
        for name, job in jobs.items():
            started_s = time.perf_counter()
            for _ in range(_SPEED_BLOCKS):
                job()
            rounds[name].append((time.perf_counter() - started_s) / _SPEED_BLOCKS)
    taken_s = {name: float(np.median(each)) for name, each in rounds.items()}
    sine_s = taken_s.pop("sine")
    return {**{name: BLOCK_S / each for name, each in taken_s.items()}, "sine_us": sine_s * 1e6}


def _job(synth: Synth, controls: Mapping[str, float]) -> Any:
    instance = Instance(synth, 1)
    out = np.zeros((BLOCK_FRAMES, synth.channels), np.float32)
    values = list(controls.values())
    instance.strike()
    instance.render(values, out)
    return lambda: instance.render(values, out)


def _sine() -> Any:
    phase = np.arange(BLOCK_FRAMES, dtype=np.float32)
    out = np.zeros((BLOCK_FRAMES, 2), np.float32)

    def render() -> None:
        out[:] = np.sin(phase * np.float32(0.05))[:, None]

    return render
