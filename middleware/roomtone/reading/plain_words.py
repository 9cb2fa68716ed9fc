"""Words that hold a sentence together, words that say nothing about sound, and things with a sound's name in theirs."""

from typing import Final

from roomtone.reading.entry import listed
from roomtone.reading.meanings import Link, Refusal

LINKS: Final[tuple[tuple[tuple[str, ...], Link], ...]] = (
    (listed("and, plus, also, as well as, along with, together with, and also"), Link("and")),
    (
        listed(
            """
    with, while, as, then, but, accompanied by, and then, mixed with, mingled with, meanwhile, when, whilst, where,
    including, combined with, followed by, followed, amid, amidst, featuring, having, has, have, had,
    punctuated by, broken by, interrupted by, joined by, set against, but with, and with, with only, with just
    """
        ),
        Link("with"),
    ),
    (listed("or, nor"), Link("or")),
    (listed("of"), Link("of")),
    (
        listed(
            """
    on, onto, upon, against, hitting, hits, striking, drumming on, falling on, on top of, beating on, on to,
    tapping on, tapping at, pattering on, landing on, bouncing off, pelting
    """
        ),
        Link("on"),
    ),
    (
        listed(
            """
    in, into, at, over, under, underneath, beneath, below, beside, by, near, through, across, along, between, around,
    round, from, to, towards, toward, off, out of, among, amongst, within, beyond, past, up, down, for, about, during,
    throughout, until, since, close to, next to, near to, inside of, at foot of, at edge of, in middle of, in heart of,
    on edge of, alongside, via, atop, in midst of, at end of, on board, aboard, deep in, deep into, deep inside
    """
        ),
        Link("in"),
    ),
    (listed("outside of"), Link("outside")),
)

REFUSALS: Final[tuple[tuple[tuple[str, ...], Refusal], ...]] = (
    (
        listed(
            """
    no, not any, minus, neither, but no, and no, with no, there is no, there are no, not even, not single, sans, hold,
    skip, instead of, rather than, lack of, absence of, absent, devoid of, excluding, except, except for, apart from,
    other than, but not, never any, nor any, no more, no longer, nor
    """
        ),
        Refusal(),
    ),
    (
        listed(
            "not, never, isn't, isnt, aren't, arent, don't, dont, doesn't, doesnt, can't, cannot, won't, wasn't"
        ),
        Refusal(inverts=True),
    ),
    (
        listed("without, without any, free of, free from, without sound of, without sounds of"),
        Refusal(spans_and=True),
    ),
    # Weather that is over, or not there yet, is not heard.
    (
        listed(
            "after, before, aftermath of, in aftermath of, right after, just after, just before, in wake of"
        ),
        Refusal(over=True),
    ),
)

