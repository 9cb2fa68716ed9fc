"""The lexicon: one row for each synth that says what it is called and which control plays which role.

To teach the reading a new sound, write an `Entry` and put it into the `ENTRIES` of the file where it belongs.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from roomtone.reading.entry import Entry
from roomtone.reading.lexicon import animals, designed, land, machines, people, traffic, water, weather

_ALL: tuple[Entry, ...] = (
    *weather.ENTRIES,
    *water.ENTRIES,
    *land.ENTRIES,
    *animals.ENTRIES,
    *machines.ENTRIES,
    *people.ENTRIES,
    *traffic.ENTRIES,
    *designed.ENTRIES,
)

LEXICON: Final[Mapping[str, Entry]] = MappingProxyType({entry.synth: entry for entry in _ALL})
