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
    Meaning("spacecraft", "power", LOUDNESS, seconds=4.0),
    Meaning("spacecraft", "systems", pace(800.0, floor_db=-56.0), seconds=12.0, seeds=8),
    Meaning("spacecraft", "damage", level(2_500.0, 16_000.0), seconds=6.0),
    Meaning("computer", "load", LOUDNESS, seconds=5.0, seeds=5, others={"chatter": 0.0}),
    Meaning(
        "computer", "chatter", pace(1_000.0, floor_db=-52.0), seconds=10.0, seeds=8, others={"load": 0.1}
    ),
    Meaning("computer", "age", BRIGHTNESS, rises=False, seconds=5.0, seeds=8, others={"chatter": 0.2}),
    Meaning("magic", "rate", busyness(300.0, -50.0), seconds=14.0, seeds=4),
    Meaning("magic", "power", LOUDNESS, seconds=8.0, seeds=4),
    Meaning("magic", "mood", BRIGHTNESS, rises=False, seconds=6.0, seeds=4),
    Meaning("drone", "tension", flutter(120.0, 4_000.0), seconds=6.0, seeds=8, others={"motion": 0.2}),
    Meaning("drone", "depth", BRIGHTNESS, rises=False, seconds=4.0, seeds=8, others={"motion": 0.2}),
    Meaning("drone", "motion", SWING, seconds=24.0, seeds=4, others={"tension": 0.1}),
    Meaning("whispers", "voices", usual_level(500.0, 8_000.0), seconds=16.0, seeds=8),
    Meaning(
        "whispers", "urgency", pace(3_000.0, floor_db=-55.0), seconds=12.0, seeds=8, others={"voices": 0.3}
    ),
)

CLAIMS: Final[tuple[Claim, ...]] = ()
