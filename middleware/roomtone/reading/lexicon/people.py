"""People and places in words."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, named, said

_GROUNDS: Final = named("footsteps", "surface")
_CLOCKS: Final = named("clock", "size")

CROWD: Final = Entry(
    synth="crowd",
    caption="people talking",
    roles={
        "amount": "density",
        "size": "density",
        "liveliness": "excitement",
        "clatter": "clatter",
    },
    said=(
        said(
            "people, crowd, guest, patron, customer, visitor, tourist, shopper, audience, passer by, passersby, "
            "villager, pedestrian, commuter, human, walla, public, throng, spectator",
            others="peopled",
            at={"amount": 0.5, "clatter": 0.05},
        ),
        said(
            "chit chat, chitchat, hubbub, conversation, small talk, voice, murmur of voices, "
            "hum of conversation, buzz of conversation, people talking",
            at={"amount": 0.4, "liveliness": 0.25, "clatter": 0.05},
        ),
        said(
            "person, man, men, woman, women, friend, stranger, speaker, drinker, student, traveller, traveler, "
            "merchant, vendor, sailor, soldier, worker, monk, family, colleague, couple",
            at={"amount": 0.25, "clatter": 0.05},
            counted=True,
        ),
        said(
            "laughter, people laughing, party, party crowd, celebration, merriment",
            at={"amount": 0.6, "liveliness": 0.8, "clatter": 0.2},
        ),
        said(
            "cheering, cheering crowd, cheering people, mob, riot, shouting, yelling",
            at={"amount": 0.95, "liveliness": 1.0, "clatter": 0.0},
        ),
        said(
            "dinner party, banquet, feast, lunch crowd, dinner crowd, coffee break",
            at={"amount": 0.55, "liveliness": 0.5, "clatter": 0.65},
        ),
    ),
    near=listed(
        "singing, choir, applause, clapping, city, town, "
        "village, station, train station, airport, classroom, theatre, theater, prayer, "
        "chanting, monster, zombie, ghost"
    ),
    outdoors=False,
    counts=((2.0, 0.0), (5.0, 0.2), (12.0, 0.55), (30.0, 0.7), (100.0, 0.9), (300.0, 1.0)),
    steer=Steer(parameter="crowd", rise_s=5.0, fall_s=8.0),
    usual_m=8.0,
)

CLATTER: Final = Entry(
    synth="clatter",
    caption="cups and plates clattering in a café",
    roles={"amount": "activity", "size": "weight", "liveliness": "activity"},
    said=(
        said(
            "kitchen clatter, cafe clatter, washing dishes, washing up, doing dishes, dishwashing, dinnerware, "
            "china, porcelain, teacup, saucer, teaspoon, tableware clatter, stacking plates, stacked plates",
            at={"amount": 0.5},
        ),
        said(
            "pots and pans, saucepan, frying pan, cooking pot, baking tray", at={"amount": 0.5, "size": 0.95}
        ),
        said("wine glass, wine glasses, champagne glass, toasting glasses", at={"amount": 0.4, "size": 0.1}),
        said("coffee machine, espresso machine, coffee maker, milk frother, barista", at={"amount": 0.3}),
    ),
    near=listed("kitchen, chef, cook, cooking, waiter, cash register, till, dishwasher"),
    outdoors=False,
    steer=Steer(parameter="clatter", rise_s=3.0, fall_s=5.0),
    usual_m=4.0,
)

CHILDREN: Final = Entry(
    synth="children",
    caption="children playing",
    roles={"amount": "number", "size": "number", "liveliness": "excitement", "pace": "play"},
    said=(
        said(
            "child, children, kid, toddler, schoolchild, schoolchildren, schoolkid, pupil, children playing, "
            "kids playing, playing children, playing kids",
            at={"amount": 0.5},
        ),
        said(
            "playground, schoolyard, school yard, kindergarten, recess",
            at={"amount": 0.75, "liveliness": 0.6},
        ),
        said("girl, boy, little girl, little boy", at={"amount": 0.15}, counted=True),
    ),
    near=listed("baby, birthday party"),
    counts=((2.0, 0.0), (5.0, 0.25), (12.0, 0.6), (30.0, 0.9), (60.0, 1.0)),
    steer=Steer(parameter="children", rise_s=4.0, fall_s=6.0),
    usual_m=12.0,
)

FOOTSTEPS: Final = Entry(
    synth="footsteps",
    caption="footsteps",
    roles={"amount": "rate", "pace": "rate", "size": "weight", "hardness": "surface"},
    said=(
        said(
            "footstep, footfall, walking footsteps, pacing, pacing up and down",
            at={"amount": 0.65},
            counted=False,
        ),
        said(
            "running footsteps, running feet, jogger, jogging, runner, sprinting",
            at={"amount": 0.95},
            span=(0.8, 1.0),
        ),
        said("tiptoe, tiptoeing, creeping footsteps, sneaking", at={"amount": 0.45, "size": 0.1}),
        said(
            "stomping, stamping boots, boots, heavy boots, marching, heavy footsteps",
            at={"amount": 0.65, "size": 0.95},
        ),
        said("footsteps on carpet", at={"amount": 0.65, "hardness": _GROUNDS["carpet"]}),
        said(
            "footsteps on wood, footsteps on floorboards, footsteps upstairs",
            at={"amount": 0.65, "hardness": _GROUNDS["wood"]},
        ),
        said("footsteps on metal, footsteps on grating", at={"amount": 0.65, "hardness": _GROUNDS["metal"]}),
        said(
            "high heels, heels clicking, footsteps on stone, footsteps on pavement, footsteps in corridor",
            at={"amount": 0.65, "hardness": _GROUNDS["stone"]},
        ),
        said("footsteps in snow, crunching snow", at={"amount": 0.6, "hardness": _GROUNDS["snow"]}),
        said("footsteps on gravel, crunching gravel", at={"amount": 0.65, "hardness": _GROUNDS["gravel"]}),
        said(
            "footsteps in leaves, footsteps through leaves",
            at={"amount": 0.6, "hardness": _GROUNDS["leaves"]},
        ),
    ),
    near=listed("shoe, sneaker, sandal, hoof, horse, hiking, stairs, staircase"),
    outdoors=False,
    steer=Steer(parameter="walking", rise_s=1.0, fall_s=1.0),
    stands="at",
    usual_m=3.0,
)

CLOCK: Final = Entry(
    synth="clock",
    caption="a clock ticking",
    roles={"amount": "strength", "pace": "rate", "size": "size"},
    said=(
        said(
            "clock, ticking clock, clock ticking, wall clock, kitchen clock, mantel clock",
            verbs="tick",
            at={"amount": 0.7},
        ),
        said("alarm clock, travel clock, metronome", at={"amount": 0.65, "size": _CLOCKS["alarm"]}),
        said(
            "wristwatch, wrist watch, pocket watch, stopwatch", at={"amount": 0.6, "size": _CLOCKS["watch"]}
        ),
        said(
            "grandfather clock, longcase clock, pendulum, pendulum clock, old clock",
            at={"amount": 0.75, "size": _CLOCKS["grandfather"]},
        ),
    ),
    near=listed("timer, time bomb"),
    outdoors=False,
    steer=Steer(parameter="clock", rise_s=2.0, fall_s=2.0),
    stands="at",
    usual_m=2.0,
)

BELLS: Final = Entry(
    synth="bells",
    caption="church bells ringing",
    roles={"amount": "rate", "pace": "rate", "size": "size", "variety": "peal"},
    said=(
        said(
            "bell, church bell, bell tower, belfry, bell ringing, ringing bells, pealing bells, steeple, "
            "peal of bells, carillon",
            at={"amount": 0.7},
        ),
        said(
            "tolling bell, death knell, knell, toll, bell tolling, clock tower",
            at={"amount": 0.5, "variety": 0.0, "size": 0.8},
        ),
        said("cathedral bell, great bell", at={"amount": 0.6, "size": 1.0}),
        said(
            "chapel bell, small bell, hand bell, handbell", at={"amount": 0.6, "size": 0.1, "variety": 0.15}
        ),
    ),
    near=listed("gong, doorbell, chime, cowbell, temple bell"),
    steer=Steer(parameter="bells", rise_s=4.0, fall_s=6.0),
    stands="at",
    usual_m=80.0,
)

KEYBOARD: Final = Entry(
    synth="keyboard",
    caption="somebody typing on a keyboard",
    roles={"amount": "rate", "pace": "rate", "hardness": "force"},
    said=(
        said(
            "keyboard, computer keyboard, keyboard typing, key press, keypress, mechanical keyboard",
            verbs="type",
            at={"amount": 0.7},
        ),
        said("typing, typist, writing on computer", at={"amount": 0.7}),
        said("typewriter", at={"amount": 0.65}),
    ),
    near=listed("laptop, computer mouse, mouse click, printer, office, secretary"),
    outdoors=False,
    steer=Steer(parameter="typing", rise_s=1.0, fall_s=1.0),
    stands="at",
    usual_m=1.5,
)

ROOM_TONE: Final = Entry(
    synth="room_tone",
    caption="the air of a quiet room",
    roles={"amount": "size", "size": "size", "rumble": "mains", "liveliness": "liveliness"},
    said=(
        said(
            "room tone, roomtone, quiet room, empty room, silent room, room ambience, indoor ambience, "
            "interior ambience, quiet house, empty house",
            at={"amount": 0.5},
        ),
        said(
            "empty hall, empty church, empty cathedral, empty warehouse", at={"amount": 0.9}, span=(0.6, 1.0)
        ),
        said("closet, wardrobe, cupboard, pantry", at={"amount": 0.08}, span=(0.0, 0.3)),
        said(
            "creaking house, old house, creaking floorboards, creaking", at={"amount": 0.5, "liveliness": 0.9}
        ),
        said("mains hum, electrical hum, electric hum, transformer hum", at={"amount": 0.4, "rumble": 0.9}),
    ),
    near=listed("library, museum, bedroom, attic, cellar, hallway, waiting room"),
    outdoors=False,
    steer=Steer(parameter="room", rise_s=4.0, fall_s=4.0),
    usual_m=2.0,
)

ENTRIES: Final = (CROWD, CHILDREN, CLATTER, FOOTSTEPS, CLOCK, BELLS, KEYBOARD, ROOM_TONE)
