"""How well a synth keeps what is claimed of it: that it could be a real recording."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from listening.claim import Claim
from listening.likeness import Judgement, judge, measure
from listening.sweep import hear
from listening.texture import windows

SECONDS: Final = 20.0
SEEDS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How a claim holds over settings and seeds.

    Attributes:
        claim: what was said.
        judgements: one for each setting and seed.
    """

    claim: Claim
    judgements: tuple[Judgement, ...]

    @property
    def rank(self) -> float:
        """The median rank of the intended kind."""
        return float(np.median([each.rank for each in self.judgements]))

    @property
    def liveliness(self) -> float:
        """The median liveliness."""
        return float(np.median([each.liveliness for each in self.judgements]))

    @property
    def is_lively(self) -> bool:
        """Whether it is as eventful as real recordings."""
        low, _, high = self.judgements[0].lively
        return low <= self.liveliness <= high

    def families(self) -> dict[str, tuple[float, tuple[float, float, float]]]:
        """Give each family's median deviation, beside that of real recordings."""
        own: dict[str, list[float]] = {}
        real: dict[str, tuple[float, float, float]] = {}
        for judgement in self.judgements:
            for each in judgement.families:
                own.setdefault(each.family, []).append(each.own)
                real[each.family] = each.real
        return {name: (float(np.median(values)), real[name]) for name, values in own.items()}

    @property
    def is_kept(self) -> bool:
        """Whether it is taken for what it should be, as lively, and no family is further off than real ones may be."""
        usual = all(own <= high for own, (_, _, high) in self.families().values())
        return self.rank <= 1.0 and self.is_lively and usual


def keep(claim: Claim, *, seeds: int = SEEDS, seconds: float = SECONDS) -> Kept:
    """Render a claim at all its settings and seeds, and judge each take."""
    judgements = []
    for setting in claim.settings:
        for seed in range(1, seeds + 1):
            measured = measure(windows(hear(claim.synth, setting, seconds=seconds, seed=seed)))
            if measured is not None:
                judgements.append(judge(measured, claim.kind))
    return Kept(claim=claim, judgements=tuple(judgements))
