"""Animals in words: birds and bees by day, owls and crickets by night."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, named, said

_FROGS: Final = named("frogs", "kind")

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
        "seagull, gull, pigeon, dove, duck, goose, geese, swan, eagle, hawk, falcon, parrot, "
        "parakeet, rooster, cockerel, chicken, hen, turkey, woodpecker, cuckoo, peacock, penguin, flamingo, "
        "heron, vulture"
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
    near=listed("grasshopper, bat, beetle"),
    counts=((1.0, 0.0), (3.0, 0.15), (6.0, 0.3), (12.0, 0.55), (30.0, 1.0)),
    steer=Steer(
        parameter="crickets",
        rise_s=4.0,
        fall_s=6.0,
        hours=((0, 0), (4, -4), (6.5, -60), (18, -60), (20.5, -4), (22, 0), (24, 0)),
    ),
    usual_m=10.0,
)

_BY_NIGHT: Final = (
    (0.0, 0.0),
    (4.0, -4.0),
    (6.5, -60.0),
    (18.0, -60.0),
    (20.5, -4.0),
    (22.0, 0.0),
    (24.0, 0.0),
)
_BY_DAY: Final = (
    (0.0, -60.0),
    (5.0, -60.0),
    (7.5, -3.0),
    (10.0, 0.0),
    (18.0, -2.0),
    (21.0, -60.0),
    (24.0, -60.0),
)

OWL: Final = Entry(
    synth="owl",
    caption="an owl hooting at night",
    roles={"amount": "rate", "liveliness": "rate", "variety": "company", "size": "size", "pitch": "-size"},
    said=(
        said("owl, tawny owl, owl hoot, owl call, hoot owl", verbs="hoot", at={"amount": 0.5}, counted=True),
        said("eagle owl, great horned owl, horned owl", at={"amount": 0.5, "size": 0.9}, counted=True),
        said("screech owl, little owl, owlet", at={"amount": 0.5, "size": 0.1}, counted=True),
    ),
    counts=((1.0, 0.4), (2.0, 0.5), (5.0, 0.8), (12.0, 1.0)),
    steer=Steer(parameter="owl", rise_s=4.0, fall_s=8.0, hours=_BY_NIGHT),
    usual_m=30.0,
)

CROWS: Final = Entry(
    synth="crows",
    caption="crows cawing",
    roles={
        "amount": "activity",
        "liveliness": "activity",
        "hardness": "agitation",
        "pace": "agitation",
        "size": "size",
        "pitch": "-size",
    },
    said=(
        said("crow, rook, carrion crow, crow call", verbs="caw", at={"amount": 0.4}, counted=True),
        said("rookery, murder of crows, flock of crows", at={"amount": 0.9}, span=(0.5, 1.0)),
        said("raven", at={"amount": 0.25, "size": 0.9}, counted=True),
        said("jackdaw, magpie, jay", at={"amount": 0.4, "size": 0.1}, counted=True),
    ),
    counts=((1.0, 0.0), (3.0, 0.25), (6.0, 0.5), (12.0, 0.8), (30.0, 1.0)),
    steer=Steer(parameter="crows", rise_s=3.0, fall_s=6.0, hours=_BY_DAY),
    usual_m=25.0,
)

CICADAS: Final = Entry(
    synth="cicadas",
    caption="cicadas in summer heat",
    roles={
        "amount": "density",
        "liveliness": "density",
        "warmth": "heat",
        "pace": "heat",
        "size": "size",
        "pitch": "-size",
    },
    said=(said("cicada, cicada song, cicada chorus, locust", at={"amount": 0.5}, counted=True),),
    counts=((1.0, 0.0), (3.0, 0.3), (6.0, 0.6), (12.0, 0.85), (30.0, 1.0)),
    steer=Steer(parameter="cicadas", rise_s=5.0, fall_s=8.0, hours=_BY_DAY),
    usual_m=12.0,
)

BEES: Final = Entry(
    synth="bees",
    caption="bees buzzing among flowers",
    roles={
        "amount": "swarm",
        "liveliness": "agitation",
        "pace": "agitation",
        "size": "size",
        "pitch": "-size",
    },
    said=(
        said("bee, honeybee, honey bee, bee buzz", at={"amount": 0.4}, counted=True),
        said(
            "beehive, hive, bee hive, swarm of bees, bee swarm, apiary", at={"amount": 0.9}, span=(0.5, 1.0)
        ),
        said("bumblebee, bumble bee, hornet", at={"amount": 0.25, "size": 0.9}, counted=True),
        said("wasp", at={"amount": 0.3, "size": 0.4, "liveliness": 0.6}, counted=True),
        said("fly, housefly, hoverfly", at={"amount": 0.2, "size": 0.3}, counted=True),
        said("mosquito, gnat, midge", at={"amount": 0.2, "size": 0.0}, counted=True),
    ),
    counts=((1.0, 0.0), (3.0, 0.25), (6.0, 0.45), (12.0, 0.7), (100.0, 1.0)),
    steer=Steer(parameter="bees", rise_s=3.0, fall_s=4.0, hours=_BY_DAY),
    usual_m=2.0,
)

FROGS: Final = Entry(
    synth="frogs",
    caption="frogs croaking at a pond at night",
    roles={
        "amount": "density",
        "liveliness": "density",
        "warmth": "temperature",
        "pace": "temperature",
        "pitch": "kind",
        "size": "-kind",
    },
    said=(
        said(
            "frog, toad, frog call, frog chorus, frog song",
            verbs="croak, ribbit",
            at={"amount": 0.5},
            counted=True,
        ),
        said("bullfrog", at={"amount": 0.3, "pitch": _FROGS["bullfrogs"]}, counted=True),
        said("tree frog, treefrog", at={"amount": 0.5, "pitch": _FROGS["tree"]}, counted=True),
        said("spring peeper, peeper", at={"amount": 0.6, "pitch": _FROGS["peepers"]}, counted=True),
    ),
    counts=((1.0, 0.0), (3.0, 0.2), (6.0, 0.4), (12.0, 0.7), (30.0, 1.0)),
    steer=Steer(
        parameter="frogs",
        rise_s=4.0,
        fall_s=6.0,
        hours=((0, 0), (4, -4), (7, -14), (17, -14), (20.5, -3), (22, 0), (24, 0)),
    ),
    usual_m=10.0,
)

DOGS: Final = Entry(
    synth="dogs",
    caption="a dog barking",
    roles={"amount": "rate", "liveliness": "rate", "variety": "company", "size": "size", "pitch": "-size"},
    said=(
        said("dog, hound, dog bark, barking", verbs="bark, woof", at={"amount": 0.5}, counted=True),
        said(
            "puppy, puppies, terrier, chihuahua, lapdog",
            verbs="yap",
            at={"amount": 0.5, "size": 0.05},
            counted=True,
        ),
        said(
            "mastiff, rottweiler, guard dog, watchdog, big dog", at={"amount": 0.5, "size": 0.9}, counted=True
        ),
        said("dog pack, pack of dogs, kennel", at={"amount": 0.8, "variety": 1.0}, span=(0.5, 1.0)),
    ),
    near=listed("wolf, wolves, coyote, fox, jackal, hyena"),
    outdoors=True,
    counts=((1.0, 0.4), (2.0, 0.5), (5.0, 0.7), (12.0, 1.0)),
    steer=Steer(parameter="dogs", rise_s=1.0, fall_s=3.0),
    stands="at",
    usual_m=15.0,
)

CATS: Final = Entry(
    synth="cats",
    caption="a cat meowing",
    roles={"amount": "rate", "liveliness": "rate", "hardness": "mood", "size": "size", "pitch": "-size"},
    said=(
        said(
            "cat, house cat, meow, cat meow",
            verbs="meow, miaow, mew",
            at={"amount": 0.5, "hardness": 0.7},
            counted=True,
        ),
        said("purring cat, cat purr, purr", verbs="purr", at={"amount": 0.6, "hardness": 0.0}),
        said("kitten", at={"amount": 0.5, "hardness": 0.7, "size": 0.05}, counted=True),
        said(
            "tomcat, cat fight, angry cat, alley cat",
            verbs="yowl, caterwaul",
            at={"amount": 0.7, "hardness": 0.95},
        ),
    ),
    near=listed("lion, tiger, panther, leopard, lynx"),
    outdoors=False,
    counts=((1.0, 0.5), (3.0, 0.7), (6.0, 1.0)),
    steer=Steer(parameter="cats", rise_s=1.0, fall_s=3.0),
    stands="at",
    usual_m=3.0,
)

ENTRIES: Final = (BIRDS, OWL, CROWS, CRICKETS, CICADAS, BEES, FROGS, DOGS, CATS)