_SENTENCES: Final = listed(
    """
    i, you, he, she, it, we, they, me, him, us, them, who, whose, which, what, that's, it's, there's, i'm,
    you're, we're, is, are, was, were, be, been, being, am, do, does, did, will, would, can, could, should,
    may, might, must, there, here, now, just, only, even, still, again, always, often, sometimes, ever,
    already, almost, nearly, mostly, mainly, simply, usually, all, any, each, every, both, other, another,
    such, same, own, than, because, if, though, although, how, why, much, lots, please, want, need, like,
    let, make, create, generate, give, play, produce, imagine, think, feel, get, put, use, hear, listen,
    listener, right now, at once, at all, of course, so that, perhaps, maybe, overall, generally, yet, else,
    together, apart, away, back,
    """
)
_TALK_OF_SOUND: Final = listed(
    """
    sound, noise, ambience, ambiance, ambient, atmosphere, atmospheric, soundscape, audio, background sound,
    background noise, background ambience, loop, looped, seamless, recording, recorded, field recording,
    track, clip, sample, effect, sound effect, fx, sfx, foley, scene, setting, mood, vibe, feeling, layer,
    bed, texture, tone, stereo, binaural, asmr, hd, hq, high quality, realistic, natural, audible, heard,
    sound of, sounds of, noise of, noises of, song of, songs of, call of, calls of, cry of, cries of, hour,
    minute, second,
    """
)
_HAPPENINGS: Final = listed(
    """
    fall, fallen, fell, come, go, pass, pass by, move, drift, begin, start, continue, end, grow, turn,
    become, rise, fade, gather, stand, sit, walk by, lie, lying, lay, hang, rest, fill, carry, echo,
    reverberate, bounce, spread, reach, arrive, surround, swirl, dance, creep, linger, live, wait, sleep,
    wake, dream, watch, see, look, stay, remain, keep, seem, appear, occur, happen, cover, hidden, lit,
    shelter, set, made, seat, hunch, huddle, relax, focus, meditate,
    """
)
_LOOKS: Final = listed(
    """
    sudden, interior, exterior, old, older, ancient, new, young, beautiful, lovely, nice, pleasant, good,
    best, perfect, wonderful, amazing, gorgeous, cozy, cosy, comfortable, romantic, magical, mystical,
    mysterious, eerie, spooky, scary, creepy, haunted, haunting, ominous, dramatic, epic, cinematic, moody,
    melancholic, melancholy, sad, nostalgic, dreamy, relaxing, soothing, restful, meditative, hypnotic,
    immersive, idyllic, quaint, charming, rustic, abandoned, deserted, desolate, lonesome, isolated,
    secluded, private, local, typical, classic, traditional, modern, medieval, fantasy, victorian,
    futuristic, post apocalyptic, real, red, orange, yellow, white, black, grey, gray, brown, blue, golden,
    silver, purple, pink, dappled, shining, shiny, wet, dusty, rusty, stony, rocky, sandy, muddy, mossy,
    wooden, long, short, tall, wide, narrow, broad, flat, round, steep, open, closed, half, main, central,
    next, last, first, third, final, early, late, later, soon, whole, entire, simple, plain, usual, normal,
    average, certain, southern, northern, eastern, western, south, north, east, west, european, english,
    french, italian, irish, scottish, japanese, american, african, asian, australian, nordic, mediterranean,
    caribbean, parisian, suburban, pure, moonless, starlit, twinkling, barren, overgrown, forgotten,
    enchanted, sacred, far from, away from,
    """
)
_SILENT_THINGS: Final = listed(
    """
    sky, air, light, shadow, darkness, place, spot, area, corner, edge, side, middle, center, centre, heart,
    top, bottom, surface, distance, surroundings, environment, world, land, landscape, scenery, view, path,
    trail, clearing, floor, wall, door, ceiling, bench, table, chair, sofa, couch, blanket, pillow, book,
    coffee, tea, beer, food, meal, breakfast, lunch, dinner, time, moment, weather, season, week, month,
    year, life, way, kind, sort, type, part, thing, something, anything, nothing, somewhere, someone,
    somebody, anyone, everyone, nobody, silence, quietness, stillness, peace, solitude, tranquility,
    tranquillity, calmness, flower, blossom, petal, mushroom, moss, fern, wildflower, fence, gate, bridge,
    tower, statue, backdrop, presence, hint, drop, level, volume,
    """
)

FILLERS: Final = (*_TALK_OF_SOUND, *_HAPPENINGS, *_SILENT_THINGS)
"""Neither sounds nor unknown: plurals, and `-s`, `-ing` and `-ed`, are taken as they come."""

FIXED_FILLERS: Final = (*_SENTENCES, *_LOOKS)
"""The same, for words that have one form."""

OTHER_THINGS: Final = listed(
    """
    wind chime, wind turbine, wind instrument, wind tunnel, leaf blower, fire truck, fire engine, fire
    alarm, fire station, fire extinguisher, fire cracker, gun fire, rain coat, rain stick, rain barrel,
    water pump, water tap, water cooler, water wheel, water mill, sea gull, sea lion, sea bird, seabird,
    sea shanty, ocean liner, radio wave,
    sound wave, sine wave, shock wave, wave pool, heat wave, bird cage, bird of prey, birds of prey, video
    stream, swimming pool, pool party, chopping wood, wood chopping, falling tree, market crash, stock
    market, snow man, bathroom shower, hot shower, taking shower, in shower, boiling water,
    water boiling, engine room, train car, sports car, race car, police car, car horn, car engine, car
    alarm, passing car, passing cars, cars passing, bus stop, bus engine, school bus, ship horn, boat
    engine, motor boat, speed boat, fog horn, church organ, ice cream, cracking ice, ice
    cracking, ice cubes, storm drain, mountain goat, mountain lion, polar bear,
    house music, lounge music, bar music, office printer, kitchen sink, beach ball, prison door,
    cricket match, cricket bat, heart beat, phone call, radio static,
    tv static, white noise, pink noise, brown noise,
    """
)
"""Each is reported as a whole, until a row of the lexicon says that it can sound."""
