"""People and places: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import BRIGHTNESS, LOUDNESS, Meaning, busyness, level, pace

MEANINGS: Final[tuple[Meaning, ...]] = (
    # A clap stands out of the town's air by less than a hit in a quiet room.
    Meaning("bells", "rate", pace(5_000.0, floor_db=-80.0, rise_db=3.0), seconds=20.0),
    Meaning("bells", "size", BRIGHTNESS, rises=False, seconds=10.0),
    Meaning("bells", "peal", pace(5_000.0, floor_db=-80.0, rise_db=3.0), seconds=30.0, others={"rate": 0.85}),
    Meaning("children", "number", LOUDNESS, seconds=10.0, seeds=4),
    Meaning("children", "excitement", LOUDNESS, seconds=8.0, seeds=4),
    Meaning("children", "play", level(50.0, 160.0), seconds=15.0, seeds=4, others={"number": 0.0}),
    Meaning("clatter", "activity", busyness(2_000.0, -45.0), seconds=15.0, seeds=4, others={"machine": 0.0}),
    Meaning(
        "clatter",
        "weight",
        BRIGHTNESS,
        rises=False,
        seconds=12.0,
        seeds=5,
        others={"activity": 0.8, "machine": 0.0},
    ),
    Meaning("clatter", "machine", LOUDNESS, seconds=20.0, others={"activity": 0.0}),
    Meaning("clock", "rate", pace(rarest_hz=1.0), seconds=10.0),
    Meaning("clock", "size", BRIGHTNESS, rises=False),
    Meaning("clock", "strength", LOUDNESS),
    Meaning("footsteps", "rate", pace(300.0, floor_db=-45.0, rarest_hz=0.7), seconds=30.0, seeds=4),
    Meaning("footsteps", "surface", BRIGHTNESS, seconds=8.0),
    Meaning("footsteps", "weight", LOUDNESS),
    Meaning("keyboard", "rate", pace(rarest_hz=0.5), seconds=20.0),
    Meaning("keyboard", "kind", LOUDNESS),
    Meaning("keyboard", "force", LOUDNESS),
    Meaning("crowd", "density", LOUDNESS, seconds=8.0, seeds=4),
    Meaning("crowd", "excitement", LOUDNESS, seconds=9.0, seeds=4, others={"density": 0.8}),
    Meaning("crowd", "clatter", level(4_500.0, 14_000.0), seconds=10.0, others={"density": 0.0}),
    Meaning("room_tone", "size", BRIGHTNESS, rises=False),
    Meaning("room_tone", "mains", level(90.0, 110.0)),
    Meaning("room_tone", "liveliness", pace(1_500.0, floor_db=-60.0, rarest_hz=0.06), seconds=20.0, seeds=5),
)

CLAIMS: Final[tuple[Claim, ...]] = (
    claim("crowd", "crowd", "density", 0.45, 0.6, 0.8),
    # Recordings of steps are mostly of gravel paths and forest floors.
    Claim(
        "footsteps",
        "footsteps",
        (
            {"rate": 0.68, "surface": 0.86},
            {"rate": 0.72, "surface": 0.86},
            {"rate": 0.68, "surface": 0.9},
        ),
    ),
    Claim(
        "clock",
        "clock",
        ({"rate": 0.5, "size": 0.29}, {"rate": 0.5, "size": 0.5}, {"rate": 0.5, "size": 0.7}),
    ),
    Claim(
        "bells",
        "bells",
        (
            {"rate": 0.5, "peal": 0.5, "size": 0.7},
            {"rate": 0.5, "peal": 0.7, "size": 0.7},
            {"rate": 0.5, "peal": 0.9, "size": 0.7},
        ),
    ),
    # Who is recorded at a keyboard copies a text, and seldom stops to think.
    claim("keyboard", "keyboard", "rate", 0.75, 0.785, 0.82),
)
