"""Words that change a sound: how much, how far, how bright, from where."""

from typing import Final

from roomtone.reading.entry import listed
from roomtone.reading.meanings import Tone


def _tone(**pulls: float) -> Tone:
    return Tone(pulls=pulls)


ADJECTIVES: Final[tuple[tuple[tuple[str, ...], Tone], ...]] = (
    # Less and more. Comparatives and adverbs follow by rule.
    (listed("slight"), _tone(amount=-0.6)),
    (listed("light"), _tone(amount=-0.5)),
    (listed("gentle, thin, weak, calm, peaceful, serene, tranquil, sleepy, subdued"), _tone(amount=-0.45)),
    (listed("sparse, scattered, occasional, rare, infrequent, sporadic, empty"), _tone(amount=-0.6)),
    (listed("mild, moderate, lazy"), _tone(amount=-0.2)),
    (listed("steady, constant, continuous, regular, ongoing, persistent, relentless"), _tone(gusts=-0.4)),
    (listed("strong, brisk, frequent, abundant, lush, rich"), _tone(amount=0.5)),
    (listed("dense, thick"), _tone(amount=0.55)),
    (listed("heavy"), _tone(amount=0.6)),
    (listed("intense, powerful, driving, lashing"), _tone(amount=0.7)),
    (listed("violent, fierce, furious, severe, savage, wild"), _tone(amount=0.85, gusts=0.4)),
    (listed("torrential, extreme"), _tone(amount=1.0)),
    (listed("busy, bustling, crowded, packed, full, lively, vibrant"), _tone(amount=0.5, liveliness=0.25)),
    (
        listed("rowdy, raucous, boisterous, drunk, drunken, excited, cheerful, merry"),
        _tone(amount=0.3, liveliness=0.75),
    ),
    (listed("happy, joyful, festive"), _tone(liveliness=0.45)),
    (listed("hushed, murmuring, drowsy"), Tone(pulls={"amount": -0.3, "liveliness": -0.6}, loud_db=-3.0)),
    (listed("rough, choppy, stormy"), _tone(amount=0.6, pace=0.3)),
    (listed("smooth"), _tone(amount=-0.4, bubbles=-0.6)),
    (listed("steamy"), _tone(warmth=0.5)),
    # Loudness.
    (listed("quiet, low"), Tone(pulls={"amount": -0.4, "liveliness": -0.4}, loud_db=-3.0)),
    (listed("soft"), Tone(pulls={"amount": -0.45, "brightness": -0.15}, loud_db=-2.0)),
    (listed("faint"), Tone(pulls={"amount": -0.4, "distance": 0.25}, loud_db=-4.0)),
    (listed("silent"), Tone(pulls={"amount": -0.8, "liveliness": -0.8}, loud_db=-4.0)),
    (listed("loud, noisy"), Tone(pulls={"amount": 0.35, "liveliness": 0.25}, loud_db=3.0)),
    (listed("deafening, thunderous, ear splitting"), Tone(pulls={"amount": 0.9}, loud_db=4.0)),
    # Size.
    (listed("small, little"), _tone(size=-0.45)),
    (listed("tiny, miniature"), _tone(size=-0.75)),
    (listed("big, large"), _tone(size=0.45)),
    (listed("huge, giant, enormous, massive, towering, vast, great, mighty"), _tone(size=0.75)),
    # Where.
    (listed("distant, faraway, remote, far"), _tone(distance=0.75)),
    (listed("close, nearby, closeby"), _tone(distance=-0.8)),
    (listed("approaching, oncoming, looming"), _tone(distance=0.35)),
    # Colour.
    (listed("bright, crisp, sharp, clear, silvery"), _tone(brightness=0.5)),
    (listed("hissing, sizzling"), _tone(brightness=0.6)),
    (listed("dull, dark, dim"), _tone(brightness=-0.4)),
    (listed("muffled, dampened, stifled"), Tone(muffle=0.7)),
    (listed("hard"), _tone(amount=0.55, hardness=0.3)),
    (listed("metallic, tinny, ringing"), _tone(hardness=0.9, brightness=0.3)),
    (listed("high, high pitched, shrill, squeaky"), _tone(pitch=0.7)),
    (listed("deep, bass"), _tone(depth=0.7, rumble=0.6, pitch=-0.6, brightness=-0.3)),
    (listed("shallow"), _tone(depth=-0.7)),
    (listed("dry, parched, brittle, crunchy, bone dry"), _tone(dryness=0.7)),
    (listed("damp, moist, soggy, fresh, green"), _tone(dryness=-0.6)),
    # Movement.
    (listed("slow, sluggish, leisurely"), _tone(pace=-0.55)),
    (listed("fast, quick, rapid, swift, hurried"), _tone(pace=0.6)),
    (listed("turbulent, unsettled, restless, erratic, fitful"), _tone(gusts=0.7, amount=0.2)),
    (listed("various, varied, diverse, different, exotic"), _tone(variety=0.8)),
    (listed("foamy, frothy, fizzy"), _tone(foam=0.8)),
)
"""Graded: `heavier`, `heaviest` and `heavily` are understood with `heavy`."""

