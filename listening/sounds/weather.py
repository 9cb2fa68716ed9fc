"""Weather: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import BRIGHTNESS, LOUDNESS, SWING, Meaning, busyness, level, share

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("hail", "intensity", LOUDNESS),
    Meaning("hail", "surface", BRIGHTNESS, seconds=12.0, seeds=4),
    Meaning("hail", "size", BRIGHTNESS, rises=False, seconds=12.0, seeds=4),
    Meaning("rain", "intensity", LOUDNESS),
    Meaning("rain", "surface", BRIGHTNESS),
    Meaning("rain", "brightness", BRIGHTNESS),
    Meaning("snow_wind", "strength", LOUDNESS),
    Meaning("snow_wind", "gustiness", SWING, seconds=12.0),
    Meaning("snow_wind", "powder", share(4_000.0, 16_000.0), others={"strength": 0.7}),
    Meaning("wind", "strength", LOUDNESS),
    Meaning("wind", "gustiness", SWING, seconds=12.0),
    Meaning("wind", "whistle", level(250.0, 1_500.0)),
    Meaning("wind", "through", BRIGHTNESS, others={"whistle": 1.0}),
    Meaning("wind", "brightness", share(2_000.0, 16_000.0)),
    Meaning("thunder", "rate", busyness(), seconds=40.0, others={"rumble": 0.0}),
    Meaning("thunder", "rumble", level(30.0, 120.0), seconds=10.0),
    Meaning("thunder", "brightness", share(1_000.0, 16_000.0), seconds=10.0),
)

CLAIMS: Final[tuple[Claim, ...]] = (
    claim("rain", "rain", "intensity", 0.35, 0.6, 0.85),
    claim("wind", "wind", "strength", 0.35, 0.6, 0.85),
    claim("thunder", "thunder", "distance", 0.3, 0.4, 0.5),
)
