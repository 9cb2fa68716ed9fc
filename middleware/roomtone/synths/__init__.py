"""The table of sounds: one file and one row each, in folders by family."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from roomtone.synths import animals, land, machines, people, traffic, water, weather
from roomtone.synths.model import Control, Synth

__all__ = ["SYNTHS", "Control", "Synth"]

_FAMILIES: Final = (weather.SYNTHS, water.SYNTHS, land.SYNTHS, animals.SYNTHS, machines.SYNTHS, people.SYNTHS, traffic.SYNTHS)

SYNTHS: Final[Mapping[str, Synth]] = MappingProxyType(
    {synth.name: synth for family in _FAMILIES for synth in family}
)
