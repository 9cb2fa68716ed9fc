"""Weather: what falls, blows and thunders."""

from typing import Final

from roomtone.synths.model import Synth
from roomtone.synths.weather import hail, rain, snow_wind, thunder, wind

SYNTHS: Final[tuple[Synth, ...]] = (
    hail.HAIL,
    rain.RAIN,
    snow_wind.SNOW_WIND,
    thunder.THUNDER,
    wind.WIND,
)
