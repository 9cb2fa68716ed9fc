"""People and places: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import FLOOR, LOUDNESS, Meaning, level

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("crowd", "density", FLOOR),
    Meaning("crowd", "excitement", LOUDNESS, seconds=8.0),
    Meaning("crowd", "clatter", level(4_500.0, 14_000.0), seconds=12.0),
)

CLAIMS: Final[tuple[Claim, ...]] = (claim("crowd", "crowd", "density", 0.25, 0.5, 0.75),)
