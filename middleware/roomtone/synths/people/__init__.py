"""People and the places they are in."""

from typing import Final

from roomtone.synths.model import Synth
from roomtone.synths.people import crowd

SYNTHS: Final[tuple[Synth, ...]] = (crowd.CROWD,)
