"""Animals: what each control moves, and what real sounds they are meant to be."""

from typing import Final

from listening.claim import Claim, claim
from listening.meaning import BRIGHTNESS, LOUDNESS, VARIETY, Meaning, busyness, share, usual_level

MEANINGS: Final[tuple[Meaning, ...]] = (
    Meaning("birds", "activity", usual_level(1_500.0, 9_000.0), seconds=12.0, seeds=4),
    Meaning("birds", "hour", usual_level(1_500.0, 9_000.0), seconds=8.0, even=False),
    Meaning("birds", "variety", VARIETY, seconds=15.0, seeds=5),
    Meaning("birds", "pitch", BRIGHTNESS, seconds=12.0, seeds=5),
    Meaning("owl", "rate", busyness(300.0, -45.0), seconds=20.0, seeds=5, others={"company": 0.0}),
    Meaning("owl", "company", usual_level(300.0, 3_000.0), seconds=12.0, seeds=5),
    Meaning("owl", "size", BRIGHTNESS, rises=False, seconds=8.0),
    Meaning("crows", "activity", usual_level(500.0, 5_000.0), seconds=10.0, seeds=4),
    Meaning("crows", "agitation", BRIGHTNESS, seconds=8.0, others={"activity": 0.6}),
    Meaning("crows", "size", BRIGHTNESS, rises=False, seconds=8.0, others={"activity": 0.6}),
    Meaning("crickets", "density", LOUDNESS),
    Meaning("crickets", "temperature", BRIGHTNESS),
    Meaning("crickets", "brightness", share(6_000.0, 18_000.0)),
    Meaning("cicadas", "density", LOUDNESS, seconds=12.0, seeds=6),
    Meaning("cicadas", "heat", usual_level(2_000.0, 12_000.0), seconds=12.0, seeds=4),
    Meaning("cicadas", "size", BRIGHTNESS, rises=False),
    Meaning("bees", "swarm", usual_level(100.0, 2_000.0), seconds=12.0, seeds=6),
    Meaning("bees", "agitation", BRIGHTNESS, seconds=10.0, seeds=6),
    Meaning("bees", "size", BRIGHTNESS, rises=False),
    Meaning("frogs", "density", usual_level(200.0, 5_000.0), seconds=10.0, seeds=6),
    Meaning("frogs", "temperature", usual_level(200.0, 5_000.0), seconds=10.0, seeds=5),
    Meaning("frogs", "kind", BRIGHTNESS, seconds=6.0, seeds=10, others={"density": 0.8}),
    Meaning("dogs", "rate", busyness(300.0, -45.0), seconds=15.0, seeds=5, others={"company": 0.0}),
    Meaning("dogs", "company", usual_level(300.0, 4_000.0), seconds=12.0, seeds=5),
    Meaning("dogs", "size", BRIGHTNESS, rises=False, others={"company": 0.0}),
    Meaning("cats", "rate", busyness(200.0, -50.0), seconds=15.0, seeds=5),
    Meaning("cats", "mood", BRIGHTNESS, seconds=8.0),
    Meaning("cats", "size", BRIGHTNESS, rises=False),
)

CLAIMS: Final[tuple[Claim, ...]] = (
    claim("birds", "birds", "activity", 0.25, 0.5, 0.75),
    claim("crickets", "crickets", "density", 0.25, 0.5, 0.75),
    claim("dogs", "dog", "rate", 0.5, 0.7, 0.9),
    Claim("frogs", "frogs", tuple({"kind": 0.87, "density": density} for density in (0.3, 0.4, 0.5))),
)
