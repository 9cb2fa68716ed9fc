"""People and what they sit around, in words: crowds and fires."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, said

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
        "child, children, kid, baby, singing, choir, applause, clapping, whisper, whispering, city, town, "
        "village, station, train station, airport, playground, school, classroom, theatre, theater, prayer, "
        "chanting, footstep, monster, zombie, ghost"
    ),
    outdoors=False,
    counts=((2.0, 0.0), (5.0, 0.2), (12.0, 0.55), (30.0, 0.7), (100.0, 0.9), (300.0, 1.0)),
    steer=Steer(parameter="crowd", rise_s=5.0, fall_s=8.0),
    usual_m=8.0,
)

ENTRIES: Final = (CROWD,)
