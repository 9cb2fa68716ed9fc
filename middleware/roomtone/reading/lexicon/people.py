"""People and what they sit around, in words: crowds and fires."""

from typing import Final

from roomtone.reading.entry import Entry, Loudness, Steer, listed, said

CROWD: Final = Entry(
    synth="crowd",
    caption="people talking",
    roles={
        "amount": "density",
        "size": "density",
        "liveliness": "excitement",
        "clatter": "clatter",
        "distance": "distance",
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
        "child, children, kid, baby, singing, choir, applause, clapping, whisper, whispering, city, town, "
        "village, station, train station, airport, playground, school, classroom, theatre, theater, prayer, "
        "chanting, footstep, monster, zombie, ghost"
    ),
    outdoors=False,
    counts=((2.0, 0.0), (5.0, 0.2), (12.0, 0.55), (30.0, 0.7), (100.0, 0.9), (300.0, 1.0)),
    steer=Steer(parameter="crowd", rise_s=5.0, fall_s=8.0),
    usual_m=8.0,
    loudness=Loudness(
        usual_db=-17.9,
        moved_db={
            "density": (-5.4, -2.1, -1.1, -0.5, 0.0, -0.1, 0.5, 1.3, 1.6),
            "excitement": (-3.2, -0.6, 1.3, 4.8, 7.5),
            "distance": (1.6, 0.9, 0.2, -0.4, -1.0, -1.6, -2.5, -3.6, -5.1),
        },
        crest_db=(16, 15, 13, 12, 13, 12, 12, 12, 12),
    ),
)

FIRE: Final = Entry(
    synth="fire",
    caption="a wood fire crackling",
    roles={"amount": "intensity", "size": "size", "crackle": "crackle", "dryness": "dryness"},
    said=(
        said(
            "fire, flame, wood fire, log fire, firewood, burning wood, burning log, campfire, camp fire, firepit, "
            "fire pit",
            others="burning, ablaze, on fire, in flames",
            at={"amount": 0.5},
        ),
        said(
            "fireplace, hearth, wood stove, wood burner, log burner, open fire, cozy fire, cosy fire",
            at={"amount": 0.4, "size": 0.35, "dryness": 0.6},
        ),
        said(
            "bonfire, blaze, inferno, wildfire, forest fire, house fire, burning house, burning forest, pyre",
            at={"amount": 0.92, "size": 0.95},
            span=(0.6, 1.0),
        ),
        said(
            "ember, cinder, glowing coal, coal, dying fire, dying flame",
            at={"amount": 0.06, "size": 0.1, "crackle": 0.45},
            span=(0.0, 0.3),
        ),
    ),
    near=listed("candle, torch, furnace, forge, lava, smoke, match, steam, frying, barbecue, grill"),
    outdoors=False,
    steer=Steer(parameter="fire", rise_s=3.0, fall_s=20.0),
    stands="at",
    usual_m=3.0,
    loudness=Loudness(
        usual_db=-25.4,
        moved_db={
            "intensity": (-6.2, -5.7, -2.4, -0.7, 0.0, 1.5, 3.0, 4.6, 5.6),
            "crackle": (-5.1, -2.8, 0.0, 2.5, 4.6),
            "size": (-0.1, -0.1, 0.1, 0.4, 1.2),
            "dryness": (0.8, 0.4, 0.0, -0.5, -1.0),
        },
        crest_db=(28, 27, 25, 24, 23, 22, 20, 19, 18),
    ),
)

ENTRIES: Final = (CROWD, FIRE)
