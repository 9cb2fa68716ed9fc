"""The table of sounds: one file and one row each, in folders by family."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from roomtone.synths import animals, designed, land, machines, people, traffic, water, weather
from roomtone.synths.model import Control, Synth

__all__ = ["FAMILIES", "SYNTHS", "Control", "Synth"]

FAMILIES: Final[Mapping[str, tuple[Synth, ...]]] = MappingProxyType(
    {
        "weather": weather.SYNTHS,
        "water": water.SYNTHS,
        "land": land.SYNTHS,
        "animals": animals.SYNTHS,
        "people": people.SYNTHS,
        "traffic": traffic.SYNTHS,
        "machines": machines.SYNTHS,
        "designed": designed.SYNTHS,
    }
)
SYNTHS: Final[Mapping[str, Synth]] = MappingProxyType(
    {synth.name: synth for family in FAMILIES.values() for synth in family}
)