PHRASES: Final[tuple[tuple[tuple[str, ...], Tone], ...]] = (
    (listed("hint of, touch of, bit of, trace of, slightest, little bit of, tiny bit of"), _tone(amount=-0.6)),
    (listed("barely, hardly, scarcely, hardly any, barely any, almost no, next to no, little to no"),
     _tone(amount=-0.85)),
    (listed("barely audible, hardly audible, scarcely audible, almost inaudible"), Tone(loud_db=-6.0, background=True)),
    (listed("cats and dogs, in buckets"), Tone(pulls={"amount": 0.75}, back=True)),
    (listed("thundering"), Tone(pulls={"amount": 0.7}, alone="thunder")),
    (listed("in full swing, at its peak, at full force"), Tone(pulls={"amount": 0.7}, back=True)),
    (listed("now and then, every now and then, from time to time, once in while, here and there"),
     Tone(pulls={"amount": -0.55}, back=True)),
    (listed("all around, everywhere, on all sides, surrounding"), Tone()),
    (listed("far away, far off, in distance, in far distance, at distance, from afar, afar, miles away, way off, "
            "long way off, on horizon, over horizon, beyond horizon, beyond hills, over hills, behind hills, "
            "across valley, across field, across fields, across lake, across river, across water, "
            "some distance away, down road, down street, blocks away, streets away"),
     Tone(pulls={"distance": 0.75}, back=True)),
    (listed("far off, far away, distantly"), Tone(pulls={"distance": 0.75}, back=True)),
    (listed("close by, close at hand, near by, up close, right next to me, next to me, beside me, right here, "
            "at my feet, within reach, around me, around us"), Tone(pulls={"distance": -0.8}, back=True)),
    (listed("overhead, above, directly above, right above, above me, above us, over our heads"),
     Tone(pulls={"distance": -0.9}, back=True, leads=True)),
    (listed("in background, background, backdrop of, against backdrop of, underneath it all, as backdrop"),
     Tone(background=True, back=True)),
    (listed("in foreground, up front, front and center, front and centre, dominant, prominent"),
     Tone(loud_db=2.0, back=True)),
    # Walls and windows.
    (listed("through window, through windows, outside window, outside windows, beyond window, behind window, "
            "behind glass, through glass, through open window, outside bedroom window, from open window"),
     Tone(muffle=0.5, inside=True, back=True)),
    (listed("through wall, through walls, through door, behind wall, behind door, behind closed door, "
            "behind closed doors, outside door, next door, from next room, in next room, from another room, "
            "in another room, from other room, in other room, through thin walls, upstairs, downstairs, "
            "through ceiling, through floor"),
     Tone(muffle=0.8, inside=True, back=True)),
    (listed("heard from inside, from inside, from indoors, heard from indoors, heard from within, from within"),
     Tone(muffle=0.5, inside=True, back=True)),
    (listed("outside"), Tone(outside=True, back=True, leads=True)),
    (listed("from outside"), Tone(outside=True, back=True)),
    # Directions.
    (listed("to left, on left, from left, on left side, at left, left of me, on left hand side, leftwards"),
     Tone(bearing_deg=-70.0, back=True)),
    (listed("to right, on right, from right, on right side, at right, right of me, on right hand side, rightwards"),
     Tone(bearing_deg=70.0, back=True)),
    (listed("ahead, in front, in front of me, in front of us, in front of you, straight ahead, up ahead, ahead of me"),
     Tone(bearing_deg=0.0, back=True)),
    (listed("behind"), Tone(bearing_deg=180.0, back=True, leads=True)),
    (listed("behind me, behind us, behind you, at my back, from behind, behind listener"),
     Tone(bearing_deg=180.0, back=True)),
    (listed("left"), Tone(bearing_deg=-70.0)),
    (listed("right"), Tone(bearing_deg=70.0)),
)  # fmt: skip
"""As they are, without articles."""
