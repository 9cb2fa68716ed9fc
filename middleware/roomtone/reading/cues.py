"""What sounds do, in words: `crackling` says something of a fire, and means one where none is named."""

from typing import Final

from roomtone.reading.entry import listed
from roomtone.reading.meanings import Tone


def _cue(*only: str, alone: str = "", **pulls: float) -> Tone:
    return Tone(pulls=pulls, only=only, alone=alone)


CUES: Final[tuple[tuple[tuple[str, ...], Tone], ...]] = (
    # Rain.
    (listed("patter, pitter patter"), _cue("rain", alone="rain", amount=-0.2)),
    (listed("tap, tinkle"), _cue("rain", "stream", amount=-0.2)),
    (listed("drum, hammer, pelt, beat, batter, pummel"), _cue("rain", amount=0.45, hardness=0.2)),
    (listed("pour, pour down, bucket down, stream down"), _cue("rain", alone="rain", amount=0.75)),
    (listed("drip"), _cue("rain", "drips", alone="drips", amount=-0.4)),
    # Wind and leaves.
    (listed("howl, moan, wail, shriek"), _cue("wind", "dogs", alone="wind", amount=0.45, whistle=0.65)),
    (listed("whistle"), _cue("wind", alone="wind", amount=0.15, whistle=0.7)),
    (listed("whip, rage, buffet"), _cue("wind", "rain", "waves", "fire", amount=0.7)),
    (listed("blow, sough"), _cue("wind", "leaves", alone="wind")),
    (listed("sigh, stir, waft"), _cue("wind", "leaves", "waves", alone="wind", amount=-0.45)),
    (listed("rustle, sway, swish, shiver, quiver"), _cue("leaves", alone="leaves")),
    (listed("flutter, tremble"), _cue("leaves", alone="leaves", amount=-0.25)),
    (listed("toss, thrash"), _cue("leaves", "waves", alone="leaves", amount=0.7)),
    # Thunder.
    (listed("rumble, grumble, growl"), _cue("thunder", "dogs", alone="thunder", rumble=0.6, brightness=-0.2)),
    (listed("clap, crack"), _cue("thunder", rumble=-0.3, brightness=0.3)),
    (listed("boom"), _cue("thunder", "waves", alone="thunder", amount=0.4, rumble=0.3)),
    (listed("roll"), _cue("thunder", "waves", rumble=0.6, amount=0.1)),
    # Water.
    (listed("babble"), _cue("stream", "crowd", alone="stream", bubbles=0.4)),
    (listed("gurgle, bubble, burble"), _cue("stream", alone="stream", bubbles=0.6)),
    (listed("murmur, mumble"), _cue("crowd", "stream", alone="crowd", liveliness=-0.5, amount=-0.15)),
    (listed("trickle"), _cue("stream", "rain", alone="stream", amount=-0.5)),
    (listed("flow, run, rush, gush, tumble"), _cue("stream", "rain", "wind", amount=0.25)),
    (listed("splash, slosh"), _cue("stream", "waves", "rain", alone="stream", bubbles=0.5, foam=0.4)),
    (listed("crash"), _cue("waves", "thunder", alone="waves", amount=0.6)),
    (listed("break, smash, pound"), _cue("waves", "thunder", amount=0.6)),
    (listed("lap"), _cue("waves", "stream", alone="waves", amount=-0.75, pace=0.3)),
    (listed("wash, surge, swell"), _cue("waves", alone="waves", amount=0.1)),
    (listed("foam, froth"), _cue("waves", "stream", foam=0.7)),
    # Fire.
    (listed("crackle, snap"), _cue("fire", alone="fire", crackle=0.4)),
    (listed("pop, spit"), _cue("fire", "rain", alone="fire", crackle=0.75)),
    (listed("burn, flicker"), _cue("fire", alone="fire")),
    (listed("smoulder, smolder, glow"), _cue("fire", alone="fire", amount=-0.8)),
    (listed("hiss, sizzle"), _cue("fire", "rain", "waves", "wind", brightness=0.4, dryness=-0.3, foam=0.5)),
    (listed("roar"), _cue("thunder", "fire", "waves", "wind", "stream", "crowd", "rain",
                          amount=0.75, liveliness=0.8, size=0.4)),
    # Animals.
    (listed("chirp, trill"), _cue("birds", "crickets", "cicadas", "frogs", alone="birds")),
    (listed("call"), _cue("birds", "crickets", "crowd", "owl", "crows", "frogs", "cats")),
    (listed("cheep, peep"), _cue("birds", "frogs", alone="birds", pitch=0.5)),
    (listed("sing"), _cue("birds", "crickets", "crowd", "cicadas", "frogs")),
    (listed("tweet, twitter, warble, chorus"), _cue("birds", "frogs", "cicadas", alone="birds", amount=0.1)),
    (listed("stridulate"), _cue("crickets", alone="crickets")),
    (listed("buzz"), _cue("bees", "cicadas", "fridge", alone="bees", amount=0.2)),
    # Machines.
    (listed("hum, whir"), _cue("fan", "fridge", "vacuum", "bees", alone="fan", amount=0.2)),
    # People.
    (listed("chat, chatter, talk, converse, gossip, speak, mingle"), _cue("crowd", alone="crowd", clatter=-0.2)),
    (listed("whisper"), _cue("crowd", "wind", "leaves", amount=-0.6, liveliness=-0.8)),
    (listed("laugh, giggle, joke, celebrate"), _cue("crowd", alone="crowd", liveliness=0.6)),
    (listed("shout, cheer, yell, scream, argue"), _cue("crowd", alone="crowd", liveliness=0.9, amount=0.3)),
    (listed("eat, dine, drink"), _cue("crowd", clatter=0.3)),
    (listed("clink, clatter, clinking glass, clinking glasses, glasses clinking, clink of glasses, cutlery, "
            "silverware, crockery, tableware, dish, plate, cup, fork, spoon, "
            "clatter of dishes, clatter of plates, clatter of cutlery"),
     _cue("clatter", "crowd", alone="clatter", clatter=0.6)),
)  # fmt: skip
"""Bare verbs and nouns; `-s`, `-ing` and `-ed` follow by rule."""
