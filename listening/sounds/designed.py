"""Designed sounds: what each control moves. Nothing real exists to hold them against."""

from typing import Final

from listening.claim import Claim
from listening.meaning import (
    BRIGHTNESS,
    LOUDNESS,
    SWING,
    Meaning,
    busyness,
    flutter,
    level,
    pace,
    usual_level,
)

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("drone", "tension", flutter(120.0, 4_000.0), seconds=12.0, seeds=5, others={"motion": 0.2}),
    Meaning("drone", "depth", BRIGHTNESS, rises=False, seconds=8.0, seeds=4, others={"motion": 0.2}),
    Meaning("drone", "motion", SWING, seconds=40.0, seeds=5, others={"tension": 0.1}),
    Meaning("computer", "load", LOUDNESS, others={"chatter": 0.0}),
    Meaning(
        "computer", "chatter", pace(1_000.0, floor_db=-52.0), seconds=12.0, seeds=4, others={"load": 0.1}
    ),
    Meaning("computer", "age", BRIGHTNESS, rises=False, seconds=8.0, seeds=4),
    Meaning("magic", "rate", busyness(300.0, -50.0), seconds=16.0, seeds=4),
    Meaning("magic", "power", LOUDNESS, seconds=12.0, seeds=4),
    Meaning("magic", "mood", BRIGHTNESS, rises=False, seconds=8.0, seeds=4),
    Meaning("spacecraft", "power", LOUDNESS),
    Meaning("spacecraft", "systems", pace(800.0, floor_db=-58.0), seconds=12.0, seeds=4),
    Meaning("spacecraft", "damage", level(2_500.0, 16_000.0), seconds=8.0),
    Meaning("whispers", "voices", usual_level(500.0, 8_000.0), seconds=12.0, seeds=4),
    Meaning(
        "whispers", "urgency", pace(3_000.0, floor_db=-55.0), seconds=12.0, seeds=4, others={"voices": 0.3}
    ),
)

CLAIMS: Final[tuple[Claim, ...]] = ()
