"""Land: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import BRIGHTNESS, LOUDNESS, SWING, Meaning, level, rate

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("leaves", "activity", LOUDNESS, seeds=4),
    Meaning("leaves", "dryness", BRIGHTNESS),
    Meaning("leaves", "gustiness", SWING, seconds=40.0, seeds=5),
    Meaning("fire", "intensity", LOUDNESS, seconds=12.0, seeds=4),
    Meaning("fire", "crackle", rate(), seconds=12.0),
    Meaning("fire", "size", level(30.0, 200.0)),
    Meaning("fire", "dryness", BRIGHTNESS),
)

CLAIMS: Final[tuple[Claim, ...]] = (claim("fire", "fire", "intensity", 0.35, 0.6, 0.85),)
