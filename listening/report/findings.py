"""Everything that is measured of one synth, as plain values that can be kept as JSON."""

from dataclasses import asdict
from typing import Any, Final

import numpy as np

from listening import corners, endless, hearing, space
from listening.keeping import SECONDS, SEEDS, Kept, keep
from listening.sounds import claims_of, meanings_of
from listening.speed import speeds
from listening.sweep import hear, straightness
from roomtone.bake.measuring import true_peak_db
from roomtone.synths import SYNTHS
from roomtone.synths.calibration import calibration
from roomtone.synths.model import Synth

_USUAL_S: Final = 20.0
# A few drops, by chance on one side, are no measure of the space that they fall in.
_SPACE_S: Final = 60.0


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
            "true_peak_dbtp": true_peak_db(usual),
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
    found = space.measure(hear(synth.name, {}, seconds=_SPACE_S, seed=3))
    return {**asdict(found), "worst_db": found.worst_db}


def _kept(kept: Kept) -> dict[str, Any]:
    return {
        "kind": kept.claim.kind,
        "kept": kept.is_kept,
        "rank": kept.rank,
        "liveliness": kept.liveliness,
        "lively": kept.judgements[0].lively,
        "families": {name: {"own": own, "real": real} for name, (own, real) in kept.families().items()},
        "left_out": kept.judgements[0].left_out,
        "taken_for": [judgement.nearest[0][0] for judgement in kept.judgements],
    }
