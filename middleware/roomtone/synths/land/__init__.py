"""Land: what grows and what burns."""

from typing import Final

from roomtone.synths.land import fire, leaves
from roomtone.synths.model import Synth

SYNTHS: Final[tuple[Synth, ...]] = (
    fire.FIRE,
    leaves.LEAVES,
)
