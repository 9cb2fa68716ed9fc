"""Designed sounds in words: what no place on earth sounds like."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, said

DRONE: Final = Entry(
    synth="drone",
    caption="a dark cinematic drone",
    roles={"amount": "tension", "pitch": "-depth", "depth": "depth", "liveliness": "motion"},
    said=(
        said(
            "tension, suspense, drone sound, ambient drone, cinematic drone, unease, uneasiness, menace",
            at={"amount": 0.55},
        ),
        said("dread, horror, terror, doom, nightmare", at={"amount": 0.9}, span=(0.5, 1.0)),
        said("dark ambient, deep drone, sub bass, bass drone", at={"amount": 0.35, "depth": 0.9}),
        said("ambient pad, ethereal pad, serenity", at={"amount": 0.05, "depth": 0.3}, span=(0.0, 0.3)),
    ),
    near=listed("film score, score, soundtrack, synth pad"),
    outdoors=False,
    steer=Steer(parameter="tension", rise_s=8.0, fall_s=15.0),
)

MAGIC: Final = Entry(
    synth="magic",
    caption="a magical shimmering spell",
    roles={"amount": "rate", "size": "power", "warmth": "-mood", "brightness": "-mood"},
    said=(
        said(
            "magic, spell, magic spell, enchantment, sorcery, wizardry, magic wand, wand, wizard, magician, "
            "sorcerer, sparkle, shimmer, magic shimmer, magic portal, glowing crystal, rune",
            others="enchanted, bewitched",
            at={"amount": 0.5, "size": 0.5},
        ),
        said(
            "fairy, fairies, pixie, fairy dust, pixie dust, stardust, wisp, elf magic",
            at={"amount": 0.6, "size": 0.2, "warmth": 1.0},
        ),
        said(
            "curse, dark magic, black magic, necromancy, necromancer, warlock, witch, witchcraft, hex, demonic ritual",
            others="cursed",
            at={"amount": 0.5, "size": 0.7, "warmth": 0.0},
        ),
    ),
    outdoors=False,
    steer=Steer(parameter="magic", rise_s=3.0, fall_s=6.0),
)

WHISPERS: Final = Entry(
    synth="whispers",
    caption="ghostly whispering voices",
    roles={"amount": "voices", "pace": "urgency", "liveliness": "urgency"},
    said=(
        said(
            "whisper, whispering, people whispering, voices whispering, crowd whispering, children whispering, "
            "ghost voice, ghostly voice, whispering voice, whispering ghost, ghostly whisper, spirit voice, "
            "disembodied voice, phantom voice, spectral voice, whispering spirit, poltergeist, wraith, apparition",
            at={"amount": 0.4, "pace": 0.3},
        ),
        said(
            "whispering wall, whispering hall, hissing voice, ghost choir",
            at={"amount": 0.8, "pace": 0.7},
        ),
    ),
    outdoors=False,
    steer=Steer(parameter="whispers", rise_s=6.0, fall_s=10.0),
)

SPACECRAFT: Final = Entry(
    synth="spacecraft",
    caption="the humming interior of a spaceship",
    roles={"amount": "power", "liveliness": "systems", "crackle": "damage"},
    said=(
        said(
            "spaceship, spacecraft, starship, space ship, star ship, space station, space shuttle, spaceship bridge, "
            "spaceship interior, spaceship cabin, escape pod, orbital station, moon base, space capsule, "
            "warp drive, warp core, fusion reactor",
            at={"amount": 0.45},
        ),
        said(
            "derelict spaceship, abandoned spaceship, abandoned space station, drifting spaceship",
            at={"amount": 0.05, "liveliness": 0.1, "crackle": 0.35},
            span=(0.0, 0.3),
        ),
        said(
            "damaged spaceship, hull breach, crashing spaceship, sinking spaceship",
            at={"amount": 0.4, "liveliness": 0.5, "crackle": 0.85},
        ),
    ),
    outdoors=False,
    steer=Steer(parameter="drive", rise_s=6.0, fall_s=12.0),
)

COMPUTER: Final = Entry(
    synth="computer",
    caption="a computer working and beeping",
    roles={"amount": "load", "liveliness": "chatter", "brightness": "-age"},
    said=(
        said(
            "computer, server, server room, server rack, data center, data centre, workstation, supercomputer, "
            "artificial intelligence, robot, robot brain, console beep, computer beep, data burst",
            at={"amount": 0.5, "brightness": 0.8},
        ),
        said(
            "mainframe, mainframe computer, old computer, retro computer, floppy drive, hard drive, hard disk, "
            "tape drive, tape reel",
            at={"amount": 0.5, "brightness": 0.4},
        ),
        said(
            "teleprinter, telex, relay computer, relay rack, telephone exchange, punch card machine",
            at={"amount": 0.5, "liveliness": 0.7, "brightness": 0.0},
        ),
    ),
    outdoors=False,
    steer=Steer(parameter="systems", rise_s=3.0, fall_s=5.0),
    stands="at",
    usual_m=2.0,
)

ENTRIES: Final = (SPACECRAFT, COMPUTER, MAGIC, DRONE, WHISPERS)
