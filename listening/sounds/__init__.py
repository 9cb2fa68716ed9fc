"""What is listened for in each synth: the tables that sweeps, calibrations and comparisons follow."""

from typing import Final

from listening.claim import Claim
from listening.meaning import LOUDNESS, Meaning
from listening.sounds import animals, designed, land, machines, people, traffic, water, weather
from roomtone.synths import SYNTHS
from roomtone.synths.model import DISTANCE, INSIDE

_FAMILIES: Final = (weather, water, land, animals, machines, people, traffic, designed)
# What stands further away, or behind walls, is above all less loud.
_PLACED: Final = tuple(
    Meaning(name, control, LOUDNESS, rises=False) for name in SYNTHS for control in (DISTANCE, INSIDE)
)

MEANINGS: Final[tuple[Meaning, ...]] = (
    *(meaning for family in _FAMILIES for meaning in family.MEANINGS),
    *_PLACED,
)
CLAIMS: Final[tuple[Claim, ...]] = tuple(claim for family in _FAMILIES for claim in family.CLAIMS)


def meanings_of(synth: str) -> tuple[Meaning, ...]:
    """List what a synth's controls name, in the order of its row."""
    order = [control.name for control in SYNTHS[synth].controls]
    mine = [meaning for meaning in MEANINGS if meaning.synth == synth]
    return tuple(sorted(mine, key=lambda meaning: order.index(meaning.control)))


def claims_of(synth: str) -> tuple[Claim, ...]:
    """List what is claimed of a synth."""
    return tuple(each for each in CLAIMS if each.synth == synth)
