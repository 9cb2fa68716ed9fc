"""Water: what runs, breaks and drips."""

from typing import Final

from roomtone.synths.model import Synth
from roomtone.synths.water import stream, waves

SYNTHS: Final[tuple[Synth, ...]] = (
    stream.STREAM,
    waves.WAVES,
)
