"""Water: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import BRIGHTNESS, LOUDNESS, SWELLS, Meaning, share, tonality

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("stream", "flow", LOUDNESS),
    Meaning("stream", "bubbliness", tonality(300.0, 2_000.0)),
    Meaning("stream", "depth", BRIGHTNESS, rises=False),
    Meaning("stream", "brightness", BRIGHTNESS),
    Meaning("waves", "intensity", LOUDNESS, seconds=12.0),
    Meaning("waves", "pace", SWELLS, seconds=60.0, seeds=6),
    Meaning("waves", "foam", share(4_000.0, 18_000.0), seconds=12.0),
)

CLAIMS: Final[tuple[Claim, ...]] = (
    claim("stream", "stream", "flow", 0.35, 0.6, 0.85),
    claim("waves", "waves", "intensity", 0.35, 0.6, 0.85),
)
