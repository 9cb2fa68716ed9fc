"""The loudest and the quietest that a synth can be: its controls are searched, not sampled."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from listening import hearing
from listening.sweep import hear
from roomtone.bake.measuring import true_peak_db
from roomtone.synths import SYNTHS
from roomtone.synths.model import DISTANCE, INSIDE

# A short take finds where it is loud; a long one then says how loud it gets there.
_TAKE_S, _LONG_S = 3.0, 30.0
_LONG_SEEDS: Final = 4
_MOST_CORNERS: Final = 16
_RANDOM: Final = 16
_CLIMBS: Final = 24
_STEP: Final = 0.35
_SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """What was found where a synth is loudest.

    Attributes:
        controls: the settings.
        true_peak_db: the highest point between samples, in dBTP, over several long takes.
        dc_db: the most that stood still in any take, in dBFS.
        takes: how many settings were heard.
        finite: whether every sample of all takes was a number.
    """

    controls: Mapping[str, float]
    true_peak_db: float
    dc_db: float
    takes: int
    finite: bool


def search(synth: str) -> Corner:
    """Look for the loudest setting of a synth: its corners, random places, then uphill from the best.

    It is heard near by and in the open: distance and walls only take away.
    """
    own = [each.name for each in SYNTHS[synth].controls if each.name not in {DISTANCE, INSIDE}]
    rng = np.random.default_rng(_SEED)
    corners = np.array(list(product((0.0, 1.0), repeat=len(own))))
    places = [*rng.permutation(corners)[:_MOST_CORNERS], *rng.random((_RANDOM, len(own)))]
    found = _Found(synth, own)
    for place in places:
        found.hear(place, _TAKE_S, _SEED)
    for _ in range(_CLIMBS):
        step = rng.normal(0.0, _STEP, len(own)) * (rng.random(len(own)) < 0.5)
        found.hear(np.clip(found.best + step, 0.0, 1.0), _TAKE_S, _SEED)
    for seed in range(_SEED, _SEED + _LONG_SEEDS):
        found.hear(found.best, _LONG_S, seed)
    return Corner(controls=dict(zip(own, np.round(found.best, 3).tolist(), strict=True)),
                  true_peak_db=found.peak_db, dc_db=found.dc_db, takes=found.takes,
                  finite=found.finite)  # fmt: skip


class _Found:
    """The best so far."""

    def __init__(self, synth: str, own: list[str]) -> None:
        self._synth, self._own = synth, own
        self.best = np.zeros(len(own))
        self.peak_db = self.dc_db = -200.0
        self.takes, self.finite = 0, True

    def hear(self, place: np.ndarray, seconds: float, seed: int) -> None:
        """Listen at one place."""
        controls = {**dict(zip(self._own, place.tolist(), strict=True)), DISTANCE: 0.0, INSIDE: 0.0}
        x = hear(self._synth, controls, seconds=seconds, seed=seed)
        self.takes += 1
        self.finite = self.finite and bool(np.isfinite(x).all())
        # In a short take a slow swing looks as if it stood still.
        if seconds >= _LONG_S:
            self.dc_db = max(self.dc_db, hearing.dc_db(x))
        peak_db = true_peak_db(x)
        if peak_db > self.peak_db:
            self.best, self.peak_db = place, peak_db
