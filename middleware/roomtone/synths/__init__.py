"""The table of sounds: one file and one row each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from roomtone.synths import (
    birds,
    crickets,
    crowd,
    fire,
    leaves,
    rain,
    stream,
    thunder,
    waves,
    wind,
)
from roomtone.synths.model import Control, Synth

__all__ = ["SYNTHS", "Control", "Synth"]

_ALL: tuple[Synth, ...] = (
    rain.RAIN,
    birds.BIRDS,
    crickets.CRICKETS,
    crowd.CROWD,
    stream.STREAM,
    waves.WAVES,
    fire.FIRE,
    wind.WIND,
    leaves.LEAVES,
    thunder.THUNDER,
)

SYNTHS: Final[Mapping[str, Synth]] = MappingProxyType({synth.name: synth for synth in _ALL})
