"""Water: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import (
    BRIGHTNESS,
    FLOOR,
    LOUDNESS,
    SWELLS,
    SWING,
    Meaning,
    pace,
    share,
    tonality,
    usual_level,
)

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("stream", "flow", LOUDNESS),
    Meaning("stream", "bubbliness", tonality(300.0, 2_000.0)),
    Meaning("stream", "depth", BRIGHTNESS, rises=False),
    Meaning("stream", "brightness", BRIGHTNESS),
    Meaning("waves", "intensity", LOUDNESS, seconds=10.0, seeds=6),
    Meaning("waves", "pace", SWELLS, seconds=60.0, seeds=6),
    Meaning("waves", "foam", share(4_000.0, 18_000.0), seconds=12.0),
    Meaning("waterfall", "flow", LOUDNESS),
    Meaning("waterfall", "height", share(30.0, 180.0)),
    Meaning("waterfall", "spray", share(5_000.0, 18_000.0)),
    Meaning("drips", "rate", pace(), seconds=20.0, seeds=4, others={"seep": 0.0, "room": 0.0}),
    Meaning(
        "drips", "depth", BRIGHTNESS, rises=False, seconds=10.0, seeds=4, others={"rate": 1.0, "seep": 0.0}
    ),
    Meaning("drips", "seep", FLOOR, seconds=10.0),
    Meaning("drips", "room", FLOOR, seconds=10.0, others={"seep": 0.0}),
    Meaning("underwater", "depth", BRIGHTNESS, rises=False, others={"bubbles": 0.0}),
    Meaning(
        "underwater",
        "bubbles",
        usual_level(250.0, 2_000.0),
        seconds=12.0,
        seeds=6,
        others={"depth": 1.0, "surge": 0.0},
    ),
    Meaning("underwater", "surge", SWING, seconds=20.0, seeds=6, others={"bubbles": 0.0}),
)

_WET: Final = {"depth": 0.7, "seep": 0.68, "room": 0.25}

CLAIMS: Final[tuple[Claim, ...]] = (
    claim("stream", "stream", "flow", 0.35, 0.6, 0.85),
    claim("waves", "waves", "intensity", 0.35, 0.6, 0.85),
    # Real recordings of drips are of wet places: something always trickles.
    Claim("drips", "drips", ({"rate": 0.3, **_WET}, {"rate": 0.5, **_WET}, {"rate": 0.7, **_WET})),
)
