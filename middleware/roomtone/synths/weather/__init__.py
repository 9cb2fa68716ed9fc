"""Weather: what falls, blows and thunders."""

from typing import Final

from roomtone.synths.model import Synth
from roomtone.synths.weather import rain, thunder, wind

SYNTHS: Final[tuple[Synth, ...]] = (
    rain.RAIN,
    thunder.THUNDER,
    wind.WIND,
)
