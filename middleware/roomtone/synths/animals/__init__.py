"""Animals."""

from typing import Final

from roomtone.synths.animals import birds, crickets
from roomtone.synths.model import Synth

SYNTHS: Final[tuple[Synth, ...]] = (
    birds.BIRDS,
    crickets.CRICKETS,
)
