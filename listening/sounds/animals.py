"""Animals: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import BRIGHTNESS, LOUDNESS, VARIETY, Meaning, busyness, share

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("crickets", "density", LOUDNESS),
    Meaning("crickets", "temperature", BRIGHTNESS),
    Meaning("crickets", "brightness", share(6_000.0, 18_000.0)),
    Meaning("birds", "activity", busyness(1_500.0, -40.0), seconds=10.0),
    Meaning("birds", "variety", VARIETY, seconds=20.0, seeds=4),
    Meaning("birds", "pitch", BRIGHTNESS, seconds=10.0),
)

CLAIMS: Final[tuple[Claim, ...]] = (
    claim("birds", "birds", "activity", 0.25, 0.5, 0.75),
    claim("crickets", "crickets", "density", 0.25, 0.5, 0.75),
)
