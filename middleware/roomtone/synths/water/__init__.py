"""Water: what runs, breaks and drips."""

from typing import Final

from roomtone.synths.model import Synth
from roomtone.synths.water import drips, stream, underwater, waterfall, waves

SYNTHS: Final[tuple[Synth, ...]] = (
    stream.STREAM,
    waves.WAVES,
    waterfall.WATERFALL,
    drips.DRIPS,
    underwater.UNDERWATER,
)
