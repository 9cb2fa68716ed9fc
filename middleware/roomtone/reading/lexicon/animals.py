"""Animals in words: birds by day, crickets by night."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, said

BIRDS: Final = Entry(
    synth="birds",
    caption="birds singing",
    roles={
        "amount": "activity",
        "liveliness": "activity",
        "variety": "variety",
        "pitch": "pitch",
        "size": "-pitch",
    },
    said=(
        said("bird, songbird, song bird", at={"amount": 0.5}, counted=True),
        said(
            "birdsong, bird song, birdcall, bird call, bird sound, bird noise, bird chirp, birdlife",
            at={"amount": 0.5},
        ),
        said(
            "dawn chorus, morning chorus, bird chorus, chorus of birds",
            at={"amount": 0.95, "variety": 0.9},
            span=(0.6, 1.0),
            hour=5.5,
        ),
        said(
            "sparrow, finch, chaffinch, goldfinch, wren, tit, warbler, chiffchaff, canary",
            at={"amount": 0.4, "pitch": 0.72, "variety": 0.4},
            counted=True,
        ),
        said(
            "robin, lark, skylark, nightingale, starling",
            at={"amount": 0.3, "pitch": 0.58, "variety": 0.5},
            counted=True,
        ),
        said("blackbird, thrush", at={"amount": 0.3, "pitch": 0.42, "variety": 0.5}, counted=True),
    ),
    near=listed(
        "owl, crow, raven, seagull, gull, pigeon, dove, duck, goose, geese, swan, eagle, hawk, falcon, parrot, "
        "parakeet, rooster, cockerel, chicken, hen, turkey, woodpecker, cuckoo, peacock, penguin, flamingo, "
        "heron, magpie, vulture"
    ),
    counts=((1.0, 0.0), (3.0, 0.22), (6.0, 0.45), (12.0, 0.75), (24.0, 1.0)),
    steer=Steer(
        parameter="birds",
        rise_s=4.0,
        fall_s=6.0,
        hours=((0, -60), (4, -60), (5.5, 0), (9, -1), (18, -1), (21, -60), (24, -60)),
    ),
    usual_m=12.0,
)

CRICKETS: Final = Entry(
    synth="crickets",
    caption="crickets chirping at night",
    roles={
        "amount": "density",
        "warmth": "temperature",
        "pace": "temperature",
        "brightness": "brightness",
    },
    said=(
        said("cricket, katydid", at={"amount": 0.5}, counted=True),
        said("insect, bug, night insect, cricket sound, cricket song, insect chorus", at={"amount": 0.55}),
    ),
    near=listed(
        "cicada, grasshopper, frog, toad, bee, fly, mosquito, bat, beetle, locust, tree frog, wasp, bumblebee"
    ),
    counts=((1.0, 0.0), (3.0, 0.15), (6.0, 0.3), (12.0, 0.55), (30.0, 1.0)),
    steer=Steer(
        parameter="crickets",
        rise_s=4.0,
        fall_s=6.0,
        hours=((0, 0), (4, -4), (6.5, -60), (18, -60), (20.5, -4), (22, 0), (24, 0)),
    ),
    usual_m=10.0,
)

ENTRIES: Final = (BIRDS, CRICKETS)
