"""Weather in words: rain, wind, thunder, and the leaves that the wind moves."""

from typing import Final

from roomtone.reading.entry import Entry, Loudness, Steer, listed, said

RAIN: Final = Entry(
    synth="rain",
    caption="rain falling",
    roles={
        "amount": "intensity",
        "hardness": "hardness",
        "brightness": "brightness",
        "distance": "distance",
    },
    said=(
        said(
            "rain, rainfall, rainwater, rain sound, precipitation",
            verbs="rain",
            others="rainy",
            at={"amount": 0.5},
        ),
        said(
            "drizzle, sprinkle",
            verbs="drizzle",
            others="drizzly",
            at={"amount": 0.18, "hardness": 0.3},
            span=(0.06, 0.36),
        ),
        said("raindrop, rain drop, drop of rain, drops of rain", at={"amount": 0.22}, span=(0.05, 0.6)),
        said(
            "shower, rain shower, april shower",
            others="showery",
            at={"amount": 0.45},
            span=(0.15, 0.8),
        ),
        said(
            "downpour, cloudburst, deluge, rainstorm, rain storm, monsoon, monsoon rain, sheets of rain",
            at={"amount": 0.92, "brightness": 0.55},
            span=(0.6, 1.0),
        ),
    ),
    near=listed("hail, hailstone, hailstorm, sleet, drip, dripping, gutter, downspout, leak, white noise"),
    passes=True,
    steer=Steer(parameter="rain", rise_s=4.0, fall_s=9.0),
    loudness=Loudness(
        usual_db=-18.8,
        moved_db={
            "intensity": (-18.3, -9.3, -5.2, -2.4, 0.0, 2.2, 4.2, 6.2, 8.1),
            "hardness": (-1.8, -0.6, 0.5, 1.4, 2.4),
            "brightness": (0.2, -0.2, 0.0, 0.8, 1.9),
            "distance": (1.4, -0.4, -2.1, -3.8, -5.5, -7.1, -8.8, -10.4, -12.1),
        },
        crest_db=(21, 21, 20, 18, 16, 14, 12, 10, 9),
    ),
)

WIND: Final = Entry(
    synth="wind",
    caption="wind blowing",
    roles={"amount": "strength", "gusts": "gustiness", "whistle": "whistle", "brightness": "brightness"},
    said=(
        said("wind, wind noise, air current", others="windy, windswept, windblown", at={"amount": 0.5}),
        said(
            "breeze, sea breeze, breath of wind, breath of air, zephyr, draft, draught",
            others="breezy",
            at={"amount": 0.28, "gusts": 0.4},
            span=(0.12, 0.45),
        ),
        said("gust, squall", others="gusty, blustery, squally", at={"amount": 0.6, "gusts": 0.85}),
        said(
            "gale, windstorm, wind storm, storm wind, high winds",
            at={"amount": 0.88, "gusts": 0.6, "whistle": 0.25},
            span=(0.65, 1.0),
        ),
        said(
            "sandstorm, sand storm, dust storm",
            at={"amount": 0.85, "gusts": 0.6, "brightness": 0.8},
            span=(0.6, 1.0),
        ),
        said(
            "tornado, twister, cyclone",
            at={"amount": 1.0, "gusts": 0.7, "whistle": 0.4, "brightness": 0.35},
            span=(0.8, 1.0),
        ),
    ),
    near=listed("blizzard, snowstorm, snow storm, snow, snowfall, avalanche, spaceship, airplane"),
    passes=True,
    steer=Steer(parameter="wind", rise_s=5.0, fall_s=8.0),
    loudness=Loudness(
        usual_db=-19.5,
        moved_db={
            "strength": (-26.1, -18.1, -11.1, -5.1, 0.0, 4.0, 7.0, 8.8, 9.5),
            "gustiness": (-2.4, -0.8, 0.0, 0.4, 0.5),
            "whistle": (0.0, 0.1, 0.4, 0.8, 1.3),
            "brightness": (-0.2, -0.1, 0.0, 0.3, 0.9),
        },
        crest_db=(11, 11, 11, 11, 11, 11, 9, 8, 7),
    ),
)

LEAVES: Final = Entry(
    synth="leaves",
    caption="leaves rustling in the wind",
    roles={"amount": "activity", "dryness": "dryness", "gusts": "gustiness", "distance": "distance"},
    said=(
        said(
            "leaf, leaves, foliage, tree, treetop, tree top, branch, bough, twig, canopy, shrub, bush, hedge, "
            "vine, undergrowth, oak, birch, poplar, aspen, willow, beech tree, tree branch",
            others="leafy",
            at={"amount": 0.4},
        ),
        said(
            "dry leaf, dry leaves, dead leaf, dead leaves, autumn leaf, autumn leaves, fallen leaf, "
            "fallen leaves",
            at={"amount": 0.4, "dryness": 0.9},
        ),
        said(
            "grass, tall grass, reed, bulrush, wheat, wheat field, cornfield, corn field, corn, barley, bamboo, "
            "palm, palm tree, palm frond",
            others="grassy",
            at={"amount": 0.38, "dryness": 0.75},
        ),
        said("pine, pine tree, fir, fir tree, conifer", at={"amount": 0.42, "dryness": 0.15}),
    ),
    near=listed("paper, curtain, flag, sail, fabric, cloth, plastic bag"),
    steer=Steer(parameter="wind", rise_s=5.0, fall_s=8.0),
    stirred_by="wind",
    loudness=Loudness(
        usual_db=-15.1,
        moved_db={
            "activity": (-22.1, -15.5, -10.1, -5.1, 0.0, 3.6, 6.2, 8.2, 9.0),
            "gustiness": (-4.9, -2.0, 0.0, 0.8, 2.0),
            "distance": (1.7, -0.4, -2.8, -5.4, -8.2, -11.4, -14.8, -18.4, -22.1),
        },
        crest_db=(23, 21, 18, 15, 12, 9, 7, 5, 4),
    ),
)

THUNDER: Final = Entry(
    synth="thunder",
    caption="thunder",
    roles={"amount": "rate", "distance": "distance", "rumble": "rumble", "brightness": "brightness"},
    said=(
        said(
            "thunder, peal of thunder, roll of thunder, rumble of thunder, electrical storm",
            others="thundery",
            at={"amount": 0.5},
        ),
        said(
            "thunderclap, thunder clap, clap of thunder, crack of thunder, thunderbolt, thunder strike, lightning, "
            "lightning strike, lightning bolt, bolt of lightning, strike of lightning, flash of lightning",
            at={"amount": 0.45, "distance": 0.15, "rumble": 0.35, "brightness": 0.7},
        ),
    ),
    near=listed(
        "explosion, bomb, cannon, artillery, gunshot, gunfire, firework, earthquake, volcano, rockfall"
    ),
    passes=True,
    steer=Steer(parameter="storm", rise_s=3.0, fall_s=10.0),
    stands="strikes",
    usual_m=400.0,
    loudness=Loudness(
        usual_db=-19.4,
        moved_db={
            "distance": (0.7, 0.6, 0.7, 0.0, -1.3, -2.7, -4.7, -7.5, -12.3),
        },
        crest_db=(15, 15, 15, 15, 15, 15, 15, 15, 15),
    ),
)

ENTRIES: Final = (RAIN, WIND, LEAVES, THUNDER)
