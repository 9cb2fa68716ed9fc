"""Traffic: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import (
    BRIGHTNESS,
    FLOOR,
    LOUDNESS,
    PITCH_TURNS,
    SWING,
    Meaning,
    busyness,
    level,
    share,
    tonality,
)

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("traffic", "density", LOUDNESS, seconds=12.0, seeds=4),
    Meaning("traffic", "speed", BRIGHTNESS, seconds=8.0),
    Meaning("traffic", "lorries", level(40.0, 300.0), seconds=12.0),
    Meaning("traffic", "wet", share(3_000.0, 16_000.0)),
    Meaning("train", "speed", LOUDNESS, seconds=8.0),
    Meaning("train", "joints", FLOOR, rises=False, seconds=8.0, others={"aboard": 0.5}),
    Meaning("train", "squeal", tonality(1_500.0, 6_000.0), seconds=8.0, seeds=4),
    Meaning("train", "aboard", share(1_000.0, 16_000.0), rises=False),
    Meaning("engine", "revs", LOUDNESS),
    Meaning("engine", "load", LOUDNESS),
    Meaning("engine", "cylinders", FLOOR, seeds=6, others={"revs": 0.0}),
    Meaning("engine", "exhaust", share(500.0, 8_000.0)),
    Meaning("horn", "rate", busyness(floor_db=-45.0), seconds=30.0),
    Meaning("horn", "kind", BRIGHTNESS, rises=False, seconds=12.0),
    Meaning("horn", "insistence", busyness(floor_db=-45.0), seconds=24.0, seeds=4, others={"rate": 0.6}),
    Meaning("horn", "brightness", BRIGHTNESS, seconds=8.0),
    Meaning("siren", "pattern", share(300.0, 700.0), seconds=21.0, seeds=8, others={"motion": 0.0}),
    Meaning("siren", "urgency", PITCH_TURNS, seconds=24.0, seeds=8, others={"pattern": 1.0, "motion": 0.0}),
    Meaning("siren", "brightness", BRIGHTNESS),
    Meaning("siren", "motion", SWING, seconds=24.0, others={"pattern": 0.5}),
    Meaning("airplane", "thrust", LOUDNESS),
    Meaning("airplane", "propeller", tonality(60.0, 600.0)),
    Meaning("airplane", "motion", SWING, seconds=24.0),
    Meaning("helicopter", "power", LOUDNESS),
    Meaning("helicopter", "slap", FLOOR, rises=False),
    Meaning("helicopter", "whine", share(2_000.0, 10_000.0)),
    Meaning("helicopter", "motion", SWING, seconds=24.0),
)

CLAIMS: Final[tuple[Claim, ...]] = (
    claim("traffic", "traffic", "density", 0.4, 0.6, 0.85),
    claim("train", "train", "speed", 0.4, 0.55, 0.7),
    Claim(
        "airplane",
        "airplane",
        ({"thrust": 0.3, "motion": 0.0}, {"motion": 0.0}, {"thrust": 0.7, "motion": 0.0}),
    ),
    claim("helicopter", "helicopter", "slap", 0.25, 0.4, 0.6),
)
