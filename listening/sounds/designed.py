"""Designed sounds: what each control moves. Nothing real exists to hold them against."""

from typing import Final

from listening.claim import Claim
from listening.meaning import (
    BRIGHTNESS,
    LOUDNESS,
    SWING,
    Meaning,
    busyness,
    level,
    pace,
    tremble,
)

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("spacecraft", "power", LOUDNESS, seconds=4.0),
    Meaning("spacecraft", "systems", pace(800.0, floor_db=-56.0), seconds=16.0, seeds=8),
    Meaning("spacecraft", "damage", level(2_500.0, 16_000.0), seconds=6.0),
    Meaning("computer", "load", LOUDNESS, seconds=5.0, seeds=5, others={"chatter": 0.0}),
    Meaning("computer", "chatter", busyness(1_000.0, -38.0), seconds=12.0, seeds=8, others={"load": 0.0}),
    Meaning("computer", "age", BRIGHTNESS, rises=False, seconds=5.0, seeds=8, others={"chatter": 0.2}),
    Meaning("magic", "rate", busyness(300.0, -50.0), seconds=14.0, seeds=4),
    Meaning("magic", "power", LOUDNESS, seconds=8.0, seeds=4),
    Meaning("magic", "mood", BRIGHTNESS, rises=False, seconds=6.0, seeds=4),
    Meaning(
        "drone", "tension", tremble(60.0, 1_500.0, 5.0, 40.0), seconds=9.0, seeds=12, others={"motion": 0.0}
    ),
    Meaning("drone", "depth", BRIGHTNESS, rises=False, seconds=4.0, seeds=8, others={"motion": 0.2}),
    Meaning("drone", "motion", SWING, seconds=20.0, seeds=6),
    Meaning("whispers", "voices", LOUDNESS, seconds=16.0, seeds=8),
    Meaning("whispers", "urgency", level(4_000.0, 16_000.0), seconds=14.0, seeds=10, others={"voices": 0.6}),
)

CLAIMS: Final[tuple[Claim, ...]] = ()
